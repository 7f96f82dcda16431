// @ts-check
/** The basket of example objects under the stage: choose one, lay it down another way. */
import { part, say, send } from "../lib/dom.js";
import { html, icon, render } from "../lib/html.js";
import { _ } from "../lib/i18n.js";

/** @typedef {import("../lib/basket.js").BasketObject} BasketObject */
/** @typedef {{ key: string, name: string, way: number, ways: number }} Chosen */

/** Sends `object-chosen` {key}; the same key once more lays that object another way. */
export class KitBasket extends HTMLElement {
  #chosen = "";

  /** @param {{ objects: BasketObject[], chosen: Chosen | null, instead: boolean }} shown instead: of a camera that is not there */
  set shown({ objects, chosen, instead }) {
    this.#build(objects);
    this.#chosen = chosen?.key ?? "";
    // Translators: above the example objects, where the kit has no camera and they stand in for it.
    const noCamera = _("No camera here: choose an example object instead.");
    // Translators: above the example objects.
    const choose = _("Choose an example object.");
    say(part(this, "legend"), instead ? noCamera : choose);
    for (const input of /** @type {NodeListOf<HTMLInputElement>} */ (this.querySelectorAll("input"))) {
      input.checked = input.value === this.#chosen;
      input.closest("label")?.classList.toggle("chosen", input.checked);
    }
    part(this, "turn").hidden = (chosen?.ways ?? 0) < 2;
    // Translators: said by screen readers: which object lies there, and in which of its showings. {name} is such as "can 1".
    const lies = chosen ? _("{name}, showing {way} of {ways}", { name: chosen.name, way: chosen.way, ways: chosen.ways }) : "";
    say(part(this, "lies"), lies);
  }

  /** @param {BasketObject[]} objects */
  #build(objects) {
    if (this.firstElementChild) return;
    // Translators: button beside the example objects: the chosen one is laid down again, elsewhere and otherwise: its other showing.
    const turn = _("Lay it another way");
    render(
      this,
      html`<fieldset class="basket"><legend data-part="legend"></legend>
          ${objects.map((one) => html`<label><input class="unseen" type="radio" name="basket" value="${one.key}"><img src="${one.thumb}" alt="" width="60" height="42"><span>${one.name}</span></label>`)}
          <button type="button" data-part="turn" hidden>${icon("rotate-cw")}<span>${turn}</span></button>
        </fieldset>
        <p class="unseen" role="status" data-part="lies"></p>`,
    );
    // A browser sends no click for the space bar on what is chosen already.
    this.addEventListener("keydown", (event) => {
      const target = event.target;
      if (event.key !== " " || !(target instanceof HTMLInputElement) || !target.checked) return;
      event.preventDefault();
      send(this, "object-chosen", { key: target.value });
    });
    // `click`, not `change`: the chosen object may be chosen again.
    this.addEventListener("click", (event) => {
      const target = /** @type {Element} */ (event.target);
      if (target instanceof HTMLInputElement) send(this, "object-chosen", { key: target.value });
      else if (target.closest("[data-part=turn]")) send(this, "object-chosen", { key: this.#chosen });
    });
  }
}

customElements.define("kit-basket", KitBasket);
