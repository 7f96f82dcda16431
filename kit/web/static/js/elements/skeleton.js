// @ts-check
/** The points of the hands, drawn over the picture in which they were found. */
import { html, render } from "../lib/html.js";
import { _ } from "../lib/i18n.js";

/** @typedef {{ side: string, points: number[][] }} Hand  21 points [x, y] in fractions of what is shown */

/** Which points a line joins: each finger from the wrist, and the palm. */
const LINES = [
  [0, 1, 2, 3, 4],
  [0, 5, 6, 7, 8],
  [9, 10, 11, 12],
  [13, 14, 15, 16],
  [0, 17, 18, 19, 20],
  [5, 9, 13, 17],
];

export class KitSkeleton extends HTMLElement {
  #drawn = "";

  /** @param {Hand[]} hands */
  set hands(hands) {
    const drawn = JSON.stringify(hands);
    if (drawn === this.#drawn) return;
    this.#drawn = drawn;
    // Translators: alternative text of the points of a hand over the live picture, which only screens show.
    const alt = _("The points of the hand that the kit found");
    render(
      this,
      hands.length
        ? html`<svg viewBox="0 0 1 1" preserveAspectRatio="none" role="img" aria-label="${alt}">${hands.map(drawing)}</svg>`
        : html``,
    );
  }
}

/** @param {Hand} hand */
function drawing({ side, points }) {
  const place = (/** @type {number} */ index) => (points[index] ?? [0, 0]).slice(0, 2).map((part) => part.toFixed(4)).join(" ");
  const bones = LINES.map((line) => `M${line.map(place).join("L")}`).join("");
  // A line of no length with round ends is a dot that no stretching makes an egg.
  const joints = points.map((_point, index) => `M${place(index)}h0`).join("");
  return html`<g class="${side}"><path class="shade" d="${bones}"></path><path class="bones" d="${bones}"></path><path class="joints" d="${joints}"></path></g>`;
}

customElements.define("kit-skeleton", KitSkeleton);
