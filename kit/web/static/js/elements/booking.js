// @ts-check
/** What every page says while a measurement has the kit for itself. */
import { html, icon, render } from "../lib/html.js";
import { _ } from "../lib/i18n.js";
import "./banners.js";

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
    const wait = _("Live pictures and answers go on by themselves afterwards; pictures just taken are kept then.");
    render(place, measuring ? html`${icon("gauge")}<b>${silence}</b> <span>${wait}</span>` : html``);
  }
}

customElements.define("kit-booking", KitBooking);

const ASK_EVERY_MS = 4000;

/** For pages that hear no project's news: ask the kit now and then, while the page is looked at. */
export function watchBooking() {
  showBooking();
  const ask = async () => {
    if (document.hidden) return;
    const answer = await fetch("/api/health", { cache: "no-store" }).catch(() => null);
    const said = answer?.ok ? await answer.json().catch(() => null) : null;
    if (!said) return;
    document.dispatchEvent(new CustomEvent("kit-booking", { detail: { measuring: said.measuring } }));
    document.dispatchEvent(new CustomEvent("kit-trouble", { detail: { troubles: said.troubles } }));
  };
  window.setInterval(() => void ask(), ASK_EVERY_MS);
  document.addEventListener("visibilitychange", () => void ask());
  void ask();
}

/** One bar a page, at its top; made by whoever hears the kit's news. */
export function showBooking() {
  if (document.querySelector("kit-booking")) return;
  const bar = document.createElement("kit-booking");
  document.querySelector("main")?.before(bar);
}
