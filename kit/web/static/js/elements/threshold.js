// @ts-check
/** How sure the model must be before its answer counts, with words at both ends. */
import { part, say, send } from "../lib/dom.js";
import { percent } from "../lib/format.js";
import { html, icon, render } from "../lib/html.js";
import { _ } from "../lib/i18n.js";

/** Sends `threshold` {value}: 0..1 once the slider rests, null for the model's own. */
export class KitThreshold extends HTMLElement {
  /** @param {{ value: number, own: boolean }} threshold `own`: the pupils chose it */
  set threshold({ value, own }) {
    this.#build();
    const slider = /** @type {HTMLInputElement} */ (part(this, "slider"));
    if (document.activeElement !== slider || !slider.dataset["moving"]) slider.value = String(Math.round(value * 100));
    part(this, "auto").hidden = !own;
    this.#draw();
  }

  #build() {
    if (this.firstElementChild) return;
    // Translators: name of the slider that sets the threshold.
    const name = _("How sure must it be?");
    // Translators: left end of the slider: every answer counts.
    const low = _("always answer");
    // Translators: right end of the slider: only very sure answers count.
    const high = _("answer only when very sure");
    // Translators: button: back to the threshold that the kit chose on pictures left out.
    const auto = _("Let the kit choose");
    render(
      this,
      html`<details class="more"><summary>${icon("chevron-down")}<span>${name} <b class="number" data-part="value"></b></span></summary>
        <input type="range" min="0" max="99" step="1" aria-label="${name}" data-part="slider">
        <p class="threshold-words"><span>${low}</span><span>${high}</span></p>
        <p class="small" data-part="words"></p>
        <button type="button" data-part="auto">${icon("undo-2")}${auto}</button>
      </details>`,
    );
    const slider = /** @type {HTMLInputElement} */ (part(this, "slider"));
    slider.addEventListener("input", () => {
      slider.dataset["moving"] = "yes";
      this.#draw();
    });
    slider.addEventListener("change", () => {
      delete slider.dataset["moving"];
      send(this, "threshold", { value: Number(slider.value) / 100 });
    });
    part(this, "auto").addEventListener("click", () => send(this, "threshold", { value: null }));
  }

  #draw() {
    const slider = /** @type {HTMLInputElement} */ (part(this, "slider"));
    const share = percent(Number(slider.value) / 100);
    // Translators: what the threshold means. {share} is a percentage.
    const words = _("Below {share}, the kit says “Not sure enough”.", { share });
    say(part(this, "value"), share);
    say(part(this, "words"), words);
    slider.setAttribute("aria-valuetext", words);
  }
}

customElements.define("kit-threshold", KitThreshold);
