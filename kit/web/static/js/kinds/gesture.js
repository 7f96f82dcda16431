// @ts-check
/** Projects of gestures: hands before a camera, of which only 21 points each are kept. */
import { count } from "../lib/format.js";
import { _, ngettext } from "../lib/i18n.js";
import { image } from "./image.js";

/** @type {import("./kind.js").Words} */
const words = {
  ...image.words, // the camera, the showings and how they are taken
  samples(n) {
    // Translators: how many gestures (hand signs) there are. French: "geste".
    return ngettext("{count} gesture", "{count} gestures", n, { count: count(n) });
  },
  taking(burst) {
    const gestures = words.samples(burst.samples);
    const missed = burst.without_hand ?? 0;
    // Translators: while gestures are taken: pictures in which no hand was found; they are not kept.
    const without = ngettext("{count} without a hand", "{count} without a hand", missed, { count: count(missed) });
    return missed ? `${gestures} · ${without}` : gestures;
  },
  firstTitle() {
    // Translators: heading where a project of gestures has no label yet.
    return _("Show a first gesture");
  },
  firstText() {
    // Translators: what to do in an empty project of gestures. "Add" and "Show" are buttons.
    return _("Write its name below and press Add. Then hold your hand in front of the camera, press Show and turn it a little.");
  },
  twoFirst() {
    // Translators: in the answer's place, before two labels have gestures.
    return _("Show two gestures: the answer appears here at once.");
  },
  reading() {
    // Translators: while the kit takes in gestures that it has not looked at yet, such as in a project that came from a file.
    return _("Looking through the gestures…");
  },
  soon() {
    // Translators: in the answer's place, in a project of gestures, while no hand is seen.
    return _("No hand in sight. Show your hand to the camera.");
  },
  tooFew() {
    // Translators: why the Train button cannot be pressed yet, in a project of gestures.
    return _("Show at least two gestures first: there is nothing to tell apart yet.");
  },
  all() {
    // Translators: menu entry that opens all gestures of a label, where they are moved or deleted.
    return [_("See all gestures"), "hand"];
  },
  allOf(name) {
    // Translators: spoken label of the button that opens all gestures of a label.
    return _("See all gestures of {name}", { name });
  },
  noneYet() {
    // Translators: shown where a label has no gesture yet.
    return _("No gesture yet");
  },
  titleOf(name) {
    // Translators: title of the window with all gestures of a label.
    return _("Gestures of “{name}”", { name });
  },
  noneHere() {
    // Translators: a label without gestures, in the dialog that shows them all.
    return _("No gesture yet. Close this window and show this gesture to the camera.");
  },
  one(number) {
    // Translators: alternative text of the drawing of one hand in a list. {number} is its place.
    return _("Gesture {number}", { number });
  },
  older() {
    // Translators: button: fetches older gestures.
    return _("Show older gestures");
  },
  chosen(n) {
    // Translators: how many gestures are chosen to be moved or deleted.
    return ngettext("{n} gesture chosen", "{n} gestures chosen", n);
  },
  moved(n, name) {
    // Translators: after gestures were moved to another label.
    return ngettext("{n} gesture moved to “{name}”.", "{n} gestures moved to “{name}”.", n, { name });
  },
  removed(n) {
    // Translators: after gestures were deleted, with a button that undoes it.
    return ngettext("{n} gesture deleted.", "{n} gestures deleted.", n);
  },
  goes() {
    // Translators: what goes when a project of gestures is deleted.
    return _("Its gestures and its models are erased at once. This cannot be undone.");
  },
  explain() {
    // Translators: button: which gestures of the project are nearest to the one just seen.
    return _("What looks alike");
  },
  learnt() {
    // Translators: how many gestures the model learnt from.
    return _("Gestures learnt");
  },
  stale() {
    // Translators: gestures came or went since the last training.
    return _("The gestures have changed since: train again to learn them.");
  },
  instant() {
    // Translators: what training does, before the first one, in a project of gestures.
    return _("Until then the kit compares with each label's mean gesture.");
  },
  curve(values) {
    // Translators: alternative text of the learning curve. {share} is a percentage, {steps} a number.
    return _("Learning curve: the errors on the gestures learnt fall by {share} in {steps} steps.", values);
  },
  shownAfter() {
    // Translators: how the check was made: after the training, gestures were shown once more.
    return _("On gestures shown a second time:");
  },
  showAgain() {
    // Translators: what to do to get an honest count, once the model is trained on gestures.
    return _("Show each gesture once more, best with another hand: the model has not seen those, so they check it.");
  },
  showAfterTraining() {
    // Translators: what to do before any training on gestures.
    return _("Train first, then show each gesture once more.");
  },
  readErrors() {
    // Translators: how to read the table of errors of a project of gestures.
    return _("A row for what was shown, a column for what the model said. Press a number to see its gestures.");
  },
  cell(n, values) {
    // Translators: one number of the table of errors, in words. {shown} and {said} are labels.
    return ngettext("{n} gesture of {shown}, said {said}", "{n} gestures of {shown}, said {said}", n, { n: count(n), ...values });
  },
  checked() {
    // Translators: alternative text of a gesture in the table of errors.
    return _("Checked gesture");
  },
  near() {
    // Translators: heading over the gestures of the project that are nearest to this one.
    return _("Most similar among your gestures");
  },
  where() {
    // Translators: question above the choices in a project of gestures: the kit's camera, this tablet, files.
    return _("Where is the hand seen?");
  },
  hint() {
    // Translators: under the live picture of a project of gestures.
    return _("Only the points of the hand are kept, never the picture.");
  },
};

/** @type {import("./kind.js").Kind} */
export const gesture = {
  name: "gesture",
  icon: "hand",
  accept: "image/*",
  photo: true,
  backgroundFirst: false,
  answersAlways: false,
  words,
  title() {
    // Translators: a kind of project: gestures of the hand.
    return _("Gestures");
  },
  text() {
    // Translators: what a project of gestures is, in one sentence.
    return _("Tell hand signs apart. No picture is kept, only the points of the hand.");
  },
  settings() {
    // Translators: asked when a project of gestures is made.
    const question = _("How many hands?");
    // Translators: left and right hands count alike.
    const why = _("Left and right count alike: it works left-handed too.");
    // Translators: choice: gestures of one hand.
    const one = _("One hand");
    // Translators: when one hand is right.
    const oneText = _("The kit follows the hand that it sees best.");
    // Translators: choice: gestures of two hands.
    const two = _("Two hands");
    // Translators: when two hands are right.
    const twoText = _("For signs that need both, such as a heart.");
    return [{ name: "hands", question, why, first: 1, asked: true, choices: [{ value: 1, title: one, text: oneText }, { value: 2, title: two, text: twoText }] }];
  },
};
