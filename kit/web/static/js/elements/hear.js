// @ts-check
/** The small button that plays a clip, wherever clips are shown. */
import { send } from "../lib/dom.js";
import { html, icon } from "../lib/html.js";
import { _ } from "../lib/i18n.js";

/** @typedef {import("../lib/types.js").Sample} Sample */

/** @param {Sample} sample null where it makes no sound */
export function hearButton(sample) {
  if (!sample.sound_url) return null;
  // Translators: button: plays the clip beside it.
  const hear = _("Hear it");
  return html`<button type="button" class="bare-icon" data-hear="${sample.id}" aria-label="${hear}">${icon("play")}</button>`;
}

/** Presses inside `element` send `sample-hear` {sample}. @param {HTMLElement} element @param {Sample[]} samples */
export function hearWhenPressed(element, samples) {
  for (const button of /** @type {NodeListOf<HTMLElement>} */ (element.querySelectorAll("[data-hear]"))) {
    const sample = samples.find((one) => one.id === button.dataset["hear"]);
    button.addEventListener("click", () => send(button, "sample-hear", { sample }));
  }
}
