// @ts-check
/** What every page says while a measurement has the kit for itself. */
import { html, icon, render } from "../lib/html.js";
import { _ } from "../lib/i18n.js";

export class KitBooking extends HTMLElement {
  connectedCallback() {
    if (this.firstElementChild) return;
    this.className = "booking";
    render(this, html`<p role="status" aria-live="assertive"></p>`);
    document.addEventListener("kit-booking", (event) => {
      this.measuring = /** @type {CustomEvent} */ (event).detail.measuring;
    });
  }

  /** @param {boolean} measuring */
  set measuring(measuring) {
    this.toggleAttribute("data-measuring", measuring);
    const place = /** @type {HTMLElement} */ (this.firstElementChild);
    // Translators: across every screen, while a measurement needs the kit to be quiet.
    const silence = _("Silence, we are measuring…");
    // Translators: under "Silence, we are measuring…".
    const wait = _("Live pictures and answers go on by themselves afterwards.");
    render(place, measuring ? html`${icon("gauge")}<b>${silence}</b> <span>${wait}</span>` : html``);
  }
}

customElements.define("kit-booking", KitBooking);

/** One bar a page, at its top; made by whoever hears the kit's news. */
export function showBooking() {
  if (document.querySelector("kit-booking")) return;
  const bar = document.createElement("kit-booking");
  document.querySelector("main")?.before(bar);
}
