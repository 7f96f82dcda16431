// @ts-check
/**
 * The project page: owns every request and the event stream, hands data to elements, hears theirs.
 *
 *     server -> ProjectEvents -> state -> elements;   element -> event -> verb -> server
 */
import "../elements/answer-cost.js";
import "../elements/bars.js";
import "../elements/basket.js";
import "../elements/bubble.js";
import "../elements/check.js";
import "../elements/connection.js";
import "../elements/label-row.js";
import "../elements/sources.js";
import "../elements/stage.js";
import "../elements/threshold.js";
import "../elements/train.js";
import { api, ApiError } from "../lib/api.js";
import { Basket } from "../lib/basket.js";
import { canUseTabletCamera } from "../lib/capture.js";
import { ask, confirm } from "../lib/dialogs.js";
import { keyed, part } from "../lib/dom.js";
import { ProjectEvents } from "../lib/events.js";
import { pictures } from "../lib/format.js";
import { attempt, pageData, problem, toasts } from "../lib/frame.js";
import { _ } from "../lib/i18n.js";
import { showActivity } from "./project-activity.js";
import { Capturing } from "./project-capture.js";
import { openCamera, openErrors, openExplanation, openPictures } from "./project-dialogs.js";

/** @typedef {import("../lib/types.js").ProjectState} ProjectState */
/** @typedef {import("../lib/types.js").Prediction} Prediction */
/** @typedef {import("../lib/types.js").Camera} Camera */
/** @typedef {import("../elements/sources.js").Source} Source */

const id = /** @type {string} */ (pageData["project_id"]);
const main = /** @type {HTMLElement} */ (document.querySelector("main"));

/** @template {Element} T @param {string} name @returns {T} */
const the = (name) => /** @type {T} */ (/** @type {unknown} */ (part(document, name)));
const stage = /** @type {import("../elements/stage.js").KitStage} */ (the("stage"));
const sources = /** @type {import("../elements/sources.js").KitSources} */ (the("sources"));
const bubble = /** @type {import("../elements/bubble.js").KitBubble} */ (the("bubble"));
const bars = /** @type {import("../elements/bars.js").KitBars} */ (the("bars"));
const cost = /** @type {import("../elements/answer-cost.js").KitAnswerCost} */ (the("cost"));
const train = /** @type {import("../elements/train.js").KitTrain} */ (the("train-card"));
const check = /** @type {import("../elements/check.js").KitCheck} */ (the("check-card"));
const threshold = /** @type {import("../elements/threshold.js").KitThreshold} */ (the("threshold"));
const connection = /** @type {import("../elements/connection.js").KitConnection} */ (the("connection"));
const labelsPlace = /** @type {HTMLElement} */ (the("labels"));

/** @type {ProjectState} */
let state = pageData["state"];
/** @type {Camera | null} */
let camera = null;
/** Nobody chose the basket: there was no camera. */
let instead = false;
/** Somebody chose a source, or the camera was live: from then on nothing is chosen by itself. */
let settled = false;

const capturing = new Capturing(id, stage, {
  changed() {
    drawLabels();
    drawBasket();
  },
  stopped() {
    state = { ...state, burst: null };
    drawLabels();
  },
  predicted: showPrediction,
  mayPredict: () => state.can_answer && !document.hidden,
});

// --- what is shown -----------------------------------------------------------------------

function draw() {
  document.title = `${state.project.name} · Mallette`;
  the("title").textContent = state.project.name;
  stage.labels = state.labels;
  bars.labels = state.labels;
  train.state = state;
  check.state = state;
  const own = state.project.threshold;
  threshold.threshold = { value: own ?? state.model?.threshold ?? 0.5, own: own !== null };
  /** @type {HTMLElement} */ (the("threshold")).hidden = !state.can_answer;
  const exported = /** @type {HTMLAnchorElement} */ (the("export-model"));
  exported.hidden = !state.model?.exportable;
  if (state.model) exported.href = api.modelAddress(id, state.model.ref.number);
  if (!state.can_answer) showPrediction(null);
  drawLabels();
  drawWaiting();
}

function drawLabels() {
  const running = capturing.running(state.burst);
  keyed(
    labelsPlace,
    state.labels,
    (label) => label.id,
    () => /** @type {import("../elements/label-row.js").KitLabelRow} */ (document.createElement("kit-label-row")),
    (row, label) => {
      row.label = label;
      row.way = capturing.way;
      row.running = running?.label_id === label.id;
    },
  );
  const name = state.labels.find((label) => label.id === running?.label_id)?.name ?? "";
  stage.burst = running ? { name, samples: running.samples } : null;
  /** @type {HTMLElement} */ (the("first")).hidden = state.labels.length > 0;
  /** @type {HTMLElement} */ (the("add-nothing")).hidden =
    state.labels.length < 2 || state.labels.some((label) => label.is_nothing);
}

function drawBasket() {
  const basket = capturing.basket;
  const place = /** @type {import("../elements/basket.js").KitBasket} */ (the("basket"));
  place.hidden = capturing.source !== "basket";
  if (!basket) return;
  const { objects, chosen, way } = basket;
  place.shown = { objects, instead, chosen: chosen && { key: chosen.key, name: chosen.name, way, ways: chosen.showings.length } };
  drawWaiting();
}

/** @param {Prediction | null} prediction */
function showPrediction(prediction) {
  bubble.prediction = prediction;
  bars.prediction = prediction?.model ? prediction : null;
  cost.prediction = prediction?.model ? prediction : null;
  stage.prediction = prediction;
}

function drawWaiting() {
  // Translators: in the answer's place, before two labels were shown.
  const twoFirst = _("Show two labels: the answer appears here at once.");
  // Translators: in the answer's place, while there is no live picture. "Try one picture" is a button.
  const noLive = _("No live picture. Press “Try one picture” to get an answer.");
  // Translators: in the answer's place, until the first live answer comes.
  const soon = _("The answer appears here in a moment.");
  const live = capturing.source === "kit" ? camera?.state === "live" : capturing.hasPicture;
  const starting = capturing.source === "kit" && (!camera || camera.state === "starting");
  bubble.waiting = !state.can_answer ? twoFirst : live || starting ? soon : noLive;
  /** @type {HTMLElement} */ (the("explain")).hidden = !state.can_answer || !live;
  /** @type {HTMLElement} */ (the("try")).hidden = !state.can_answer;
}

/** @param {Camera} now */
function showCamera(now) {
  camera = now;
  stage.camera = now;
  if (now.state !== "live" && capturing.source === "kit") showPrediction(null);
  if (now.state === "live") {
    settled = true;
    instead = false;
  }
  drawWaiting();
  drawBasket();
  standIn();
}

/** With no camera at all, an activity's example objects stand in for it; only before anybody chose. */
function standIn() {
  const none = camera && (camera.settings.name === "none" || camera.state === "lost");
  if (settled || !none || !capturing.basket || capturing.source !== "kit") return;
  settled = instead = true;
  chooseSource("basket", { remember: false });
}

// --- news from the kit -------------------------------------------------------------------

const events = new ProjectEvents(id, {
  line(line, retryInS) {
    connection.state = { line, retryInS };
    stage.awake = line !== "asleep";
    if (line === "live" || line === "lost") void refresh(line);
  },
  news(kind, data) {
    if (kind === "state") {
      state = data;
      draw();
    } else if (kind === "prediction" && isAsked()) showPrediction(data);
    else if (kind === "camera") showCamera(data);
    else if (kind === "job" && data.project_id === id) {
      state = { ...state, job: data };
      train.state = state;
    } else if (kind === "notice") toasts.show({ text: data.message });
  },
});

/** Whether answers about the kit's camera are wanted now: never beside "the camera is starting". */
const isAsked = () => capturing.source === "kit" && camera?.state === "live" && state.can_answer;

/** What the stream does not say: the camera now; and whether the project still is. @param {string} line */
async function refresh(line) {
  try {
    if (line === "live") showCamera(await api.camera());
    else await api.state(id);
  } catch (error) {
    if (error instanceof ApiError && error.status === 401) location.assign("/");
    if (error instanceof ApiError && error.status === 404) location.reload(); // the server's own page says it
  }
}

/** Does it, then takes in what the server says the project is now. @param {() => Promise<unknown>} deed */
const change = (deed) =>
  attempt(async () => {
    await deed();
    state = await api.state(id);
    draw();
    return true;
  });

// --- Show --------------------------------------------------------------------------------

/** @param {string} name @param {(detail: any) => void} deed */
const on = (name, deed) => document.addEventListener(name, (event) => deed(/** @type {CustomEvent} */ (event).detail ?? {}));

/** @param {Source} source @param {{ remember?: boolean }} [how] */
function chooseSource(source, how) {
  showPrediction(null);
  capturing.choose(source, how);
  sources.source = source;
  events.live = source === "kit";
  draw();
  drawBasket();
}

on("source-chosen", ({ source }) => {
  settled = true;
  instead = false;
  chooseSource(source);
});
on("object-chosen", ({ key }) => void capturing.lay(key));
on("camera-open", () => void attempt(async () => openCamera(camera ?? (await api.camera()), showCamera)));
on("camera-again", () =>
  capturing.source === "tablet"
    ? void capturing.askForCamera()
    : void attempt(async () => showCamera(await api.setCamera((camera ?? (await api.camera())).settings))),
);
on("stream-broke", () => void attempt(async () => showCamera(await api.camera())).then(drawWaiting));
on("try-now", () => events.tryNow());

on("burst-start", ({ label }) => void capturing.start(label));
on("burst-stop", () => void capturing.stop());
on("files-chosen", ({ label, files }) => void capturing.sendFiles(label, files).then(() => change(async () => {})));
on("film-chosen", ({ label, file }) => void capturing.sendFilm(label, file).then(() => change(async () => {})));

on("label-rename", ({ label, name }) => void change(() => api.changeLabel(id, label, { name })));
on("label-nothing", ({ label, is_nothing }) => void change(() => api.changeLabel(id, label, { is_nothing })));
on("label-remove", ({ label }) => void removeLabel(label));
on("label-open", ({ label }) => openPictures(id, label, () => state.labels, change));

/** @param {string} label */
async function removeLabel(label) {
  const known = state.labels.find((one) => one.id === label);
  if (!known || !(await change(() => api.removeLabel(id, label)))) return;
  const values = { name: known.name, pictures: pictures(known.samples) };
  // Translators: after a label was deleted, with a button that undoes it. {pictures} is such as "3 pictures".
  const text = _("“{name}” is deleted, with {pictures}.", values);
  toasts.show({ text, undo: () => void change(() => api.restoreLabel(id, label)) });
  /** @type {HTMLElement} */ (the("new-label")).focus();
}

const form = /** @type {HTMLFormElement} */ (the("add"));
form.addEventListener("submit", (event) => {
  event.preventDefault();
  const field = /** @type {HTMLInputElement} */ (the("new-label"));
  const name = field.value.trim();
  if (!name) {
    field.focus();
    return;
  }
  void change(() => api.addLabel(id, name)).then((done) => {
    if (done) field.value = "";
  });
});
/** @type {HTMLElement} */ (the("add-nothing")).addEventListener("click", () => {
  // Translators: name given to the label that means "none of the others".
  const nothing = _("Nothing");
  void change(() => api.addLabel(id, nothing, true));
});

// --- Train and Check ---------------------------------------------------------------------

on("train", () =>
  void attempt(async () => {
    const { job } = await api.train(id);
    state = { ...state, job };
    train.state = state;
  }),
);
on("train-cancel", ({ job }) => job && void attempt(() => api.cancel(job)));
on("threshold", ({ value }) => void change(() => api.changeProject(id, { threshold: value })));
on("errors-open", () => void openErrors(id));

/** @type {HTMLElement} */ (the("explain")).addEventListener("click", () =>
  void attempt(async () => openExplanation(id, await capturing.picture(), state.labels)),
);
const tried = /** @type {HTMLInputElement} */ (the("try-file"));
/** @type {HTMLElement} */ (the("try")).addEventListener("click", () => tried.click());
tried.addEventListener("change", () => {
  const file = tried.files?.[0];
  tried.value = "";
  if (file) void openExplanation(id, file, state.labels);
});

// --- the project itself ------------------------------------------------------------------

/** @type {Record<string, () => Promise<void>>} */
const verbs = {
  async rename() {
    // Translators: title of the question for a project's new name.
    const title = _("Rename the project");
    // Translators: label of the field with a project's name.
    const field = _("Name of the project");
    // Translators: the button that gives the project its new name.
    const yes = _("Rename");
    const name = await ask({ title, field, yes, value: state.project.name });
    if (name) await change(() => api.changeProject(id, { name }));
  },
  async duplicate() {
    const made = await api.duplicateProject(id);
    location.assign(`/projects/${made.project?.id ?? made.id}`);
  },
  async remove() {
    // Translators: title of the question before a project is deleted.
    const title = _("Delete “{name}”?", { name: state.project.name });
    // Translators: what goes when a project is deleted.
    const text = _("Its pictures and its models are erased at once. This cannot be undone.");
    // Translators: the button that deletes a project.
    const yes = _("Delete the project");
    if (!(await confirm({ title, text, yes, danger: true }))) return;
    await api.removeProject(id);
    location.assign("/");
  },
};
for (const button of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-verb]"))) {
  button.addEventListener("click", () => void verbs[button.dataset["verb"] ?? ""]?.().catch(problem));
}

// --- a phone: picture and bars stay in view together -------------------------------------

const narrow = matchMedia("(max-width: 700px)");
function placeStage() {
  /** @type {HTMLElement} */ (the(narrow.matches ? "strip" : "stage-place")).prepend(stage);
}

stage.secure = canUseTabletCamera();
stage.source = sources.source = capturing.source;
narrow.addEventListener("change", placeStage);
placeStage();
events.live = capturing.source === "kit";
draw();
void showActivity(state.project.activity, main).then((activity) => {
  if (!activity?.basket?.length) return;
  capturing.basket = new Basket(activity.basket);
  sources.basket = true;
  if (!settled && capturing.basketWasChosen) {
    settled = true;
    chooseSource("basket");
  } else standIn();
});
if (capturing.source === "tablet") void capturing.askForCamera();
