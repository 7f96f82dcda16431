// @ts-check
/** The question for a new project: its name, its kind, and what that kind must know. */
import { choices } from "../elements/settings.js";
import { KINDS, kindOf } from "../kinds/kind.js";
import { closeButton, openDialog } from "../lib/dialogs.js";
import { html, icon, render } from "../lib/html.js";
import { _ } from "../lib/i18n.js";

/** @typedef {{ name: string, kind: string, activity?: string, hearing?: string, hands?: number }} Wanted */

/**
 * @param {string | null} activity an activity brings its own kind @param {string} name proposed
 * @returns {Promise<Wanted | null>} null: given up
 */
export function askForProject(activity, name) {
  // Translators: title of the question for a new project.
  const title = _("New project");
  // Translators: label of the field with a project's name.
  const field = _("Name of the project");
  // Translators: question for a new project's kind: pictures, sounds or gestures.
  const what = _("What will it tell apart?");
  // Translators: the button that gives up what a dialog asks.
  const no = _("Cancel");
  // Translators: the button that makes the project.
  const yes = _("Create");
  const dialog = openDialog(html`<form method="dialog" class="stack">
    <header><h2>${title}</h2>${closeButton()}</header>
    <div class="field"><label for="asked">${field}</label><input id="asked" type="text" required maxlength="60" autocomplete="off" value="${name}" autofocus></div>
    ${activity ? null : html`<fieldset class="choices"><legend>${what}</legend><div class="choice-cards kinds">${KINDS.map(
      (kind, index) => html`<label><input type="radio" name="kind" value="${kind.name}" ${index === 0 ? html`checked` : null}>${icon(kind.icon)}<span><b>${kind.title()}</b><span>${kind.text()}</span></span></label>`,
    )}</div></fieldset><div class="stack" data-asked></div>`}
    <div class="actions"><button type="button" data-close>${no}</button><button value="yes" class="primary">${yes}</button></div>
  </form>`, "middle");
  const form = /** @type {HTMLFormElement} */ (dialog.querySelector("form"));
  const kind = () => kindOf(String(new FormData(form).get("kind") ?? "image"));
  const asked = () => kind().settings().filter((setting) => setting.asked);
  form.addEventListener("change", (event) => {
    const place = form.querySelector("[data-asked]");
    if (!place || /** @type {HTMLInputElement} */ (event.target).name !== "kind") return;
    render(place, html`${asked().map((setting) => choices(setting, setting.first))}`);
  });
  const input = /** @type {HTMLInputElement} */ (dialog.querySelector("#asked"));
  input.select();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      const chosen = input.value.trim();
      if (dialog.returnValue !== "yes" || !chosen) return resolve(null);
      const said = new FormData(form);
      const own = asked().map((setting) => [setting.name, setting.choices[Number(said.get(setting.name))]?.value ?? setting.first]);
      return resolve({ name: chosen, kind: kind().name, ...(activity ? { activity } : {}), ...Object.fromEntries(own) });
    });
  });
}
