// @ts-check
/** What every page has: its data from the server, menus that close, the footer's hour, notices. */
import { watchBooking } from "../elements/booking.js";
import "../elements/toasts.js";
import { closeMenus } from "./dom.js";
import { when } from "./format.js";
import { _ } from "./i18n.js";
import { animal } from "./animals.js";
import { api, ApiError } from "./api.js";

/** @typedef {import("./types.js").Session} Session */

/** @type {Session} */
export const session = JSON.parse(document.body.dataset["session"] ?? "{}");

/** @type {Record<string, any>} */
export const pageData = JSON.parse(document.body.dataset["page"] ?? "{}");

export const toasts = /** @type {import("../elements/toasts.js").KitToasts} */ (document.querySelector("kit-toasts"));

/** Words for anything that can be thrown. @param {unknown} error */
export function wordsOf(error) {
  if (error instanceof ApiError || error instanceof Error) return error.message;
  return String(error);
}

/** Shows what went wrong; the page stays as it is. @param {unknown} error */
export function problem(error) {
  toasts.show({ text: wordsOf(error), problem: true });
}

/**
 * Does it, and says so if it fails.
 * @template Result @param {() => Promise<Result>} deed @returns {Promise<Result | undefined>}
 */
export async function attempt(deed) {
  try {
    return await deed();
  } catch (error) {
    problem(error);
    return undefined;
  }
}

/** @param {string | null} endsAt */
function footerWords(endsAt) {
  // Translators: footer of a kit used by whoever sits at it: where the data are, until when.
  const local = _("Everything stays on this kit until you delete it.");
  if (session.mode !== "class") return local;
  // Translators: footer during a class, where the kit cannot say the hour: its clock was never set.
  const evening = _("Everything stays on this kit and is erased this evening by itself.");
  if (!endsAt) return evening;
  // Translators: footer during a class. {when} is such as "6 pm" or "Monday 23 November, 6 pm".
  return _("Everything stays on this kit and is erased by itself at this time: {when}.", { when: when(endsAt) });
}

closeMenus();
if (!pageData["project_id"]) watchBooking(); // a project's page hears it among its news
for (const place of document.querySelectorAll("[data-keeps]")) place.textContent = footerWords(session.class_ends_at);
for (const place of document.querySelectorAll("[data-group]")) {
  const group = animal(session.animal)?.group ?? "";
  place.textContent = group;
  /** @type {HTMLElement} */ (place.closest("[data-group-chip]") ?? place).hidden = group === "";
}
for (const button of document.querySelectorAll("[data-leave]")) {
  button.addEventListener("click", () =>
    attempt(async () => {
      await api.leave();
      location.assign("/");
    }),
  );
}

// The page's own module is the last of them to run, in this very turn; then all its buttons have ears.
setTimeout(() => document.dispatchEvent(new Event("kit-hears")));
