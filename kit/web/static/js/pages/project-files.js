// @ts-check
/** Files on their way to the kit: a few at a time, with progress, and a list of what it could not take. */
import { api } from "../lib/api.js";
import { closeButton, openDialog } from "../lib/dialogs.js";
import { count } from "../lib/format.js";
import { problem, toasts } from "../lib/frame.js";
import { html } from "../lib/html.js";
import { _, ngettext } from "../lib/i18n.js";

/** @typedef {{ name: string, error: { message: string } }} Refused */
/** @typedef {{ say: (text: string) => void, close: () => void }} Notice */

/** One request never holds more: the kit takes 60 files, and a slow Wi-Fi should show progress. */
const FILES_A_REQUEST = 8;
const BYTES_A_REQUEST = 30e6;

/**
 * @param {string} id of the project @param {import("../kinds/kind.js").Kind} kind
 * @param {string} label @param {(File | Blob)[]} all
 * @param {{ source?: import("../lib/api.js").SampleSource, burst?: string | null, notice?: Notice, refused?: Refused[] }} [how]
 *   without a burst each file is its own; refused: what this page could not even read
 */
export async function sendFiles(id, kind, label, all, { source = "file", burst = null, notice, refused = [] } = {}) {
  const said = notice ?? toasts.show({ text: "…", progress: true });
  let kept = 0;
  let at = 0;
  try {
    while (at < all.length) {
      const request = nextRequest(all, at);
      // Translators: while files travel to the kit.
      said.say(_("Sending: {done} of {all}", { done: count(at), all: count(all.length) }));
      const answer = await api.addSamples(id, label, request, source, burst);
      refused.push(...answer.refused);
      kept += answer.samples.length;
      at += request.length;
    }
    const samples = kind.words.samples(kept);
    if (refused.length) sayRefused(refused, kept ? samples : "");
    // Translators: after samples were added. {pictures} is such as "3 pictures" or "3 clips".
    else toasts.show({ text: _("Added: {pictures}.", { pictures: samples }) });
  } catch (error) {
    problem(error);
  } finally {
    said.close();
  }
}

/** @param {(File | Blob)[]} all @param {number} at */
function nextRequest(all, at) {
  let bytes = 0;
  const request = [];
  for (const file of all.slice(at, at + FILES_A_REQUEST)) {
    bytes += file.size;
    if (request.length && bytes > BYTES_A_REQUEST) break;
    request.push(file);
  }
  return request;
}

/** @param {Refused[]} refused @param {string} kept such as "3 pictures"; empty: none */
function sayRefused(refused, kept) {
  // Translators: title of the list of files that the kit could not take.
  const title = ngettext("{n} file could not be taken", "{n} files could not be taken", refused.length);
  // Translators: the other files were taken. {pictures} is such as "3 pictures" or "3 clips".
  const rest = _("Added all the same: {pictures}.", { pictures: kept });
  openDialog(html`<header><h2>${title}</h2>${closeButton()}</header>
    <ul class="stack">${refused.map((one) => html`<li><b>${one.name}</b><br>${one.error.message}</li>`)}</ul>
    ${kept ? html`<p class="soft">${rest}</p>` : null}`);
}
