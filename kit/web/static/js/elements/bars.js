// @ts-check
/** One bar for each label: colour, pattern, name and percentage. In the labels' own order, so that no bar jumps. */
import { keyed, part, say } from "../lib/dom.js";
import { percent } from "../lib/format.js";
import { html, render } from "../lib/html.js";

/** @typedef {import("../lib/types.js").Label} Label */
/** @typedef {import("../lib/types.js").Prediction} Prediction */

export class KitBars extends HTMLElement {
  /** @type {Label[]} */
  #labels = [];
  /** @type {Prediction | null} */
  #prediction = null;

  /** @param {Label[]} labels */
  set labels(labels) {
    this.#labels = labels;
    this.#draw();
  }

  /** @param {Prediction | null} prediction */
  set prediction(prediction) {
    this.#prediction = prediction;
    this.#draw();
  }

  connectedCallback() {
    this.#draw();
  }

  #draw() {
    if (!this.isConnected) return;
    if (!this.firstElementChild) render(this, html`<ul class="bars" role="list"></ul>`);
    const list = /** @type {HTMLElement} */ (this.firstElementChild);
    const known = this.#prediction?.confidences;
    const shown = known ? this.#labels.filter((label) => label.name in known) : [];
    keyed(list, shown, (label) => label.id, makeBar, (bar, label) => {
      const share = known?.[label.name] ?? 0;
      bar.dataset["style"] = String(label.style);
      say(part(bar, "name"), label.name);
      say(part(bar, "share"), percent(share));
      part(bar, "fill").style.setProperty("--value", String(Math.round(share * 1000) / 10));
      part(bar, "line").style.setProperty("--threshold", String((this.#prediction?.threshold ?? 0) * 100));
    });
    this.hidden = shown.length === 0;
  }
}

function makeBar() {
  const bar = document.createElement("li");
  render(
    bar,
    html`<span class="named"><span class="swatch"></span><span data-part="name"></span></span>
      <span class="bar" aria-hidden="true"><i data-part="fill"></i><span class="threshold-line" data-part="line"></span></span>
      <b data-part="share"></b>`,
  );
  return bar;
}

customElements.define("kit-bars", KitBars);
