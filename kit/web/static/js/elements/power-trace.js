// @ts-check
/** The meter's last minute as a line, and the pairs of idle and work as they fill in. */
import { part, say } from "../lib/dom.js";
import { html, icon, render } from "../lib/html.js";
import { _ } from "../lib/i18n.js";
import { figure } from "../lib/lab-words.js";

/** @typedef {import("../lib/types.js").Power} Power */

const [WIDTH, HEIGHT, LEFT, BOTTOM] = [640, 200, 52, 26];

export class KitPowerTrace extends HTMLElement {
  /** @param {Power} power */
  set power(power) {
    this.#build();
    part(this, "lost").hidden = !power.lost;
    // Translators: what the kit does during a block of a measurement; {pair} is a number.
    const idle = _("Pair {pair}: the kit does nothing.", { pair: power.pair ?? "" });
    // Translators: what the kit does during a block of a measurement; {pair} is a number.
    const active = _("Pair {pair}: the kit works.", { pair: power.pair ?? "" });
    say(part(this, "now"), power.phase === null ? "" : power.phase === "idle" ? idle : active);
    render(part(this, "chart"), chart(power));
    render(part(this, "pairs"), pairs(power));
  }

  #build() {
    if (this.firstElementChild) return;
    // Translators: while a measurement runs, its meter went away.
    const lost = _("The power meter went away. Push its cable in again: the measurement goes on by itself.");
    render(
      this,
      html`<p class="error" role="alert" data-part="lost" hidden>${icon("triangle-alert")}<span>${lost}</span></p>
        <p data-part="now"></p><div data-part="chart"></div><div data-part="pairs"></div>`,
    );
  }
}

/** @param {Power} power */
function chart(power) {
  const { at_s: times, power_mw: powers } = power;
  const first = times[0] ?? 0;
  const last = Math.max(times[times.length - 1] ?? 0, first + 10);
  const top = Math.max(...powers, 1) * 1.1;
  /** @param {number} at_s */
  const x = (at_s) => LEFT + ((at_s - first) / (last - first)) * (WIDTH - LEFT - 4);
  /** @param {number} mw */
  const y = (mw) => HEIGHT - BOTTOM - (Math.max(0, mw) / top) * (HEIGHT - BOTTOM - 8);
  const points = times.map((at_s, index) => `${x(at_s).toFixed(1)},${y(powers[index] ?? 0).toFixed(1)}`);
  const shown = power.marks.filter(([at_s]) => at_s >= first);
  const begun = shown.filter(([, text]) => text.startsWith("active") && text.endsWith("begin"));
  const worked = begun.map(([at_s, text]) => {
    const ends = shown.find(([, other]) => other === text.replace("begin", "end"))?.[0] ?? last;
    return { from: x(at_s), width: Math.max(0, x(ends) - x(at_s)) };
  });
  const now = figure((powers[powers.length - 1] ?? 0) / 1000);
  // Translators: alternative text of the power line; the table below it has the pairs. {watts} is a number.
  const words = _("Power in the last minute, now {watts} W. Shaded where the kit works.", { watts: now });
  // Translators: under the power line.
  const seconds = _("seconds");
  const estimated = power.label === "estimated" ? "is-estimated" : "";
  return html`<svg class="chart" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${words}">
    ${worked.map((one) => html`<rect class="active" x="${one.from}" y="8" width="${one.width}" height="${HEIGHT - BOTTOM - 8}"></rect>`)}
    ${shown.map(([at_s]) => html`<line class="mark" x1="${x(at_s)}" x2="${x(at_s)}" y1="8" y2="${HEIGHT - BOTTOM}"></line>`)}
    <path class="axis" d="M${LEFT} 8V${HEIGHT - BOTTOM}H${WIDTH}"></path>
    <polyline class="line ${estimated}" points="${points.join(" ")}"></polyline>
    <text x="${LEFT - 6}" y="18" text-anchor="end">${figure(top / 1000)} W</text>
    <text x="${LEFT - 6}" y="${HEIGHT - BOTTOM}" text-anchor="end">0</text>
    <text x="${WIDTH}" y="${HEIGHT - 6}" text-anchor="end">${Math.round(last - first)} ${seconds}</text>
  </svg>`;
}

/** @param {Power} power */
function pairs(power) {
  if (!power.pairs.length) return html``;
  // Translators: caption of the table of pairs during a measurement.
  const caption = _("Pairs so far; the result leaves out the edges of each block.");
  // Translators: heading of a column: number of the pair of blocks.
  const pair = _("Pair");
  // Translators: heading of a column: power while the kit does nothing.
  const idle = _("Doing nothing");
  // Translators: heading of a column: power while the kit works.
  const active = _("Working");
  /** @param {number | null} mw */
  const watts = (mw) => (mw === null ? "…" : `${figure(mw / 1000)}\u202fW`);
  return html`<table class="table"><caption>${caption}</caption>
    <thead><tr><th scope="col">${pair}</th><th scope="col">${idle}</th><th scope="col">${active}</th></tr></thead>
    <tbody>${power.pairs.map((one) => html`<tr><th scope="row">${one.pair}</th><td class="number">${watts(one.idle_mw)}</td><td class="number">${watts(one.active_mw)}</td></tr>`)}</tbody></table>`;
}

customElements.define("kit-power-trace", KitPowerTrace);
