// @ts-check
/** What is kept of a gesture: points, no picture; its bytes beside those of the picture that came in. */
import { count } from "../lib/format.js";
import { html, icon, render } from "../lib/html.js";
import { _ } from "../lib/i18n.js";

export class KitKept extends HTMLElement {
  connectedCallback() {
    if (!this.firstElementChild) this.sample = null;
  }

  /** The newest one. @param {import("../lib/types.js").Sample | null} sample */
  set sample(sample) {
    // Translators: under the live picture of a project of gestures: what is kept, and what is not.
    const promise = _("Of each gesture the kit keeps 21 points a hand, and no picture.");
    const values = { kept: count(sample?.bytes ?? 0), sent: count(sample?.sent_bytes ?? 0) };
    const both = sample?.bytes && sample.sent_bytes;
    // Translators: the newest gesture's size. {kept} and {sent} are numbers: kept bytes, and bytes of the picture it was made from.
    const figures = both ? _("The newest one: {kept} bytes kept instead of {sent}.", values) : "";
    render(this, html`<p class="kept">${icon("shield")}<span>${promise} ${figures ? html`<b class="number-text">${figures}</b>` : null}</span></p>`);
  }
}

customElements.define("kit-kept", KitKept);
