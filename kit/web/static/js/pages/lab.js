// @ts-check
/** The lab page: owns its requests and the project's news, hands data to elements. */
import "../elements/compare.js";
import "../elements/connection.js";
import "../elements/dial.js";
import "../elements/everyday.js";
import "../elements/lab-sheet.js";
import "../elements/power-trace.js";
import { api } from "../lib/api.js";
import { part, say } from "../lib/dom.js";
import { ProjectEvents } from "../lib/events.js";
import { percent } from "../lib/format.js";
import { attempt, pageData, toasts } from "../lib/frame.js";
import { html, icon, render } from "../lib/html.js";
import { _ } from "../lib/i18n.js";
import { table } from "../lib/lab-table.js";
import { energyWords, figure, rightWords, subjectGroups, subjectName, timeWords } from "../lib/lab-words.js";

/** @typedef {import("../lib/types.js").Meter} Meter */
/** @typedef {import("../lib/types.js").Experiment} Experiment */
/** @typedef {import("../lib/types.js").Guess} Guess */
/** @typedef {import("../lib/types.js").Job} Job */

const id = /** @type {string} */ (pageData["project_id"]);
/** @param {string} name */
const the = (name) => /** @type {HTMLElement} */ (part(document, name));
const dial = /** @type {import("../elements/dial.js").KitDial} */ (the("dial"));
const trace = /** @type {import("../elements/power-trace.js").KitPowerTrace} */ (the("trace"));
const compare = /** @type {import("../elements/compare.js").KitCompare} */ (the("compare"));
const everyday = /** @type {import("../elements/everyday.js").KitEveryday} */ (the("everyday"));
const sheet = /** @type {import("../elements/lab-sheet.js").KitLabSheet} */ (the("sheet"));
const connection = /** @type {import("../elements/connection.js").KitConnection} */ (the("connection"));

/** @type {import("../lib/types.js").Lab | null} */
let lab = null;
/** @type {Job | null} */
let job = null;

// --- the meter ---------------------------------------------------------------------------

async function showMeters(again = false) {
  const meters = await attempt(() => api.meters(again));
  if (!meters) return;
  // Translators: the power meter; {name} is its technical name, {label} says on what its figures rest.
  const named = meters.chosen && _("{name}: {label}", { name: meters.chosen.name, label: meters.chosen.label_words });
  // Translators: the first thing said where joules are not measured.
  const estimated = _("No power meter is plugged in: joules will be estimated, not measured.");
  // Translators: the first thing said where there is neither a meter nor an estimate.
  const none = _("There is no power meter: times are measured, joules are not.");
  // Translators: how to add a meter. A Pico is a small board; its instructions are in the kit's folder firmware/power-meter.
  const how = _("To measure them: build the meter from a Raspberry Pi Pico and an INA219 sensor (folder firmware/power-meter), plug it in between supply and kit, and press “Look again”.");
  // Translators: button: looks for power meters once more.
  const look = _("Look again");
  const words = !meters.chosen ? none : estimated;
  render(
    the("meter"),
    html`${meters.measures ? null : html`<p class="advice">${icon("lightbulb")}<span><b>${words}</b> ${how}</span></p>`}
      ${meters.chosen ? html`<p><b class="${meters.measures ? "measured" : "estimated"}">${meters.measures ? named : meters.chosen.label_words}</b></p>${facts(meters.chosen)}` : null}
      <p class="no-print"><button type="button" data-look>${icon("rotate-cw")}${look}</button></p>`,
  );
}

/** @param {Meter} meter */
function facts(meter) {
  // Translators: {rate} is a number.
  const rate = _("{rate} readings a second", { rate: figure(meter.rate_hz) });
  // Translators: the smallest difference that a meter can tell; {step} is in milliwatts.
  const step = _("Smallest step: {step} mW", { step: figure(meter.resolution_mw ?? 0) });
  // Translators: an error of the meter that repeating does not show. {share} is a percentage.
  const gain = _("All its readings may be wrong together by {share}; no interval shows that.", { share: percent(meter.gain_error ?? 0) });
  const { formula, idle_mw, busy_mw, source } = meter.details;
  // Translators: how an estimate is made; {source} is in English.
  const made = formula && _("Formula: power = idle + (busy − idle) × share of the processors' time that the program worked. Idle {idle} W, busy {busy} W. From: {source}.", { idle: figure(idle_mw / 1000), busy: figure(busy_mw / 1000), source });
  const lines = [rate, meter.resolution_mw ? step : null, meter.gain_error ? gain : null, ...meter.blind_spots, made];
  return html`<ul class="plain">${lines.filter(Boolean).map((one) => html`<li>${one}</li>`)}</ul>`;
}

the("meter").addEventListener("click", (event) => {
  if (/** @type {Element} */ (event.target).closest("[data-look]")) void showMeters(true);
});

// --- bet and measure ---------------------------------------------------------------------

const form = /** @type {HTMLFormElement} */ (the("form"));

function buildForm() {
  // Translators: label of the list of experiments.
  const what = _("What is measured");
  // Translators: label of the list: how long the measurement is.
  const length = _("Length");
  // Translators: a short measurement for the classroom.
  const short = _("short: within a minute, with wider intervals");
  // Translators: a measurement in full length.
  const full = _("full: about five minutes");
  // Translators: heading of the fields where a group writes its guess.
  const bet = _("Your bet, before you measure");
  // Translators: label of a field: milliseconds.
  const ms = _("Time (ms)");
  // Translators: label of a field: energy above idle in millijoules.
  const mj = _("Energy above idle (mJ)");
  // Translators: label of a field: share of right answers.
  const right = _("Right answers (%)");
  // Translators: button: writes the group's guess down.
  const keep = _("Keep the bet");
  // Translators: button: begins the measurement.
  const measure = _("Measure");
  // Translators: what a measurement does to the kit.
  const silence = _("While it runs, live pictures and answers pause on every screen; pictures that are taken wait and are kept afterwards.");
  // Translators: in a class, groups may not start a measurement.
  const teacher = _("In a class the teacher starts it: the whole kit must be quiet.");
  render(
    form,
    html`<div class="fields">
        <div class="field"><label for="subject">${what}</label><select id="subject" data-part="subject">${choices()}</select></div>
        <div class="field"><label for="mode">${length}</label><select id="mode" data-part="mode"><option value="classroom">${short}</option><option value="full">${full}</option></select></div>
      </div>
      <fieldset><legend>${bet}</legend><div class="fields">
        <div class="field"><label for="bet-ms">${ms}</label><input id="bet-ms" type="number" min="0" step="any" data-part="bet-ms"></div>
        <div class="field"><label for="bet-mj">${mj}</label><input id="bet-mj" type="number" min="0" step="any" data-part="bet-mj"></div>
        <div class="field"><label for="bet-right">${right}</label><input id="bet-right" type="number" min="0" max="100" step="any" data-part="bet-right"></div>
        <button type="button" data-part="keep-bet">${keep}</button>
      </div></fieldset>
      <p class="soft small" data-part="who"></p>
      <button class="primary wide" data-part="measure">${icon("gauge")}${measure}</button>`,
  );
  say(the("who"), lab?.may_start ? silence : teacher);
  the("measure").hidden = !lab?.may_start;
  the("keep-bet").addEventListener("click", () => void keepBet());
  the("subject").addEventListener("change", () => fillBet());
  for (const name of ["bet-ms", "bet-mj", "bet-right"]) the(name).addEventListener("input", () => (typing = true));
}

/** What may be measured here, in groups. */
function choices() {
  const there = new Set(lab?.subjects ?? []);
  return subjectGroups()
    .map((group) => ({ ...group, ids: group.ids.filter((one) => there.has(one)) }))
    .filter((group) => group.ids.length)
    .map((group) => html`<optgroup label="${group.name}">${group.ids.map((one) => html`<option value="${one}">${subjectName(one)}</option>`)}</optgroup>`);
}

/** @param {string} name */
const field = (name) => /** @type {HTMLInputElement} */ (the(name));
/** @param {string} name */
const typed = (name) => (field(name).value.trim() === "" ? null : field(name).valueAsNumber);

/** What was typed and not kept yet stays, whatever else is chosen or comes in. */
let typing = false;

function fillBet() {
  if (typing) return;
  const bet = lab?.bets.find((one) => one.subject === field("subject").value);
  field("bet-ms").value = bet?.ms?.toString() ?? "";
  field("bet-mj").value = bet?.mj?.toString() ?? "";
  field("bet-right").value = bet?.accuracy == null ? "" : String(Math.round(bet.accuracy * 100));
}

async function keepBet() {
  const right = typed("bet-right");
  const guess = { ms: typed("bet-ms"), mj: typed("bet-mj"), accuracy: right === null ? null : right / 100 };
  if (Object.values(guess).every((one) => one === null)) return true;
  const kept = await attempt(async () => {
    await api.placeBet(id, { subject: field("subject").value, ...guess });
    return true;
  });
  if (kept) typing = false;
  // Translators: after a group wrote its guess down.
  if (kept) toasts.show({ text: _("The bet is kept. It is shown beside what comes out.") });
  return kept === true;
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  say(the("ended"), "");
  void (async () => {
    if (!(await keepBet())) return;
    const started = await attempt(() => api.measure(id, field("subject").value, field("mode").value));
    if (started) showJob(started.job);
  })();
});
the("stop").addEventListener("click", () => void attempt(() => api.stopMeasuring(id)));

/** @param {Job | null} now */
function showJob(now) {
  const before = job;
  job = now;
  const busy = now?.state === "waiting" || now?.state === "running";
  form.hidden = busy;
  the("busy").hidden = !busy;
  if (now && busy) {
    // Translators: while a measurement runs.
    const measuring = _("Measuring…");
    // Translators: while a measurement waits for a training to end.
    const waiting = _("Waiting for other work to end…");
    say(the("busy-words"), now.state === "waiting" ? waiting : measuring);
    /** @type {HTMLProgressElement} */ (the("progress")).value = now.progress;
    say(the("ended"), "");
    if (before?.id !== now.id) the("stop").focus();
    return;
  }
  if (!now || (before?.id === now.id && before.state === now.state)) return;
  // Translators: a measurement was stopped by somebody.
  const stopped = _("The measurement was stopped. Nothing of it is kept.");
  // Translators: the kit was switched off during a measurement.
  const interrupted = _("The kit restarted during the measurement. Nothing of it is kept.");
  // Translators: a measurement has ended well.
  const done = _("Measured. The result is in the tables below.");
  const ends = /** @type {Record<string, string>} */ ({ done, cancelled: stopped, interrupted, failed: now.error?.message ?? "" });
  say(the("ended"), ends[now.state] ?? "");
  void refresh();
}

// --- results -----------------------------------------------------------------------------

function drawResults() {
  const rows = lab?.results ?? [];
  the("take").hidden = rows.length === 0;
  // Translators: in the place of the table of measurements.
  const none = _("Nothing measured yet.");
  if (!rows.length) {
    render(the("results"), html`<p class="soft">${none}</p>`);
    return;
  }
  // Translators: heading of a column: what was measured.
  const what = _("What");
  // Translators: heading of a column: the time of one answer, training or pause.
  const time = _("Time");
  // Translators: heading of a column: energy above idle, and what the figure rests on.
  const energy = _("Energy above idle");
  // Translators: heading of a column: right answers with a 95 % interval.
  const right = _("Right");
  // Translators: heading of a column: what the group guessed before.
  const bet = _("Bet");
  // Translators: heading of a column: how long the measurement was, and what was thrown out.
  const how = _("How");
  // Translators: button: prints one measurement on a sheet of its own, with lines to write on.
  const print = _("Print a sheet");
  /** @param {number} number */
  const named = (number) => {
    // Translators: name of that button for screen readers; {number} is the measurement's.
    return _("Print a sheet of measurement {number}", { number });
  };
  const cells = rows.map((one) => [
    html`${one.id}. ${subjectName(one.subject)}`,
    betWords(one.bet),
    timeWords(one),
    energyWords(one),
    rightWords(one),
    html`${howWords(one)}<button type="button" class="quiet small no-print" data-sheet="${one.id}" aria-label="${named(one.id)}">${icon("printer")}${print}</button>`,
  ]);
  render(the("results"), table({ heads: [what, bet, time, energy, right, how], rows: cells, numbers: [2, 4] }));
}

the("results").addEventListener("click", (event) => {
  const button = /** @type {HTMLElement | null} */ (/** @type {Element} */ (event.target).closest("[data-sheet]"));
  const one = lab?.results.find((other) => String(other.id) === button?.dataset["sheet"]);
  if (one) sheet.print(one, String(pageData["project_name"]));
});

/** @param {Guess | null} bet */
function betWords(bet) {
  if (!bet) return html`–`;
  const parts = [
    bet.ms === null ? null : `${figure(bet.ms)}\u202fms`,
    bet.mj === null ? null : `${figure(bet.mj)}\u202fmJ`,
    bet.accuracy === null ? null : percent(bet.accuracy),
  ];
  return html`${parts.filter(Boolean).map((one) => html`<span class="number">${one}</span><br>`)}`;
}

/** @param {Experiment} one */
function howWords(one) {
  // Translators: a short measurement has fewer repetitions and wider intervals.
  const shorter = _("shorter than the full length");
  // Translators: how many pairs of blocks a figure comes from.
  const pairs = _("{pairs} pairs", { pairs: one.pairs });
  // Translators: blocks of a measurement that were thrown out; {reasons} are whole sentences.
  const out = _("Left out: {reasons}", { reasons: [...new Set(one.rejected.map((bad) => bad.message))].join(" ") });
  const sampler = one.sampler && samplerWords(one.sampler);
  return html`${pairs}${sampler ? html`<br><small>${sampler}</small>` : null}${one.plan === "full" ? null : html`<br><small>${shorter}</small>`}${one.rejected.length ? html`<br><small>${out}</small>` : null}`;
}

/** @param {{ value: number, low: number, high: number }} cost */
function samplerWords({ value, low, high }) {
  const values = { times: figure(value), low: figure(low), high: figure(high) };
  // Translators: what reading the power meter costs the kit; {times} is such as "1.004", the others are its 95 % interval.
  return _("While the meter is read, an answer takes {times} times as long ({low} to {high}).", values);
}

async function refresh() {
  const found = await attempt(() => api.lab(id));
  if (!found) return;
  const first = lab === null;
  lab = found;
  if (first) buildForm();
  the("dial-card").hidden = !lab.subjects.includes("answer-224"); // pictures alone have several sizes
  fillBet();
  dial.lab = lab;
  compare.lab = lab;
  everyday.lab = lab;
  drawResults();
  if (lab.job) showJob(lab.job);
}

for (const button of document.querySelectorAll("[data-print]")) button.addEventListener("click", () => window.print());

const events = new ProjectEvents(id, {
  line(line, retryInS) {
    connection.state = { line, retryInS };
    if (line === "live") void refresh();
  },
  news(kind, data) {
    if (kind === "job" && data.verb === "measure") showJob(data);
    else if (kind === "notice") toasts.show({ text: data.message });
    else if (kind === "power") {
      the("no-trace").hidden = true;
      trace.hidden = false;
      trace.power = data;
    }
  },
}, { power: true });
document.addEventListener("try-now", () => events.tryNow());
events.live = false;
void showMeters();
