// @ts-check
/** The teacher's page: the code; then every group's projects, the class's end, the camera. */
import "../elements/camera-settings.js";
import { animal } from "../lib/animals.js";
import { api } from "../lib/api.js";
import { confirm } from "../lib/dialogs.js";
import { part } from "../lib/dom.js";
import { count, size, when } from "../lib/format.js";
import { attempt, session, wordsOf } from "../lib/frame.js";
import { html, icon, render } from "../lib/html.js";
import { _, ngettext } from "../lib/i18n.js";
import { projectCards } from "./project-cards.js";
import { goesWithTheClass, setClockOnArrival, showAppliance } from "./teacher-appliance.js";

/** @typedef {import("../lib/types.js").Project} Project */
/** @typedef {{ ends_at: string | null, prolonged: boolean, goes: Record<"groups" | "projects" | "samples" | "models" | "bytes", number> }} Class */

const HOURS = [2, 24, 72, 168];

// --- the code ----------------------------------------------------------------------------

function askForCode() {
  const form = /** @type {HTMLFormElement} */ (part(document, "code-form"));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const field = /** @type {HTMLInputElement} */ (form.querySelector("input"));
    const place = part(document, "code-error");
    try {
      await api.enterCode(field.value);
      await setClockOnArrival();
      location.reload();
    } catch (error) {
      place.hidden = false;
      render(place, html`${icon("triangle-alert")}<span>${wordsOf(error)}</span>`);
      field.select();
    }
  });
}

// --- the class's end ---------------------------------------------------------------------

/** @param {Class} now */
function goes(now) {
  // Translators: how many groups there are, in the list of what the class's end erases.
  const groups = ngettext("{n} group", "{n} groups", now.goes.groups, { n: count(now.goes.groups) });
  // Translators: how many projects there are, in the list of what the class's end erases.
  const projects = ngettext("{n} project", "{n} projects", now.goes.projects, { n: count(now.goes.projects) });
  // Translators: how many pictures there are, in the list of what the class's end erases.
  const samples = ngettext("{n} picture", "{n} pictures", now.goes.samples, { n: count(now.goes.samples) });
  // Translators: how many models there are, in the list of what the class's end erases.
  const models = ngettext("{n} model", "{n} models", now.goes.models, { n: count(now.goes.models) });
  return [groups, projects, samples, models, size(now.goes.bytes)];
}

/** @param {Class} now */
function showClass(now) {
  // Translators: when the class's work is erased by itself. {when} is an hour, or a day and an hour.
  const ends = now.ends_at ? _("By itself, everything is erased at this time: {when}.", { when: when(now.ends_at) }) : "";
  // Translators: the kit's clock was never set, or no group has joined yet, so no hour can be given.
  const unknown = _("The kit erases everything this evening by itself. It cannot say at what time yet.");
  part(document, "ends").textContent = ends || unknown;
  // Translators: before the list of what the class's end erases.
  const what = _("What goes:");
  render(part(document, "goes"), html`<span>${what}</span>${goes(now).map((one) => html`<span>${one}</span>`)}`);
}

/** @param {Class} now */
async function endClass(now) {
  // Translators: title of the question before the class is ended.
  const title = _("End the class and erase everything?");
  // Translators: what goes at the class's end. {list} is such as "3 groups, 5 projects, 240 pictures".
  const text = _("This goes for good: {list}. What should stay must be saved as a file before.", { list: goes(now).join(", ") });
  // Translators: the button that ends the class.
  const yes = _("Erase everything");
  if (!(await confirm({ title, text: `${text} ${goesWithTheClass()}`.trim(), yes, danger: true }))) return;
  await attempt(async () => {
    await api.endClass();
    location.reload();
  });
}

async function showTheClass() {
  const hours = part(document, "hours");
  render(
    hours,
    html`${HOURS.map((n) => html`<option value="${n}">${lasting(n)}</option>`)}`,
  );
  let now = /** @type {Class} */ (await api.classNow());
  showClass(now);
  part(document, "end").addEventListener("click", () => void endClass(now));
  part(document, "prolong").addEventListener("click", () =>
    void attempt(async () => {
      now = await api.prolong(Number(/** @type {HTMLSelectElement} */ (hours).value));
      showClass(now);
    }),
  );
}

// --- camera and projects -----------------------------------------------------------------

async function showCamera() {
  const settings = /** @type {import("../elements/camera-settings.js").KitCameraSettings} */ (part(document, "camera"));
  settings.camera = await api.camera();
  settings.addEventListener("camera-changed", (event) => {
    void attempt(async () => {
      settings.camera = await api.setCamera(/** @type {CustomEvent} */ (event).detail);
    });
  });
}

async function showGroups() {
  const { projects } = /** @type {{ projects: Project[] }} */ (await api.projects());
  /** @type {Map<string, Project[]>} */
  const spaces = new Map();
  for (const project of projects) spaces.set(project.space_id, [...(spaces.get(project.space_id) ?? []), project]);
  // Translators: no group has made a project yet.
  const none = _("No group has a project yet.");
  // Translators: heading over the projects that belong to the kit itself, not to a group.
  const kit = _("The kit itself");
  const place = part(document, "groups");
  render(
    place,
    spaces.size
      ? html`${[...spaces].map(([space, own]) => html`<section class="group"><h3>${animal(space)?.group ?? kit}</h3>${projectCards(own, 4)}</section>`)}`
      : html`<p class="empty">${none}</p>`,
  );
}

async function listenToGroups() {
  part(document, "groups").addEventListener("click", async (event) => {
    const button = /** @type {HTMLElement | null} */ (/** @type {Element} */ (event.target).closest("[data-act]"));
    const { id = "", act = "", name = "" } = button?.dataset ?? {};
    if (!button) return;
    // Translators: title of the question before a project is deleted.
    const title = _("Delete “{name}”?", { name });
    // Translators: what goes when a project is deleted.
    const text = _("Its pictures and its models are erased at once. This cannot be undone.");
    // Translators: the button that deletes a project.
    const yes = _("Delete the project");
    if (act === "remove" && !(await confirm({ title, text, yes, danger: true }))) return;
    await attempt(() => (act === "remove" ? api.removeProject(id) : api.duplicateProject(id)));
    await attempt(showGroups);
  });
}

if (!session.teacher) askForCode();
else {
  if (session.mode === "class") void attempt(showTheClass);
  void showAppliance();
  void attempt(showCamera);
  void attempt(showGroups);
  void listenToGroups();
}

/** @param {number} hours */
function lasting(hours) {
  // Translators: choice of how much longer a class's work is kept.
  const some = ngettext("{n} hour", "{n} hours", hours);
  // Translators: choice of how much longer a class's work is kept.
  const days = ngettext("{n} day", "{n} days", hours / 24);
  return hours < 24 ? some : days;
}
