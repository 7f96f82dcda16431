// @ts-check
/** The project page's windows: all samples of a label, the devices, the settings, the errors, one answer. */
import "../elements/camera-settings.js";
import "../elements/errors.js";
import "../elements/explain.js";
import "../elements/microphone-settings.js";
import "../elements/pictures.js";
import "../elements/settings.js";
import { api } from "../lib/api.js";
import { closeButton, openDialog } from "../lib/dialogs.js";
import { attempt, toasts, wordsOf } from "../lib/frame.js";
import { html, icon, render } from "../lib/html.js";
import { _ } from "../lib/i18n.js";
import { hear, openTrim } from "./project-clips.js";

/** @typedef {import("../lib/types.js").Camera} Camera */
/** @typedef {import("../lib/types.js").Microphone} Microphone */
/** @typedef {import("../lib/types.js").Sample} Sample */
/** @typedef {import("./project-sense.js").Page} Page */

const LOOK_EVERY_MS = 2000;

/** @param {Page} page @param {string} labelId */
export function openSamples({ id, kind, state, change }, labelId) {
  const labels = () => state().labels;
  const label = labels().find((one) => one.id === labelId);
  if (!label) return;
  const { words } = kind;
  const dialog = openDialog(
    html`<header><h2>${words.titleOf(label.name)}</h2>${closeButton()}</header><kit-pictures></kit-pictures>`,
    "large",
  );
  const list = /** @type {import("../elements/pictures.js").KitPictures} */ (dialog.querySelector("kit-pictures"));
  list.kind = kind;
  list.others = labels().filter((one) => one.id !== labelId);
  /** @type {Sample[]} */
  let samples = [];
  /** @param {boolean} afresh */
  const fetchMore = (afresh) =>
    attempt(async () => {
      const before = afresh ? null : (samples[samples.length - 1]?.sequence ?? null);
      const more = await api.samples(id, labelId, before);
      samples = afresh ? more.samples : [...samples, ...more.samples];
      list.page = { samples, more: more.more };
    });
  void fetchMore(true);
  list.addEventListener("pictures-more", () => void fetchMore(false));
  list.addEventListener("pictures-move", async (event) => {
    const { ids, label_id } = /** @type {CustomEvent} */ (event).detail;
    if (!(await change(() => api.moveSamples(id, ids, label_id)))) return;
    const name = labels().find((one) => one.id === label_id)?.name ?? "";
    toasts.show({ text: words.moved(ids.length, name), undo: () => void change(() => api.moveSamples(id, ids, labelId)) });
    void fetchMore(true);
  });
  list.addEventListener("pictures-remove", async (event) => {
    const { ids } = /** @type {CustomEvent} */ (event).detail;
    if (!(await change(() => api.removeSamples(id, ids)))) return;
    toasts.show({
      text: words.removed(ids.length),
      undo: () =>
        void change(() => api.restoreSamples(id, ids)).then(() => {
          if (dialog.open) void fetchMore(true);
        }),
    });
    void fetchMore(true);
  });
  list.addEventListener("sample-hear", (event) => hear(/** @type {CustomEvent} */ (event).detail.sample));
  list.addEventListener("sample-trim", (event) => {
    void openTrim(id, /** @type {CustomEvent} */ (event).detail.sample, async (deed) => {
      await change(deed);
      await fetchMore(true);
    });
  });
}

/** @param {Page} page */
export function openSettings({ id, kind, state, change }) {
  // Translators: title of the window with a project's settings.
  const title = _("Settings of the project");
  const dialog = openDialog(html`<header><h2>${title}</h2>${closeButton()}</header><kit-settings></kit-settings>`);
  const settings = /** @type {import("../elements/settings.js").KitSettings} */ (dialog.querySelector("kit-settings"));
  settings.shown = { settings: kind.settings(), project: state().project };
  settings.addEventListener("setting-chosen", (event) => {
    void change(() => api.changeProject(id, /** @type {CustomEvent} */ (event).detail)).then(() => {
      settings.shown = { settings: kind.settings(), project: state().project };
    });
  });
}

/** @param {Camera} camera @param {(camera: Camera) => void} changed */
export function openCamera(camera, changed) {
  // Translators: title of the window with the settings of the kit's camera.
  const title = _("The kit's camera");
  const dialog = openDialog(
    html`<header><h2>${title}</h2>${closeButton()}</header><kit-camera-settings></kit-camera-settings>`,
  );
  const settings = /** @type {import("../elements/camera-settings.js").KitCameraSettings} */ (
    dialog.querySelector("kit-camera-settings")
  );
  settings.camera = camera;
  /** @param {Camera} now */
  const take = (now) => {
    settings.camera = now;
    changed(now);
  };
  lookWhileOpen(dialog, () => void api.camera().then(take, () => {}));
  settings.addEventListener("camera-changed", (event) => {
    void attempt(async () => take(await api.setCamera(/** @type {CustomEvent} */ (event).detail)));
  });
}

/** @param {Microphone} microphone @param {(microphone: Microphone) => void} changed */
export function openMicrophone(microphone, changed) {
  // Translators: title of the window with the choice of the kit's microphone.
  const title = _("The kit's microphone");
  const dialog = openDialog(
    html`<header><h2>${title}</h2>${closeButton()}</header><kit-microphone-settings></kit-microphone-settings>`,
  );
  const settings = /** @type {import("../elements/microphone-settings.js").KitMicrophoneSettings} */ (
    dialog.querySelector("kit-microphone-settings")
  );
  settings.microphone = microphone;
  /** @param {Microphone} now */
  const take = (now) => {
    settings.microphone = now;
    changed(now);
  };
  lookWhileOpen(dialog, () => void api.microphone().then(take, () => {}));
  settings.addEventListener("microphone-changed", (event) => {
    void attempt(async () => take(await api.setMicrophone(/** @type {CustomEvent} */ (event).detail)));
  });
}

/**
 * What is plugged in may have changed since the page was opened; what a device cannot do is known
 * only once it was asked. So a window looks again, for as long as it is open.
 * @param {HTMLDialogElement} dialog @param {() => void} look
 */
function lookWhileOpen(dialog, look) {
  look();
  const looking = setInterval(look, LOOK_EVERY_MS);
  dialog.addEventListener("close", () => clearInterval(looking));
}

/** @param {Page} page */
export function openErrors({ id, kind }) {
  return attempt(async () => {
    const check = await api.check(id);
    // Translators: title of the window with the table of errors (confusion matrix).
    const title = _("Where it is right, where it is wrong");
    const dialog = openDialog(html`<header><h2>${title}</h2>${closeButton()}</header><kit-errors class="stack"></kit-errors>`, "large");
    const errors = /** @type {import("../elements/errors.js").KitErrors} */ (dialog.querySelector("kit-errors"));
    errors.words = kind.words;
    errors.check = check;
    errors.addEventListener("sample-hear", (event) => hear(/** @type {CustomEvent} */ (event).detail.sample));
    errors.addEventListener("cell-chosen", async (event) => {
      const { truth, predicted, words } = /** @type {CustomEvent} */ (event).detail;
      errors.cell = { words, samples: null };
      const cell = await attempt(() => api.cell(id, truth, predicted));
      errors.cell = { words, samples: cell?.samples ?? [] };
    });
  });
}

/** @param {Page} page @param {Blob} asked a picture or a sound */
export async function openExplanation({ id, kind, state }, asked) {
  // Translators: while the kit answers.
  const wait = _("One moment…");
  const dialog = openDialog(
    html`<header><h2>${kind.words.answerTo()}</h2>${closeButton()}</header><div data-place><p role="status">${wait}</p></div>`,
    "large",
  );
  const address = URL.createObjectURL(asked);
  dialog.addEventListener("close", () => URL.revokeObjectURL(address));
  const place = /** @type {HTMLElement} */ (dialog.querySelector("[data-place]"));
  try {
    const explanation = await api.explain(id, asked);
    const shown = /** @type {import("../elements/explain.js").KitExplain} */ (document.createElement("kit-explain"));
    shown.kind = kind;
    place.replaceChildren(shown);
    shown.shown = { explanation, url: address, labels: state().labels };
    shown.addEventListener("sample-hear", (event) => hear(/** @type {CustomEvent} */ (event).detail.sample));
  } catch (error) {
    render(place, html`<p class="error" role="alert">${icon("triangle-alert")}<span>${wordsOf(error)}</span></p>`);
  }
}
