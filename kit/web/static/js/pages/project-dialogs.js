// @ts-check
/** The project page's windows: all pictures of a label, the camera, the errors, what counted. */
import "../elements/camera-settings.js";
import "../elements/errors.js";
import "../elements/explain.js";
import "../elements/pictures.js";
import { api } from "../lib/api.js";
import { closeButton, openDialog } from "../lib/dialogs.js";
import { attempt, toasts, wordsOf } from "../lib/frame.js";
import { html, icon, render } from "../lib/html.js";
import { _, ngettext } from "../lib/i18n.js";

/** @typedef {import("../lib/types.js").Label} Label */
/** @typedef {import("../lib/types.js").Camera} Camera */
/** @typedef {import("../lib/types.js").Sample} Sample */

const LOOK_EVERY_MS = 2000;

/**
 * @param {string} id @param {string} labelId @param {() => Label[]} labels
 * @param {(deed: () => Promise<unknown>) => Promise<unknown>} change
 */
export function openPictures(id, labelId, labels, change) {
  const label = labels().find((one) => one.id === labelId);
  if (!label) return;
  // Translators: title of the window with all pictures of a label.
  const title = _("Pictures of “{name}”", { name: label.name });
  const dialog = openDialog(
    html`<header><h2>${title}</h2>${closeButton()}</header><kit-pictures></kit-pictures>`,
    "large",
  );
  const list = /** @type {import("../elements/pictures.js").KitPictures} */ (dialog.querySelector("kit-pictures"));
  list.others = labels().filter((one) => one.id !== labelId);
  /** @type {Sample[]} */
  let samples = [];
  /** @param {boolean} afresh */
  const fetchMore = (afresh) =>
    attempt(async () => {
      const before = afresh ? null : (samples[samples.length - 1]?.sequence ?? null);
      const page = await api.samples(id, labelId, before);
      samples = afresh ? page.samples : [...samples, ...page.samples];
      list.page = { samples, more: page.more };
    });
  void fetchMore(true);
  list.addEventListener("pictures-more", () => void fetchMore(false));
  list.addEventListener("pictures-move", async (event) => {
    const { ids, label_id } = /** @type {CustomEvent} */ (event).detail;
    if (!(await change(() => api.moveSamples(id, ids, label_id)))) return;
    const name = labels().find((one) => one.id === label_id)?.name ?? "";
    // Translators: after pictures were moved to another label.
    const text = ngettext("{n} picture moved to “{name}”.", "{n} pictures moved to “{name}”.", ids.length, { name });
    toasts.show({ text, undo: () => void change(() => api.moveSamples(id, ids, labelId)) });
    void fetchMore(true);
  });
  list.addEventListener("pictures-remove", async (event) => {
    const { ids } = /** @type {CustomEvent} */ (event).detail;
    if (!(await change(() => api.removeSamples(id, ids)))) return;
    // Translators: after pictures were deleted, with a button that undoes it.
    const text = ngettext("{n} picture deleted.", "{n} pictures deleted.", ids.length);
    toasts.show({
      text,
      undo: () =>
        void change(() => api.restoreSamples(id, ids)).then(() => {
          if (dialog.open) void fetchMore(true);
        }),
    });
    void fetchMore(true);
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
  // What is plugged in may have changed since the page was opened; what a camera cannot do is known
  // only once it was asked. So the window looks again, for as long as it is open.
  const look = () => void api.camera().then(take, () => {});
  look();
  const looking = setInterval(look, LOOK_EVERY_MS);
  dialog.addEventListener("close", () => clearInterval(looking));
  settings.addEventListener("camera-changed", (event) => {
    void attempt(async () => take(await api.setCamera(/** @type {CustomEvent} */ (event).detail)));
  });
}

/** @param {string} id */
export function openErrors(id) {
  return attempt(async () => {
    const check = await api.check(id);
    // Translators: title of the window with the table of errors (confusion matrix).
    const title = _("Where it is right, where it is wrong");
    const dialog = openDialog(html`<header><h2>${title}</h2>${closeButton()}</header><kit-errors class="stack"></kit-errors>`, "large");
    const errors = /** @type {import("../elements/errors.js").KitErrors} */ (dialog.querySelector("kit-errors"));
    errors.check = check;
    errors.addEventListener("cell-chosen", async (event) => {
      const { truth, predicted, words } = /** @type {CustomEvent} */ (event).detail;
      errors.cell = { words, samples: null };
      const cell = await attempt(() => api.cell(id, truth, predicted));
      errors.cell = { words, samples: cell?.samples ?? [] };
    });
  });
}

/** @param {string} id @param {Blob} picture @param {Label[]} labels */
export async function openExplanation(id, picture, labels) {
  // Translators: title of the window that says what counted in one answer.
  const title = _("One picture, one answer");
  // Translators: while the kit answers.
  const wait = _("One moment…");
  const dialog = openDialog(
    html`<header><h2>${title}</h2>${closeButton()}</header><div data-place><p role="status">${wait}</p></div>`,
    "large",
  );
  const address = URL.createObjectURL(picture);
  dialog.addEventListener("close", () => URL.revokeObjectURL(address));
  const place = /** @type {HTMLElement} */ (dialog.querySelector("[data-place]"));
  try {
    const explanation = await api.explain(id, picture);
    const shown = /** @type {import("../elements/explain.js").KitExplain} */ (document.createElement("kit-explain"));
    place.replaceChildren(shown);
    shown.shown = { explanation, pictureUrl: address, labels };
  } catch (error) {
    render(place, html`<p class="error" role="alert">${icon("triangle-alert")}<span>${wordsOf(error)}</span></p>`);
  }
}
