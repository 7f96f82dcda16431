// @ts-check
/** Questions to the reader: native `<dialog>`, which keeps the focus in and gives it back. */
import { Html, html, icon, render } from "./html.js";
import { _ } from "./i18n.js";

/** Opens a dialog with this content; it is removed when closed. @param {Html} content @param {string} [kind] */
export function openDialog(content, kind = "") {
  const dialog = document.createElement("dialog");
  dialog.className = kind;
  render(dialog, content);
  const title = dialog.querySelector("h2");
  if (title) {
    title.id ||= `title-${(count += 1)}`;
    dialog.setAttribute("aria-labelledby", title.id);
  }
  dialog.addEventListener("click", (event) => {
    const target = /** @type {Element} */ (event.target);
    if (target.closest("[data-close]")) dialog.close();
  });
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

let count = 0;

/** The × of a dialog's header. */
export function closeButton() {
  // Translators: the button that closes a dialog.
  const close = _("Close");
  return html`<button type="button" class="bare-icon" data-close aria-label="${close}">${icon("x")}</button>`;
}

/**
 * Asks before something that cannot be undone.
 * @param {{ title: string, text: string | Html, yes: string, danger?: boolean }} question
 * @returns {Promise<boolean>}
 */
export function confirm(question) {
  // Translators: the button that gives up what a dialog asks.
  const no = _("Cancel");
  const dialog = openDialog(html`<form method="dialog" class="stack">
    <h2>${question.title}</h2>
    <p>${question.text}</p>
    <div class="actions">
      <button value="no">${no}</button>
      <button value="yes" class="${question.danger ? "danger" : "primary"}">${question.yes}</button>
    </div>
  </form>`);
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"));
  });
}

/**
 * Asks for one short text.
 * @param {{ title: string, field: string, yes: string, value?: string }} question
 * @returns {Promise<string | null>}
 */
export function ask(question) {
  // Translators: the button that gives up what a dialog asks.
  const no = _("Cancel");
  const dialog = openDialog(html`<form method="dialog" class="stack">
    <h2>${question.title}</h2>
    <div class="field">
      <label for="asked">${question.field}</label>
      <input id="asked" type="text" required maxlength="60" autocomplete="off" value="${question.value ?? ""}">
    </div>
    <div class="actions">
      <button type="button" data-close>${no}</button>
      <button value="yes" class="primary">${question.yes}</button>
    </div>
  </form>`);
  const field = /** @type {HTMLInputElement} */ (dialog.querySelector("input"));
  field.select();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      const text = field.value.trim();
      resolve(dialog.returnValue === "yes" && text ? text : null);
    });
  });
}
