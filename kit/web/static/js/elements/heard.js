// @ts-check
/** What was just heard: a word counts once, when the answers agree and are sure enough. */
import { part } from "../lib/dom.js";
import { html, icon, render } from "../lib/html.js";
import { _ } from "../lib/i18n.js";

/** @typedef {import("../lib/types.js").Label} Label */
/** @typedef {{ name: string, style: number }} Word */

const MOST = 6;
/** A screen reader says what was heard once nothing new came for this long; a list, if several. */
const QUIET_MS = 1000;

export class KitHeard extends HTMLElement {
  /** Newest first. @type {Word[]} */
  #words = [];
  /** @type {string[]} */
  #unsaid = [];
  #timer = 0;

  connectedCallback() {
    if (this.firstElementChild) return;
    // Translators: before the words or sounds that were recognised of late.
    const title = _("Heard:");
    // Translators: nothing was recognised yet.
    const none = _("nothing yet");
    render(
      this,
      html`<p class="heard">${icon("ear")}<b>${title}</b><span data-part="list" aria-hidden="true"><span class="soft">${none}</span></span></p>
        <p class="unseen" role="status" data-part="announcer"></p>`,
    );
  }

  disconnectedCallback() {
    window.clearTimeout(this.#timer);
  }

  /** @param {string} name of a label @param {Label[]} labels */
  add(name, labels) {
    const label = labels.find((one) => one.name === name);
    this.#words = [{ name, style: label?.style ?? 0 }, ...this.#words].slice(0, MOST);
    render(
      part(this, "list"),
      html`${this.#words.map(({ name, style }, index) => html`<span class="heard-word${index ? "" : " new"}" data-style="${style}"><i class="swatch"></i>${name}</span>`)}`,
    );
    this.#unsaid.push(name);
    window.clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => {
      const words = this.#unsaid.splice(0).join(", ");
      // Translators: said by screen readers. {words} is one label or a list of labels.
      part(this, "announcer").textContent = _("Heard: {words}", { words });
    }, QUIET_MS);
  }
}

customElements.define("kit-heard", KitHeard);
