// @ts-check
/** What joules are in everyday things, each with where its number comes from. */
import { part } from "../lib/dom.js";
import { html, render } from "../lib/html.js";
import { _ } from "../lib/i18n.js";
import { table } from "../lib/lab-table.js";
import { figure, joules, subjectName } from "../lib/lab-words.js";

/** @typedef {import("../lib/types.js").Lab} Lab */
/** @typedef {import("../lib/types.js").Experiment} Experiment */

const LAMP_W = 5;
const PHONE_J = 4 * 3.85 * 3600; // 4,000 mAh at 3.85 V
const LIFT_J = 9.81; // one kilogram by one metre
const WATER_J = 4.19 * 80; // one gram from 20 to 100 °C
const PEDAL_W = 100;

export class KitEveryday extends HTMLElement {
  /** @type {Experiment[]} */
  #results = [];
  #shown = "";

  /** @param {Lab} lab */
  set lab(lab) {
    const whole = lab.results.filter((one) => one.unit !== "pause" && (one.energy?.marginal_mj.value ?? 0) > 0);
    const now = whole.map((one) => one.id).join();
    if (now === this.#shown && this.firstElementChild) return;
    this.#shown = now;
    this.#results = whole;
    this.#build();
  }

  #build() {
    if (!this.#results.length) {
      // Translators: in the place of the everyday equivalents, before any energy was measured.
      const none = _("Once something was measured, its joules are told here in everyday things.");
      render(this, html`<p class="soft">${none}</p>`);
      return;
    }
    // Translators: label of a list of measurements.
    const what = _("What");
    // Translators: label of a list: how many times it is done, such as 1,000.
    const times = _("How many times");
    render(
      this,
      html`<div class="fields no-print">
          <div class="field"><label for="everyday-what">${what}</label><select id="everyday-what" data-part="what">${this.#results.map((one) => html`<option value="${one.id}">${one.id}. ${subjectName(one.subject)}</option>`)}</select></div>
          <div class="field"><label for="everyday-times">${times}</label><select id="everyday-times" data-part="times">${[1, 1000, 1_000_000].map((n) => html`<option value="${n}"${n === 1000 ? html` selected` : null}>${figure(n)}</option>`)}</select></div>
        </div><div class="stack" data-part="answer"></div>`,
    );
    for (const name of ["what", "times"]) part(this, name).addEventListener("change", () => this.#answer());
    this.#answer();
  }

  #answer() {
    const value = (/** @type {string} */ name) => /** @type {HTMLSelectElement} */ (part(this, name)).value;
    const one = this.#results.find((other) => String(other.id) === value("what"));
    if (!one?.energy) return;
    const times = Number(value("times"));
    const mj = one.energy.marginal_mj.value * times;
    const rests = one.label === "estimated" ? "estimated" : "measured";
    // Translators: heading of the everyday equivalents; {what} names what was measured, {times} is a number, {energy} such as "2.4 J".
    const lead = _("“{what}”, {times} times, takes {energy} above idle.", { what: subjectName(one.subject), times: figure(times), energy: joules(mj) });
    render(part(this, "answer"), html`<p><b class="${rests}">${lead}</b> <small>${one.label_words}</small></p>${equivalents(mj / 1000)}`);
  }
}

/** @param {number} j */
function equivalents(j) {
  // Translators: heading of a column of everyday equivalents.
  const as = _("As much as");
  // Translators: heading of a column: where the number of an equivalent comes from.
  const source = _("Where that comes from");
  const seconds = j / LAMP_W;
  // Translators: everyday equivalent; {seconds} is a number.
  const lamp = _("a {watts} W lamp for {seconds} s", { watts: LAMP_W, seconds: figure(seconds) });
  // Translators: where the lamp's number comes from.
  const lampSource = _("A watt is a joule a second, by definition; 5 W is printed on a small LED lamp.");
  // Translators: everyday equivalent; {metres} is a number.
  const lift = _("lifting a 1 kg bag of flour by {metres} m", { metres: figure(j / LIFT_J) });
  // Translators: where the bag's number comes from.
  const liftSource = _("Mass × gravity × height, with 9.81 m/s²; a body that lifts wastes some four times as much besides.");
  // Translators: everyday equivalent; {share} is a number of percent.
  const phone = _("{share} % of a phone's full battery", { share: figure((100 * j) / PHONE_J) });
  // Translators: where the battery's number comes from.
  const phoneSource = _("4,000 mAh × 3.85 V × 3,600 s = 55 kJ, as printed on many batteries; look at yours.");
  // Translators: everyday equivalent; {grams} is a number.
  const water = _("heating {grams} g of water from 20 to 100 °C", { grams: figure(j / WATER_J) });
  // Translators: where the water's number comes from.
  const waterSource = _("4.19 J warm 1 g of water by 1 °C; a kettle wastes some besides.");
  // Translators: everyday equivalent; {seconds} is a number.
  const pedal = _("pedalling for {seconds} s", { seconds: figure(j / PEDAL_W) });
  // Translators: where the number of pedalling comes from.
  const pedalSource = _("100 W at the pedals: what an untrained adult keeps up for an hour; bicycles in gyms show it.");
  const rows = [[lamp, lampSource], [lift, liftSource], [phone, phoneSource], [water, waterSource], [pedal, pedalSource]];
  return table({ heads: [as, source], rows });
}

customElements.define("kit-everyday", KitEveryday);
