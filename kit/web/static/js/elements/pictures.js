// @ts-check
/** All pictures of one label, newest first: choose some, move them to another label or delete them. */
import { image } from "../kinds/image.js";
import { part, say, send } from "../lib/dom.js";
import { count } from "../lib/format.js";
import { html, icon, render } from "../lib/html.js";
import { _ } from "../lib/i18n.js";

/** @typedef {import("../lib/types.js").Label} Label */
/** @typedef {import("../lib/types.js").Sample} Sample */

/** Sends `pictures-more`, `pictures-move` {ids, label_id}, `pictures-remove` {ids}, `sample-hear` {sample}, `sample-trim` {sample}. */
export class KitPictures extends HTMLElement {
  /** @type {import("../kinds/kind.js").Kind} */
  kind = image;
  /** @type {Sample[]} */
  #samples = [];
  /** @type {Set<string>} */
  #chosen = new Set();

  /** The other labels, to which pictures can be moved. @param {Label[]} labels */
  set others(labels) {
    this.#build();
    const select = part(this, "others");
    render(select, html`${labels.map((label) => html`<option value="${label.id}">${label.name}</option>`)}`);
    part(this, "moving").hidden = labels.length === 0;
  }

  /** @param {{ samples: Sample[], more: boolean }} page what is known so far */
  set page({ samples, more }) {
    this.#build();
    this.#samples = samples;
    this.#chosen = new Set([...this.#chosen].filter((id) => samples.some((sample) => sample.id === id)));
    const { one: alt, noneHere } = this.kind.words;
    render(
      part(this, "pictures"),
      samples.length
        ? html`${samples.map((sample, index) => html`<div><label class="${this.#chosen.has(sample.id) ? "chosen" : ""}">
            <input type="checkbox" value="${sample.id}" ${this.#chosen.has(sample.id) ? html`checked` : null}>
            <img src="${sample.picture_url}?thumb=1" alt="${alt(index + 1)}" loading="lazy"></label>${beneath(sample, alt(index + 1))}</div>`)}`
        : html`<p>${noneHere()}</p>`,
    );
    part(this, "more").hidden = !more;
    this.#draw();
  }

  #build() {
    if (this.firstElementChild) return;
    // Translators: button: chooses all pictures shown.
    const all = _("Choose all");
    const more = this.kind.words.older();
    // Translators: before a list of labels: move the chosen pictures there.
    const to = _("Move to");
    // Translators: button beside the list of labels.
    const move = _("Move");
    // Translators: button: deletes the chosen pictures; it can be undone.
    const remove = _("Delete");
    render(
      this,
      html`<div class="row"><button type="button" data-part="all">${icon("list-checks")}${all}</button><span class="soft" role="status" data-part="count"></span></div>
        <div class="pictures" data-part="pictures"></div>
        <p><button type="button" data-part="more" hidden>${icon("chevron-down")}${more}</button></p>
        <div class="bar-of-tools" data-part="tools" hidden>
          <span class="row" data-part="moving"><label class="row">${to} <select data-part="others"></select></label>
          <button type="button" data-part="move">${icon("move")}${move}</button></span>
          <button type="button" class="danger" data-part="remove">${icon("trash-2")}${remove}</button>
        </div>`,
    );
    part(this, "pictures").addEventListener("change", (event) => {
      const box = /** @type {HTMLInputElement} */ (event.target);
      if (box.checked) this.#chosen.add(box.value);
      else this.#chosen.delete(box.value);
      box.closest("label")?.classList.toggle("chosen", box.checked);
      this.#draw();
    });
    part(this, "pictures").addEventListener("click", (event) => {
      const button = /** @type {HTMLElement | null} */ (/** @type {Element} */ (event.target).closest("[data-clip]"));
      const sample = this.#samples.find((one) => one.id === button?.dataset["clip"]);
      if (sample) send(this, button?.dataset["do"] ?? "", { sample });
    });
    part(this, "all").addEventListener("click", () => this.#chooseAll());
    part(this, "more").addEventListener("click", () => send(this, "pictures-more"));
    part(this, "move").addEventListener("click", () => {
      const label_id = /** @type {HTMLSelectElement} */ (part(this, "others")).value;
      send(this, "pictures-move", { ids: [...this.#chosen], label_id });
    });
    part(this, "remove").addEventListener("click", () => send(this, "pictures-remove", { ids: [...this.#chosen] }));
  }

  #chooseAll() {
    const wanted = this.#chosen.size < this.#samples.length;
    this.#chosen = new Set(wanted ? this.#samples.map((sample) => sample.id) : []);
    for (const box of /** @type {NodeListOf<HTMLInputElement>} */ (this.querySelectorAll(".pictures input"))) {
      box.checked = wanted;
      box.closest("label")?.classList.toggle("chosen", wanted);
    }
    this.#draw();
  }

  #draw() {
    const n = this.#chosen.size;
    part(this, "tools").hidden = n === 0;
    part(this, "all").hidden = this.#samples.length === 0;
    say(part(this, "count"), n ? this.kind.words.chosen(n) : "");
  }
}

/** What stands under a sample: a clip is heard and cut, a gesture says its weight. @param {Sample} sample @param {string} name */
function beneath(sample, name) {
  // Translators: button: plays a clip. {name} is such as "Clip 3".
  const hear = _("Hear {name}", { name });
  // Translators: button: opens the window where a clip is cut. {name} is such as "Clip 3".
  const trim = _("Cut {name}", { name });
  if (sample.sound_url) {
    return html`<div class="clip-tools"><button type="button" class="bare-icon" data-do="sample-hear" data-clip="${sample.id}" aria-label="${hear}">${icon("play")}</button>
      <button type="button" class="bare-icon" data-do="sample-trim" data-clip="${sample.id}" aria-label="${trim}">${icon("scissors")}</button></div>`;
  }
  // Translators: how many bytes are kept of one gesture.
  const bytes = _("{count} bytes", { count: count(sample.bytes ?? 0) });
  return sample.media === "hands" ? html`<p class="soft small number">${bytes}</p>` : null;
}

customElements.define("kit-pictures", KitPictures);
