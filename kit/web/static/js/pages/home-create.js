// @ts-check
/** The questions for a new project: its name, its kind, and what that kind must know. */
import { choices } from "../elements/settings.js";
import { KINDS, kindOf } from "../kinds/kind.js";
import { closeButton, openDialog } from "../lib/dialogs.js";
import { html, icon, render } from "../lib/html.js";
import { _ } from "../lib/i18n.js";

/** @typedef {{ kind: string, hearing?: string, hands?: number }} WantedKind */
/** @typedef {WantedKind & { name: string, activity?: string }} Wanted */

/**
 * @param {string | null} activity an activity brings its own kind @param {string} name proposed
 * @returns {Promise<Wanted | null>} null: given up
 */
export async function askForProject(activity, name) {
  // Translators: title of the question for a new project.
  const title = _("New project");
  // Translators: label of the field with a project's name.
  const field = _("Name of the project");
  // Translators: the button that makes the project.
  const yes = _("Create");
  const said = await question({
    title,
    yes,
    first: html`<div class="field"><label for="asked">${field}</label><input id="asked" name="name" type="text" required maxlength="60" autocomplete="off" value="${name}" autofocus></div>`,
    asksKind: !activity,
  });
  const called = String(said?.form.get("name") ?? "").trim();
  if (!said || !called) return null;
  return { name: called, ...said.kind, ...(activity ? { activity } : {}) };
}

/**
 * What another tool's zip holds: no kit can tell sounds of words from noises.
 * @param {string} filename @returns {Promise<WantedKind | null>} null: given up
 */
export async function askForKind(filename) {
  // Translators: title of the question what another tool's file holds. {name} is the file's name.
  const title = _("What does “{name}” hold?", { name: filename });
  // Translators: the button that opens the file.
  const yes = _("Open");
  const said = await question({ title, yes, first: null, asksKind: true });
  return said && said.kind;
}

/**
 * @param {{ title: string, yes: string, first: import("../lib/html.js").Html | null, asksKind: boolean }} asked
 * @returns {Promise<{ form: FormData, kind: WantedKind } | null>}
 */
function question({ title, yes, first, asksKind }) {
  // Translators: question for a project's kind: pictures, sounds or gestures.
  const what = _("What will it tell apart?");
  // Translators: the button that gives up what a dialog asks.
  const no = _("Cancel");
  const kinds = html`<fieldset class="choices"><legend>${what}</legend><div class="choice-cards kinds">${KINDS.map(
    (kind, index) => html`<label><input type="radio" name="kind" value="${kind.name}" ${index === 0 ? html`checked` : null}>${icon(kind.icon)}<span><b>${kind.title()}</b><span>${kind.text()}</span></span></label>`,
  )}</div></fieldset><div class="stack" data-asked></div>`;
  const dialog = openDialog(html`<form method="dialog" class="stack">
    <header><h2>${title}</h2>${closeButton()}</header>
    ${first}${asksKind ? kinds : null}
    <div class="actions"><button type="button" data-close>${no}</button><button value="yes" class="primary">${yes}</button></div>
  </form>`, "middle");
  const form = /** @type {HTMLFormElement} */ (dialog.querySelector("form"));
  const kind = () => kindOf(String(new FormData(form).get("kind") ?? "image"));
  const settings = () => kind().settings().filter((setting) => setting.asked);
  form.addEventListener("change", (event) => {
    const place = form.querySelector("[data-asked]");
    if (!place || /** @type {HTMLInputElement} */ (event.target).name !== "kind") return;
    render(place, html`${settings().map((setting) => choices(setting, setting.first))}`);
  });
  /** @type {HTMLInputElement | null} */ (form.querySelector("#asked"))?.select();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      if (dialog.returnValue !== "yes") return resolve(null);
      const said = new FormData(form);
      const own = settings().map(({ name, choices: all, first: usual }) => [name, all[Number(said.get(name))]?.value ?? usual]);
      return resolve({ form: said, kind: { kind: kind().name, ...Object.fromEntries(own) } });
    });
  });
}
