// @ts-check
/** The confusion matrix as a real table; a cell opens the pictures that lie in it. */
import { image } from "../kinds/image.js";
import { hearButton, hearWhenPressed } from "./hear.js";
import { part, send } from "../lib/dom.js";
import { count, percent } from "../lib/format.js";
import { html, render } from "../lib/html.js";
import { _, ngettext } from "../lib/i18n.js";

/** @typedef {import("../lib/types.js").Check} Check */
/** @typedef {import("../lib/types.js").Sample} Sample */
/** @typedef {import("../kinds/kind.js").Words} Words */

/** Sends `cell-chosen` {truth, predicted} with the ids of two labels. */
export class KitErrors extends HTMLElement {
  /** @type {Words} */
  words = image.words;
  /** @type {Check | null} */
  #check = null;

  connectedCallback() {
    this.addEventListener("click", (event) => {
      const button = /** @type {HTMLElement | null} */ (/** @type {Element} */ (event.target).closest("[data-truth]"));
      if (!button) return;
      for (const other of this.querySelectorAll("[data-truth]")) other.setAttribute("aria-pressed", String(other === button));
      const ids = this.#check?.label_ids ?? [];
      send(this, "cell-chosen", {
        truth: ids[Number(button.dataset["truth"])],
        predicted: ids[Number(button.dataset["said"])],
        words: button.getAttribute("aria-label"),
      });
    });
  }

  /** @param {Check} check */
  set check(check) {
    this.#check = check;
    this.#draw(check);
  }

  /** @param {{ words: string, samples: Sample[] | null }} cell samples are null while they are fetched */
  set cell({ words, samples }) {
    // Translators: while pictures are fetched.
    const wait = _("One moment…");
    render(
      part(this, "cell"),
      html`<h3 tabindex="-1">${words}</h3>${
        samples
          ? html`<div class="pictures">${samples.map((sample) => figure(sample, this.words))}</div>`
          : html`<p role="status">${wait}</p>`
      }`,
    );
    hearWhenPressed(part(this, "cell"), samples ?? []);
    if (samples) part(this, "cell").querySelector("h3")?.focus({ preventScroll: true });
    part(this, "cell").scrollIntoView({ block: "nearest" });
  }

  /** @param {Check} check */
  #draw(check) {
    const names = check.labels ?? [];
    const table = check.confusion ?? [];
    const how = this.words.readErrors();
    // Translators: corner of the table of errors: rows say what was shown, columns what the model said.
    const corner = _("shown ↓ · said →");
    // Translators: name of the table of errors, for screen readers.
    const caption = _("What was shown and what the model said");
    render(
      this,
      html`<p>${how}</p>
        ${this.#unsure(check)}
        <div class="confusion-scroll" tabindex="0" role="group" aria-label="${caption}"><table class="confusion">
          <caption class="unseen">${caption}</caption>
          <thead><tr><td><span class="small">${corner}</span></td>${names.map((name) => html`<th scope="col">${name}</th>`)}</tr></thead>
          <tbody>${table.map((row, truth) => html`<tr><th scope="row">${names[truth]}</th>${row.map((n, said) => this.#cell(names, truth, said, n))}</tr>`)}</tbody>
        </table></div>
        ${this.#perLabel(check)}
        <section data-part="cell" class="stack"></section>`,
    );
  }

  /** @param {string[]} names @param {number} truth @param {number} said @param {number} n */
  #cell(names, truth, said, n) {
    if (n === 0) return html`<td><span>0</span></td>`;
    const words = this.words.cell(n, { shown: names[truth] ?? "", said: names[said] ?? "" });
    const kind = truth === said ? "right" : "wrong";
    return html`<td><button type="button" class="${kind}" aria-pressed="false" aria-label="${words}" data-truth="${truth}" data-said="${said}">${count(n)}</button></td>`;
  }

  /** @param {Check} check */
  #unsure(check) {
    if (!check.not_sure) return null;
    const values = { n: count(check.not_sure), all: count(check.n) };
    // Translators: how many of the checked pictures stayed below the threshold. {n} of {all}.
    const words = ngettext("{n} answer of {all} was not sure enough.", "{n} answers of {all} were not sure enough.", check.not_sure, values);
    return html`<p>${words}</p>`;
  }

  /** @param {Check} check */
  #perLabel(check) {
    if (!check.per_label?.length) return null;
    // Translators: heading of a table with one row for each label.
    const title = _("Label by label");
    // Translators: column: of the pictures of this label, how many the model found (recall).
    const found = _("Found (recall)");
    // Translators: column: when the model says this label, how often it is true (precision).
    const trusted = _("True when said (precision)");
    const share = (/** @type {number | null} */ value) => (value === null ? "–" : percent(value));
    // Translators: column heading above the names of the labels.
    const label = _("Label");
    return html`<h3>${title}</h3><table class="table"><thead><tr><th scope="col">${label}</th><th scope="col">${found}</th><th scope="col">${trusted}</th></tr></thead>
      <tbody>${check.per_label.map((one) => html`<tr><th scope="row">${one.name}</th><td class="number">${count(one.right)}/${count(one.n)} · ${share(one.recall)}</td><td class="number">${share(one.precision)}</td></tr>`)}</tbody></table>`;
  }
}

/** @param {Sample} sample @param {Words} words */
function figure(sample, words) {
  const sure = sample.confidence === undefined ? null : percent(sample.confidence);
  const alt = words.checked();
  return html`<figure><img src="${sample.picture_url}?thumb=1" alt="${alt}" loading="lazy">${sure ? html`<figcaption class="number">${sure}</figcaption>` : null}${hearButton(sample)}</figure>`;
}

customElements.define("kit-errors", KitErrors);
