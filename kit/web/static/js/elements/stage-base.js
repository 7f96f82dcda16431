// @ts-check
/**
 * What the camera's stage and the microphone's have in common: where samples come from, the badge of
 * a burst, words in the place of what cannot be seen or heard, and the small bars of a phone.
 */
import "./small-bars.js";
import { part, say, send } from "../lib/dom.js";
import { html, icon, render } from "../lib/html.js";

/** @typedef {import("./sources.js").Source} Source */
/** @typedef {{ title: string, text: string, again?: string }} Words  what stands where nothing is seen or heard */

/** For `content`: what is being taken. */
export const badge = () =>
  html`<span class="recording" data-part="recording" role="status" hidden>${icon("circle-dot")}<span data-part="recording-words"></span></span>`;
/** For `content`: words over everything else in the live place. */
export const says = () => html`<div class="says" data-part="says" hidden></div>`;
/** For `content`: the answer, where picture and answer would not be seen together. */
export const smallBars = () => html`<kit-small-bars data-part="small-bars"></kit-small-bars>`;

/** Sends `device-again`. */
export class StageBase extends HTMLElement {
  /** @type {Source} */
  #source = "kit";
  #secure = true;

  connectedCallback() {
    this.build();
  }

  /** Its parts, `badge`, `says` and `smallBars` among them. @returns {ReturnType<typeof html>} */
  content() {
    throw new Error("a stage has parts");
  }

  /** Once, when the parts are there. */
  built() {}

  /** Whatever was set: shows it. Called only when the parts are there. */
  draw() {}

  /** Makes the parts, if they are not there yet: a stage may be told things before it is on the page. */
  build() {
    if (this.firstElementChild) return;
    render(this, this.content());
    part(this, "says").addEventListener("click", (event) => {
      if (/** @type {Element} */ (event.target).closest("[data-again]")) send(this, "device-again");
    });
    this.built();
    this.draw();
  }

  /** Draws, if there is anything to draw on. */
  redraw() {
    if (this.firstElementChild) this.draw();
  }

  /** @param {Source} source */
  set source(source) {
    this.#source = source;
    this.redraw();
  }

  get source() {
    return this.#source;
  }

  /** Whether browsers lend their camera and microphone to this page. @param {boolean} secure */
  set secure(secure) {
    this.#secure = secure;
    this.redraw();
  }

  get secure() {
    return this.#secure;
  }

  /** @param {{ name: string, words: string } | null} burst words: how much there is of it */
  set burst(burst) {
    this.build();
    part(this, "recording").hidden = burst === null;
    if (burst) say(part(this, "recording-words"), `${burst.name} · ${burst.words}`);
  }

  /** @param {import("../lib/types.js").Label[]} labels */
  set labels(labels) {
    this.build();
    this.#bars.labels = labels;
  }

  /** @param {import("../lib/types.js").Prediction | null} prediction */
  set prediction(prediction) {
    this.build();
    this.#bars.prediction = prediction;
  }

  get #bars() {
    return /** @type {import("./small-bars.js").KitSmallBars} */ (part(this, "small-bars"));
  }

  /** Says it in the live place; null: nothing, that place is free. @param {Words | null} words */
  drawSays(words) {
    const place = part(this, "says");
    place.hidden = words === null;
    this.toggleAttribute("data-words", words !== null);
    if (!words) return;
    const content = html`<strong>${words.title}</strong><p>${words.text}</p>${
      words.again ? html`<button type="button" data-again>${words.again}</button>` : null
    }`;
    if (place.dataset["drawn"] === content.toString()) return; // a button keeps the focus
    place.dataset["drawn"] = content.toString();
    render(place, content);
  }
}
