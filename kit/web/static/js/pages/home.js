// @ts-check
/** The home page: pick an animal, or see the projects. */
import { api } from "../lib/api.js";
import { animal } from "../lib/animals.js";
import { closeButton, confirm, openDialog } from "../lib/dialogs.js";
import { part } from "../lib/dom.js";
import { percent } from "../lib/format.js";
import { attempt, session, toasts } from "../lib/frame.js";
import { html, icon, render } from "../lib/html.js";
import { _, ngettext } from "../lib/i18n.js";
import { kindOf } from "../kinds/kind.js";
import { askForKind, askForProject } from "./home-create.js";
import { projectCards } from "./project-cards.js";

/** @typedef {import("../lib/types.js").Project} Project */
/** @typedef {import("../lib/types.js").Activity} Activity */
/** @typedef {{ project_id: string, passed_over: { count: number, files: { name: string, message: string }[] }, renamed: { was: string, is: string }[] }} Imported */

/** @param {{ id?: string, project?: Project }} made */
const open = (made) => location.assign(`/projects/${made.project?.id ?? made.id}`);

// --- which animal ------------------------------------------------------------------------

async function showAnimals() {
  const place = part(document, "animals");
  const { groups } = await api.groups();
  // Translators: under an animal that a screen has picked already.
  const taken = _("already picked");
  render(
    place,
    html`${groups.map((/** @type {{ animal: string, taken: boolean }} */ group) => {
      const known = animal(group.animal);
      return html`<li><button type="button" data-animal="${group.animal}">${icon(known?.icon ?? "paw-print")}<span>${known?.name}</span>${
        group.taken ? html`<span class="taken">${taken}</span>` : null
      }</button></li>`;
    })}`,
  );
  place.addEventListener("click", (event) => {
    const button = /** @type {HTMLElement | null} */ (/** @type {Element} */ (event.target).closest("[data-animal]"));
    if (button) void pick(button.dataset["animal"] ?? "", groups);
  });
}

/** @param {string} key @param {{ animal: string, taken: boolean }[]} groups */
async function pick(key, groups) {
  const name = animal(key)?.group ?? key;
  if (groups.some((group) => group.animal === key && group.taken)) {
    // Translators: question when an animal is taken already. {group} is such as "the Squirrel group".
    const title = _("Is this screen one of {group}?", { group: name });
    // Translators: under that question.
    const text = _("Another screen has picked this animal. You will see and change the same projects.");
    // Translators: button: yes, this screen belongs to that group.
    const yes = _("Yes, we are the same group");
    if (!(await confirm({ title, text, yes }))) return;
  }
  await attempt(async () => {
    await api.joinGroup(key);
    location.reload();
  });
}

// --- projects ----------------------------------------------------------------------------

async function showProjects() {
  const { projects } = /** @type {{ projects: Project[] }} */ (await api.projects());
  // A teacher who is in a group sees that group here, and everybody's on the teacher's page.
  const own = session.mode === "class" ? projects.filter((one) => one.space_id === session.actor?.space_id) : projects;
  const shown = session.actor?.space_id ? own : projects;
  const list = part(document, "list");
  const example = shown.find((one) => one.is_example);
  const first = shown.every((one) => one.is_example) ? welcome(example ?? null) : null;
  render(list, projectCards(shown, 2, first));
  part(document, "example").hidden = shown.some((one) => one.is_example);
}

/**
 * What this is and what to do first, until there is a project of one's own.
 * @param {Project | null} example
 */
function welcome(example) {
  // Translators: heading of the card for a first visitor.
  const title = _("Teach a machine, then check what it has learnt");
  // Translators: title of the first card: show objects to the camera.
  const show = _("Show");
  // Translators: what the step Show is, for a first visitor.
  const showing = _("A few pictures of each object.");
  // Translators: the button that trains the model.
  const train = _("Train");
  // Translators: what the step Train is, for a first visitor.
  const training = _("The kit learns in about a second.");
  // Translators: title of the third card: check the model.
  const check = _("Check");
  // Translators: what the step Check is, for a first visitor.
  const checking = _("Show the objects again: how often is it wrong?");
  // Translators: link of a first visitor's card to the ready example project.
  const open = _("Open the example");
  // Translators: beside "Open the example". "New project" is a button.
  const or = _("It needs no camera. For your own objects, press “New project”.");
  // Translators: what to do on an empty home page. The words in quotes are buttons.
  const text = _("Press “New project” and show two objects, or look at the ready example first: it needs no camera.");
  const steps = [[show, showing], [train, training], [check, checking]];
  return html`<section class="card welcome"><h2>${title}</h2>
    <ol>${steps.map(([name, what], index) => html`<li><span class="step" aria-hidden="true">${index + 1}</span><span><b>${name}</b> ${what}</span></li>`)}</ol>
    ${example
      ? html`<div class="row"><a class="button primary" href="/projects/${example.id}">${icon("play")}${open}</a><span>${or}</span></div>`
      : html`<p>${text}</p>`}</section>`;
}

/** @param {string} id @param {string} verb @param {string} name @param {string} kind */
async function act(id, verb, name, kind) {
  if (verb === "duplicate") {
    await api.duplicateProject(id);
  } else if (verb === "remove") {
    // Translators: title of the question before a project is deleted.
    const title = _("Delete “{name}”?", { name });
    const text = kindOf(kind).words.goes();
    // Translators: the button that deletes a project.
    const yes = _("Delete the project");
    if (!(await confirm({ title, text, yes, danger: true }))) return;
    await api.removeProject(id);
  }
  await showProjects();
}

/** @param {string | null} activity @param {string} name */
async function create(activity, name) {
  const wanted = await askForProject(activity, name);
  if (wanted) await attempt(async () => open(await api.createProject(wanted)));
}

/** @param {File} file */
async function importFile(file) {
  // A project file says itself what it holds.
  const wanted = /\.kit\.zip$/i.test(file.name) ? { kind: "image" } : await askForKind(file.name);
  if (!wanted) return;
  const opening = (/** @type {number} */ done) => {
    // Translators: while a project file is read. {share} is such as "40 %".
    return _("Opening {name}: {share}", { name: file.name, share: percent(done) });
  };
  const notice = toasts.show({ text: opening(0), progress: true });
  await attempt(async () => {
    const { job } = await api.importProject(file, wanted);
    const { result } = await api.ended(job, (done) => notice.say(opening(done)));
    if (!result) return;
    const told = result["passed_over"].count > 0 || result["renamed"].length > 0;
    if (told) await sayWhatChanged(/** @type {Imported} */ (result));
    open({ id: result["project_id"] });
  });
  notice.close();
}

/** What of a file could not be taken as it was, before its project opens. @param {Imported} result */
function sayWhatChanged({ passed_over, renamed }) {
  // Translators: title of the window after a project file was opened, where not all of it could be taken.
  const title = _("Opened, with these differences");
  // Translators: after a project file was opened: what of it was not taken. A list follows.
  const passed = ngettext("{n} file passed over:", "{n} files passed over:", passed_over.count);
  const others = passed_over.count - passed_over.files.length;
  // Translators: end of a list of files that is too long to be shown whole.
  const more = ngettext("and {n} more", "and {n} more", others);
  // Translators: after a project file was opened: names of labels that the kit had to change. A list follows.
  const names = ngettext("{n} label renamed:", "{n} labels renamed:", renamed.length);
  // Translators: the button that goes on to the project.
  const go = _("Open the project");
  const dialog = openDialog(html`<header><h2>${title}</h2>${closeButton()}</header>
    ${passed_over.count ? html`<h3>${passed}</h3><ul class="told">${passed_over.files.map((one) => html`<li><b>${one.name}</b> ${one.message}</li>`)}${others ? html`<li>${more}</li>` : null}</ul>` : null}
    ${renamed.length ? html`<h3>${names}</h3><ul class="told">${renamed.map((one) => html`<li>“${one.was}” → “${one.is}”</li>`)}</ul>` : null}
    <div class="actions"><button type="button" class="primary" data-close autofocus>${go}</button></div>`);
  return new Promise((resolve) => dialog.addEventListener("close", resolve));
}

async function showActivities() {
  const { activities } = /** @type {{ activities: Activity[] }} */ (await api.activities());
  if (activities.length === 0) return;
  part(document, "activities").hidden = false;
  // Translators: button: starts an activity with a project of its own.
  const start = _("Start");
  // Translators: link: the teacher's guide to an activity.
  const guide = _("Teacher's guide");
  // Translators: link: the notice on data that a teacher hangs up.
  const notice = _("Notice to hang up");
  const place = part(document, "activity-list");
  render(
    place,
    html`${activities.map((one) => {
      if (one.refused) return html`<article class="card activity-card"><h3>${one.name}</h3><p class="error">${icon("triangle-alert")}<span>${one.refused}</span></p></article>`;
      const minutes = lasting(one.minutes ?? 0);
      return html`<article class="card activity-card"><h3>${one.title}</h3><p>${one.promise}</p><p class="soft with-icon">${icon("timer")}${minutes}</p>
        <div class="row"><button type="button" class="primary" data-start="${one.name}" data-title="${one.title}">${icon("play")}${start}</button></div>
        <div class="links"><a href="/activities/${one.name}/guide">${guide}</a><a href="/activities/${one.name}/notice">${notice}</a></div></article>`;
    })}`,
  );
  place.addEventListener("click", (event) => {
    const button = /** @type {HTMLElement | null} */ (/** @type {Element} */ (event.target).closest("[data-start]"));
    if (button) void create(button.dataset["start"] ?? null, button.dataset["title"] ?? "");
  });
}

// --- the page ----------------------------------------------------------------------------

if (session.actor === null) void attempt(showAnimals);
else {
  const list = part(document, "list");
  list.addEventListener("click", (event) => {
    const button = /** @type {HTMLElement | null} */ (/** @type {Element} */ (event.target).closest("[data-act]"));
    const { id = "", act: verb = "", name = "", kind = "" } = button?.dataset ?? {};
    if (button) void attempt(() => act(id, verb, name, kind));
  });
  part(document, "create").addEventListener("click", () => void create(null, ""));
  part(document, "example").addEventListener("click", () => void attempt(async () => open(await api.addExample())));
  const file = /** @type {HTMLInputElement} */ (part(document, "import-file"));
  part(document, "import").addEventListener("click", () => file.click());
  file.addEventListener("change", () => {
    const chosen = file.files?.[0];
    file.value = "";
    if (chosen) void importFile(chosen);
  });
  void attempt(showProjects);
  void attempt(showActivities);
}

/** @param {number} minutes */
function lasting(minutes) {
  // Translators: how long an activity takes with the class.
  return ngettext("{n} minute", "{n} minutes", minutes);
}
