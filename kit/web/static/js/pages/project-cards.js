// @ts-check
/** Projects as cards: on the home page and on the teacher's. */
import { kindOf } from "../kinds/kind.js";
import { html, icon } from "../lib/html.js";
import { _, ngettext } from "../lib/i18n.js";

/** @typedef {import("../lib/types.js").Project} Project */

/**
 * @param {Project[]} projects @param {2 | 4} level of their headings
 * @param {import("../lib/html.js").Html | null} [first] stands before them
 */
export function projectCards(projects, level, first = null) {
  return html`<div class="projects">${first}${projects.map((project) => card(project, level))}</div>`;
}

/** @param {Project} project @param {2 | 4} level */
function card(project, level) {
  // Translators: how many labels a project has.
  const labels = ngettext("{n} label", "{n} labels", project.labels ?? 0);
  // Translators: marks the ready example among the projects.
  const example = _("Example");
  // Translators: the button with three dots on a project's card.
  const more = _("More about {name}", { name: project.name });
  // Translators: menu entry: makes a copy of the project.
  const duplicate = _("Duplicate");
  // Translators: menu entry: downloads the whole project as one file.
  const save = _("Save as a file (.kit.zip)");
  // Translators: menu entry: deletes the project.
  const remove = _("Delete the project");
  const kind = kindOf(project.kind);
  return html`<article class="card project" data-kind="${kind.name}">
    <div class="picture">${project.thumb_url ? html`<img src="${project.thumb_url}" alt="" loading="lazy">` : icon(kind.name === "image" ? "images" : kind.icon)}</div>
    <div class="about">
      <div><h${level} class="title"><a href="/projects/${project.id}">${project.name}</a></h${level}>
        <p class="soft small">${labels} · ${kind.words.samples(project.samples ?? 0)}</p>
        ${project.is_example ? html`<span class="tag">${example}</span>` : null}</div>
      <details class="menu"><summary class="button bare-icon">${icon("ellipsis-vertical")}<span class="unseen">${more}</span></summary>
        <div class="items">
          <button type="button" data-act="duplicate" data-id="${project.id}" data-name="${project.name}">${icon("copy")}${duplicate}</button>
          <a class="button" href="/api/projects/${project.id}/export" download>${icon("download")}${save}</a>
          <button type="button" class="leave" data-act="remove" data-id="${project.id}" data-name="${project.name}" data-kind="${kind.name}">${icon("trash-2")}${remove}</button>
        </div></details>
    </div>
  </article>`;
}
