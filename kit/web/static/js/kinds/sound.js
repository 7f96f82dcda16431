// @ts-check
/** Projects of sounds: one-second clips before a microphone. */
import { count } from "../lib/format.js";
import { _, ngettext } from "../lib/i18n.js";

/** @type {import("./kind.js").Words} */
const words = {
  samples(n) {
    // Translators: how many one-second clips of sound there are. French: "extrait".
    return ngettext("{count} clip", "{count} clips", n, { count: count(n) });
  },
  taking() {
    // Translators: on the stage, while the microphone records.
    return _("recording");
  },
  bursts(n) {
    // Translators: how many recordings the clips come from. French: "prise".
    return ngettext("{count} take", "{count} takes", n, { count: count(n) });
  },
  firstTitle() {
    // Translators: heading where a project of sounds has no label yet.
    return _("The background first");
  },
  firstText() {
    // Translators: why the background is recorded first. A button that adds this label follows.
    return _("Record the room as it is, with none of your words: chairs, steps, voices far away. Otherwise the kit takes every noise for one of your labels.");
  },
  twoFirst() {
    // Translators: in the answer's place, before two labels have clips.
    return _("Record two labels: the answer appears here at once.");
  },
  reading() {
    // Translators: while the kit takes in clips that it has not heard yet, such as in a project that came from a file.
    return _("Listening to the clips…");
  },
  soon() {
    // Translators: in the answer's place, until the first live answer comes.
    return _("The answer appears here in a moment.");
  },
  tooFew() {
    // Translators: why the Train button cannot be pressed yet, in a project of sounds.
    return _("Record at least two labels first: there is nothing to tell apart yet.");
  },
  show(way) {
    // Translators: the button beside each label: choose sound files.
    const choose = _("Choose sounds");
    // Translators: the button beside each label: record this word or sound.
    const record = _("Record");
    return way === "files" ? [choose, "file-audio"] : [record, "mic"];
  },
  all() {
    // Translators: menu entry that opens all clips of a label, where they are heard, trimmed, moved or deleted.
    return [_("Hear and trim the clips"), "audio-lines"];
  },
  allOf(name) {
    // Translators: spoken label of the button that opens all clips of a label.
    return _("See all clips of {name}", { name });
  },
  addFiles() {
    // Translators: menu entry: add sound files to a label.
    return [_("Add sound files"), "file-audio"];
  },
  noneYet() {
    // Translators: shown where a label has no clip yet.
    return _("No clip yet");
  },
  how() {
    // Translators: spoken hint of the button that records.
    return _("Press once: three, two, one, then it records. Press again to stop.");
  },
  titleOf(name) {
    // Translators: title of the window with all clips of a label.
    return _("Clips of “{name}”", { name });
  },
  noneHere() {
    // Translators: a label without clips, in the dialog that shows them all.
    return _("No clip yet. Close this window and press “Record”.");
  },
  one(number) {
    // Translators: alternative text of the drawing of one clip in a list. {number} is its place.
    return _("Clip {number}", { number });
  },
  older() {
    // Translators: button: fetches older clips.
    return _("Show older clips");
  },
  chosen(n) {
    // Translators: how many clips are chosen to be moved or deleted.
    return ngettext("{n} clip chosen", "{n} clips chosen", n);
  },
  moved(n, name) {
    // Translators: after clips were moved to another label.
    return ngettext("{n} clip moved to “{name}”.", "{n} clips moved to “{name}”.", n, { name });
  },
  removed(n) {
    // Translators: after clips were deleted, with a button that undoes it.
    return ngettext("{n} clip deleted.", "{n} clips deleted.", n);
  },
  goes() {
    // Translators: what goes when a project of sounds is deleted.
    return _("Its clips and its models are erased at once. This cannot be undone.");
  },
  noLive() {
    // Translators: in the answer's place, while nothing is listened to. "Try one sound" is a button.
    return _("Nobody listens. Press “Try one sound” to get an answer.");
  },
  tryOne() {
    // Translators: button: chooses one sound file and asks the model about it.
    return _("Try one sound");
  },
  explain: () => "", // a moment is over before anyone could press
  learnt() {
    // Translators: how many clips the model learnt from.
    return _("Clips learnt");
  },
  stale() {
    // Translators: clips came or went since the last training.
    return _("The clips have changed since: train again to learn them.");
  },
  instant() {
    // Translators: what training does, before the first one, in a project of sounds.
    return _("Until then the kit compares with each label's mean clip.");
  },
  curve(values) {
    // Translators: alternative text of the learning curve. {share} is a percentage, {steps} a number.
    return _("Learning curve: the errors on the clips learnt fall by {share} in {steps} steps.", values);
  },
  shownAfter() {
    // Translators: how the check was made: after the training, sounds were recorded once more.
    return _("On clips recorded after the training:");
  },
  leftOut() {
    // Translators: how the check was made: each recording was left out of the training in turn.
    return _("Each take was left out of the learning in turn, then guessed:");
  },
  unchecked(names) {
    // Translators: labels recorded only once. {names} is a list of labels.
    return _("Not checked: {names}. Record once more.", { names });
  },
  showAgain() {
    // Translators: what to do to get an honest count, once the model is trained on sounds.
    return _("Record each label once more, best with another voice: the model has not heard those clips, so they check it.");
  },
  showAfterTraining() {
    // Translators: what to do before any training on sounds.
    return _("Train first, then record each label once more.");
  },
  readErrors() {
    // Translators: how to read the table of errors of a project of sounds.
    return _("A row for what was recorded, a column for what the model said. Press a number to see its clips.");
  },
  cell(n, values) {
    // Translators: one number of the table of errors, in words. {shown} and {said} are labels.
    return ngettext("{n} clip of {shown}, said {said}", "{n} clips of {shown}, said {said}", n, { n: count(n), ...values });
  },
  checked() {
    // Translators: alternative text of a clip in the table of errors.
    return _("Checked clip");
  },
  answerTo() {
    // Translators: title of the window with the answer to one sound.
    return _("One sound, one answer");
  },
  near() {
    // Translators: heading over the clips of the project that are nearest to this one.
    return _("Most similar among your clips");
  },
  where() {
    // Translators: question above the choices: the kit's microphone, this screen's, files.
    return _("Where do sounds come from?");
  },
  kit() {
    // Translators: one of the choices: the microphone plugged into the kit.
    return [_("Kit microphone"), "mic"];
  },
  settings() {
    // Translators: opens the choice of the kit's microphone.
    return _("Choose the microphone");
  },
  hint() {
    // Translators: under the live drawing of the sound.
    return _("Only the loudest second counts.");
  },
  nothing() {
    // Translators: name given to the label for everything that is none of the words or sounds.
    const name = _("Background");
    // Translators: button: adds the label for the background noise.
    const button = _("Add “Background”");
    return [name, button];
  },
};

/** @type {import("./kind.js").Kind} */
export const sound = {
  name: "sound",
  icon: "mic",
  accept: "audio/*,.wav,.flac,.ogg,.m4a,.mp3",
  photo: false,
  backgroundFirst: true,
  answersAlways: true,
  words,
  title() {
    // Translators: a kind of project: sounds.
    return _("Sounds");
  },
  text() {
    // Translators: what a project of sounds is, in one sentence.
    return _("Tell spoken words or noises apart before a microphone.");
  },
  settings() {
    // Translators: asked when a project of sounds is made.
    const question = _("Words or noises?");
    // Translators: the two ways of hearing can be compared later, in the card "Check".
    const why = _("You can compare both on your own clips later, in the card “Check”.");
    // Translators: choice: the project is about spoken words.
    const spoken = _("Words");
    // Translators: when the way of hearing for words is right, and why.
    const spokenText = _("For what people say. This network has heard much speech: it learns a word from few voices.");
    // Translators: choice: the project is about noises that are not speech.
    const noises = _("Noises");
    // Translators: when the way of hearing for noises is right, and why.
    const noisesText = _("For claps, instruments, machines. The kit compares how loud each pitch is, and how that changes.");
    return [{ name: "hearing", question, why, first: "words", asked: true, choices: [{ value: "words", title: spoken, text: spokenText }, { value: "sounds", title: noises, text: noisesText }] }];
  },
};
