// @ts-check
/** Which microphone the kit listens with. */
import { part, say, send } from "../lib/dom.js";
import { html, icon, render } from "../lib/html.js";
import { _ } from "../lib/i18n.js";

/** @typedef {import("../lib/types.js").Microphone} Microphone */

/** Sends `microphone-changed` {name}. */
export class KitMicrophoneSettings extends HTMLElement {
  #names = "";

  /** @param {Microphone} microphone */
  set microphone(microphone) {
    const chosen = microphone.settings?.name ?? microphone.name;
    const names = [...new Set(["auto", ...microphone.available, chosen, "none"])];
    if (this.#names !== names.join()) this.#build(names);
    this.#names = names.join();
    /** @type {HTMLSelectElement} */ (part(this, "name")).value = chosen;
    const trouble = part(this, "trouble");
    trouble.hidden = !microphone.message;
    say(part(this, "trouble-words"), microphone.message ?? "");
  }

  /** @param {string[]} names */
  #build(names) {
    // Translators: heading of the list of microphones.
    const which = _("Microphone");
    // Translators: what a good microphone for the class is.
    const tip = _("A USB headset or a table microphone does. Pass it around: one group records at a time.");
    render(
      this,
      html`<form class="stack"><div class="field"><label for="microphone-name">${which}</label>
          <select id="microphone-name" data-part="name">${names.map((name) => html`<option value="${name}">${microphoneName(name)}</option>`)}</select>
          <p class="error" role="status" data-part="trouble" hidden>${icon("mic-off")}<span data-part="trouble-words"></span></p></div>
        <p class="soft small">${tip}</p></form>`,
    );
    const form = /** @type {HTMLFormElement} */ (this.querySelector("form"));
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("change", () => send(this, "microphone-changed", { name: /** @type {HTMLSelectElement} */ (part(this, "name")).value }));
  }
}

/** @param {string} name as the kit calls it: "alsa:USB PnP Sound Device" */
function microphoneName(name) {
  const [kind, device] = [name.split(":")[0] ?? name, name.split(":").slice(1).join(":")];
  // Translators: choice in the list of microphones: the best one that is found.
  const auto = _("The best one found");
  // Translators: choice in the list of microphones: none at all.
  const none = _("No microphone");
  // Translators: choice in the list of microphones: what the system calls its usual one.
  const alsa = _("The kit's usual microphone");
  // Translators: choice in the list of microphones: it replays recordings, for trying out.
  const fake = _("Replayed recordings (not a microphone)");
  if (kind === "alsa" && device) return device;
  const words = { auto, none, alsa, fake }[kind] ?? kind;
  return device ? `${words} · ${device.split("/").filter(Boolean).pop() ?? device}` : words;
}

customElements.define("kit-microphone-settings", KitMicrophoneSettings);
