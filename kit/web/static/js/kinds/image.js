// @ts-check
/** Projects of pictures: objects before a camera. */
import { bursts, count, pictures } from "../lib/format.js";
import { _, ngettext } from "../lib/i18n.js";

/** @type {import("./kind.js").Words} */
const words = {
  samples: pictures,
  bursts,
  taking: (burst) => pictures(burst.samples),
  firstTitle() {
    // Translators: heading where a project has no label yet.
    return _("Show a first object");
  },
  firstText() {
    // Translators: what to do in an empty project. "Add" and "Show" are buttons.
    return _("Write its name below and press Add. Then hold it in front of the camera and press Show.");
  },
  twoFirst() {
    // Translators: in the answer's place, before two labels have pictures.
    return _("Show two labels: the answer appears here at once.");
  },
  reading() {
    // Translators: while the kit takes in pictures that it has not looked at yet, such as in a project that came from a file.
    return _("Looking through the pictures…");
  },
  soon() {
    // Translators: in the answer's place, until the first live answer comes.
    return _("The answer appears here in a moment.");
  },
  tooFew() {
    // Translators: why the Train button cannot be pressed yet.
    return _("Show at least two labels first: there is nothing to tell apart yet.");
  },
  show(way) {
    // Translators: the button beside each label: film the object with the tablet's camera app.
    const film = _("Film");
    // Translators: the button beside each label: choose picture files.
    const choose = _("Choose pictures");
    // Translators: the button beside each label: show this object to the camera.
    const show = _("Show");
    if (way === "film") return [film, "video"];
    return way === "files" ? [choose, "image-plus"] : [show, "circle-dot"];
  },
  all() {
    // Translators: menu entry that opens all pictures of a label, where they are moved or deleted.
    return [_("See all pictures"), "images"];
  },
  allOf(name) {
    // Translators: spoken label of the button that opens all pictures of a label.
    return _("See all pictures of {name}", { name });
  },
  addFiles() {
    // Translators: menu entry: add picture files to a label.
    return [_("Add picture files"), "image-plus"];
  },
  noneYet() {
    // Translators: shown where a label has no picture yet.
    return _("No picture yet");
  },
  how() {
    // Translators: spoken hint of a button: it starts at once and stops at the next press or when let go.
    return _("Press once to start, once more to stop; or hold.");
  },
  titleOf(name) {
    // Translators: title of the window with all pictures of a label.
    return _("Pictures of “{name}”", { name });
  },
  noneHere() {
    // Translators: a label without pictures, in the dialog that shows them all.
    return _("No picture yet. Close this window and show this object to the camera.");
  },
  one(number) {
    // Translators: alternative text of one picture in a list. {number} is its place.
    return _("Picture {number}", { number });
  },
  older() {
    // Translators: button: fetches older pictures.
    return _("Show older pictures");
  },
  chosen(n) {
    // Translators: how many pictures are chosen to be moved or deleted.
    return ngettext("{n} picture chosen", "{n} pictures chosen", n);
  },
  moved(n, name) {
    // Translators: after pictures were moved to another label.
    return ngettext("{n} picture moved to “{name}”.", "{n} pictures moved to “{name}”.", n, { name });
  },
  removed(n) {
    // Translators: after pictures were deleted, with a button that undoes it.
    return ngettext("{n} picture deleted.", "{n} pictures deleted.", n);
  },
  goes() {
    // Translators: what goes when a project is deleted.
    return _("Its pictures and its models are erased at once. This cannot be undone.");
  },
  noLive() {
    // Translators: in the answer's place, while there is no live picture. "Try one picture" is a button.
    return _("No live picture. Press “Try one picture” to get an answer.");
  },
  tryOne() {
    // Translators: button: chooses one picture file and asks the model about it.
    return _("Try one picture");
  },
  explain() {
    // Translators: button: shows which part of the picture counted in the answer.
    return _("What counted here");
  },
  learnt() {
    // Translators: how many pictures the model learnt from.
    return _("Pictures learnt");
  },
  stale() {
    // Translators: pictures came or went since the last training.
    return _("The pictures have changed since: train again to learn them.");
  },
  instant() {
    // Translators: what training does, before the first one.
    return _("Until then the kit compares with each label's mean picture.");
  },
  curve(values) {
    // Translators: alternative text of the learning curve. {share} is a percentage, {steps} a number.
    return _("Learning curve: the errors on the pictures learnt fall by {share} in {steps} steps.", values);
  },
  shownAfter() {
    // Translators: how the check was made: after the training, objects were shown once more.
    return _("On objects shown a second time:");
  },
  leftOut() {
    // Translators: how the check was made: each showing was left out of the training in turn.
    return _("Each showing was left out of the learning in turn, then guessed:");
  },
  unchecked(names) {
    // Translators: labels shown only once. {names} is a list of labels.
    return _("Not checked: {names}. Show once more.", { names });
  },
  showAgain() {
    // Translators: what to do to get an honest count, once the model is trained.
    return _("Show each object once more: the model has not seen those pictures, so they check it.");
  },
  showAfterTraining() {
    // Translators: what to do before any training.
    return _("Train first, then show each object once more.");
  },
  readErrors() {
    // Translators: how to read the table of errors.
    return _("A row for what was shown, a column for what the model said. Press a number to see its pictures.");
  },
  cell(n, values) {
    // Translators: one number of the table of errors, in words. {shown} and {said} are labels.
    return ngettext("{n} picture of {shown}, said {said}", "{n} pictures of {shown}, said {said}", n, { n: count(n), ...values });
  },
  checked() {
    // Translators: alternative text of a picture in the table of errors.
    return _("Checked picture");
  },
  answerTo() {
    // Translators: title of the window that says what counted in one answer.
    return _("One picture, one answer");
  },
  near() {
    // Translators: heading over the pictures of the project that are nearest to this one.
    return _("Most similar among your pictures");
  },
  where() {
    // Translators: question above the choices: the kit's camera, this tablet, files, example objects.
    return _("Where do pictures come from?");
  },
  kit() {
    // Translators: one of the choices: the camera plugged into the kit.
    return [_("Kit camera"), "camera"];
  },
  settings() {
    // Translators: opens the settings of the kit's camera (which camera, mirror, rotate, lock).
    return _("Camera settings");
  },
  hint() {
    // Translators: under the live picture. The square is drawn on it.
    return _("Only what is inside the square counts.");
  },
  nothing() {
    // Translators: name given to the label that means "none of the others".
    const name = _("Nothing");
    // Translators: button: adds the label that means "none of the others".
    const button = _("Add “Nothing”");
    return [name, button];
  },
};

/** @type {import("./kind.js").Kind} */
export const image = {
  name: "image",
  icon: "camera",
  accept: "image/*",
  photo: true,
  backgroundFirst: false,
  answersAlways: true,
  words,
  title() {
    // Translators: a kind of project: pictures.
    return _("Pictures");
  },
  text() {
    // Translators: what a project of pictures is, in one sentence.
    return _("Tell objects apart before a camera.");
  },
  settings() {
    // Translators: a setting of a project of pictures.
    const question = _("Blur faces in pictures?");
    // Translators: what blurring faces does and what it does not. It is honest: a face may be missed.
    const why = _("The kit looks for faces only to blur them, before anything is kept. It may miss one: look at the pictures, and delete what should not be there.");
    // Translators: choice: faces are blurred in pictures that screens send, and in picture files.
    const sent = _("From screens and files");
    // Translators: why faces are blurred there and not in the kit camera's pictures.
    const sentText = _("A tablet sees whoever stands behind the object; the kit's camera looks at the table.");
    // Translators: choice: faces are blurred in all pictures.
    const all = _("Everywhere");
    // Translators: what is blurred.
    const allText = _("In the pictures of the kit's camera too. Each takes a little longer.");
    // Translators: choice: faces are not blurred.
    const no = _("Nowhere");
    // Translators: when leaving pictures as they are is right.
    const noText = _("Where only objects are shown.");
    const choices = [
      { value: "uploads", title: sent, text: sentText },
      { value: "always", title: all, text: allText },
      { value: "never", title: no, text: noText },
    ];
    return [{ name: "blur_faces", question, why, first: "uploads", asked: false, choices }];
  },
};
