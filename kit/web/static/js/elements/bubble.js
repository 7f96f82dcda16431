// @ts-check
/**
 * What the model says, on tangerine, with the name of the model that says it. A prediction without
 * its ModelRef is not shown: the line that names the model is the notice that an AI answers.
 */
import { modelName } from "../lib/animals.js";
import { percent } from "../lib/format.js";
import { html, icon, render } from "../lib/html.js";
import { _ } from "../lib/i18n.js";

/** @typedef {import("../lib/types.js").Prediction} Prediction */

/** How long an answer must stand before a screen reader says it. */
const STABLE_MS = 1000;

export class KitBubble extends HTMLElement {
  /** @type {Prediction | null} */
  #prediction = null;
  /** What stands there while nothing answers. */
  #waiting = "";
  #drawn = "";
  #candidate = "";
  #announced = "";
  #timer = 0;

  /** @param {Prediction | null} prediction */
  set prediction(prediction) {
    this.#prediction = prediction;
    this.#draw();
  }

  /** @param {string} words */
  set waiting(words) {
    this.#waiting = words;
    this.#draw();
  }

  connectedCallback() {
    if (!this.firstElementChild) {
      render(this, html`<div data-part="bubble"></div><p class="unseen" role="status" aria-live="polite" data-part="announcer"></p>`);
    }
    this.#draw();
  }

  disconnectedCallback() {
    window.clearTimeout(this.#timer);
  }

  #draw() {
    const [bubble, announcer] = this.children;
    if (!bubble || !announcer) return;
    const prediction = this.#prediction;
    if (!prediction) {
      this.#put(bubble, "bubble waiting", html`<p>${this.#waiting}</p>`);
      return;
    }
    if (!prediction.model) {
      // Translators: shown in place of an answer that does not say which model gave it.
      const refused = _("An answer came without the name of its model, so it is not shown.");
      this.#put(bubble, "bubble waiting", html`<p>${refused}</p>`);
      return;
    }
    // Translators: above every answer. {model} is a model's name such as "Squirrel model no. 3".
    const who = _("An AI answers · {model}", { model: modelName(prediction.model) });
    // Translators: the answer when no label is likely enough. The machine is not a person.
    const unsure = _("Not sure enough");
    const answer = prediction.known ? prediction.label : unsure;
    // Translators: under "Not sure enough": the likeliest label, below the threshold.
    const nearest = _("Nearest: {label}", { label: prediction.label });
    const long = answer.length > 22 ? "long" : "";
    this.#put(
      bubble,
      "bubble",
      html`<small>${icon("bot")}<span>${who}</span></small><strong class="${long}">${answer}</strong>${
        prediction.known ? null : html`<em>${nearest}</em>`
      }`,
    );
    this.#announceWhenStable(announcer, prediction.known ? answer : `${unsure}. ${nearest}`, prediction.confidence);
  }

  /** @param {Element} bubble @param {string} kind @param {import("../lib/html.js").Html} content */
  #put(bubble, kind, content) {
    const drawn = kind + content.toString();
    if (drawn === this.#drawn) return;
    this.#drawn = drawn;
    bubble.className = kind;
    render(bubble, content);
  }

  /** @param {Element} announcer @param {string} answer @param {number} confidence */
  #announceWhenStable(announcer, answer, confidence) {
    if (answer === this.#candidate) return;
    this.#candidate = answer;
    window.clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => {
      if (answer === this.#announced) return;
      this.#announced = answer;
      // Translators: said by screen readers. {answer} is a label's name, {share} a percentage.
      announcer.textContent = _("The model says: {answer}, {share}", { answer, share: percent(confidence) });
    }, STABLE_MS);
  }
}

customElements.define("kit-bubble", KitBubble);
