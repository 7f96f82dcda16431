// @ts-check
/** Sound as a picture that moves to the left: time goes right, high pitches are on top, loud is bright. */

/** Two to four seconds, by how many columns a second come. */
const COLUMNS = 256;
/** Where less motion is asked for the picture moves once a second instead of at every column. */
const STILL_MS = 1000;
const lessMotion = matchMedia("(prefers-reduced-motion: reduce)");

/** From silence to loud: the stage's own dark blue to tangerine to paper. */
const SHADES = [
  [0, 38, 49, 74],
  [96, 74, 86, 140],
  [160, 196, 112, 92],
  [210, 255, 182, 92],
  [255, 255, 246, 224],
];

/** @param {number} value 0..255 @returns {[number, number, number]} */
export function shade(value) {
  const next = SHADES.findIndex(([at = 0]) => at >= value);
  const [to, from] = [SHADES[next] ?? SHADES[0] ?? [], SHADES[Math.max(0, next - 1)] ?? []];
  const [start = 0, end = 0] = [from[0], to[0]];
  const share = end > start ? (value - start) / (end - start) : 0;
  const mix = (/** @type {number} */ part) => Math.round((from[part] ?? 0) + share * ((to[part] ?? 0) - (from[part] ?? 0)));
  return [mix(1), mix(2), mix(3)];
}

const TABLE = Array.from({ length: 256 }, (_none, value) => shade(value));

/** A drawing for the eye: silent for screen readers, whose reader has the level in words. */
export class KitSpectrogram extends HTMLElement {
  #canvas = document.createElement("canvas");
  /** @type {number[][]} */
  #waiting = [];
  #drawnAt = 0;

  connectedCallback() {
    this.setAttribute("aria-hidden", "true");
    if (!this.firstElementChild) this.append(this.#canvas);
  }

  /** @param {number[][]} columns newest last; each from the lowest pitch to the highest, 0..255 */
  push(columns) {
    this.#waiting.push(...columns);
    if (this.#waiting.length > COLUMNS) this.#waiting.splice(0, this.#waiting.length - COLUMNS);
    const now = performance.now();
    if (!this.#waiting.length || (lessMotion.matches && now - this.#drawnAt < STILL_MS)) return;
    this.#drawnAt = now;
    this.#draw(this.#waiting.splice(0));
  }

  clear() {
    this.#waiting = [];
    this.#canvas.width = COLUMNS; // setting its width empties a canvas
  }

  /** @param {number[][]} columns */
  #draw(columns) {
    const height = columns[0]?.length ?? 0;
    if (!height) return;
    if (this.#canvas.height !== height || this.#canvas.width !== COLUMNS) {
      this.#canvas.width = COLUMNS;
      this.#canvas.height = height;
    }
    const context = this.#canvas.getContext("2d");
    if (!context) return;
    context.drawImage(this.#canvas, -columns.length, 0);
    const strip = context.createImageData(columns.length, height);
    columns.forEach((column, x) =>
      column.forEach((value, band) => {
        const [red, green, blue] = TABLE[Math.max(0, Math.min(255, value))] ?? [0, 0, 0];
        strip.data.set([red, green, blue, 255], ((height - 1 - band) * columns.length + x) * 4);
      }),
    );
    context.putImageData(strip, COLUMNS - columns.length, 0);
  }
}

customElements.define("kit-spectrogram", KitSpectrogram);
