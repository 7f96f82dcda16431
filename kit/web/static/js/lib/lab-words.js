// @ts-check
/** What the lab measures, in words, and its figures with what they rest on. */
import { locale } from "./format.js";
import { html } from "./html.js";
import { _ } from "./i18n.js";

/** @typedef {import("./types.js").Experiment} Experiment */

/** What may be measured, in the order of the list. */
export const SUBJECTS = [
  "answer-224",
  "answer-160",
  "answer-128",
  "answer-96",
  "answer-224-mean",
  "answer-224-neighbours",
  "training",
  "nothing",
];

/** @param {string} subject */
export function subjectName(subject) {
  // Translators: an experiment: an answer by the method that compares with each label's mean picture.
  if (subject === "answer-224-mean") return _("One answer at 224 pixels, by the mean picture");
  // Translators: an experiment: an answer by the most similar pictures ("nearest neighbours").
  if (subject === "answer-224-neighbours") return _("One answer at 224 pixels, by the most similar pictures");
  // Translators: an experiment: one training of the model, the pictures already being prepared.
  if (subject === "training") return _("One training");
  // Translators: an experiment: the kit does nothing; what the meter then finds is its own error.
  if (subject === "nothing") return _("The meter itself: a tenth of a second of nothing");
  // Translators: an experiment; {size} is the side of the picture in pixels.
  return _("One answer at {size} pixels", { size: subject.replace("answer-", "") });
}

const three = new Intl.NumberFormat(locale, { maximumSignificantDigits: 3 });

/** Three figures: more than any of these meters knows. @param {number} value */
export const figure = (value) => three.format(value);

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
