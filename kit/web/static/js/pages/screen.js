// @ts-check
/** The projector's page at the kit: who is here, and the way into the lesson. */
import { animal } from "../lib/animals.js";
import { api } from "../lib/api.js";
import { part, say } from "../lib/dom.js";
import { attempt, pageData } from "../lib/frame.js";
import { html, icon, render } from "../lib/html.js";
import { _, ngettext } from "../lib/i18n.js";

/** @typedef {{ groups: { animal: string | null, screens: number }[], nobody: number, wifi_on: boolean }} Now */

const ASK_EVERY_MS = 4000;
const CODE_SHOWN_MS = 20_000;

/** @param {Now} now */
function show({ groups, nobody, wifi_on: on }) {
  const screens = groups.reduce((sum, group) => sum + group.screens, nobody);
  // Translators: on the projector: how many tablets and computers have joined.
  say(part(document, "count"), ngettext("{n} screen", "{n} screens", screens));
  // Translators: on the projector, in place of a group's name: screens without a group.
  const choosing = _("choosing a group");
  // Translators: on the projector, in place of a group's name: the screen at the kit itself.
  const here = _("this screen");
  const rows = groups.map((group) => ({ ...known(group.animal, here), screens: group.screens }));
  if (nobody) rows.push({ name: choosing, icon: "tablet-smartphone", screens: nobody });
  render(
    part(document, "groups"),
    html`${rows.map((row) => html`<li>${icon(row.icon)}<span>${row.name}</span>${row.screens > 1 ? html`<span class="number">× ${row.screens}</span>` : null}</li>`)}`,
  );
  if (on !== pageData["wifi_on"]) location.reload(); // another passphrase perhaps, or none
}

/** @param {string | null} key @param {string} here */
function known(key, here) {
  const found = animal(key);
  return found ? { name: found.name, icon: found.icon } : { name: here, icon: "house" };
}

/** A question that fails is asked again: nobody stands before a projector to read a notice. */
async function ask() {
  const now = await api.screen().catch(() => null);
  if (now) show(now);
}

part(document, "sit").addEventListener("click", () =>
  attempt(async () => {
    await api.sitAtTheKit();
    location.assign("/");
  }),
);

document.querySelector("[data-part=switch-on]")?.addEventListener("click", () => attempt(() => api.switchWifi(true).then(ask)));

const code = /** @type {HTMLDetailsElement} */ (document.querySelector("details.code"));
code.addEventListener("toggle", () => {
  if (code.open) window.setTimeout(() => (code.open = false), CODE_SHOWN_MS); // the class looks on
});

window.setInterval(() => void ask(), ASK_EVERY_MS);
void ask();
