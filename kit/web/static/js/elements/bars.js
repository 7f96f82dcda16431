// @ts-check
/** One bar for each label: colour, pattern, name and percentage. In the labels' own order, so that no bar jumps. */
import { keyed, part, say } from "../lib/dom.js";
import { percent } from "../lib/format.js";
import { html, render } from "../lib/html.js";

/** @typedef {import("../lib/types.js").Label} Label */
/** @typedef {import("../lib/types.js").Prediction} Prediction */

export class KitBars extends HTMLElement {
  /** How many bars at most: the likeliest, still in the labels' order. */
  most = Infinity;
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
    const shown = known ? likeliest(this.#labels.filter((label) => label.name in known), known, this.most) : [];
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

/** @param {Label[]} labels @param {Record<string, number>} shares @param {number} most */
function likeliest(labels, shares, most) {
  if (labels.length <= most) return labels;
  const share = (/** @type {Label} */ label) => shares[label.name] ?? 0;
  const chosen = new Set([...labels].sort((one, other) => share(other) - share(one)).slice(0, most));
  return labels.filter((label) => chosen.has(label));
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
