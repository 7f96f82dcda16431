// @ts-check
/** Two measurements side by side: how many times as dear, as long; refused where they rest on different ground. */
import { part } from "../lib/dom.js";
import { html, icon, render } from "../lib/html.js";
import { _ } from "../lib/i18n.js";
import { figure, subjectName } from "../lib/lab-words.js";

/** @typedef {import("../lib/types.js").Lab} Lab */
/** @typedef {import("../lib/types.js").Experiment} Experiment */
/** @typedef {{ value: number, low: number, high: number }} Figure */

export class KitCompare extends HTMLElement {
  /** @type {Experiment[]} */
  #results = [];
  /** @type {string | null} */
  #shown = null;

  /** @param {Lab} lab */
  set lab(lab) {
    const measured = lab.results.filter((one) => one.unit !== "pause");
    const now = measured.map((one) => one.id).join();
    if (now === this.#shown) return; // what somebody chose stays chosen
    this.#shown = now;
    this.#results = measured;
    this.#build();
  }

  #build() {
    if (this.#results.length < 2) {
      // Translators: in the place of the comparison, before two things were measured.
      const none = _("Measure two things, then compare them here: two sizes, one processor or all, live or once.");
      render(this, html`<p class="soft">${none}</p>`);
      return;
    }
    // Translators: label of the first list of a comparison.
    const first = _("Compare");
    // Translators: label of the second list of a comparison.
    const second = _("with");
    const options = (/** @type {number} */ chosen) =>
      this.#results.map((one, index) => html`<option value="${one.id}"${index === chosen ? html` selected` : null}>${one.id}. ${subjectName(one.subject)}</option>`);
    render(
      this,
      html`<div class="fields">
          <div class="field"><label for="compare-a">${first}</label><select id="compare-a" data-part="a">${options(0)}</select></div>
          <div class="field"><label for="compare-b">${second}</label><select id="compare-b" data-part="b">${options(1)}</select></div>
        </div><div class="stack" role="status" data-part="answer"></div>`,
    );
    for (const name of ["a", "b"]) part(this, name).addEventListener("change", () => this.#answer());
    this.#answer();
  }

  #answer() {
    const chosen = (/** @type {string} */ name) => {
      const value = /** @type {HTMLSelectElement} */ (part(this, name)).value;
      return /** @type {Experiment} */ (this.#results.find((one) => String(one.id) === value));
    };
    const [a, b] = [chosen("a"), chosen("b")];
    const names = { a: subjectName(a.subject), b: subjectName(b.subject) };
    render(part(this, "answer"), html`${energy(a, b, names)}${time(a, b, names)}`);
  }
}

/** @param {Experiment} a @param {Experiment} b @param {{ a: string, b: string }} names */
function energy(a, b, names) {
  if (!a.energy || !b.energy) {
    // Translators: a comparison of energy that cannot be made.
    const none = _("Energy: one of the two has no figure.");
    return html`<p>${none}</p>`;
  }
  if (a.label !== b.label || a.meter !== b.meter) {
    const values = { a: a.label_words, b: b.label_words };
    // Translators: energy of two measurements that rest on different ground; {a} and {b} say on what, such as "estimated, not measured".
    const refused = _("Energy is not compared: one is {a}, the other {b}. Measure both with the same meter.", values);
    return html`<p class="advice">${icon("triangle-alert")}<span>${refused}</span></p>`;
  }
  /** @param {{ a: string, b: string }} named @param {string} times */
  const sure = (named, times) => {
    // Translators: result of a comparison of energy; {a} and {b} name what was measured, {times} is such as "2.5".
    return _("Energy above idle: “{a}” takes {times} times as much as “{b}”.", { ...named, times });
  };
  return verdict(a.energy.marginal_mj, b.energy.marginal_mj, names, sure, a.label === "estimated");
}

/** @param {Experiment} a @param {Experiment} b @param {{ a: string, b: string }} names */
function time(a, b, names) {
  if (!a.latency || !b.latency || a.live || b.live) return null;
  const of = (/** @type {{ median_ms: number, low_ms: number, high_ms: number }} */ one) => ({ value: one.median_ms, low: one.low_ms, high: one.high_ms });
  /** @param {{ a: string, b: string }} named @param {string} times */
  const sure = (named, times) => {
    // Translators: result of a comparison of time; {a} and {b} name what was measured, {times} is such as "2.5".
    return _("Time: “{a}” takes {times} times as long as “{b}”.", { ...named, times });
  };
  return verdict(of(a.latency), of(b.latency), names, sure, false);
}

/**
 * The dearer one first: "three times as much" is easier to picture than "a third".
 * @param {Figure} a @param {Figure} b @param {{ a: string, b: string }} names
 * @param {(named: { a: string, b: string }, times: string) => string} say @param {boolean} estimated
 */
function verdict(a, b, names, say, estimated) {
  if (b.value > a.value) return verdict(b, a, { a: names.b, b: names.a }, say, estimated);
  if (b.value <= 0 || a.value <= 0) {
    // Translators: a comparison that cannot be made: one of the figures is lost in noise.
    const noise = _("One of the two is too small for this meter: there is nothing to divide.");
    return html`<p>${noise}</p>`;
  }
  const overlap = a.low <= b.high && b.low <= a.high;
  // Translators: under a comparison: the 95 % intervals of the two have values in common.
  const unsure = _("Their intervals overlap: measured again, the order may change.");
  // Translators: under a comparison of energy that was not measured.
  const guess = _("Both are estimated by a formula, not measured.");
  return html`<p><b class="${estimated ? "estimated" : "measured"}">${say(names, figure(a.value / b.value))}</b>${overlap ? html` ${unsure}` : null}${estimated ? html` ${guess}` : null}</p>`;
}

customElements.define("kit-compare", KitCompare);
