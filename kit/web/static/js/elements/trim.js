// @ts-check
/** One clip's waveform with a window of one second on it: moved with a finger, a mouse or the arrow keys. */
import { part, say, send } from "../lib/dom.js";
import { locale } from "../lib/format.js";
import { html, icon, render } from "../lib/html.js";
import { _ } from "../lib/i18n.js";

const WINDOW_MS = 1000;
const STEP_MS = 20;
const [WIDE, HIGH] = [600, 120];

/** Sends `trim-hear` {start_ms}, `trim-keep` {start_ms} and `trim-back`. */
export class KitTrim extends HTMLElement {
  #lengthMs = 0;

  /** @param {{ samples: Float32Array, rateHz: number, startMs: number, trimmed: boolean }} clip trimmed: it was cut, and can come back whole */
  set clip({ samples, rateHz, startMs, trimmed }) {
    this.#lengthMs = (samples.length / rateHz) * 1000;
    this.#build();
    const slider = this.#slider;
    slider.max = String(Math.max(0, Math.floor((this.#lengthMs - WINDOW_MS) / STEP_MS) * STEP_MS));
    slider.value = String(startMs);
    const short = this.#lengthMs - WINDOW_MS < STEP_MS;
    slider.hidden = short;
    part(this, "window").hidden = short;
    part(this, "keep").hidden = short;
    part(this, "short").hidden = !short;
    part(this, "back").hidden = !trimmed;
    this.#paint(samples);
    this.#draw();
  }

  get #slider() {
    return /** @type {HTMLInputElement} */ (part(this, "slider"));
  }

  #build() {
    if (this.firstElementChild) return;
    // Translators: name of the slider that moves the window of one second over a clip.
    const name = _("Where the second begins");
    // Translators: button: plays the chosen second.
    const hear = _("Hear this second");
    // Translators: button: cuts the clip to the chosen second.
    const keep = _("Keep this second");
    // Translators: button: the clip as it was before it was cut.
    const back = _("Bring the whole clip back");
    // Translators: a clip of one second, in the window where clips are cut.
    const short = _("This clip is one second long: there is nothing to cut.");
    render(
      this,
      html`<div class="stack"><div class="wave" data-part="wave"><canvas width="${WIDE}" height="${HIGH}" data-part="canvas" aria-hidden="true"></canvas><span class="wave-window" data-part="window"></span></div>
        <input type="range" min="0" step="${STEP_MS}" aria-label="${name}" data-part="slider">
        <p class="small number" data-part="words"></p><p data-part="short" hidden>${short}</p>
        <div class="row"><button type="button" data-part="hear">${icon("play")}${hear}</button>
          <button type="button" class="primary" data-part="keep">${icon("scissors")}${keep}</button>
          <button type="button" data-part="back" hidden>${icon("undo-2")}${back}</button></div></div>`,
    );
    const start = () => ({ start_ms: Number(this.#slider.value) });
    this.#slider.addEventListener("input", () => this.#draw());
    part(this, "hear").addEventListener("click", () => send(this, "trim-hear", start()));
    part(this, "keep").addEventListener("click", () => send(this, "trim-keep", start()));
    part(this, "back").addEventListener("click", () => send(this, "trim-back"));
    const wave = part(this, "wave");
    const follow = (/** @type {PointerEvent} */ event) => {
      const box = wave.getBoundingClientRect();
      const middle = ((event.clientX - box.left) / box.width) * this.#lengthMs;
      this.#slider.value = String(Math.max(0, middle - WINDOW_MS / 2));
      this.#draw();
    };
    wave.addEventListener("pointerdown", (event) => {
      wave.setPointerCapture(event.pointerId);
      follow(event);
    });
    wave.addEventListener("pointermove", (event) => wave.hasPointerCapture(event.pointerId) && follow(event));
  }

  #draw() {
    const startMs = Number(this.#slider.value);
    const window = part(this, "window");
    window.style.setProperty("--left", `${(startMs / this.#lengthMs) * 100}%`);
    window.style.setProperty("--wide", `${(WINDOW_MS / this.#lengthMs) * 100}%`);
    const figure = new Intl.NumberFormat(locale, { minimumFractionDigits: 2, maximumFractionDigits: 2 });
    const values = { from: figure.format(startMs / 1000), until: figure.format((startMs + WINDOW_MS) / 1000), all: figure.format(this.#lengthMs / 1000) };
    // Translators: which second of a clip is chosen. All three are seconds, such as 0.42.
    const words = _("From {from} s to {until} s, of {all} s", values);
    say(part(this, "words"), this.#slider.hidden ? "" : words);
    this.#slider.setAttribute("aria-valuetext", words);
  }

  /** @param {Float32Array} samples */
  #paint(samples) {
    const canvas = /** @type {HTMLCanvasElement} */ (part(this, "canvas"));
    const context = canvas.getContext("2d");
    if (!context) return;
    context.clearRect(0, 0, WIDE, HIGH);
    context.fillStyle = getComputedStyle(this).color;
    const loudest = samples.reduce((peak, sample) => Math.max(peak, Math.abs(sample)), 0.01);
    const each = samples.length / WIDE;
    for (let x = 0; x < WIDE; x += 1) {
      const part = samples.subarray(Math.floor(x * each), Math.max(Math.floor(x * each) + 1, Math.floor((x + 1) * each)));
      const peak = part.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0) / loudest;
      const high = Math.max(2, peak * (HIGH - 8));
      context.fillRect(x, (HIGH - high) / 2, 1, high);
    }
  }
}

customElements.define("kit-trim", KitTrim);
