// @ts-check
/** Accuracy against what an answer costs: points with their intervals, and the best trade-offs. */
import { percent } from "../lib/format.js";
import { html, icon, render } from "../lib/html.js";
import { _ } from "../lib/i18n.js";
import { energyWords, figure, subjectName } from "../lib/lab-words.js";

/** @typedef {import("../lib/types.js").Lab} Lab */
/** @typedef {import("../lib/types.js").Experiment} Experiment */

const [WIDTH, HEIGHT, LEFT, BOTTOM] = [640, 300, 56, 44];

export class KitDial extends HTMLElement {
  /** @param {Lab} lab */
  set lab(lab) {
    const points = lab.results.filter((one) => one.newest && one.unit === "inference" && one.latency && one.accuracy);
    points.sort((one, other) => (other.input_size ?? 0) - (one.input_size ?? 0));
    if (!points.length) {
      // Translators: in the place of the dial, before anything was measured.
      const none = _("Nothing measured yet. Measure one answer at 224 pixels, then at fewer: is it still right, and what does it cost?");
      render(this, html`<p class="soft">${none}</p>`);
      return;
    }
    render(
      this,
      html`${lab.not_ranked ? html`<p class="advice">${icon("triangle-alert")}<span>${lab.not_ranked}</span></p>` : null}
        ${lab.front_by ? chart(points, lab.front_by) : null}${table(points, lab.front_by !== null)}`,
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
  const costs = points.map((one) => costOf(one, by));
  const right = Math.max(...costs.map((cost) => cost.high), 1e-6) * 1.12;
  const least = Math.min(...points.map((one) => one.accuracy?.low ?? 0));
  const floor = Math.max(0, Math.floor(least * 10) / 10 - 0.05);
  /** @param {number} cost */
  const x = (cost) => LEFT + (Math.max(0, cost) / right) * (WIDTH - LEFT - 10);
  /** @param {number} share */
  const y = (share) => HEIGHT - BOTTOM - ((share - floor) / (1 - floor)) * (HEIGHT - BOTTOM - 24);
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
  return html`<svg class="chart" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${words}">
    <path class="axis" d="M${LEFT} 12V${HEIGHT - BOTTOM}H${WIDTH}"></path>
    <text x="${LEFT - 6}" y="${y(1) + 4}" text-anchor="end">${percent(1)}</text>
    <text x="${LEFT - 6}" y="${HEIGHT - BOTTOM}" text-anchor="end">${percent(floor)}</text>
    <text x="${LEFT}" y="${HEIGHT - BOTTOM + 18}">0</text>
    <text x="${WIDTH}" y="${HEIGHT - BOTTOM + 18}" text-anchor="end">${figure(right)}</text>
    <text x="${WIDTH}" y="${HEIGHT - 6}" text-anchor="end">${axis}</text>
    <polyline class="front ${isEstimated ? "is-estimated" : ""}" points="${line}"></polyline>
    ${points.map((one) => {
      const cost = costOf(one, by);
      const [cx, cy] = [x(cost.value), y(one.accuracy?.value ?? 0)];
      const name = `${one.input_size ?? ""}${one.head === "softmax-regression" ? "" : "*"}`;
      return html`<g>
        <line class="whisker" x1="${x(cost.low)}" x2="${x(cost.high)}" y1="${cy}" y2="${cy}"></line>
        <line class="whisker" x1="${cx}" x2="${cx}" y1="${y(one.accuracy?.low ?? 0)}" y2="${y(one.accuracy?.high ?? 0)}"></line>
        <circle class="point ${one.on_front ? "on-front" : ""}" cx="${cx}" cy="${cy}" r="6"></circle>
        <text class="point-name" x="${cx + 9}" y="${cy - 9}">${name}</text></g>`;
    })}
  </svg>`;
}

/** @param {Experiment[]} points @param {boolean} ranked */
function table(points, ranked) {
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
  // Translators: below the dial. A point marked * answers by another method.
  const note = _("* another method than at the other points. Each showing was left out of the learning in turn, then guessed at that size.");
  // Translators: name of the dial's table, for screen readers.
  const name = _("The points of the dial");
  return html`<div class="scroll" tabindex="0" role="group" aria-label="${name}"><table class="table">
      <thead><tr><th scope="col">${what}</th><th scope="col">${right}</th><th scope="col">${time}</th><th scope="col">${energy}</th>${ranked ? html`<th scope="col">${best}</th>` : null}</tr></thead>
      <tbody>${points.map((one) => html`<tr><th scope="row">${subjectName(one.subject)}</th>
        <td class="number">${rightWords(one)}</td><td class="number">${timeWords(one)}</td><td>${energyWords(one)}</td>
        ${ranked ? html`<td>${one.on_front ? yes : no}</td>` : null}</tr>`)}</tbody>
    </table></div><p class="soft small">${note}</p>`;
}

/** @param {Experiment} one */
export function rightWords(one) {
  if (!one.accuracy) return html`–`;
  const { right, n, low, high } = one.accuracy;
  // Translators: the honest count, such as "18 of 20 right".
  const honest = _("{right} of {n} right", { right, n });
  return html`${honest}<br><small>${percent(low)} – ${percent(high)}</small>`;
}

/** @param {Experiment} one */
export function timeWords(one) {
  if (!one.latency) return html`–`;
  const { median_ms, low_ms, high_ms } = one.latency;
  return html`<span class="measured">${figure(median_ms)}\u202fms</span><br><small>${figure(low_ms)} – ${figure(high_ms)}</small>`;
}

customElements.define("kit-dial", KitDial);
