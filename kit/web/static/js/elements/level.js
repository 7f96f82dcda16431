// @ts-check
/** How loud it is, as a bar and in a word: quiet, good, too loud. */
import { part, say } from "../lib/dom.js";
import { html, render } from "../lib/html.js";
import { _ } from "../lib/i18n.js";

const LOWEST_DB = -60;
/** As the kit's own advice: below this peak a recording is too quiet (kit/core/sound.py). */
const QUIET_DB = 20 * Math.log10(0.05);
/** A word stands at least this long, or nobody could read it. */
const STANDS_MS = 900;

export class KitLevel extends HTMLElement {
  #saidAt = 0;
  /** The loudest since the word was last chosen. */
  #loudest = LOWEST_DB;
  #clipped = false;

  connectedCallback() {
    this.#build();
  }

  /** @param {import("../lib/types.js").Heard | null} heard */
  set heard(heard) {
    this.#build();
    const peak = heard?.peak_db ?? LOWEST_DB;
    const bar = part(this, "bar");
    bar.style.setProperty("--value", String(Math.round(Math.min(1, Math.max(0, 1 - peak / LOWEST_DB)) * 100)));
    this.#loudest = Math.max(this.#loudest, peak);
    this.#clipped ||= heard?.clipping ?? false;
    const now = performance.now();
    if (heard && !heard.clipping && now - this.#saidAt < STANDS_MS) return;
    this.#saidAt = now;
    this.toggleAttribute("data-loud", this.#clipped);
    // Translators: beside the level of the sound: it is cut off at the top.
    const tooLoud = _("Too loud: move back");
    // Translators: beside the level of the sound: fit for a recording.
    const good = _("Loud enough");
    // Translators: beside the level of the sound: hardly anything is heard.
    const quiet = _("Quiet");
    const word = this.#clipped ? tooLoud : this.#loudest >= QUIET_DB ? good : quiet;
    say(part(this, "word"), heard ? word : "");
    this.#loudest = LOWEST_DB;
    this.#clipped = false;
  }

  #build() {
    if (this.firstElementChild) return;
    render(this, html`<span class="level-bar" aria-hidden="true"><i data-part="bar"></i></span><span class="level-word" data-part="word"></span>`);
    part(this, "bar").parentElement?.style.setProperty("--quiet", String(Math.round((1 - QUIET_DB / LOWEST_DB) * 100)));
  }
}

customElements.define("kit-level", KitLevel);
