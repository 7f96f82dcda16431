// @ts-check
/** The self-test's page: asks for a report, shows it in words, prints it. */
import { api } from "../lib/api.js";
import { part, say } from "../lib/dom.js";
import { locale } from "../lib/format.js";
import { attempt, session } from "../lib/frame.js";
import { html, render } from "../lib/html.js";
import { _ } from "../lib/i18n.js";

/** @typedef {{ part: string, state: "good" | "warning" | "absent" | "broken", message: string, reason: string }} Finding */
/** @typedef {{ good: boolean, at: string | null, kit: Record<string, string>, findings: Finding[] }} Report */

/** @param {string} name */
const the = (name) => /** @type {HTMLElement} */ (part(document, name));

/** @param {string} name */
function partName(name) {
  // Translators: a part of the kit, in the self-test: the models' files.
  const models = _("Models");
  // Translators: a part of the kit: where the class's work is kept.
  const data = _("Data");
  // Translators: a part of the kit: free room on the memory.
  const space = _("Room");
  // Translators: a part of the kit: the memory card's speed.
  const speed = _("Memory's speed");
  // Translators: a part of the kit: how worn the memory card is.
  const wear = _("Memory's wear");
  // Translators: a part of the kit: the power supply.
  const power = _("Power supply");
  // Translators: a part of the kit.
  const temperature = _("Temperature");
  // Translators: a part of the kit.
  const clock = _("Clock");
  // Translators: a part of the kit.
  const wifi = _("Wi-Fi");
  // Translators: a part of the kit.
  const camera = _("Camera");
  // Translators: a part of the kit.
  const microphone = _("Microphone");
  // Translators: a part of the kit: the power meter.
  const meter = _("Power meter");
  // Translators: a part of the kit: the board's 40 pins.
  const pins = _("Pins");
  // Translators: a part of the kit: how it writes accents.
  const language = _("Language");
  // Translators: a part of the kit: which version runs.
  const software = _("Software");
  // Translators: a part of the kit: the lessons.
  const activities = _("Activities");
  /** @type {Record<string, string>} */
  const names = { models, data, space, speed, wear, power, temperature, clock, wifi, camera, microphone, meter, pins, locale: language, activities, software };
  return names[name] ?? name;
}

/** @param {Finding["state"]} state */
function stateWord(state) {
  // Translators: a part of the kit is in order.
  const good = _("good");
  // Translators: a part works, but somebody should know something.
  const warning = _("note");
  // Translators: a part is not on this machine.
  const absent = _("absent");
  // Translators: a part does not work.
  const broken = _("broken");
  return { good, warning, absent, broken }[state];
}

/** @param {Report} report */
function show(report) {
  // Translators: the self-test's outcome.
  const good = _("A lesson can be held.");
  // Translators: the self-test's outcome: an essential part does not work.
  const bad = _("No lesson can be held: something essential is broken.");
  say(the("verdict"), report.good ? good : bad);
  const at = report.at && new Intl.DateTimeFormat(locale, { dateStyle: "long", timeStyle: "short" }).format(new Date(report.at));
  // Translators: in place of a date, where the kit's clock was never set.
  const never = _("unknown: the clock is not set");
  // Translators: the kit's name on its network.
  const name = _("Kit");
  // Translators: the software's version.
  const version = _("Software");
  // Translators: the computer inside the kit.
  const board = _("Board");
  // Translators: the operating system.
  const system = _("System");
  // Translators: when the self-test was made.
  const when = _("Date");
  const facts = [[name, report.kit["name"]], [version, report.kit["version"]], [board, report.kit["board"]], [system, report.kit["system"]], [when, at ?? never]];
  render(the("facts"), html`${facts.map(([term, fact]) => html`<dt>${term}</dt><dd>${fact}</dd>`)}`);
  render(
    the("findings"),
    html`${report.findings.map((one) => html`<li><span class="state ${one.state}">${stateWord(one.state)}</span><span class="part">${partName(one.part)}</span><span class="words">${one.message}</span>${one.reason ? html`<span class="reason" lang="en">${one.reason}</span>` : null}</li>`)}`,
  );
  the("report").hidden = false;
  the("print").hidden = false;
}

async function examine() {
  const button = /** @type {HTMLButtonElement} */ (the("examine"));
  button.disabled = true;
  // Translators: while the self-test runs.
  say(the("status"), _("Examining…"));
  const report = await attempt(() => api.examine());
  if (report) show(report);
  // Translators: the self-test has ended.
  say(the("status"), report ? _("Done.") : "");
  button.disabled = false;
}

if (session.teacher) {
  the("examine").addEventListener("click", () => void examine());
  the("print").addEventListener("click", () => window.print());
  void attempt(async () => {
    const { report } = await api.lastReport();
    if (report) show(report);
  });
}
