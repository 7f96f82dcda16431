// @ts-check
/** Both ways of hearing, tried on the class's own clips. People choose; the kit only counts. */
import { part, say, send } from "../lib/dom.js";
import { count, percent } from "../lib/format.js";
import { html, icon, render } from "../lib/html.js";
import { _ } from "../lib/i18n.js";

/** @typedef {"words" | "sounds"} Hearing */
/** @typedef {import("../lib/types.js").Check} Check */

/** Sends `hearings-compare` and `hearing-chosen` {hearing}. */
export class KitHearings extends HTMLElement {
  /** @type {Hearing} */
  #hearing = "words";
  /** @type {Record<Hearing, Check | null> | null} */
  #result = null;

  /** The project's own. @param {Hearing} hearing */
  set hearing(hearing) {
    this.#build();
    if (hearing !== this.#hearing) this.#hearing = hearing;
    say(part(this, "now"), nameOf(hearing));
    this.#drawResult();
  }

  /** @param {number | null} share 0..1; null: nothing runs */
  set progress(share) {
    this.#build();
    part(this, "busy").hidden = share === null;
    part(this, "compare").hidden = share !== null;
    // Translators: while both ways of hearing are tried. {share} is such as "40 %".
    if (share !== null) say(part(this, "busy-words"), _("Trying both… {share}", { share: percent(share) }));
    /** @type {HTMLProgressElement} */ (part(this, "progress")).value = share ?? 0;
  }

  /** @param {Record<Hearing, Check | null>} result */
  set result(result) {
    this.progress = null;
    this.#result = result;
    this.#drawResult();
  }

  #build() {
    if (this.firstElementChild) return;
    // Translators: opens the comparison of the two ways of hearing. The present one follows: "Words" or "Noises".
    const title = _("The kit listens for:");
    // Translators: what the comparison does.
    const how = _("Both ways, tried on your own clips: each take is left out of the learning in turn, then guessed.");
    // Translators: button: tries both ways of hearing.
    const compare = _("Compare both on our clips");
    // Translators: name of the progress bar, for screen readers.
    const progress = _("Progress of the comparison");
    render(
      this,
      html`<details class="more"><summary>${icon("chevron-down")}<span>${title} <b data-part="now"></b></span></summary>
        <div class="stack"><p class="small">${how}</p>
        <button type="button" data-part="compare">${icon("audio-lines")}${compare}</button>
        <div class="stack" data-part="busy" hidden><p role="status"><b data-part="busy-words"></b></p><progress max="1" aria-label="${progress}" data-part="progress"></progress></div>
        <div data-part="result" aria-live="polite"></div></div></details>`,
    );
    part(this, "compare").addEventListener("click", () => send(this, "hearings-compare"));
    this.addEventListener("click", (event) => {
      const chosen = /** @type {HTMLElement | null} */ (/** @type {Element} */ (event.target).closest("[data-hearing]"));
      if (chosen) send(this, "hearing-chosen", { hearing: chosen.dataset["hearing"] });
    });
  }

  #drawResult() {
    const result = this.#result;
    if (!result) return;
    // Translators: neither way could be tried: each label was recorded once only.
    const none = _("Not enough takes yet: record each label at least twice.");
    const ways = /** @type {Hearing[]} */ (["words", "sounds"]);
    render(
      part(this, "result"),
      ways.some((way) => result[way])
        ? html`<ul class="ways">${ways.map((way) => this.#way(way, result[way]))}</ul>`
        : html`<p class="soft">${none}</p>`,
    );
  }

  /** @param {Hearing} way @param {Check | null} check */
  #way(way, check) {
    const values = { right: count(check?.right ?? 0), n: count(check?.n ?? 0) };
    // Translators: the honest count, such as "18 of 20 right".
    const honest = check ? _("{right} of {n} right", values) : "–";
    const between = { low: count(check?.low ?? 0), high: count(check?.high ?? 0) };
    // Translators: if the same trial were made again, between these two counts would be right.
    const again = check ? _("Tried again: between {low} and {high}.", between) : "";
    // Translators: marks the way of hearing that the project uses.
    const now = _("in use");
    // Translators: button: the project hears this way from now on. {way} is "Words" or "Noises".
    const use = _("Use “{way}”", { way: nameOf(way) });
    return html`<li><b>${nameOf(way)}</b> <span class="number">${honest}</span> <span class="soft small">${again}</span>
      ${way === this.#hearing ? html`<span class="tag">${now}</span>` : html`<button type="button" data-hearing="${way}">${use}</button>`}</li>`;
  }
}

/** @param {Hearing} hearing */
function nameOf(hearing) {
  // Translators: choice: the project is about spoken words.
  const words = _("Words");
  // Translators: choice: the project is about noises that are not speech.
  const noises = _("Noises");
  return hearing === "sounds" ? noises : words;
}

customElements.define("kit-hearings", KitHearings);
