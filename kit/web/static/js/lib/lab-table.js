// @ts-check
/** A table that a phone shows as cards, one a row, each figure with its heading. */
import { html } from "./html.js";

/** @typedef {import("./html.js").Html | string | number | null} Cell */

/**
 * The roles say to screen readers what the styles of a narrow screen would take away.
 * @param {{ caption?: string, heads: string[], rows: Cell[][], numbers?: number[], name?: string }} table
 *   rows: the first cell heads its row; numbers: columns set in figures of one width
 */
export function table({ caption, heads, rows, numbers = [], name }) {
  const [first, ...others] = heads;
  return html`<table class="table stacks" role="table"${name ? html` aria-label="${name}"` : null}>${caption ? html`<caption>${caption}</caption>` : null}
    <thead role="rowgroup"><tr role="row"><th scope="col" role="columnheader">${first}</th>${others.map((head, index) => html`<th scope="col" role="columnheader" class="${numbers.includes(index + 1) ? "number" : ""}">${head}</th>`)}</tr></thead>
    <tbody role="rowgroup">${rows.map(([head, ...cells]) => html`<tr role="row"><th scope="row" role="rowheader">${head}</th>${cells.map(
      (cell, index) => html`<td role="cell" class="${numbers.includes(index + 1) ? "number" : ""}" data-head="${others[index] ?? ""}">${cell}</td>`,
    )}</tr>`)}</tbody></table>`;
}

const phone = window.matchMedia("(max-width: 560px)");

/** Whether drawings are for a phone: fewer units across, so that their words stay readable. */
export const isNarrow = () => phone.matches;

/** @param {() => void} redraw called when that changes */
export function whenWidthChanges(redraw) {
  phone.addEventListener("change", redraw);
}
