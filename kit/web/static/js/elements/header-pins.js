// @ts-check
/**
 * The 40 pins as one sees them on the board, the corner with pin 1 at the top left. Each kind of pin
 * has a shape and a word of its own; pins in use carry the name of what hangs there. A click on a
 * free pin sends "pin-chosen"; whoever does without a mouse has the form's lists.
 */
import { send } from "../lib/dom.js";
import { html, render } from "../lib/html.js";
import { _ } from "../lib/i18n.js";
import { figure } from "../lib/lab-words.js";

/** @typedef {{ place: number, gpio: number | null, role: "3v3" | "5v" | "ground" | "gpio" | "board" | "kit" }} Pin */
/** @typedef {Map<number, { words: string, style: number | null, chosen: boolean }>} Marks  place -> what hangs there */

const [ROW, MIDDLE, GAP, TOP] = [27, 190, 34, 46];

export class KitHeaderPins extends HTMLElement {
  /** @type {Pin[]} */
  #header = [];
  /** @type {Marks} */
  #marks = new Map();

  /** @param {Pin[]} header @param {Marks} marks */
  show(header, marks) {
    this.#header = header;
    this.#marks = marks;
    if (this.isConnected) this.#render();
  }

  connectedCallback() {
    this.addEventListener("click", (event) => {
      const pin = /** @type {Element} */ (event.target).closest("[data-gpio]");
      if (pin) send(this, "pin-chosen", { gpio: Number(pin.getAttribute("data-gpio")) });
    });
    this.#render();
  }

  #render() {
    if (!this.#header.length) return;
    // Translators: name of the drawing of the board's 40 pins, for screen readers.
    const name = _("Drawing of the 40 pins; the lists in the form hold the same pins.");
    // Translators: in the drawing, at the upper end of the pins. Short.
    const corner = _("corner of the board");
    // Translators: in the drawing, at the lower end of the pins: where the USB sockets are. Short.
    const usb = _("USB sockets");
    const bottom = TOP + 20 * ROW;
    render(
      this,
      html`<svg class="header-pins" viewBox="0 0 ${MIDDLE * 2} ${bottom + 40}" role="img" aria-label="${name}">
        <rect class="plate" x="${MIDDLE - GAP - 6}" y="${TOP - 16}" width="${2 * GAP + 12}" height="${20 * ROW + 6}" rx="8"></rect>
        <text class="end" x="${MIDDLE}" y="20">${corner}</text>
        <text class="end" x="${MIDDLE}" y="${bottom + 24}">${usb} ↓</text>
        ${this.#header.map((pin) => this.#pin(pin))}
      </svg>`,
    );
  }

  /** @param {Pin} pin */
  #pin(pin) {
    const left = pin.place % 2 === 1;
    const x = MIDDLE + (left ? -GAP / 2 : GAP / 2);
    const y = TOP + Math.floor((pin.place - 1) / 2) * ROW;
    const mark = this.#marks.get(pin.place);
    const anchor = left ? "end" : "start";
    const outside = MIDDLE + (left ? -1 : 1) * (GAP + 14);
    const words = mark ? mark.words : pinName(pin);
    const kind = `pin ${pin.role}${mark ? " used" : ""}${mark?.chosen ? " chosen" : ""}`;
    const shape =
      ["gpio", "board", "kit"].includes(pin.role)
        ? html`<circle cx="${x}" cy="${y}" r="11"></circle>`
        : html`<rect x="${x - 11}" y="${y - 11}" width="22" height="22" rx="${pin.role === "ground" ? 11 : 3}"></rect>`;
    const target = pin.role === "gpio" ? html` data-gpio="${pin.gpio}"` : null;
    const style = mark?.style === null || mark?.style === undefined ? null : html` data-style="${mark.style}"`;
    return html`<g class="${kind}"${target}${style}>
      <rect class="reach" x="${left ? 0 : MIDDLE}" y="${y - ROW / 2}" width="${MIDDLE}" height="${ROW}"></rect>
      ${shape}<text class="place" x="${x}" y="${y + 4}">${pin.place}</text>
      <text class="name" x="${outside}" y="${y + 5}" text-anchor="${anchor}">${words}</text></g>`;
  }
}

/** @param {Pin} pin */
export function pinName(pin) {
  // Translators: a pin of the board that is connected to ground (0 volts). Short.
  const ground = _("ground");
  // Translators: two pins that the board needs for itself. Short.
  const reserved = _("the board's own");
  // Translators: a pin of the board on which the kit's own lamp or button hangs. Short.
  const kept = _("the kit's own");
  if (pin.role === "3v3") return `${figure(3.3)}\u202fV`;
  if (pin.role === "5v") return "5\u202fV";
  if (pin.role === "ground") return ground;
  if (pin.role === "kit") return kept;
  return pin.role === "board" ? reserved : `GPIO ${pin.gpio}`;
}

customElements.define("kit-header-pins", KitHeaderPins);
