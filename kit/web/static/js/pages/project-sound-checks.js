// @ts-check
/** What the card "Check" has for sounds only: what was heard, false alarms, both ways of hearing. */
import "../elements/false-alarms.js";
import "../elements/heard.js";
import "../elements/hearings.js";
import { api } from "../lib/api.js";
import { problem } from "../lib/frame.js";
import { html, render } from "../lib/html.js";
import { readableSound } from "../lib/sounds.js";

/** @typedef {import("../lib/types.js").Prediction} Prediction */
/** @typedef {import("../lib/types.js").Job} Job */

/** How long the kit listens to the room, at most a minute: it does one long work at a time. */
const LISTEN_S = 60;
/** With this screen's microphone: a word counts as heard once, however long it is. */
const REFRACTORY_MS = 1000;

export class SoundChecks {
  #page;
  /** The word that the kit's microphone heard last; null until the first news. @type {number | null} */
  #lastHeard = null;
  #heardAt = 0;
  #saidBefore = "";

  /** @param {import("./project-sense.js").Page} page */
  constructor(page) {
    this.#page = page;
    this.place = document.createElement("div");
    this.place.className = "sense-checks";
    render(this.place, html`<kit-heard></kit-heard><kit-false-alarms></kit-false-alarms><kit-hearings></kit-hearings>`);
    const [heard, alarms, hearings] = this.place.children;
    this.heard = /** @type {import("../elements/heard.js").KitHeard} */ (heard);
    this.alarms = /** @type {import("../elements/false-alarms.js").KitFalseAlarms} */ (alarms);
    this.hearings = /** @type {import("../elements/hearings.js").KitHearings} */ (hearings);
    this.alarms.addEventListener("false-alarms", (event) => {
      const { file } = /** @type {CustomEvent<{ file?: File }>} */ (event).detail;
      void this.#follow(this.alarms, async () => api.falseAlarms(page.id, file ? await readableSound(file) : LISTEN_S));
    });
    this.hearings.addEventListener("hearings-compare", () => void this.#follow(this.hearings, () => api.compareHearing(page.id)));
    this.hearings.addEventListener("hearing-chosen", (event) => {
      const { hearing } = /** @type {CustomEvent} */ (event).detail;
      void page.change(() => api.changeProject(page.id, { hearing }));
    });
  }

  draw() {
    const { labels, project, model, can_answer } = this.#page.state();
    this.hearings.hearing = project.hearing ?? "words";
    this.hearings.hidden = labels.length < 2;
    this.alarms.hidden = !model;
    this.heard.hidden = !can_answer;
  }

  /**
   * An answer about the kit's microphone. News that were overtaken are lost, so each answer says
   * what was heard last.
   * @param {Prediction} prediction
   */
  note(prediction) {
    const last = prediction.last_heard?.sequence ?? -1;
    const isNew = this.#lastHeard === null ? !!prediction.heard : last > this.#lastHeard;
    this.#lastHeard = last;
    if (isNew && prediction.last_heard) this.heard.add(prediction.last_heard.label, this.#page.state().labels);
  }

  /** An answer about this screen's microphone: a word is heard when two in a row agree. @param {Prediction} prediction */
  noteScreen(prediction) {
    const said = prediction.known ? prediction.label : "";
    const twice = said !== "" && said === this.#saidBefore;
    this.#saidBefore = said;
    const { labels } = this.#page.state();
    if (!twice || labels.some((label) => label.name === said && label.is_nothing)) return;
    const now = performance.now();
    if (now - this.#heardAt < REFRACTORY_MS) return;
    this.#heardAt = now;
    this.heard.add(said, labels);
  }

  /**
   * A long work, with its progress and its result in an element.
   * @param {{ progress: number | null, result: any }} element @param {() => Promise<{ job: Job }>} begin
   */
  async #follow(element, begin) {
    element.progress = 0;
    try {
      const { job } = await begin();
      const { result } = await api.ended(job, (done) => (element.progress = done));
      element.result = result;
    } catch (error) {
      element.progress = null;
      problem(error);
    }
  }
}
