// @ts-check
/** Clips: heard one at a time, and cut in a window of their own. */
import "../elements/trim.js";
import { api } from "../lib/api.js";
import { closeButton, openDialog } from "../lib/dialogs.js";
import { attempt, problem, toasts } from "../lib/frame.js";
import { html } from "../lib/html.js";
import { _ } from "../lib/i18n.js";
import { decodeWav, encodeWav } from "../lib/wav.js";

/** @typedef {import("../lib/types.js").Sample} Sample */

/** One player: the next clip ends the one before. */
const player = new Audio();
let address = "";

/** @param {Sample} sample */
export function hear(sample) {
  if (sample.sound_url) play(sample.sound_url);
}

/** @param {string} url */
function play(url) {
  player.src = url;
  player.play().catch((error) => {
    if (!(error instanceof DOMException && error.name === "AbortError")) problem(error); // the next one began
  });
}

/**
 * @param {string} id of the project @param {Sample} sample
 * @param {(deed: () => Promise<unknown>) => Promise<unknown>} change
 */
export async function openTrim(id, sample, change) {
  const clip = await attempt(() => api.sound(`${sample.sound_url}&whole=1`).then(decodeWav));
  if (!clip) return;
  const { samples, rateHz } = clip;
  // Translators: title of the window where a clip is cut to one second.
  const title = _("Choose the second to keep");
  const dialog = openDialog(html`<header><h2>${title}</h2>${closeButton()}</header><kit-trim></kit-trim>`);
  const trim = /** @type {import("../elements/trim.js").KitTrim} */ (dialog.querySelector("kit-trim"));
  trim.clip = { samples, rateHz, startMs: loudestMs(samples, rateHz), trimmed: sample.trimmed ?? false };
  trim.addEventListener("trim-hear", (event) => {
    const from = Math.round((/** @type {CustomEvent} */ (event).detail.start_ms / 1000) * rateHz);
    URL.revokeObjectURL(address);
    address = URL.createObjectURL(encodeWav(samples.subarray(from, from + rateHz), rateHz));
    play(address);
  });
  trim.addEventListener("trim-keep", (event) => {
    const { start_ms } = /** @type {CustomEvent} */ (event).detail;
    dialog.close();
    void change(() => api.trim(id, sample.id, start_ms)).then(() => {
      // Translators: after a clip was cut to one second, with a button that undoes it.
      const text = _("The clip is cut to this second.");
      toasts.show({ text, undo: () => void change(() => api.trim(id, sample.id, null)) });
    });
  });
  trim.addEventListener("trim-back", () => {
    dialog.close();
    void change(() => api.trim(id, sample.id, null));
  });
  dialog.addEventListener("close", () => player.pause());
}

/** Where the loudest second begins, so that the window opens where the kit listens. @param {Float32Array} samples @param {number} rateHz */
function loudestMs(samples, rateHz) {
  const step = Math.round(rateHz / 50);
  const energies = Array.from({ length: Math.floor(samples.length / step) }, (_none, index) =>
    samples.subarray(index * step, (index + 1) * step).reduce((sum, sample) => sum + sample * sample, 0),
  );
  let [best, most] = [0, -1];
  for (let start = 0; start + 50 <= energies.length; start += 1) {
    const energy = energies.slice(start, start + 50).reduce((sum, one) => sum + one, 0);
    if (energy > most) [best, most] = [start, energy];
  }
  return best * 20;
}
