// @ts-check
/** The outputs page: what hangs on the pins, what switches it, and whether it is on. */
import "../elements/connection.js";
import { pinName } from "../elements/header-pins.js";
import { api } from "../lib/api.js";
import { part, say } from "../lib/dom.js";
import { ProjectEvents } from "../lib/events.js";
import { percent } from "../lib/format.js";
import { attempt, pageData, problem, toasts } from "../lib/frame.js";
import { html, icon, render } from "../lib/html.js";
import { _ } from "../lib/i18n.js";
import { figure } from "../lib/lab-words.js";
import { legName, legShort, partName, steps } from "../lib/outputs-words.js";

/** @typedef {import("../elements/header-pins.js").Pin} Pin */
/** @typedef {import("../lib/types.js").Said} Said */
/** @typedef {{ id: string, part: string, pins: number[], label_id: string, threshold: number, after_s: number, colour: string, angle_deg: number, active_high: boolean }} Wire */
/** @typedef {{ driving: boolean, on: Record<string, boolean>, trouble: Said | null }} Now */
/** @typedef {{ wires: Wire[], board: string | null, refusal: Said | null, is_taken: boolean, now: Now, header: Pin[], parts: { part: string, legs: string[] }[] }} Outputs */

const id = /** @type {string} */ (pageData["project_id"]);
/** @type {import("../lib/types.js").Label[]} */
let labels = pageData["labels"];
/** @param {string} name */
const the = (name) => /** @type {HTMLElement} */ (part(document, name));
/** @param {string} name */
const field = (name) => /** @type {HTMLInputElement} */ (part(document, name));
const drawing = /** @type {import("../elements/header-pins.js").KitHeaderPins} */ (the("pins"));
const connection = /** @type {import("../elements/connection.js").KitConnection} */ (the("connection"));

/** @type {Outputs | null} */
let outputs = null;
/** The wire that the form changes; null: a new one. @type {string | null} */
let changing = null;
/** Which leg the next click on the drawing is for. */
let leg = 0;

/** @param {string} labelId */
const labelOf = (labelId) => labels.find((one) => one.id === labelId);
/** @param {number} gpio */
const pinOf = (gpio) => /** @type {Pin} */ (outputs?.header.find((one) => one.gpio === gpio));

// --- what is wired -----------------------------------------------------------------------

/** @param {Wire} wire */
function ruleWords(wire) {
  // Translators: stands for the name of a label that was deleted.
  const gone = _("a deleted label");
  const label = labelOf(wire.label_id)?.name ?? gone;
  const [share, seconds] = [percent(wire.threshold), figure(wire.after_s)];
  // Translators: what switches a part on. {label} is a label's name, {share} a percentage, {seconds} a number.
  const rule = _("on when “{label}” reaches {share} for {seconds} s", { label, share, seconds });
  // Translators: what a button does. {label} is a label's name.
  const button = _("takes pictures for “{label}” while it is held", { label });
  return wire.part === "button" ? button : rule;
}

/** @param {Wire} wire */
function pinWords(wire) {
  return wire.pins.map((gpio) => placeWords(pinOf(gpio))).join(", ");
}

/** @param {Pin} pin */
function placeWords(pin) {
  // Translators: one of the board's 40 pins. {place} is its place, 1 to 40; {name} is such as "GPIO 17" or "ground".
  return _("pin {place} ({name})", { place: pin.place, name: pinName(pin) });
}

/** @param {Wire} wire @param {boolean} on */
function stateWords(wire, on) {
  // Translators: a part on the pins is on.
  const yes = _("on");
  // Translators: a part on the pins is at rest: off.
  const no = _("at rest");
  // Translators: a push button is held down.
  const held = _("held");
  // Translators: a push button is not held down.
  const free = _("not held");
  if (wire.part === "button") return on ? held : free;
  return on ? yes : no;
}

function drawWires() {
  if (!outputs) return;
  // Translators: in the place of the list of parts on the pins.
  const none = _("Nothing is wired yet. Begin with an LED: choose it below, and see in the drawing where its legs go.");
  // Translators: button: switches one part on for a moment. {part} is such as "LED".
  const test = _("Test");
  // Translators: button: opens the form with this part's values.
  const change = _("Change");
  // Translators: button: takes this part off the list.
  const remove = _("Remove");
  render(
    the("wires"),
    outputs.wires.length
      ? html`<ul class="wires">${outputs.wires.map((wire) => html`<li data-wire="${wire.id}" data-style="${labelOf(wire.label_id)?.style ?? 7}">
          <span class="swatch" aria-hidden="true"></span>
          <span class="what"><b>${partName(wire.part)}</b> <span class="rule">${ruleWords(wire)}</span><br><span class="soft small">${pinWords(wire)}</span></span>
          <span class="state" data-state="${wire.id}"></span>
          <span class="row"><button type="button" data-act="test" aria-label="${test} ${partName(wire.part)} ${pinWords(wire)}">${icon("play")}${test}</button>
          <button type="button" data-act="change" aria-label="${change} ${partName(wire.part)} ${pinWords(wire)}">${icon("pencil")}${change}</button>
          <button type="button" data-act="remove" aria-label="${remove} ${partName(wire.part)} ${pinWords(wire)}">${icon("trash-2")}${remove}</button></span></li>`)}</ul>`
      : html`<p class="empty">${none}</p>`,
  );
  showNow(outputs.now);
}

/** @param {Now} now */
function showNow(now) {
  if (!outputs) return;
  outputs.now = now;
  for (const wire of outputs.wires) {
    const place = document.querySelector(`[data-state="${wire.id}"]`);
    const on = now.on[wire.id] ?? false;
    if (!place) continue;
    say(place, stateWords(wire, on));
    place.classList.toggle("is-on", on);
  }
  the("start").hidden = now.driving || !outputs.wires.length;
  the("stop").hidden = !now.driving;
  // Translators: the project's answers switch the parts on the pins now.
  const driving = _("The answers switch these parts now. Changing a wire stops them.");
  // Translators: the parts on the pins are all off.
  const resting = _("Everything is at rest. Wire while it is so.");
  say(the("now"), now.driving ? driving : resting);
  const trouble = now.trouble?.message ?? (outputs.board ? "" : (outputs.refusal?.message ?? ""));
  // Translators: another group's project uses the pins.
  const taken = _("Another group is using the pins just now.");
  const words = trouble || (outputs.is_taken && !now.driving ? taken : "");
  the("trouble").hidden = words === "";
  if (the("trouble").dataset["words"] !== words) {
    the("trouble").dataset["words"] = words;
    render(the("trouble"), html`${icon("triangle-alert")}<span>${words}</span>`);
  }
  const board = outputs.board?.split(":")[0] ?? "";
  // Translators: the pins are only pretended; {name} is the board's technical name, such as "fake".
  const pretended = _("These are pretended pins (“{name}”): nothing moves in the room.", { name: board });
  const isReal = outputs.board === null || board === "gpiozero";
  the("pretended").hidden = isReal;
  say(the("pretended"), isReal ? "" : pretended);
}

// --- the form ----------------------------------------------------------------------------

/** @param {string} kind */
const legsOf = (kind) => outputs?.parts.find((one) => one.part === kind)?.legs ?? [];

/** Free pins first come first served, those with a constant voltage at start and the serial line last. */
const LIKED = [17, 18, 27, 22, 23, 24, 25, 5, 6, 12, 13, 16, 19, 20, 21, 26];

function freePins() {
  const taken = new Set(outputs?.wires.filter((wire) => wire.id !== changing).flatMap((wire) => wire.pins));
  const free = (outputs?.header ?? []).filter((pin) => pin.role === "gpio" && !taken.has(/** @type {number} */ (pin.gpio)));
  return free.map((pin) => /** @type {number} */ (pin.gpio));
}

/** @param {number[]} [wanted] */
function drawLegs(wanted) {
  const kind = field("part").value;
  const free = freePins();
  const liked = [...LIKED.filter((gpio) => free.includes(gpio)), ...free];
  const names = legsOf(kind);
  const chosen = names.map((_leg, index) => wanted?.[index] ?? liked[index]);
  render(
    the("legs"),
    html`${names.map((name, index) => html`<div class="field"><label for="leg-${index}">${legName(name)}</label>
      <select id="leg-${index}" data-leg="${index}">${free.map((gpio) => html`<option value="${gpio}"${gpio === chosen[index] ? html` selected` : null}>${placeWords(pinOf(gpio))}</option>`)}</select></div>`)}`,
  );
  leg = 0;
  for (const [name, parts] of /** @type {[string, string[]][]} */ ([
    ["rule", ["led", "rgb-led", "buzzer", "servo", "relay"]],
    ["for-colour", ["rgb-led"]],
    ["for-angle", ["servo"]],
    ["for-relay", ["relay"]],
  ])) the(name).hidden = !parts.includes(kind);
  drawPins();
}

/** @returns {number[]} */
const chosenPins = () => [.../** @type {NodeListOf<HTMLSelectElement>} */ (the("legs").querySelectorAll("select"))].map((one) => Number(one.value));

/** @param {number[]} pins */
function groundFor(pins) {
  const place = pinOf(pins[0] ?? 17)?.place ?? 11;
  const grounds = (outputs?.header ?? []).filter((pin) => pin.role === "ground");
  const far = (/** @type {Pin} */ pin) => Math.abs(Math.ceil(pin.place / 2) - Math.ceil(place / 2)) * 2 + (pin.place % 2 === place % 2 ? 0 : 1);
  return /** @type {Pin} */ (grounds.sort((one, other) => far(one) - far(other))[0]);
}

function drawPins() {
  if (!outputs) return;
  /** @type {import("../elements/header-pins.js").Marks} */
  const marks = new Map();
  for (const wire of outputs.wires) {
    if (wire.id === changing) continue;
    const own = wire.pins.filter((gpio) => pinOf(gpio).role === "gpio"); // the kit may have got a lamp there since
    for (const gpio of own) marks.set(pinOf(gpio).place, { words: partName(wire.part), style: labelOf(wire.label_id)?.style ?? 7, chosen: false });
  }
  const kind = field("part").value;
  const pins = chosenPins();
  const ground = groundFor(pins);
  const names = legsOf(kind);
  pins.forEach((gpio, index) => {
    const pin = pinOf(gpio);
    if (!pin) return;
    const name = names.length > 1 ? legShort(names[index] ?? "") : partName(kind);
    marks.set(pin.place, { words: `${name} ◂`, style: null, chosen: true });
  });
  /** @param {Pin["role"]} role */
  const first = (role) => /** @type {Pin} */ (outputs?.header.find((pin) => pin.role === role));
  const supply = { servo: first("5v"), relay: first("3v3") }[kind];
  for (const pin of [ground, supply]) if (pin) marks.set(pin.place, { words: `${pinName(pin)} ◂`, style: null, chosen: true });
  drawing.show(outputs.header, marks);
  const at = {
    pin: pins.map((gpio) => placeWords(pinOf(gpio))).join(", "),
    ground: placeWords(ground),
    five: placeWords(first("5v")),
    three: placeWords(first("3v3")),
  };
  render(the("steps"), html`${steps(kind, at).map((one) => html`<li>${one}</li>`)}`);
}

function fillForm() {
  if (!outputs) return;
  const before = field("label").value;
  render(the("part"), html`${outputs.parts.map((one) => html`<option value="${one.part}">${partName(one.part)}</option>`)}`);
  render(the("label"), html`${labels.map((one) => html`<option value="${one.id}">${one.name}</option>`)}`);
  if (labelOf(before)) field("label").value = before;
  the("no-labels").hidden = labels.length > 0;
  /** @type {HTMLButtonElement} */ (the("keep")).disabled = labels.length === 0;
  const wire = outputs.wires.find((one) => one.id === changing);
  field("part").value = wire?.part ?? "led";
  if (wire) {
    field("label").value = wire.label_id;
    field("threshold").value = String(Math.round(wire.threshold * 100));
    field("after").value = String(wire.after_s);
    field("colour").value = wire.colour;
    field("angle").value = String(wire.angle_deg);
    field("active").value = wire.active_high ? "high" : "low";
  }
  // Translators: button of the form: puts the new part on the list.
  const add = _("Wire it");
  // Translators: button of the form: keeps the changed values.
  const keep = _("Keep the change");
  say(the("keep-words"), wire ? keep : add);
  the("cancel").hidden = wire === undefined;
  drawLegs(wire?.pins);
}

the("part").addEventListener("change", () => drawLegs());
the("legs").addEventListener("change", drawPins);
the("legs").addEventListener("focusin", (event) => {
  leg = Number(/** @type {HTMLElement} */ (event.target).dataset["leg"] ?? 0);
});
drawing.addEventListener("pin-chosen", (event) => {
  const { gpio } = /** @type {CustomEvent} */ (event).detail;
  const select = /** @type {HTMLSelectElement | null} */ (the("legs").querySelector(`[data-leg="${leg}"]`));
  if (!select || ![...select.options].some((one) => Number(one.value) === gpio)) return;
  select.value = String(gpio);
  leg = (leg + 1) % Math.max(1, chosenPins().length);
  drawPins();
});

the("form").addEventListener("submit", (event) => {
  event.preventDefault();
  the("form-error").hidden = true;
  say(the("kept"), "");
  const wire = {
    ...(changing ? { id: changing } : {}),
    part: field("part").value,
    pins: chosenPins(),
    label_id: field("label").value,
    threshold: field("threshold").valueAsNumber / 100,
    after_s: field("after").valueAsNumber,
    colour: field("colour").value,
    angle_deg: field("angle").valueAsNumber,
    active_high: field("active").value === "high",
  };
  void api.putWire(id, wire).then(
    (/** @type {Outputs} */ now) => {
      changing = null;
      take(now);
      // Translators: after a part was put on the list.
      say(the("kept"), _("Wired. Press Test to see whether it works."));
    },
    (/** @type {unknown} */ error) => {
      the("form-error").hidden = false;
      const words = error instanceof Error ? error.message : String(error);
      render(the("form-error"), html`${icon("triangle-alert")}<span>${words}</span>`);
    },
  );
});
the("cancel").addEventListener("click", () => {
  changing = null;
  fillForm();
});

// --- deeds -------------------------------------------------------------------------------

the("wires").addEventListener("click", async (event) => {
  const button = /** @type {HTMLElement | null} */ (/** @type {Element} */ (event.target).closest("[data-act]"));
  const wire = /** @type {HTMLElement | null} */ (button?.closest("[data-wire]"))?.dataset["wire"];
  if (!button || !wire) return;
  const act = button.dataset["act"];
  if (act === "change") {
    changing = wire;
    fillForm();
    field("part").focus();
  } else if (act === "test") await attempt(() => api.testWire(id, wire));
  else if (await attempt(async () => (await api.removeWire(id, wire), true))) await refresh();
});
the("start").addEventListener("click", async () => {
  const begun = await attempt(async () => (await api.startOutputs(id), true));
  if (begun) the("stop").hidden = false;
  if (begun) the("stop").focus();
});
the("stop").addEventListener("click", async () => {
  await attempt(() => api.stopOutputs(id));
  the("start").hidden = false;
  the("start").focus();
});

/** @param {Outputs} now */
function take(now) {
  outputs = now;
  drawWires();
  fillForm();
}

async function refresh() {
  try {
    take(await api.outputs(id));
  } catch (error) {
    problem(error);
  }
}

const events = new ProjectEvents(id, {
  line(line, retryInS) {
    connection.state = { line, retryInS };
    if (line === "live") void refresh();
  },
  news(kind, data) {
    if (kind === "outputs") showNow(data);
    else if (kind === "notice") toasts.show({ text: data.message });
    else if (kind === "state" && JSON.stringify(data.labels.map(nameAndId)) !== JSON.stringify(labels.map(nameAndId))) {
      labels = data.labels;
      drawWires();
      fillForm();
    }
  },
});
/** @param {import("../lib/types.js").Label} label */
function nameAndId(label) {
  return [label.id, label.name];
}
document.addEventListener("try-now", () => events.tryNow());
events.live = false;
