// @ts-check
/** One experiment on one sheet of paper: what was bet, done and found, and lines to write on. */
import { percent } from "../lib/format.js";
import { html, render } from "../lib/html.js";
import { _ } from "../lib/i18n.js";
import { table } from "../lib/lab-table.js";
import { energyWords, figure, rightWords, subjectName, timeWords } from "../lib/lab-words.js";

/** @typedef {import("../lib/types.js").Experiment} Experiment */

export class KitLabSheet extends HTMLElement {
  /** Prints this experiment's sheet and nothing else of the page. @param {Experiment} one @param {string} project */
  print(one, project) {
    render(this, sheet(one, project));
    document.body.classList.add("printing-sheet");
    window.addEventListener("afterprint", () => document.body.classList.remove("printing-sheet"), { once: true });
    window.print();
  }
}

/** @param {Experiment} one @param {string} project */
function sheet(one, project) {
  // Translators: title of the printed sheet of one experiment; {number} is its number.
  const title = _("Measurement {number}", { number: one.id });
  // Translators: on the printed sheet: names of the group, written by hand.
  const who = _("Group: ");
  // Translators: on the printed sheet: the day, written by hand.
  const day = _("Date: ");
  // Translators: on the printed sheet: heading of the question before measuring.
  const before = _("Our bet, and why");
  // Translators: on the printed sheet: heading.
  const found = _("What came out");
  // Translators: on the printed sheet: heading of the lines to write on.
  const think = _("What surprises us? What would we measure next, to be sure?");
  // Translators: on the printed sheet: where the figures come from.
  const foot = _("Intervals hold what repeating shows, 95 times in 100; not what the meter is wrong by every time. Above idle: what the work added to a kit that does nothing.");
  const lines = html`<p class="line"></p><p class="line"></p><p class="line"></p>`;
  return html`<h1>${title}: ${subjectName(one.subject)}</h1>
    <p class="hand"><span>${who}</span><span>${day}</span></p>
    <p>${project}${one.board ? html` · ${one.board}` : null}</p>
    <h2>${before}</h2>${lines}
    <h2>${found}</h2>${table({ heads: heads(), rows: rows(one) })}
    <h2>${think}</h2>${lines}${lines}
    <p class="soft small">${foot}</p>`;
}

/** @returns {string[]} */
function heads() {
  // Translators: heading of a column of the printed sheet.
  const what = _("What");
  // Translators: heading of a column of the printed sheet: the group's guess.
  const bet = _("Bet");
  // Translators: heading of a column of the printed sheet: what came out.
  const result = _("Result");
  return [what, bet, result];
}

/** @param {Experiment} one */
function rows(one) {
  // Translators: row of the printed sheet: time of one unit of work.
  const time = _("Time");
  // Translators: row of the printed sheet: energy of one unit of work.
  const energy = _("Energy above idle");
  // Translators: row of the printed sheet: energy of the whole board meanwhile.
  const gross = _("Energy of the whole kit meanwhile");
  // Translators: row of the printed sheet: power while the kit does nothing, and while it works.
  const power = _("Doing nothing, working");
  // Translators: row of the printed sheet: share of right answers.
  const right = _("Right answers");
  // Translators: row of the printed sheet: how it was measured.
  const how = _("How");
  const bet = one.bet;
  const figures = one.energy;
  // Translators: on the printed sheet: {pairs} is a number, {meter} a meter's name.
  const pairs = _("{pairs} pairs of idle and work, meter: {meter}", { pairs: one.pairs, meter: one.meter ?? "–" });
  // Translators: a short measurement has fewer repetitions and wider intervals.
  const shorter = _("shorter than the full length");
  return [
    [time, bet?.ms == null ? "" : `${figure(bet.ms)}\u202fms`, timeWords(one)],
    [energy, bet?.mj == null ? "" : `${figure(bet.mj)}\u202fmJ`, energyWords(one)],
    [gross, "", figures ? `${figure(figures.gross_mj.value)}\u202fmJ` : "–"],
    [power, "", figures?.idle_mw == null ? "–" : `${figure(figures.idle_mw / 1000)}\u202fW, ${figure((figures.active_mw ?? 0) / 1000)}\u202fW`],
    [right, bet?.accuracy == null ? "" : percent(bet.accuracy), rightWords(one)],
    [how, "", html`${pairs}${one.plan === "full" ? null : html`; ${shorter}`}${one.rejected.map((bad) => html`<br>${bad.message}`)}`],
  ];
}

customElements.define("kit-lab-sheet", KitLabSheet);
