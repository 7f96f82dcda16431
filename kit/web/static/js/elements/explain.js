// @ts-check
/** One sample and its answer: what counted in a picture, and the most similar samples. "Similar", not "because". */
import "./bars.js";
import "./bubble.js";
import { image } from "../kinds/image.js";
import { hearButton, hearWhenPressed } from "./hear.js";
import { part } from "../lib/dom.js";
import { html, render } from "../lib/html.js";
import { _ } from "../lib/i18n.js";

/** @typedef {import("../lib/types.js").Explanation} Explanation */
/** @typedef {import("../lib/types.js").Label} Label */

export class KitExplain extends HTMLElement {
  /** @type {import("../kinds/kind.js").Kind} */
  kind = image;

  /** @param {{ explanation: Explanation, url: string, labels: Label[] }} shown url: of what was asked about */
  set shown({ explanation, url, labels }) {
    const { prediction, heat, similar, square } = explanation;
    // Translators: alternative text of the picture under the heat map. {label} is the answer.
    const alt = _("The picture, with what counted for “{label}” in orange", { label: prediction.label });
    // Translators: heading over a heat map.
    const counted = _("What counted here");
    // Translators: how to read the heat map. It shows where, never why.
    const how = _("The more orange, the more this place spoke for “{label}”. It shows where, not why.", { label: prediction.label });
    // Translators: this kind of model cannot draw a heat map.
    const noHeat = _("This model cannot say what counted. Train first.");
    const near = this.kind.words.near();
    // Translators: name of the player of the sound that was asked about.
    const hear = _("The sound that was asked about");
    const asked = this.kind.photo
      ? html`<div class="heat"><img src="${url}" alt="${heat ? alt : ""}"><canvas data-part="heat" aria-hidden="true" hidden></canvas></div>`
      : html`<audio src="${url}" controls aria-label="${hear}"></audio>`;
    render(
      this,
      html`<div class="explained">
        <div class="stack">
          ${asked}
          ${this.kind === image ? html`<div><h3>${counted}</h3><p class="soft small">${heat ? how : noHeat}</p></div>` : null}
        </div>
        <div class="stack">
          <kit-bubble data-part="bubble"></kit-bubble>
          <kit-bars data-part="bars"></kit-bars>
          ${similar.length ? html`<h3>${near}</h3><div class="similar">${similar.map((sample) => {
            const name = labels.find((label) => label.id === sample.label_id)?.name ?? "";
            return html`<figure><img src="${sample.picture_url}?thumb=1" alt="${name}"><figcaption class="small">${name}</figcaption>${hearButton(sample)}</figure>`;
          })}</div>` : null}
        </div>
      </div>`,
    );
    hearWhenPressed(this, similar);
    /** @type {import("./bubble.js").KitBubble} */ (part(this, "bubble")).prediction = prediction;
    const bars = /** @type {import("./bars.js").KitBars} */ (part(this, "bars"));
    bars.labels = labels;
    bars.prediction = prediction;
    if (heat) this.#paint(heat, square);
  }

  /**
   * @param {NonNullable<Explanation["heat"]>} heat @param {Explanation["square"]} square
   */
  #paint(heat, square) {
    const canvas = /** @type {HTMLCanvasElement} */ (part(this, "heat"));
    canvas.width = heat.columns;
    canvas.height = heat.rows;
    const context = canvas.getContext("2d");
    if (!context) return;
    const dots = context.createImageData(heat.columns, heat.rows);
    heat.values.flat().forEach((value, index) => {
      const strength = Math.min(1, Math.max(0, value));
      dots.data.set([255, 120, 0, Math.round(210 * strength ** 1.5)], index * 4); // orange, see-through where it did not count
    });
    context.putImageData(dots, 0, 0); // a few cells: the browser stretches them smoothly
    canvas.style.setProperty("--left", `${square.left * 100}%`);
    canvas.style.setProperty("--top", `${square.top * 100}%`);
    canvas.style.setProperty("--wide", `${square.width * 100}%`);
    canvas.style.setProperty("--high", `${square.height * 100}%`);
    canvas.hidden = false;
  }
}

customElements.define("kit-explain", KitExplain);
