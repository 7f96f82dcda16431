// @ts-check
/**
 * The project page: owns the project's state, every request and the event stream; hands data to
 * elements, hears theirs. What sees or hears is a sense (`project-sense.js`), chosen by the kind.
 *
 *     server -> ProjectEvents -> state -> elements;   element -> event -> verb -> server
 */
import "../elements/answer-cost.js";
import "../elements/bars.js";
import "../elements/bubble.js";
import "../elements/check.js";
import "../elements/connection.js";
import "../elements/label-row.js";
import "../elements/sources.js";
import "../elements/threshold.js";
import "../elements/train.js";
import { kindOf } from "../kinds/kind.js";
import { api, ApiError } from "../lib/api.js";
import { ask, confirm } from "../lib/dialogs.js";
import { keyed, part } from "../lib/dom.js";
import { ProjectEvents } from "../lib/events.js";
import { attempt, pageData, problem, toasts } from "../lib/frame.js";
import { _ } from "../lib/i18n.js";
import { showActivity } from "./project-activity.js";
import { openErrors, openExplanation, openSamples, openSettings } from "./project-dialogs.js";
import { Listening } from "./project-listen.js";
import { Looking } from "./project-look.js";
import { Signing } from "./project-sign.js";

/** @typedef {import("../lib/types.js").ProjectState} ProjectState */
/** @typedef {import("../lib/types.js").Prediction} Prediction */

const id = /** @type {string} */ (pageData["project_id"]);
const main = /** @type {HTMLElement} */ (document.querySelector("main"));

/** @template {Element} T @param {string} name @returns {T} */
const the = (name) => /** @type {T} */ (/** @type {unknown} */ (part(document, name)));
/** @param {string} name @param {boolean} hidden */
const hide = (name, hidden) => {
  /** @type {HTMLElement} */ (the(name)).hidden = hidden;
};
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
const kind = kindOf(state.project.kind);

/** @type {import("./project-sense.js").Page} */
const page = {
  id,
  kind,
  state: () => state,
  change,
  predicted: showPrediction,
  drawLabels,
  drawWaiting,
  burstEnded() {
    state = { ...state, burst: null };
    drawLabels();
  },
  sourceChosen() {
    sources.source = sense.source;
    events.live = sense.live;
    draw();
  },
};

/** @typedef {import("./project-sense.js").Sense} Sense */
/** @type {Record<string, new (page: import("./project-sense.js").Page) => Sense>} */
const SENSES = { image: Looking, gesture: Signing, sound: Listening };
const sense = /** @type {Sense} */ (new (SENSES[kind.name] ?? Looking)(page));
const { stage } = sense;

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
  hide("threshold", !state.can_answer);
  const exported = /** @type {HTMLAnchorElement} */ (the("export-model"));
  exported.hidden = !state.model?.exportable;
  if (state.model) exported.href = api.modelAddress(id, state.model.ref.number);
  if (!state.can_answer) showPrediction(null);
  drawLabels();
  drawWaiting();
  sense.stateChanged?.();
}

function drawLabels() {
  const running = sense.running(state.burst);
  keyed(
    labelsPlace,
    state.labels,
    (label) => label.id,
    () => {
      const row = /** @type {import("../elements/label-row.js").KitLabelRow} */ (document.createElement("kit-label-row"));
      row.kind = kind;
      return row;
    },
    (row, label) => {
      row.label = label;
      row.way = sense.way;
      row.running = running?.label_id === label.id;
    },
  );
  const name = state.labels.find((label) => label.id === running?.label_id)?.name ?? "";
  stage.burst = running ? { name, words: kind.words.taking(running) } : null;
  const empty = state.labels.length === 0;
  const nothing = state.labels.some((label) => label.is_nothing);
  hide("first", !empty);
  hide("first-nothing", !kind.backgroundFirst);
  hide("add-nothing", nothing || (kind.backgroundFirst ? empty : state.labels.length < 2));
}

/** @param {Prediction | null} prediction */
function showPrediction(prediction) {
  bubble.prediction = prediction;
  bars.prediction = prediction?.model ? prediction : null;
  cost.prediction = prediction?.model ? prediction : null;
  stage.prediction = prediction;
}

function drawWaiting() {
  const { standing } = sense;
  const first = train.reads ? kind.words.reading() : kind.words.twoFirst();
  bubble.waiting = !state.can_answer ? first : standing === "none" ? kind.words.noLive() : kind.words.soon();
  hide("explain", !state.can_answer || standing !== "ready" || !sense.asked);
  hide("try", !state.can_answer);
}

// --- news from the kit -------------------------------------------------------------------

const events = new ProjectEvents(id, {
  line(line, retryInS) {
    connection.state = { line, retryInS };
    stage.awake = line !== "asleep";
    if (line === "live" || line === "lost") void refresh(line);
  },
  news(name, data) {
    if (name === "state") {
      state = data;
      draw();
    } else if (name === "prediction" && sense.isAsked) showPrediction(data);
    else if (name === "job" && data.project_id === id) {
      const waits = state.job?.verb === "train" && state.job.state === "waiting";
      if (data.verb === "embed" && waits) train.reading = data; // whose end that training waits for
      else {
        state = { ...state, job: data };
        train.state = state;
      }
      drawWaiting();
    } else if (name === "notice" && !sense.noticed?.(data)) toasts.show({ text: data.message });
    sense.news(name, data);
  },
});

/** What the stream does not say: the device now; and whether the project still is. @param {string} line */
async function refresh(line) {
  try {
    if (line === "live") await sense.refresh();
    else await api.state(id);
  } catch (error) {
    if (error instanceof ApiError && error.status === 401) location.assign("/");
    if (error instanceof ApiError && error.status === 404) location.reload(); // the server's own page says it
  }
}

/** Does it, then takes in what the server says the project is now. @param {() => Promise<unknown>} deed */
function change(deed) {
  return attempt(async () => {
    await deed();
    state = await api.state(id);
    draw();
    return true;
  });
}

// --- Show --------------------------------------------------------------------------------

/** @param {string} name @param {(detail: any) => void} deed */
const on = (name, deed) => document.addEventListener(name, (event) => deed(/** @type {CustomEvent} */ (event).detail ?? {}));
/** @param {Promise<unknown>} sending */
const afterwards = (sending) => void sending.then(() => change(async () => {}));

on("source-chosen", ({ source }) => sense.choose(source));
on("object-chosen", ({ key }) => sense.lay?.(key));
on("device-open", () => sense.openDevice());
on("device-again", () => sense.again());
on("stream-broke", () => sense.streamBroke?.());
on("try-now", () => events.tryNow());

on("burst-start", ({ label }) => void sense.take(label));
on("burst-stop", () => void sense.stop());
on("files-chosen", ({ label, files }) => afterwards(sense.takeFiles(label, files)));
on("film-chosen", ({ label, file }) => afterwards(sense.takeFilm(label, file)));

on("label-rename", ({ label, name }) => void change(() => api.changeLabel(id, label, { name })));
on("label-nothing", ({ label, is_nothing }) => void change(() => api.changeLabel(id, label, { is_nothing })));
on("label-remove", ({ label }) => void removeLabel(label));
on("label-open", ({ label }) => openSamples(page, label));

/** @param {string} label */
async function removeLabel(label) {
  const known = state.labels.find((one) => one.id === label);
  if (!known || !(await change(() => api.removeLabel(id, label)))) return;
  const values = { name: known.name, pictures: kind.words.samples(known.samples) };
  // Translators: after a label was deleted, with a button that undoes it. {pictures} is such as "3 pictures" or "3 clips".
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
for (const name of ["add-nothing", "first-nothing"]) {
  const button = /** @type {HTMLElement} */ (the(name));
  const [nothing, words] = kind.words.nothing();
  part(button, "words").textContent = words;
  button.addEventListener("click", () => void change(() => api.addLabel(id, nothing, true)));
}

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
on("errors-open", () => void openErrors(page));

/** @type {HTMLElement} */ (the("explain")).addEventListener("click", () =>
  void attempt(async () => sense.asked && openExplanation(page, await sense.asked())),
);
const tried = /** @type {HTMLInputElement} */ (the("try-file"));
tried.accept = kind.accept;
the("try").textContent = kind.words.tryOne();
the("explain").textContent = kind.words.explain();
/** @type {HTMLElement} */ (the("try")).addEventListener("click", () => tried.click());
tried.addEventListener("change", () => {
  const file = tried.files?.[0];
  tried.value = "";
  if (file) void attempt(async () => openExplanation(page, (await sense.readable?.(file)) ?? file));
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
  async settings() {
    openSettings(page);
  },
  async duplicate() {
    const made = await api.duplicateProject(id);
    location.assign(`/projects/${made.project?.id ?? made.id}`);
  },
  async remove() {
    // Translators: title of the question before a project is deleted.
    const title = _("Delete “{name}”?", { name: state.project.name });
    const text = kind.words.goes();
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

main.dataset["kind"] = kind.name;
sources.kind = kind;
sources.source = sense.source;
train.words = check.words = kind.words;
the("first-title").textContent = kind.words.firstTitle();
the("first-text").textContent = kind.words.firstText();
if (sense.below) the("sense").append(sense.below);
if (sense.checks) the("sense-checks").append(sense.checks);
narrow.addEventListener("change", placeStage);
placeStage();
events.live = sense.live;
draw();
void showActivity(state.project.activity, main).then((activity) => {
  if (!activity?.basket?.length || !("basket" in sense)) return;
  sense.basket = activity.basket;
  sources.basket = true;
});
sense.start();
