// @ts-check
/**
 * What is heard, drawn as it comes; the count-down; the big record button; and whose turn it is.
 * Or words, where nothing can be heard.
 */
import "./level.js";
import "./spectrogram.js";
import { part, say, send } from "../lib/dom.js";
import { html, icon } from "../lib/html.js";
import { _ } from "../lib/i18n.js";
import { StageBase, badge, says, smallBars } from "./stage-base.js";

/** @typedef {import("../lib/types.js").Microphone} Microphone */
/** @typedef {import("../lib/types.js").Heard} Heard */
/** @typedef {import("./stage-base.js").Words} Words */
/** @typedef {{ id: string, name: string }} Target  the label that the big button records */
/** @typedef {{ kind: "free" | "mine" | "theirs", words: string }} Turn */

/** Sends `burst-start` {label}, `burst-stop` and `device-again`. */
export class KitSoundStage extends StageBase {
  /** @type {Microphone | null} */
  #microphone = null;
  /** @type {Words | null} */
  #screenWords = null;
  /** Whether this screen's microphone was lent. */
  #lent = false;
  #awake = true;
  /** @type {Target | null} */
  #target = null;
  #busy = false;

  /** @param {Microphone | null} microphone of the kit */
  set microphone(microphone) {
    this.#microphone = microphone;
    this.redraw();
  }

  /** @param {{ lent: boolean, words: Words | null }} screen this screen's own microphone, and what to say of it */
  set screen({ lent, words }) {
    this.#lent = lent;
    this.#screenWords = words;
    this.redraw();
  }

  /** @param {boolean} awake */
  set awake(awake) {
    this.#awake = awake;
    if (!awake) this.quiet();
  }

  /** @param {Heard} heard */
  hear(heard) {
    if (!this.#awake) return;
    this.build();
    this.#level.heard = heard;
    this.#spectrogram.push(heard.columns);
  }

  /** Nothing is heard any more. */
  quiet() {
    this.build();
    this.#level.heard = null;
    this.#spectrogram.clear();
  }

  /** 3, 2, 1; null: no count-down. @param {number | null} count */
  set count(count) {
    this.build();
    const place = part(this, "count");
    place.hidden = count === null;
    say(place, count === null ? "" : String(count));
    // Translators: said by screen readers before the microphone records.
    const ready = _("Recording in three, two, one");
    // A voice that counts along would be recorded; so it is told once, at the start.
    if (count === 3) say(part(this, "announcer"), ready);
  }

  /** @param {{ name: string, words: string } | null} burst */
  set burst(burst) {
    super.burst = burst;
    this.#busy = burst !== null;
    if (!part(this, "count").hidden) part(this, "recording").hidden = true;
    this.#drawButton();
  }

  /** How much of the recording is done, 0..1; null: none runs. @param {number | null} share */
  set progress(share) {
    this.build();
    const bar = part(this, "progress");
    bar.hidden = share === null;
    bar.style.setProperty("--value", String(Math.round((share ?? 0) * 100)));
  }

  /** What was wrong with the last recording, in words. @param {string} words */
  set advice(words) {
    this.build();
    part(this, "advice").hidden = words === "";
    say(part(this, "advice-words"), words);
  }

  /** @param {Target | null} target */
  set target(target) {
    this.#target = target;
    this.#drawButton();
  }

  /** Whose turn it is at the kit's microphone; null: it is not about the kit's. @param {Turn | null} turn */
  set turn(turn) {
    this.build();
    const lamp = part(this, "lamp");
    lamp.hidden = turn === null;
    lamp.dataset["turn"] = turn?.kind ?? "";
    say(part(this, "lamp-words"), turn?.words ?? "");
    this.#drawButton();
  }

  get #level() {
    return /** @type {import("./level.js").KitLevel} */ (part(this, "level"));
  }

  get #spectrogram() {
    return /** @type {import("./spectrogram.js").KitSpectrogram} */ (part(this, "spectrogram"));
  }

  content() {
    // Translators: beside the live drawing of a sound: its upper edge, where high pitches are.
    const high = _("high");
    // Translators: beside the live drawing of a sound: its lower edge, where low pitches are.
    const low = _("low");
    return html`<div class="live listening">
        <kit-spectrogram data-part="spectrogram"></kit-spectrogram>
        <span class="pitch high" aria-hidden="true" data-part="high">${high}</span>
        <span class="pitch low" aria-hidden="true">${low}</span>
        ${badge()}
        <span class="count-down" data-part="count" aria-hidden="true" hidden></span>
        <span class="record-progress" data-part="progress" aria-hidden="true" hidden></span>
        <kit-level data-part="level"></kit-level>
        ${says()}
      </div>
      ${smallBars()}
      <p class="advice" role="status" data-part="advice" hidden>${icon("lightbulb")}<span data-part="advice-words"></span></p>
      <div class="turn">
        <button type="button" class="record-button" data-part="record"><span class="record-dot" aria-hidden="true"></span><span data-part="record-words"></span></button>
        <p class="lamp" role="status" data-part="lamp" hidden><i aria-hidden="true"></i><span data-part="lamp-words"></span></p>
      </div>
      <p class="unseen" role="status" data-part="announcer"></p>`;
  }

  built() {
    part(this, "record").addEventListener("click", () => this.press());
  }

  /** The big button: starts, and stops what runs. */
  press() {
    const button = part(this, "record");
    if (button.hidden || button.getAttribute("aria-disabled") === "true") return;
    if (this.#busy) send(this, "burst-stop");
    else if (this.#target) send(this, "burst-start", { label: this.#target.id });
  }

  #drawButton() {
    if (!this.firstElementChild) return;
    const button = part(this, "record");
    const theirs = part(this, "lamp").dataset["turn"] === "theirs";
    const files = this.source === "files" || (this.source === "tablet" && !this.secure);
    button.hidden = !this.#target || files;
    // Translators: the big button that records one more clip. {name} is a label.
    const record = _("Record “{name}”", { name: this.#target?.name ?? "" });
    // Translators: the button that ends a recording.
    const stop = _("Stop");
    say(part(this, "record-words"), this.#busy ? stop : record);
    button.toggleAttribute("data-on", this.#busy);
    button.setAttribute("aria-disabled", String(!this.#busy && (theirs || !part(this, "says").hidden)));
  }

  draw() {
    this.drawSays(this.#words());
    this.#drawButton();
  }

  /** What stands in the drawing's place, or null where something is heard. @returns {Words | null} */
  #words() {
    if (this.source === "files") {
      // Translators: shown in the live drawing's place while sound files are chosen.
      const title = _("Choose or drop sounds");
      // Translators: what to do with sound files. "Choose sounds" is a button.
      const text = _("Press “Choose sounds” beside a label, or drop files on it. Of each file only the loudest second counts.");
      return { title, text };
    }
    if (this.source === "tablet") {
      if (!this.secure) {
        // Translators: shown where the browser does not lend its microphone to this page.
        const title = _("Record with this screen's own recorder");
        // Translators: how sounds are recorded with a tablet on a page without https. "Record" is a button.
        const text = _("The browser does not lend its microphone to this page. Press “Record” beside a label: your screen opens its recorder, or lets you choose a sound.");
        return { title, text };
      }
      if (this.#screenWords) return this.#screenWords;
      if (this.#lent) return null;
      // Translators: shown while the browser asks whether the page may use its microphone.
      const title = _("May the kit use this screen's microphone?");
      // Translators: what to do when the browser asks about the microphone.
      const text = _("Your browser is asking. Press “Allow”.");
      return { title, text };
    }
    return kitWords(this.#microphone);
  }
}

/** What to say of the kit's microphone; null where it listens. @param {Microphone | null} microphone @returns {Words | null} */
function kitWords(microphone) {
  if (!microphone || microphone.state === "starting") {
    // Translators: shown while the kit's microphone starts.
    const title = _("The microphone is starting…");
    return { title, text: "" };
  }
  if (microphone.state === "live") return null;
  if (microphone.settings?.name === "none" || microphone.name === "none") {
    // Translators: shown where somebody chose to use no microphone.
    const title = _("The kit's microphone is off");
    // Translators: what to do when the microphone was switched off on purpose. "Choose the microphone" is a button.
    const text = _("Press “Choose the microphone”, or record with this screen or from files.");
    return { title, text };
  }
  if (microphone.state === "off" && !microphone.message) return null; // it starts when somebody listens
  // Translators: shown where the kit has no microphone or lost it.
  const title = _("No microphone");
  // Translators: what to do when the kit finds no microphone.
  const text = microphone.message ?? _("Check that it is plugged in, then press Try again. This screen's microphone and sound files work too.");
  // Translators: button that looks for the microphone once more.
  const again = _("Try again");
  return { title, text, again };
}

customElements.define("kit-sound-stage", KitSoundStage);
