// @ts-check
/** The meter's last minute as a line, what the kit did meanwhile, and a measurement's pairs. */
import { part, say } from "../lib/dom.js";
import { html, icon, render } from "../lib/html.js";
import { _ } from "../lib/i18n.js";
import { isNarrow, table } from "../lib/lab-table.js";
import { figure } from "../lib/lab-words.js";

/** @typedef {import("../lib/types.js").Power} Power */
/** @typedef {{ what: string, from: number, to: number | null, measured: boolean }} Deed */

const MOST_DEEDS = 8;

export class KitPowerTrace extends HTMLElement {
  /** @param {Power} power */
  set power(power) {
    this.#build();
    part(this, "lost").hidden = !power.lost;
    // Translators: what the kit does during a block of a measurement; {pair} is a number.
    const idle = _("Pair {pair}: the kit does nothing.", { pair: power.pair ?? "" });
    // Translators: what the kit does during a block of a measurement; {pair} is a number.
    const active = _("Pair {pair}: the kit works.", { pair: power.pair ?? "" });
    // Translators: under the live power line, while nothing is measured. {watts} is a number.
    const live = _("Now {watts} W. Take pictures, train, answer: the line shows what that draws.", { watts: figure((power.power_mw.at(-1) ?? 0) / 1000) });
    say(part(this, "now"), power.phase === null ? (power.pairs.length ? "" : live) : power.phase === "idle" ? idle : active);
    const deeds = deedsOf(power);
    render(part(this, "chart"), chart(power, deeds));
    render(part(this, "pairs"), power.pairs.length ? pairs(power) : deeds.length ? list(power, deeds) : html``);
  }

  #build() {
    if (this.firstElementChild) return;
    // Translators: the power meter stopped answering.
    const lost = _("The power meter went away. Push its cable in again: it goes on by itself.");
    render(
      this,
      html`<p class="error" role="alert" data-part="lost" hidden>${icon("triangle-alert")}<span>${lost}</span></p>
        <p data-part="now"></p><div data-part="chart"></div><div data-part="pairs"></div>`,
    );
  }
}

/** @param {string} word of a mark @returns {string} */
function deedName(word) {
  // Translators: beside the power line: the kit trains a model just then.
  if (word === "train") return _("training");
  // Translators: beside the power line: pictures are being kept.
  if (word === "picture") return _("pictures arrive");
  // Translators: beside the power line: a burst of pictures is being taken with the kit's camera.
  if (word === "burst") return _("burst of pictures");
  // Translators: beside the power line: a screen asked for an answer about a picture.
  if (word === "answer") return _("an answer");
  // Translators: beside the power line: the kit's camera is on.
  if (word === "camera") return _("camera on");
  // Translators: beside the power line: a block of a measurement in which the kit works.
  if (word === "active") return _("measured work");
  // Translators: beside the power line: the kit does some other long work.
  return _("other work");
}

/** What began and ended, from the marks in the meter's own stream; the idle blocks are nothing. @param {Power} power */
function deedsOf(power) {
  /** @type {Deed[]} */
  const deeds = [];
  /** @type {Map<string, Deed>} */
  const open = new Map();
  for (const [at_s, text] of power.marks) {
    const found = /^(.+?)(?:-\d+)?-(begin|end)$/.exec(text);
    const word = found?.[1] ?? "";
    if (!found || word === "idle") continue;
    if (found[2] === "begin") {
      const deed = { what: deedName(word), from: at_s, to: null, measured: word === "active" };
      deeds.push(deed);
      open.set(word, deed);
    } else {
      const deed = open.get(word);
      if (deed) deed.to = at_s;
      open.delete(word);
    }
  }
  return deeds;
}

/** @param {Power} power @param {Deed[]} deeds */
function chart(power, deeds) {
  const [width, height, left, bottom] = isNarrow() ? [340, 190, 56, 26] : [640, 200, 58, 26];
  const { at_s: times, power_mw: powers } = power;
  const first = times[0] ?? 0;
  const last = Math.max(times[times.length - 1] ?? 0, first + 10);
  const top = Math.max(...powers, 1) * 1.1;
  /** @param {number} at_s */
  const x = (at_s) => left + ((Math.max(at_s, first) - first) / (last - first)) * (width - left - 4);
  /** @param {number} mw */
  const y = (mw) => height - bottom - (Math.max(0, mw) / top) * (height - bottom - 8);
  const points = times.map((at_s, index) => `${x(at_s).toFixed(1)},${y(powers[index] ?? 0).toFixed(1)}`);
  const shown = deeds.filter((deed) => (deed.to ?? last) >= first);
  const now = figure((powers[powers.length - 1] ?? 0) / 1000);
  // Translators: alternative text of the power line; the table below it has the same. {watts} is a number.
  const words = _("Power in the last minute, now {watts} W. Shaded where the kit works.", { watts: now });
  // Translators: under the power line.
  const seconds = _("seconds");
  const estimated = power.label === "estimated" ? "is-estimated" : "";
  return html`<svg class="chart" viewBox="0 0 ${width} ${height}" role="img" aria-label="${words}">
    ${shown.map((deed) => html`<rect class="${deed.measured ? "active" : "deed"}" x="${x(deed.from)}" y="8" width="${Math.max(1.5, x(deed.to ?? last) - x(deed.from))}" height="${height - bottom - 8}"></rect>`)}
    ${shown.map((deed) => html`<line class="mark" x1="${x(deed.from)}" x2="${x(deed.from)}" y1="8" y2="${height - bottom}"></line>`)}
    <path class="axis" d="M${left} 8V${height - bottom}H${width}"></path>
    <polyline class="line ${estimated}" points="${points.join(" ")}"></polyline>
    ${numbered(shown).map(({ deed, number }) => html`<text class="deed-name" x="${x(deed.from) + 3}" y="${number % 2 ? 20 : 34}">${number}</text>`)}
    <text x="${left - 6}" y="18" text-anchor="end">${figure(top / 1000)} W</text>
    <text x="${left - 6}" y="${height - bottom}" text-anchor="end">0</text>
    <text x="${width}" y="${height - 6}" text-anchor="end">${Math.round(last - first)} ${seconds}</text>
  </svg>`;
}

/** The newest deeds with the numbers that the table has. @param {Deed[]} deeds */
function numbered(deeds) {
  return deeds
    .filter((deed) => !deed.measured)
    .slice(-MOST_DEEDS)
    .map((deed, index) => ({ deed, number: index + 1 }));
}

/** @param {Power} power @param {Deed[]} deeds */
function list(power, deeds) {
  const first = power.at_s[0] ?? 0;
  const last = power.at_s[power.at_s.length - 1] ?? 0;
  // Translators: caption of the table under the live power line.
  const caption = _("What the kit did in the last minute, numbered as in the drawing.");
  // Translators: heading of a column: what the kit did.
  const what = _("What");
  // Translators: heading of a column: how long ago it began.
  const when = _("Began");
  // Translators: heading of a column: how long it took.
  const length = _("Took");
  // Translators: heading of a column: mean power meanwhile.
  const drew = _("Mean power");
  /** @param {number} seconds */
  const ago = (seconds) => {
    // Translators: how long ago; {n} is a whole number of seconds.
    return _("{n} s ago", { n: Math.round(seconds) });
  };
  // Translators: in the table: it has not ended yet.
  const still = _("still going on");
  const rows = numbered(deeds.filter((deed) => (deed.to ?? last) >= first)).map(({ deed, number }) => {
    const end = deed.to ?? last;
    const inside = power.power_mw.filter((_mw, index) => (power.at_s[index] ?? 0) >= deed.from - 0.2 && (power.at_s[index] ?? 0) <= end + 0.2);
    const mean = inside.length ? inside.reduce((sum, mw) => sum + mw, 0) / inside.length : null;
    return [
      `${number}. ${deed.what}`,
      ago(last - deed.from),
      deed.to === null ? still : `${figure(deed.to - deed.from)}\u202fs`,
      mean === null ? "–" : `${figure(mean / 1000)}\u202fW`,
    ];
  });
  return rows.length ? table({ caption, heads: [what, when, length, drew], rows, numbers: [1, 2, 3] }) : html``;
}

/** @param {Power} power */
function pairs(power) {
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
  const rows = power.pairs.map((one) => [String(one.pair), watts(one.idle_mw), watts(one.active_mw)]);
  return table({ caption, heads: [pair, idle, active], rows, numbers: [1, 2] });
}

customElements.define("kit-power-trace", KitPowerTrace);
