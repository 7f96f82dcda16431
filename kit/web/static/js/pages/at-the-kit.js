// @ts-check
/** On the kit's own screen, beside each page's own module: letters to press, and the way back. */
import "../elements/keys.js";
import { fieldOf } from "../elements/keys.js";
import { html, icon, render } from "../lib/html.js";
import { _ } from "../lib/i18n.js";

const HAS_KEYS = "kit-has-keys";
const keys = /** @type {import("../elements/keys.js").KitKeys} */ (document.createElement("kit-keys"));
keys.hidden = true;
document.body.append(keys);

document.addEventListener("focusin", (event) => {
  const field = fieldOf(event.target);
  if (!sessionStorage.getItem(HAS_KEYS)) keys.field = field?.readOnly || field?.disabled ? null : field;
});
document.addEventListener("focusout", (event) => {
  if (!fieldOf(event.relatedTarget)) keys.field = null;
});
document.addEventListener("keydown", (event) => {
  // Somebody has plugged in a keyboard: ours would only be in the way.
  if (!event.isTrusted || event.key.length > 1) return;
  sessionStorage.setItem(HAS_KEYS, "yes");
  keys.field = null;
});

const back = document.createElement("a");
back.className = "button quiet";
back.href = "/screen";
// Translators: link on the kit's own screen, to the page that shows how tablets join.
const join = _("Join");
render(back, html`${icon("tablet-smartphone")}<span class="word">${join}</span>`);
document.querySelector("header.top nav")?.prepend(back);
