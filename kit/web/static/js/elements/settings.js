// @ts-check
/** A project's own settings, one set of choices each: asked when it is made, changed later. */
import { html, render } from "../lib/html.js";
import { send } from "../lib/dom.js";

/** @typedef {import("../kinds/kind.js").Setting} Setting */

/**
 * Choices as cards of a radio group, each with its plain sentence.
 * @param {Setting} setting @param {string | number} chosen
 */
export function choices(setting, chosen) {
  return html`<fieldset class="choices" data-setting="${setting.name}"><legend>${setting.question}</legend>
    <div class="choice-cards">${setting.choices.map(
      ({ value, title, text }, index) => html`<label><input type="radio" name="${setting.name}" value="${index}" ${value === chosen ? html`checked` : null}>
        <span><b>${title}</b><span>${text}</span></span></label>`,
    )}</div><p class="soft small">${setting.why}</p></fieldset>`;
}

/** Sends `setting-chosen` with {name: value}. */
export class KitSettings extends HTMLElement {
  #drawn = "";

  /** @param {{ settings: Setting[], project: import("../lib/types.js").Project }} shown */
  set shown({ settings, project }) {
    const content = html`<form class="stack">${settings.map((setting) => choices(setting, project[setting.name] ?? setting.first))}</form>`;
    if (content.toString() === this.#drawn) return;
    const focused = /** @type {HTMLInputElement | null} */ (this.querySelector("input:focus"));
    const [name, value] = [focused?.name, focused?.value];
    this.#drawn = content.toString();
    render(this, content);
    /** @type {HTMLInputElement | null} */ (this.querySelector(`input[name="${name}"][value="${value}"]`))?.focus();
    const form = /** @type {HTMLFormElement} */ (this.querySelector("form"));
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("change", (event) => {
      const input = /** @type {HTMLInputElement} */ (event.target);
      const setting = settings.find((one) => one.name === input.name);
      const choice = setting?.choices[Number(input.value)];
      if (setting && choice) send(this, "setting-chosen", { [setting.name]: choice.value });
    });
  }
}

customElements.define("kit-settings", KitSettings);
