// @ts-check
/** Accuracy against what an answer costs: points with their intervals, and the best trade-offs. */
import { percent } from "../lib/format.js";
import { html, icon, render } from "../lib/html.js";
import { _ } from "../lib/i18n.js";
import { isNarrow, table, whenWidthChanges } from "../lib/lab-table.js";
import { blocksOf, energyWords, figure, rightWords, subjectName, timeWords } from "../lib/lab-words.js";

/** @typedef {import("../lib/types.js").Lab} Lab */
/** @typedef {import("../lib/types.js").Experiment} Experiment */

const USUAL_HEAD = "softmax-regression";

export class KitDial extends HTMLElement {
  /** @type {Lab | null} */
  #lab = null;

  /** @param {Lab} lab */
  set lab(lab) {
    const first = this.#lab === null;
    this.#lab = lab;
    this.#draw();
    if (first) whenWidthChanges(() => this.#draw());
  }

  #draw() {
    const lab = this.#lab;
    if (!lab) return;
    const points = lab.results.filter(
      (one) => one.newest && one.unit === "inference" && one.threads === 1 && one.latency && one.accuracy,
    );
    points.sort((one, other) => costOf(other, "time").value - costOf(one, "time").value);
    if (!points.length) {
      // Translators: in the place of the dial, before anything was measured.
      const none = _("Nothing measured yet. Measure one answer at 224 pixels, then at fewer, then with the network ended early: is it still right, and what does it cost?");
      render(this, html`<p class="soft">${none}</p>`);
      return;
    }
    render(
      this,
      html`${lab.not_ranked ? html`<p class="advice">${icon("triangle-alert")}<span>${lab.not_ranked}</span></p>` : null}
        ${lab.front_by ? chart(points, lab.front_by) : null}${tableOf(points, lab.front_by !== null)}`,
    );
  }
}

/** @param {Experiment} one @param {"energy" | "time"} by */
function costOf(one, by) {
  if (by === "energy" && one.energy) return one.energy.marginal_mj;
  const times = one.latency;
  return { value: times?.median_ms ?? 0, low: times?.low_ms ?? 0, high: times?.high_ms ?? 0 };
}

/** @param {Experiment[]} points @param {"energy" | "time"} by */
function chart(points, by) {
  const [width, height, left, bottom] = isNarrow() ? [340, 300, 50, 46] : [640, 320, 56, 46];
  const right = Math.max(...points.map((one) => costOf(one, by).high), 1e-6) * 1.12;
  const least = Math.min(...points.map((one) => one.accuracy?.low ?? 0));
  const floor = Math.max(0, Math.floor(least * 10) / 10 - 0.05);
  /** @param {number} cost */
  const x = (cost) => left + (Math.max(0, cost) / right) * (width - left - 10);
  /** @param {number} share */
  const y = (share) => height - bottom - ((share - floor) / (1 - floor)) * (height - bottom - 24);
  // Translators: axis of the dial: energy of an answer above idle, in millijoules.
  const energy = _("energy of one answer above idle (mJ)");
  // Translators: axis of the dial: energy that was not measured but estimated.
  const estimated = _("energy of one answer above idle (mJ), estimated");
  // Translators: axis of the dial where there is no energy: time of an answer, in milliseconds.
  const time = _("time of one answer (ms)");
  const isEstimated = by === "energy" && points.some((one) => one.label === "estimated");
  const axis = by === "time" ? time : isEstimated ? estimated : energy;
  // Translators: alternative text of the dial. {cost} names the horizontal axis.
  const words = _("Right answers against {cost}, with 95 % intervals. The table has the same figures.", { cost: axis });
  const front = points.filter((one) => one.on_front).sort((one, other) => costOf(one, by).value - costOf(other, by).value);
  const line = front.map((one) => `${x(costOf(one, by).value)},${y(one.accuracy?.value ?? 0)}`).join(" ");
  const places = points.map((one) => ({ one, x: x(costOf(one, by).value), y: y(one.accuracy?.value ?? 0) }));
  const names = placeNames(places, width);
  return html`<svg class="chart" viewBox="0 0 ${width} ${height}" role="img" aria-label="${words}">
    <path class="axis" d="M${left} 12V${height - bottom}H${width}"></path>
    <text x="${left - 6}" y="${y(1) + 4}" text-anchor="end">${percent(1)}</text>
    <text x="${left - 6}" y="${height - bottom}" text-anchor="end">${percent(floor)}</text>
    <text x="${left}" y="${height - bottom + 17}">0</text>
    <text x="${width}" y="${height - bottom + 17}" text-anchor="end">${figure(right)}</text>
    <text x="${width}" y="${height - 8}" text-anchor="end">${axis}</text>
    <polyline class="front ${isEstimated ? "is-estimated" : ""}" points="${line}"></polyline>
    ${places.map(({ one, x: cx, y: cy }) => {
      const cost = costOf(one, by);
      return html`<g class="${one.on_front ? "is-best" : ""}">
        <line class="whisker" x1="${x(cost.low)}" x2="${x(cost.high)}" y1="${cy}" y2="${cy}"></line>
        <line class="whisker" x1="${cx}" x2="${cx}" y1="${y(one.accuracy?.low ?? 0)}" y2="${y(one.accuracy?.high ?? 0)}"></line></g>`;
    })}
    ${places.map(({ one, x: cx, y: cy }) => html`<path class="point ${one.on_front ? "on-front" : ""}" d="${shape(one, cx, cy)}"></path>`)}
    ${names.map((name) => html`<text class="point-name" x="${name.x}" y="${name.y}" text-anchor="${name.anchor}">${name.text}</text>`)}
  </svg>`;
}

/** A way to answer has its own shape, so that nobody depends on a colour. @param {Experiment} one @param {number} x @param {number} y */
function shape(one, x, y) {
  if (one.head !== USUAL_HEAD) return `M${x} ${y - 8}L${x + 8} ${y}L${x} ${y + 8}L${x - 8} ${y}Z`;
  const blocks = blocksOf(one.cut);
  if (blocks === 11) return `M${x - 6} ${y - 6}h12v12h-12Z`;
  if (blocks === 9) return `M${x} ${y - 8}L${x + 7} ${y + 5}H${x - 7}Z`;
  return `M${x - 6} ${y}a6 6 0 1 0 12 0a6 6 0 1 0 -12 0Z`;
}

/** @param {Experiment} one */
function shortName(one) {
  const blocks = blocksOf(one.cut);
  const depth = blocks === null ? "" : "/" + blocks;
  return [one.input_size, depth, one.head === USUAL_HEAD ? "" : "*"].join("");
}

/**
 * The best points' names first, each where it covers no other; a name without a place is left to the table.
 * @param {{ one: Experiment, x: number, y: number }[]} places @param {number} width
 */
function placeNames(places, width) {
  /** @type {{ left: number, top: number, right: number, bottom: number }[]} */
  const taken = places.map(({ x, y }) => ({ left: x - 7, top: y - 7, right: x + 7, bottom: y + 7 }));
  const names = [];
  const inOrder = [...places].sort((one, other) => Number(other.one.on_front) - Number(one.one.on_front));
  for (const { one, x, y } of inOrder) {
    const text = shortName(one);
    const wide = 8 * text.length;
    for (const [dx, dy, anchor] of /** @type {[number, number, "start" | "end"][]} */ ([[10, -10, "start"], [-10, -10, "end"], [10, 20, "start"], [-10, 20, "end"]])) {
      const start = anchor === "start" ? x + dx : x + dx - wide;
      const box = { left: start, top: y + dy - 12, right: start + wide, bottom: y + dy + 3 };
      const free = taken.every((other) => box.right < other.left || box.left > other.right || box.bottom < other.top || box.top > other.bottom);
      if (!free || box.right > width || box.left < 0) continue;
      taken.push(box);
      names.push({ text, x: x + dx, y: y + dy, anchor });
      break;
    }
  }
  return names;
}

/** @param {Experiment[]} points @param {boolean} ranked */
function tableOf(points, ranked) {
  // Translators: heading of a column: what was measured.
  const what = _("What");
  // Translators: heading of a column: right answers with a 95 % interval.
  const right = _("Right");
  // Translators: heading of a column: time of an answer.
  const time = _("Time");
  // Translators: heading of a column: energy above idle, and what the figure rests on.
  const energy = _("Energy above idle");
  // Translators: heading of a column: whether no other point is both cheaper and as right.
  const best = _("Best trade-off");
  // Translators: in the table: this point is one of the best trade-offs.
  const yes = _("yes");
  // Translators: in the table: another point is both cheaper and at least as right.
  const no = _("no");
  // Translators: below the dial. In it, 224/11 is a point at 224 pixels with 11 of 16 blocks; a point marked * answers by another method.
  const note = _("Circle: the whole network. Square, such as 224/11: ended after 11 of its 16 blocks; triangle: after 9. Diamond and *: another method of answering.");
  // Translators: below the dial: how the right answers were counted.
  const how = _("For each point, each showing was left out of the learning in turn, then guessed at that size: as in the project's own check, and with the same pictures, turned ones included.");
  // Translators: name of the dial's table, for screen readers.
  const name = _("The points of the dial");
  const rows = points.map((one) => {
    const cells = [html`${subjectName(one.subject)}`, rightWords(one), timeWords(one), energyWords(one)];
    return ranked ? [...cells, one.on_front ? yes : no] : cells;
  });
  const heads = [what, right, time, energy, ...(ranked ? [best] : [])];
  return html`<div class="scroll" tabindex="0" role="group" aria-label="${name}">${table({ heads, rows, numbers: [1, 2] })}</div>
    <p class="soft small">${note}</p><p class="soft small">${how}</p>`;
}

customElements.define("kit-dial", KitDial);
