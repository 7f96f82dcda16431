// @ts-check
/** Says when the kit is out of reach, and when the page has woken up. Silent while all is well. */
import { part, send } from "../lib/dom.js";
import { html, icon, render } from "../lib/html.js";
import { _ } from "../lib/i18n.js";

/** @typedef {import("../lib/events.js").Line} Line */

const BACK_MS = 4000;

/** Sends `try-now`. */
export class KitConnection extends HTMLElement {
  /** @type {Line} */
  #before = "connecting";
  #wasAway = "";
  #timer = 0;

  connectedCallback() {
    this.setAttribute("role", "status");
  }

  /** @param {{ line: Line, retryInS: number }} state */
  set state({ line, retryInS }) {
    window.clearTimeout(this.#timer);
    if (line === "lost" || line === "asleep") this.#wasAway = line;
    if (line === "lost") this.#lost(retryInS);
    if (line === "live") this.#back();
    this.#before = line;
  }

  /** @param {number} seconds */
  #lost(seconds) {
    if (this.#before === "connecting" && this.querySelector(".lost")) return; // said already; do not repeat aloud
    // Translators: the page does not reach the kit any more.
    const title = _("The kit does not answer.");
    // Translators: nothing that was acknowledged is lost; the page keeps trying.
    const text = _("What you have shown is kept on the kit. This page tries again by itself; check that this screen is still on the kit's Wi-Fi.");
    // Translators: button: do not wait for the next try.
    const now = _("Try now");
    this.dataset["retry"] = String(seconds);
    render(this, html`<div class="connection lost">${icon("wifi-off")}<p><b>${title}</b> ${text}</p><button type="button" data-part="now">${now}</button></div>`);
    part(this, "now").addEventListener("click", () => send(this, "try-now"));
  }

  #back() {
    if (!this.#wasAway) {
      this.replaceChildren();
      return;
    }
    // Translators: the page reaches the kit again after it was lost.
    const found = _("The kit answers again. Here is where things stand now.");
    // Translators: the screen slept or another page was looked at; the page is up to date again.
    const awake = _("Back again. Here is where things stand now.");
    render(this, html`<div class="connection">${icon("check")}<p>${this.#wasAway === "lost" ? found : awake}</p></div>`);
    this.#wasAway = "";
    this.#timer = window.setTimeout(() => this.replaceChildren(), BACK_MS);
  }
}

customElements.define("kit-connection", KitConnection);
