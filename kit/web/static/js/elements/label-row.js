// @ts-check
/** One label: its name, its counts, its newest samples and the button that takes more. */
import { part, say, send } from "../lib/dom.js";
import { image } from "../kinds/image.js";
import { count } from "../lib/format.js";
import { html, icon, render } from "../lib/html.js";
import { _ } from "../lib/i18n.js";

/** @typedef {import("../lib/types.js").Label} Label */
/** @typedef {import("../kinds/kind.js").Way} Way */
/** @typedef {import("../kinds/kind.js").Kind} Kind */

/** A press longer than this ends when it is let go; a shorter one leaves the burst running. */
const HOLD_MS = 350;
const MOST_THUMBS = 5;

/**
 * Sends `burst-start`, `burst-stop`, `files-chosen` {label, files}, `film-chosen` {label, file},
 * `label-rename` {label, name}, `label-nothing` {label, is_nothing}, `label-remove`, `label-open`.
 */
export class KitLabelRow extends HTMLElement {
  /** What is sampled: set before anything else. @type {Kind} */
  kind = image;
  /** @type {Label | null} */
  #label = null;
  /** @type {Way} */
  #way = "burst";
  #running = false;
  #pressedAt = 0;
  #startedHere = false;
  #byPointer = false;
  #thumbs = "";

  connectedCallback() {
    this.#build();
  }

  /** @param {Label} label */
  set label(label) {
    this.#label = label;
    this.#build();
    this.#draw();
  }

  /** @param {Way} way */
  set way(way) {
    this.#way = way;
    this.#draw();
  }

  /** Whether this label's burst runs now. @param {boolean} running */
  set running(running) {
    this.#running = running;
    this.#draw();
  }

  /** Open the field that renames. */
  rename() {
    const label = this.#label;
    if (!label) return;
    const button = part(this, "name");
    if (button.hidden) return;
    // Translators: label of the field that renames a label. {name} is the present name.
    const words = _("New name for {name}", { name: label.name });
    const input = document.createElement("input");
    input.type = "text";
    input.maxLength = 60;
    input.value = label.name;
    input.setAttribute("aria-label", words);
    button.hidden = true;
    button.after(input);
    input.select();
    let done = false;
    /** @param {boolean} keep */
    const finish = (keep) => {
      if (done) return;
      done = true;
      const name = input.value.trim();
      const hadFocus = document.activeElement === input;
      input.remove();
      button.hidden = false;
      if (hadFocus) button.focus();
      if (keep && name && name !== label.name) send(this, "label-rename", { label: label.id, name });
    };
    input.addEventListener("keydown", (event) => {
      if (event.key === "Enter") finish(true);
      if (event.key === "Escape") finish(false);
    });
    input.addEventListener("blur", () => finish(true));
    input.focus();
  }

  #build() {
    if (this.firstElementChild) return;
    // Translators: the button with three dots beside a label. {name} follows in the spoken label.
    const more = _("More about");
    const [all, allIcon] = this.kind.words.all();
    const [addFiles, addIcon] = this.kind.words.addFiles();
    const accept = this.kind.accept;
    // Translators: menu entry: take one photo with the tablet's own camera app.
    const photo = _("Take a photo");
    // Translators: menu entry: give a label another name.
    const rename = _("Rename");
    // Translators: menu entry: delete a label with its pictures; it can be undone.
    const remove = _("Delete");
    const how = this.kind.words.how();
    render(
      this,
      html`<div class="line">
          <div class="who">
            <span class="swatch" aria-hidden="true"></span>
            <button type="button" class="name" data-part="name"><b data-part="name-words"></b><span class="count" data-part="count"></span></button>
          </div>
          <div class="thumbs-cell">
            <div class="thumbs" data-part="thumbs"></div>
            <button type="button" class="more-pictures number" data-part="more" hidden></button>
          </div>
          <button type="button" class="show-button" data-part="show" title="${how}"></button>
          <details class="menu">
            <summary class="button bare-icon">${icon("ellipsis-vertical")}<span class="unseen">${more} <span data-part="menu-name"></span></span></summary>
            <div class="items">
              <button type="button" data-do="all">${icon(allIcon)}${all}</button>
              <button type="button" data-do="files">${icon(addIcon)}${addFiles}</button>
              ${this.kind.photo ? html`<button type="button" data-do="photo">${icon("camera")}${photo}</button>` : null}
              <button type="button" data-do="rename">${icon("pencil")}${rename}</button>
              <button type="button" data-do="nothing">${icon("circle-off")}<span data-part="nothing"></span></button>
              <button type="button" class="leave" data-do="remove">${icon("trash-2")}${remove}</button>
            </div>
          </details>
        </div>
        <input type="file" accept="${accept}" multiple hidden data-part="files">
        <input type="file" accept="image/*" capture="environment" hidden data-part="photo">
        <input type="file" accept="${this.kind.photo ? "video/*" : "audio/*"}" capture="environment" hidden data-part="film">`,
    );
    part(this, "name").addEventListener("click", () => this.rename());
    part(this, "more").addEventListener("click", () => this.#tell("label-open"));
    this.addEventListener("click", (event) => this.#choose(/** @type {Element} */ (event.target)));
    this.#listenToButton(part(this, "show"));
    for (const name of ["files", "photo", "film"]) {
      const input = /** @type {HTMLInputElement} */ (part(this, name));
      input.addEventListener("change", () => {
        const files = [...(input.files ?? [])];
        input.value = "";
        if (files.length === 0) return;
        if (name === "film") this.#tell("film-chosen", { file: files[0] });
        else this.#tell("files-chosen", { files });
      });
    }
    this.#listenToDrops();
  }

  /** @param {Element} target */
  #choose(target) {
    const label = this.#label;
    const choice = /** @type {HTMLElement | null} */ (target.closest("[data-do]"))?.dataset["do"];
    if (!choice || !label) return;
    if (choice === "all") this.#tell("label-open");
    if (choice === "files" || choice === "photo") part(this, choice).click();
    if (choice === "rename") this.rename();
    if (choice === "nothing") this.#tell("label-nothing", { is_nothing: !label.is_nothing });
    if (choice === "remove") this.#tell("label-remove");
  }

  /**
   * Nothing needs holding: a short press or a key starts, the next one stops. A long press stops
   * when it is let go.
   * @param {HTMLElement} button
   */
  #listenToButton(button) {
    button.addEventListener("pointerdown", (event) => {
      if (this.#way !== "burst" || event.button !== 0) return;
      this.#byPointer = true;
      this.#pressedAt = performance.now();
      this.#startedHere = !this.#running;
      this.#tell(this.#running ? "burst-stop" : "burst-start");
    });
    const letGo = () => {
      if (!this.#startedHere) return;
      this.#startedHere = false;
      if (performance.now() - this.#pressedAt > HOLD_MS) this.#tell("burst-stop");
    };
    button.addEventListener("pointerup", letGo);
    button.addEventListener("pointercancel", letGo);
    button.addEventListener("pointerleave", letGo);
    button.addEventListener("contextmenu", (event) => this.#way === "burst" && event.preventDefault());
    button.addEventListener("click", () => {
      const already = this.#byPointer;
      this.#byPointer = false;
      if (this.#way === "files") part(this, "files").click();
      else if (this.#way === "film") part(this, "film").click();
      else if (!already) this.#tell(this.#running ? "burst-stop" : "burst-start"); // a key or a screen reader
    });
  }

  #listenToDrops() {
    const files = (/** @type {DragEvent} */ event) => event.dataTransfer?.types.includes("Files");
    this.addEventListener("dragover", (event) => {
      if (!files(event)) return;
      event.preventDefault();
      this.classList.add("dropping");
    });
    this.addEventListener("dragleave", () => this.classList.remove("dropping"));
    this.addEventListener("drop", (event) => {
      if (!files(event)) return;
      event.preventDefault();
      this.classList.remove("dropping");
      this.#tell("files-chosen", { files: [...(event.dataTransfer?.files ?? [])] });
    });
  }

  /** @param {string} name @param {Record<string, unknown>} [detail] */
  #tell(name, detail = {}) {
    send(this, name, { label: this.#label?.id, ...detail });
  }

  #draw() {
    const label = this.#label;
    if (!label || !this.firstElementChild) return;
    this.dataset["style"] = String(label.style);
    say(part(this, "name-words"), label.name);
    say(part(this, "menu-name"), label.name);
    // Translators: hint on a label's name: pressing it renames.
    part(this, "name").title = _("Rename");
    // Translators: after a label's counts: it stands for "none of the others".
    const nothing = _("none of the others");
    const words = [this.kind.words.samples(label.samples), this.kind.words.bursts(label.bursts)];
    if (label.is_nothing) words.push(nothing);
    say(part(this, "count"), words.join(" · "));
    // Translators: menu entry that makes a label the one for "none of the others".
    const mark = _("Means “none of the others”");
    // Translators: menu entry that takes "none of the others" off a label.
    const unmark = _("No longer means “none of the others”");
    say(part(this, "nothing"), label.is_nothing ? unmark : mark);
    this.#drawThumbs(label);
    this.#drawButton(label);
  }

  /** @param {Label} label */
  #drawThumbs(label) {
    const shown = label.thumbs.slice(0, MOST_THUMBS);
    const drawn = `${shown.map((thumb) => thumb.id)}`;
    const thumbs = part(this, "thumbs");
    if (drawn !== this.#thumbs || !thumbs.firstChild) {
      this.#thumbs = drawn;
      const none = this.kind.words.noneYet();
      render(
        thumbs,
        shown.length
          ? html`${shown.map((thumb) => html`<img src="${thumb.url}" alt="" loading="lazy" width="44" height="44">`)}`
          : html`<span class="none">${none}</span>`,
      );
    }
    const more = part(this, "more");
    more.hidden = label.samples === 0;
    // Translators: small button after a label's newest pictures; opens all of them.
    const all = _("all");
    say(more, label.samples > MOST_THUMBS ? `+${count(label.samples - MOST_THUMBS)}` : all);
    const spoken = this.kind.words.allOf(label.name);
    more.setAttribute("aria-label", `${more.textContent} · ${spoken}`);
  }

  /** @param {Label} label */
  #drawButton(label) {
    const button = part(this, "show");
    // Translators: the button that ends a burst.
    const stop = _("Stop");
    const [words, drawing] = this.#running ? [stop, "square"] : this.kind.words.show(this.#way);
    const content = html`${icon(drawing)}<span>${words}<span class="unseen"> ${label.name}</span></span>`;
    if (button.dataset["drawn"] !== content.toString()) {
      button.dataset["drawn"] = content.toString();
      render(button, content);
    }
    button.toggleAttribute("data-on", this.#running);
  }
}

customElements.define("kit-label-row", KitLabelRow);
