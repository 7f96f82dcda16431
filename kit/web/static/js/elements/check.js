// @ts-check
/** The honest count: how many were right on what was held out, before any percentage. */
import { image } from "../kinds/image.js";
import { part, send } from "../lib/dom.js";
import { count } from "../lib/format.js";
import { html, render } from "../lib/html.js";
import { _ } from "../lib/i18n.js";

/** @typedef {import("../lib/types.js").Check} Check */
/** @typedef {import("../lib/types.js").ProjectState} ProjectState */
/** @typedef {import("../kinds/kind.js").Words} Words */

/** Sends `errors-open`. */
export class KitCheck extends HTMLElement {
  /** @type {Words} */
  words = image.words;

  connectedCallback() {
    this.#build();
  }

  /** @param {ProjectState} state */
  set state(state) {
    this.#build();
    const words = part(this, "words");
    const content = state.check ? counted(state.check, this.words) : uncounted(state, this.words);
    if (words.dataset["drawn"] === content.toString()) return;
    words.dataset["drawn"] = content.toString();
    render(words, content);
  }

  #build() {
    if (this.firstElementChild) return;
    // Translators: heading of the honest count, for screen readers.
    const title = _("The honest count");
    render(this, html`<section class="honest" aria-label="${title}"><div data-part="words" aria-live="polite"></div></section>`);
    this.addEventListener("click", (event) => {
      if (/** @type {Element} */ (event.target).closest("[data-errors]")) send(this, "errors-open");
    });
  }
}

/** @param {Check} check @param {Words} kindWords */
function counted(check, kindWords) {
  const method = check.method === "shown_after" ? kindWords.shownAfter() : kindWords.leftOut();
  const right = count(check.right);
  const n = count(check.n);
  // Translators: the honest count, such as "18 of 20 right".
  const honest = _("{right} of {n} right", { right, n });
  // Translators: if the same trial were made again, between these two counts would be right.
  const again = _("Tried again: between {low} and {high}.", { low: count(check.low), high: count(check.high) });
  const names = check.unchecked_labels ?? [];
  const unchecked = kindWords.unchecked(names.join(", "));
  // Translators: the button that opens the table of errors.
  const see = _("See the errors");
  return html`<p class="soft method">${method}</p>
    <p class="big count">${honest}</p>
    <button type="button" data-errors>${see}</button>
    <p class="soft again">${again}</p>
    ${names.length ? html`<p class="unchecked">${unchecked}</p>` : null}`;
}

/** @param {ProjectState} state @param {Words} kindWords */
function uncounted(state, kindWords) {
  // Translators: nothing was held out, so there is no honest count.
  const title = _("Not checked yet");
  return html`<div class="count"><p class="big">${title}</p><p class="soft">${state.model ? kindWords.showAgain() : kindWords.showAfterTraining()}</p></div>`;
}

customElements.define("kit-check", KitCheck);
