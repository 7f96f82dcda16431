// @ts-check
/** Short notices in a corner: with a way back where there is one, never gone while read or focused. */
import { html, icon, render } from "../lib/html.js";
import { _ } from "../lib/i18n.js";

const PLAIN_MS = 7000;
/** The kit itself keeps what was deleted for ten minutes; the notice stays long enough to be reached. */
const UNDO_MS = 30_000;

/** @typedef {{ text: string, problem?: boolean, undo?: () => void, progress?: boolean }} Notice */

export class KitToasts extends HTMLElement {
  connectedCallback() {
    this.setAttribute("role", "region");
    // Translators: name of the corner where notices appear, for screen readers.
    this.setAttribute("aria-label", _("Notices"));
  }

  /**
   * @param {Notice} notice
   * @returns {{ say: (text: string) => void, close: () => void }}
   */
  show(notice) {
    const toast = document.createElement("div");
    toast.className = notice.problem ? "toast problem" : "toast";
    // Translators: button that takes back what was just done.
    const undo = _("Undo");
    // Translators: the button that closes a notice.
    const close = _("Close");
    render(
      toast,
      html`${notice.progress ? html`<span class="spin">${icon("loader-circle")}</span>` : null}<p role="${notice.problem ? "alert" : "status"}"></p>
        ${notice.undo ? html`<button type="button" data-undo>${icon("undo-2")}${undo}</button>` : null}
        <button type="button" class="bare-icon" data-gone aria-label="${close}">${icon("x")}</button>`,
    );
    this.append(toast);
    const words = /** @type {HTMLElement} */ (toast.querySelector("p"));
    // The region must be there before its words, or screen readers stay silent.
    requestAnimationFrame(() => (words.textContent ||= notice.text));
    const lasts = notice.undo ? UNDO_MS : PLAIN_MS;
    let timer = 0;
    const gone = () => {
      window.clearTimeout(timer);
      toast.remove();
    };
    const rest = () => {
      window.clearTimeout(timer);
      if (!notice.problem && !notice.progress) timer = window.setTimeout(gone, lasts);
    };
    const hold = () => window.clearTimeout(timer);
    toast.addEventListener("pointerenter", hold);
    toast.addEventListener("pointerleave", rest);
    toast.addEventListener("focusin", hold);
    toast.addEventListener("focusout", rest);
    toast.addEventListener("click", (event) => {
      const target = /** @type {Element} */ (event.target);
      if (target.closest("[data-undo]")) notice.undo?.();
      if (target.closest("[data-undo], [data-gone]")) gone();
    });
    rest();
    while (this.children.length > 3) this.firstElementChild?.remove();
    return {
      say: (text) => {
        words.textContent = text;
      },
      close: gone,
    };
  }
}

customElements.define("kit-toasts", KitToasts);
