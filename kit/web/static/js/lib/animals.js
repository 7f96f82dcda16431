// @ts-check
/**
 * The groups' animals: whole phrases, because no language builds them from parts. The keys are those
 * of `kit/core/animals.py`; tests/browser/test_sentences.py compares.
 */
import { _ } from "./i18n.js";

/** @typedef {{ name: string, group: string, icon: string }} Animal */

/** @param {string | null | undefined} key @returns {Animal | null} null for the kit's own space */
export function animal(key) {
  switch (key) {
    case "butterfly": {
      // Translators: a group's animal, as a name.
      const name = _("Butterfly");
      // Translators: a group, called by its animal.
      const group = _("the Butterfly group");
      return { name, group, icon: "bug" };
    }
    case "dolphin": {
      // Translators: a group's animal, as a name.
      const name = _("Dolphin");
      // Translators: a group, called by its animal.
      const group = _("the Dolphin group");
      return { name, group, icon: "fish" };
    }
    case "dragonfly": {
      // Translators: a group's animal, as a name.
      const name = _("Dragonfly");
      // Translators: a group, called by its animal.
      const group = _("the Dragonfly group");
      return { name, group, icon: "bug" };
    }
    case "firefly": {
      // Translators: a group's animal, as a name.
      const name = _("Firefly");
      // Translators: a group, called by its animal.
      const group = _("the Firefly group");
      return { name, group, icon: "bug" };
    }
    case "flamingo": {
      // Translators: a group's animal, as a name.
      const name = _("Flamingo");
      // Translators: a group, called by its animal.
      const group = _("the Flamingo group");
      return { name, group, icon: "bird" };
    }
    case "fox": {
      // Translators: a group's animal, as a name.
      const name = _("Fox");
      // Translators: a group, called by its animal.
      const group = _("the Fox group");
      return { name, group, icon: "paw-print" };
    }
    case "hedgehog": {
      // Translators: a group's animal, as a name.
      const name = _("Hedgehog");
      // Translators: a group, called by its animal.
      const group = _("the Hedgehog group");
      return { name, group, icon: "paw-print" };
    }
    case "heron": {
      // Translators: a group's animal, as a name.
      const name = _("Heron");
      // Translators: a group, called by its animal.
      const group = _("the Heron group");
      return { name, group, icon: "bird" };
    }
    case "hummingbird": {
      // Translators: a group's animal, as a name.
      const name = _("Hummingbird");
      // Translators: a group, called by its animal.
      const group = _("the Hummingbird group");
      return { name, group, icon: "bird" };
    }
    case "kangaroo": {
      // Translators: a group's animal, as a name.
      const name = _("Kangaroo");
      // Translators: a group, called by its animal.
      const group = _("the Kangaroo group");
      return { name, group, icon: "paw-print" };
    }
    case "kingfisher": {
      // Translators: a group's animal, as a name.
      const name = _("Kingfisher");
      // Translators: a group, called by its animal.
      const group = _("the Kingfisher group");
      return { name, group, icon: "bird" };
    }
    case "koala": {
      // Translators: a group's animal, as a name.
      const name = _("Koala");
      // Translators: a group, called by its animal.
      const group = _("the Koala group");
      return { name, group, icon: "paw-print" };
    }
    case "ladybird": {
      // Translators: a group's animal, as a name.
      const name = _("Ladybird");
      // Translators: a group, called by its animal.
      const group = _("the Ladybird group");
      return { name, group, icon: "bug" };
    }
    case "lynx": {
      // Translators: a group's animal, as a name.
      const name = _("Lynx");
      // Translators: a group, called by its animal.
      const group = _("the Lynx group");
      return { name, group, icon: "paw-print" };
    }
    case "narwhal": {
      // Translators: a group's animal, as a name.
      const name = _("Narwhal");
      // Translators: a group, called by its animal.
      const group = _("the Narwhal group");
      return { name, group, icon: "fish" };
    }
    case "otter": {
      // Translators: a group's animal, as a name.
      const name = _("Otter");
      // Translators: a group, called by its animal.
      const group = _("the Otter group");
      return { name, group, icon: "paw-print" };
    }
    case "owl": {
      // Translators: a group's animal, as a name.
      const name = _("Owl");
      // Translators: a group, called by its animal.
      const group = _("the Owl group");
      return { name, group, icon: "bird" };
    }
    case "panda": {
      // Translators: a group's animal, as a name.
      const name = _("Panda");
      // Translators: a group, called by its animal.
      const group = _("the Panda group");
      return { name, group, icon: "paw-print" };
    }
    case "puffin": {
      // Translators: a group's animal, as a name.
      const name = _("Puffin");
      // Translators: a group, called by its animal.
      const group = _("the Puffin group");
      return { name, group, icon: "bird" };
    }
    case "robin": {
      // Translators: a group's animal, as a name.
      const name = _("Robin");
      // Translators: a group, called by its animal.
      const group = _("the Robin group");
      return { name, group, icon: "bird" };
    }
    case "seahorse": {
      // Translators: a group's animal, as a name.
      const name = _("Seahorse");
      // Translators: a group, called by its animal.
      const group = _("the Seahorse group");
      return { name, group, icon: "fish" };
    }
    case "squirrel": {
      // Translators: a group's animal, as a name.
      const name = _("Squirrel");
      // Translators: a group, called by its animal.
      const group = _("the Squirrel group");
      return { name, group, icon: "squirrel" };
    }
    case "swan": {
      // Translators: a group's animal, as a name.
      const name = _("Swan");
      // Translators: a group, called by its animal.
      const group = _("the Swan group");
      return { name, group, icon: "bird" };
    }
    case "tiger": {
      // Translators: a group's animal, as a name.
      const name = _("Tiger");
      // Translators: a group, called by its animal.
      const group = _("the Tiger group");
      return { name, group, icon: "paw-print" };
    }
    case null:
    case undefined:
    case "kit":
      return null;
    default:
      return { name: key, group: key, icon: "paw-print" };
  }
}

/**
 * Which model answers, in one line: shown wherever an answer is shown.
 * @param {import("./types.js").ModelRef} model
 */
export function modelName(model) {
  const owner = animal(model.animal ?? model.space_id)?.name;
  const number = model.number;
  if (number === 0) {
    // Translators: the model that answers before any training: it compares with the mean picture of each label.
    if (owner) return _("{animal} instant model", { animal: owner });
    // Translators: the same, on a kit without groups.
    return _("instant model");
  }
  // Translators: {animal} is a group's animal; {number} counts that project's trainings.
  if (owner) return _("{animal} model no. {number}", { animal: owner, number });
  // Translators: the same, on a kit without groups.
  return _("model no. {number}", { number });
}
