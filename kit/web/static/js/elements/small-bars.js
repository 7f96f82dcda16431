// @ts-check
/** The few likeliest bars, small, beside a phone's stage: so that stage and answer are seen together. */
import "./bars.js";
import { modelName } from "../lib/animals.js";
import { part, say } from "../lib/dom.js";
import { html, render } from "../lib/html.js";
import { _ } from "../lib/i18n.js";

/** @typedef {import("../lib/types.js").Prediction} Prediction */

/** On a phone more would push the cards off the screen. */
const MOST_BARS = 4;

/** Silent for screen readers: the same bars stand in the card "Check". */
export class KitSmallBars extends HTMLElement {
  connectedCallback() {
    this.#build();
  }

  /** @param {import("../lib/types.js").Label[]} labels */
  set labels(labels) {
    this.#build();
    this.#bars.labels = labels;
  }

  /** @param {Prediction | null} prediction shown only with the model that says it */
  set prediction(prediction) {
    this.#build();
    this.#bars.prediction = prediction?.model ? prediction : null;
    const words = part(this, "says-small");
    words.hidden = !prediction?.model;
    if (!prediction?.model) return;
    // Translators: {model} is a model's name such as "Squirrel model no. 3". One short line on a phone.
    say(words, _("AI · {model}", { model: modelName(prediction.model) }));
  }

  get #bars() {
    return /** @type {import("./bars.js").KitBars} */ (part(this, "bars"));
  }

  #build() {
    if (this.firstElementChild) return;
    this.classList.add("stage-bars");
    this.setAttribute("aria-hidden", "true");
    render(this, html`<p class="says-small" data-part="says-small" hidden></p><kit-bars data-part="bars"></kit-bars>`);
    this.#bars.most = MOST_BARS;
  }
}

customElements.define("kit-small-bars", KitSmallBars);
