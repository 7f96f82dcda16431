// @ts-check
/** The kit's own machine on the teacher's page: Wi-Fi, clock, switch. Nothing on a computer. */
import { api, ApiError } from "../lib/api.js";
import { confirm } from "../lib/dialogs.js";
import { part } from "../lib/dom.js";
import { locale } from "../lib/format.js";
import { attempt, wordsOf } from "../lib/frame.js";
import { html, icon, render } from "../lib/html.js";
import { _ } from "../lib/i18n.js";

/**
 * @typedef {object} Appliance
 * @property {string} wifi @property {boolean} wifi_on @property {boolean} wifi_off_at_class_end
 * @property {number} now_s @property {boolean} clock_set @property {string} zone @property {string[]} under_way
 * @property {{ message: string } | null} problem
 */

const FAR_S = 120;
const ASK_EVERY_MS = 3000;
/** A restart of a small board; the page asks from the beginning, and believes an answer from then on. */
const GOES_WITHIN_MS = 15_000;

/** @type {Appliance | null} */
let now = null;

const place = /** @type {HTMLElement | null} */ (document.querySelector("[data-part=appliance]"));

/** @param {Appliance} told seconds by which the kit's clock is behind this screen's */
const behind = (told) => Date.now() / 1000 - told.now_s;

/** After the code was given: a kit without a battery clock takes the time of the teacher's screen. */
export async function setClockOnArrival() {
  /** @type {Appliance | null} */
  const told = await api.appliance().catch(() => null);
  if (!told) return;
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (Math.abs(behind(told)) <= FAR_S && told.zone === zone) return;
  await api.setClock().catch(() => null); // refused: the page offers it, and says why not
}

/** What the class's end does beside erasing; for the question before it. */
export function goesWithTheClass() {
  // Translators: end of the question before the class is ended, on a kit whose Wi-Fi then goes off.
  const silent = _("Then the kit's Wi-Fi goes off, and every screen on it loses the page.");
  return now?.wifi_off_at_class_end && now.wifi_on ? silent : "";
}

export async function showAppliance() {
  if (!place) return;
  await attempt(async () => show(await api.appliance()));
  if (now === null) return;
  listen("wifi-off", wifiOff);
  listen("wifi-on", async () => {
    await api.switchWifi(true);
    show(await api.appliance());
  });
  listen("clock-set", async () => show(await api.setClock()));
  listen("power-off", () => switchOff("off"));
  listen("restart", () => switchOff("restart"));
  const atEnd = /** @type {HTMLInputElement} */ (part(place, "wifi-at-end"));
  atEnd.addEventListener("change", () => attempt(async () => show(await api.wifiAtClassEnd(atEnd.checked))));
  atEnd.disabled = false;
}

/** @param {string} name @param {() => Promise<void>} deed */
function listen(name, deed) {
  const button = /** @type {HTMLButtonElement} */ (part(/** @type {HTMLElement} */ (place), name));
  button.addEventListener("click", async () => {
    try {
      sayProblem("");
      await deed();
    } catch (error) {
      sayProblem(wordsOf(error));
    }
  });
  button.disabled = false;
}

/** @param {string} words */
function sayProblem(words) {
  const problem = part(document, "appliance-problem");
  problem.hidden = words === "";
  render(problem, words ? html`${icon("triangle-alert")}<span>${words}</span>` : html``);
}

/** @param {Appliance} told */
function show(told) {
  now = told;
  sayProblem(told.problem?.message ?? "");
  // Translators: state of the kit's radio.
  const on = _("The Wi-Fi is on.");
  // Translators: state of the kit's radio.
  const off = _("The Wi-Fi is off.");
  // Translators: mallette.toml is a file on the memory card; the radio stays off whatever is pressed.
  const none = _("This kit has no Wi-Fi: the file mallette.toml on its memory card says so.");
  part(document, "wifi").hidden = false;
  part(document, "wifi-state").textContent = told.wifi === "off" ? none : told.wifi_on ? on : off;
  part(document, "wifi-off").hidden = told.wifi === "off" || !told.wifi_on;
  part(document, "wifi-on").hidden = told.wifi === "off" || told.wifi_on;
  /** @type {HTMLInputElement} */ (part(document, "wifi-at-end")).checked = told.wifi_off_at_class_end;
  showClock(told);
}

/** @param {Appliance} told */
function showClock(told) {
  const far = Math.abs(behind(told)) > FAR_S;
  const format = new Intl.DateTimeFormat(locale, { dateStyle: "full", timeStyle: "short", ...(told.zone && { timeZone: told.zone }) });
  const time = format.format(new Date(told.now_s * 1000));
  // Translators: what the kit's clock says. {time} is a date and an hour, {zone} such as Europe/Paris.
  const says = _("The kit's clock says {time} ({zone}).", { time, zone: told.zone });
  // Translators: the kit's clock was never set since it was switched on.
  const unset = _("The kit does not know what time it is: it has no battery clock.");
  // Translators: after "The kit's clock says …": this screen's clock says something else.
  const other = _("This screen says otherwise. The kit needs the right time to erase the class in the evening.");
  const words = told.clock_set ? says : unset;
  part(document, "clock").textContent = far ? `${words} ${other}` : words;
  part(document, "clock-offer").hidden = !far;
}

async function wifiOff() {
  // Translators: title of the question before the kit's Wi-Fi goes off.
  const title = _("Switch the kit's Wi-Fi off?");
  // Translators: under that question.
  const text = _("Every screen on this Wi-Fi loses the page, this one too if it is among them. Nothing is erased.");
  // Translators: the button that switches the Wi-Fi off.
  const yes = _("Switch the Wi-Fi off");
  if (!(await confirm({ title, text, yes, danger: true }))) return;
  await api.switchWifi(false);
  // Translators: said for the last seconds before the Wi-Fi is gone.
  part(document, "wifi-state").textContent = _("The Wi-Fi goes off now.");
  window.setTimeout(() => void api.appliance().then(show, () => {}), ASK_EVERY_MS); // a cable, or the kit's own screen, still hears
}

/** @param {string} verb */
function underWay(verb) {
  // Translators: work that a switch-off would end, in a list.
  const measure = _("a measurement");
  // Translators: work that a switch-off would end, in a list.
  const train = _("a training");
  // Translators: work that a switch-off would end, in a list: a project file is being read.
  const importing = _("the opening of a file");
  // Translators: work that a switch-off would end, in a list.
  const other = _("other work of a group");
  /** @type {Record<string, string>} */
  const words = { measure, train, import: importing };
  return words[verb] ?? other;
}

/** @param {"off" | "restart"} deed */
async function switchOff(deed) {
  show(await api.appliance());
  const list = new Intl.ListFormat(locale).format([...new Set((now?.under_way ?? []).map(underWay))]);
  // Translators: before the kit is switched off or started again. {list} is such as "a training and a measurement".
  const lost = list ? _("Under way is {list}: that will be lost.", { list }) : "";
  // Translators: before the kit is switched off.
  const offText = _("Every screen loses the page. What was kept stays on the memory card.");
  // Translators: before the kit is started again.
  const restartText = _("Every screen loses the page for a minute or two. What was kept stays on the memory card.");
  // Translators: title of the question before the kit is switched off.
  const offTitle = _("Switch the kit off?");
  // Translators: title of the question before the kit is started again.
  const restartTitle = _("Start the kit again?");
  // Translators: the button that switches the kit off.
  const offYes = _("Switch it off");
  // Translators: the button that starts the kit again.
  const restartYes = _("Start it again");
  const [title, text, yes] = deed === "off" ? [offTitle, offText, offYes] : [restartTitle, restartText, restartYes];
  if (!(await confirm({ title, text: `${lost} ${text}`.trim(), yes, danger: true }))) return;
  await api.power(deed);
  farewell(deed);
}

/** The last words of this page: it asks nothing of a kit that goes. @param {"off" | "restart"} deed */
function farewell(deed) {
  // Translators: heading of the whole page while the kit is switched off.
  const off = _("The kit is switching off");
  // Translators: how to tell that it is off. Boards have a green light that blinks while they work.
  const unplug = _("You can unplug it when its green light is off, after some ten seconds. To use it again, plug it in.");
  // Translators: heading of the whole page while the kit starts again.
  const again = _("The kit is starting again");
  // Translators: while the kit starts again.
  const wait = _("That takes a minute or two. This page comes back by itself; if it does not, check that this screen is on the kit's Wi-Fi.");
  const main = /** @type {HTMLElement} */ (document.querySelector("main"));
  const [title, text] = deed === "off" ? [off, unplug] : [again, wait];
  render(main, html`<section class="stack" data-part="farewell"><h1 class="large">${icon("power")} ${title}</h1><p class="lead">${text}</p></section>`);
  main.focus();
  if (deed === "restart") void waitForTheKit(Date.now());
}

/** @param {number} since */
async function waitForTheKit(since) {
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, ASK_EVERY_MS));
    const answers = await api.session().then(() => true, (error) => error instanceof ApiError && error.status > 0);
    if (answers && Date.now() - since > GOES_WITHIN_MS) location.assign("/teacher");
  }
}
