// @ts-check
/** Letters to press with a mouse: writes into whatever field has the focus, as real keys would. */
import { html, render } from "../lib/html.js";
import { _ } from "../lib/i18n.js";

const FIGURES = "1234567890";
const ROWS = {
  fr: ["azertyuiop", "qsdfghjklm", "wxcvbn’-", "éèêàçùôîï"],
  en: ["qwertyuiop", "asdfghjkl", "zxcvbnm’-"],
};

/** @typedef {HTMLInputElement | HTMLTextAreaElement} Field */

/** @param {EventTarget | null} target @returns {Field | null} */
export function fieldOf(target) {
  if (target instanceof HTMLTextAreaElement) return target;
  const written = target instanceof HTMLInputElement && /^(text|search|number|)$/.test(target.type);
  return written ? target : null;
}

export class KitKeys extends HTMLElement {
  /** @type {Field | null} */
  #field = null;

  connectedCallback() {
    if (this.firstElementChild) return;
    this.#render();
    // The field must keep the focus: a press that took it would close what the field belongs to.
    this.addEventListener("pointerdown", (event) => event.preventDefault());
    this.addEventListener("click", (event) => this.#press(/** @type {Element} */ (event.target).closest("button")));
  }

  /** @param {Field | null} field where to write; null: put away */
  set field(field) {
    this.#field = field;
    this.hidden = field === null;
    if (!field) return;
    const place = field.closest("dialog") ?? document.body; // only what is in it can be pressed
    if (this.parentElement !== place) place.append(this);
    this.toggleAttribute("data-figures", field.inputMode === "numeric" || field.type === "number");
    this.#render();
    field.scrollIntoView({ block: "nearest" });
  }

  #render() {
    const language = document.documentElement.lang === "fr" ? "fr" : "en";
    const rows = this.hasAttribute("data-figures") ? [FIGURES] : [FIGURES, ...ROWS[language]];
    // Translators: a key of the keyboard on the screen.
    const space = _("Space");
    // Translators: a key of the keyboard on the screen: takes the last letter away.
    const back = _("Delete a letter");
    // Translators: a key of the keyboard on the screen: the text is as wanted.
    const enter = _("Done");
    // Translators: a key of the keyboard on the screen: hides the keyboard.
    const away = _("Hide");
    // Translators: name of the keyboard on the screen, for screen readers.
    this.setAttribute("aria-label", _("Keyboard"));
    this.setAttribute("role", "group");
    render(
      this,
      html`${rows.map((row) => html`<div>${[...row].map((key) => html`<button type="button" tabindex="-1" data-key="${key}">${key}</button>`)}</div>`)}
        <div><button type="button" tabindex="-1" data-deed="away">${away}</button>${this.hasAttribute("data-figures") ? null : html`<button type="button" tabindex="-1" data-key=" ">${space}</button>`}<button type="button" tabindex="-1" data-deed="back" aria-label="${back}">⌫</button><button type="button" tabindex="-1" class="primary" data-deed="enter">${enter}</button></div>`,
    );
  }

  /** @param {HTMLElement | null} button */
  #press(button) {
    const field = this.#field;
    if (!button || !field) return;
    field.focus();
    const { key, deed } = button.dataset;
    if (key !== undefined) write(field, key);
    else if (deed === "back") write(field, "");
    else if (deed === "enter") this.#enter(field);
    else this.field = null;
  }

  /** As the Enter key would: sends the form, or tells the field that it is done. @param {Field} field */
  #enter(field) {
    this.field = null;
    const goes = field.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true, cancelable: true }));
    // A dialog is told by the button that would have been pressed what was answered.
    const button = /** @type {HTMLElement | null | undefined} */ (field.form?.querySelector("button:not([type=button])"));
    if (goes && field.form) field.form.requestSubmit(button);
    else if (goes) field.blur(); // which browsers follow with "change"
  }
}

/** Puts a letter where the cursor is; an empty one takes the letter before it away. @param {Field} field @param {string} text */
function write(field, text) {
  if (field.type === "number") {
    // Such a field has no cursor to ask for.
    field.value = text ? field.value + text : field.value.slice(0, -1);
  } else {
    const [start, end] = [field.selectionStart ?? field.value.length, field.selectionEnd ?? field.value.length];
    const from = text === "" && start === end ? Math.max(0, start - 1) : start;
    const room = field.maxLength < 0 || field.value.length - (end - start) + text.length <= field.maxLength;
    if (text && !room) return;
    field.setRangeText(text, from, end, "end");
  }
  field.dispatchEvent(new InputEvent("input", { bubbles: true }));
}

customElements.define("kit-keys", KitKeys);
