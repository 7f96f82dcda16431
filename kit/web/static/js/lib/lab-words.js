// @ts-check
/** What the lab measures, in words, and its figures with what they rest on. */
import { locale, percent } from "./format.js";
import { html } from "./html.js";
import { _ } from "./i18n.js";

/** @typedef {import("./types.js").Experiment} Experiment */

/** Names of the cuts, as the server has them, and how many of the network's blocks they leave. */
const CUTS = /** @type {Record<string, number>} */ ({ "block-11": 11, "block-9": 9 });

/** @param {string | null} cut */
export const blocksOf = (cut) => (cut ? (CUTS[cut] ?? null) : null);

/** The groups of the list of experiments, each with the ids in it, in order. */
export function subjectGroups() {
  // Translators: group in the list of experiments: the network is used as it is, pictures are smaller.
  const whole = _("One answer, the whole network");
  /** @param {number} blocks */
  const cut = (blocks) => {
    // Translators: group in the list of experiments: the network is ended early. {blocks} of {all} are numbers.
    return _("One answer, the network ended after {blocks} of {all} blocks", { blocks, all: 16 });
  };
  // Translators: group in the list of experiments.
  const other = _("One answer, in other ways");
  // Translators: group in the list of experiments: trainings, bursts, live answers.
  const rest = _("Other work of the kit");
  // Translators: group in the list of experiments of a project of sounds or gestures.
  const answers = _("One answer");
  const sizes = [224, 160, 128, 96];
  return [
    { name: answers, ids: ["answer"] },
    { name: whole, ids: sizes.map((size) => `answer-${size}`) },
    { name: cut(11), ids: sizes.map((size) => `answer-${size}-block-11`) },
    { name: cut(9), ids: sizes.map((size) => `answer-${size}-block-9`) },
    { name: other, ids: ["answer-224-mean", "answer-224-neighbours", "answer-224-processors"] },
    { name: rest, ids: ["live", "burst", "training", "teaching", "nothing"] },
  ];
}

/** @param {string} subject */
export function subjectName(subject) {
  // Translators: an experiment: an answer by the method that compares with each label's mean picture.
  if (subject === "answer-224-mean") return _("One answer at 224 pixels, by the mean picture");
  // Translators: an experiment: an answer by the most similar pictures ("nearest neighbours").
  if (subject === "answer-224-neighbours") return _("One answer at 224 pixels, by the most similar pictures");
  // Translators: an experiment: an answer worked out by all of the computer's processors (cores) together, not by one.
  if (subject === "answer-224-processors") return _("One answer at 224 pixels, by all processors together");
  // Translators: an experiment: one second in which the kit answers to the camera again and again, as the page shows it live.
  if (subject === "live") return _("One second of live answers");
  // Translators: an experiment: what one picture of a burst costs: turned into a file, kept for good, looked at by the network.
  if (subject === "burst") return _("Keeping one picture of a burst");
  // Translators: an experiment: one training of the model, the samples already being prepared.
  if (subject === "training" || subject === "teaching") return _("One training");
  // Translators: an experiment in a project of sounds or gestures: from a kept clip, or from what the camera sees, to the answer.
  if (subject === "answer") return _("One answer, from the clip or the picture on");
  // Translators: an experiment: the kit does nothing; what the meter then finds is its own error.
  if (subject === "nothing") return _("The meter itself: a tenth of a second of nothing");
  const [, size, , blocks] = subject.split("-");
  // Translators: an experiment; {size} is the side of the picture in pixels, {blocks} of {all} blocks of the network are used.
  if (blocks) return _("One answer at {size} pixels, after {blocks} of {all} blocks", { size: size ?? "", blocks, all: 16 });
  // Translators: an experiment; {size} is the side of the picture in pixels.
  return _("One answer at {size} pixels", { size: size ?? "" });
}

const three = new Intl.NumberFormat(locale, { maximumSignificantDigits: 3 });

/** Three figures: more than any of these meters knows. @param {number} value */
export const figure = (value) => three.format(value);

/** @param {number} mj millijoules, as joules from a thousand on */
export const joules = (mj) => (Math.abs(mj) < 1000 ? `${figure(mj)}\u202fmJ` : `${figure(mj / 1000)}\u202fJ`);

/**
 * Energy with its rule: solid where it was measured, hatched and with the word where not.
 * @param {Experiment} one
 */
export function energyWords(one) {
  if (!one.energy) {
    // Translators: in the place of a figure that nobody could take.
    const none = _("no figure");
    return html`${none}`;
  }
  const { value, low, high } = one.energy.marginal_mj;
  const shown = `${figure(value)}\u202fmJ`;
  // Translators: a 95 % interval, in the unit of the figure before it.
  const between = _("{low} to {high}", { low: figure(low), high: figure(high) });
  const kind = one.label === "estimated" ? "estimated" : "measured";
  return html`<span class="${kind} number">${shown}</span><br><small class="number">${between}</small><br><small>${one.label_words}</small>`;
}

/** @param {Experiment} one */
export function rightWords(one) {
  if (!one.accuracy) return html`–`;
  const { right, n, low, high } = one.accuracy;
  // Translators: the honest count, such as "18 of 20 right".
  const honest = _("{right} of {n} right", { right, n });
  return html`${honest}<br><small>${percent(low)} – ${percent(high)}</small>`;
}

/** @param {Experiment} one */
export function timeWords(one) {
  if (one.live) {
    // Translators: how many answers there were in a second; {n} is a number.
    const many = _("{n} answers a second", { n: figure(one.live.answers_per_s) });
    // Translators: live answers were measured without the camera.
    const stored = _("stored pictures, no camera");
    return html`<span class="measured">${many}</span>${one.live.camera ? null : html`<br><small>${stored}</small>`}`;
  }
  if (!one.latency) return html`–`;
  const { median_ms, low_ms, high_ms } = one.latency;
  return html`<span class="measured">${figure(median_ms)}\u202fms</span><br><small>${figure(low_ms)} – ${figure(high_ms)}</small>`;
}
