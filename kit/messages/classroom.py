"""The class, its groups of pupils with their animals, its lessons."""

from kit.messages.section import N_, Section

MESSAGES = Section()

# --- the class -------------------------------------------------------------------------

# Translators: the page asks for an animal that is not on the list.
MESSAGES["animal-unknown"] = N_("This animal is not on the list. Pick one that is.")
# Translators: the kit serves only the computer it runs on, so there are no groups.
MESSAGES["no-class-here"] = N_("This kit serves one computer only: there are no groups to join.")
# Translators: the teacher's code is six digits, shown where the kit runs.
MESSAGES["code-wrong"] = N_("This is not the code. It is shown where the kit runs.")
# Translators: {wait_s} is a number of seconds.
MESSAGES["code-wait"] = N_("Too many tries. Wait {wait_s} seconds, then try again.")
# Translators: pupils cannot end the class or see what it holds.
MESSAGES["teachers-only"] = N_("This is for the teacher. Enter the teacher's code first.")
# Translators: {most} is a number of hours.
MESSAGES["hours-out-of-range"] = N_("Choose a time of at most {most} hours.")
# Translators: the kit has no battery clock, and nobody told it the time.
MESSAGES["clock-not-set"] = N_(
    "The kit does not know what time it is, so it cannot wait until then. Set its clock first."
)
# Translators: shown on every page at the moment the class ends.
MESSAGES["class-ended"] = N_("The class has ended. Its work was erased.")
# Translators: told when the kit starts and finds a class of an earlier evening.
MESSAGES["class-left-over-erased"] = N_(
    "A class of an earlier day was still here. It was erased, as promised."
)
# Translators: told when the kit starts in the middle of a class, after a power cut for instance.
MESSAGES["class-still-here"] = N_(
    "A class is still here. If it is not yours, end it on the teacher's page."
)
# Translators: in a class, shown until the group has picked its animal.
MESSAGES["pick-a-group"] = N_("First pick the animal of your group.")
# Translators: ending the class erases everything, so it must be confirmed.
MESSAGES["confirm-end"] = N_("Ending the class erases all its work. Confirm it first.")

# --- its lessons -----------------------------------------------------------------------

# Translators: the page or the command line asked for a lesson that is not on this kit.
MESSAGES["activity-missing"] = N_("This kit has no activity called “{name}”.")
# Translators: a lesson folder is damaged or incomplete; the teacher's log says why.
MESSAGES["activity-broken"] = N_(
    "The activity “{name}” is not complete. Ask whoever prepared the kit to run its check."
)

# --- the groups' animals ---------------------------------------------------------------

# Translators: an animal by which a group of pupils is known; then the same as a whole phrase.
MESSAGES["animal-butterfly"] = N_("Butterfly")
# Translators: a group of two to four pupils, by its animal; begins small, within a sentence.
MESSAGES["group-butterfly"] = N_("the Butterfly group")
# Translators: an animal by which a group of pupils is known; then the same as a whole phrase.
MESSAGES["animal-dolphin"] = N_("Dolphin")
# Translators: a group of two to four pupils, by its animal; begins small, within a sentence.
MESSAGES["group-dolphin"] = N_("the Dolphin group")
# Translators: an animal by which a group of pupils is known; then the same as a whole phrase.
MESSAGES["animal-dragonfly"] = N_("Dragonfly")
# Translators: a group of two to four pupils, by its animal; begins small, within a sentence.
MESSAGES["group-dragonfly"] = N_("the Dragonfly group")
# Translators: an animal by which a group of pupils is known; then the same as a whole phrase.
MESSAGES["animal-firefly"] = N_("Firefly")
# Translators: a group of two to four pupils, by its animal; begins small, within a sentence.
MESSAGES["group-firefly"] = N_("the Firefly group")
# Translators: an animal by which a group of pupils is known; then the same as a whole phrase.
MESSAGES["animal-flamingo"] = N_("Flamingo")
# Translators: a group of two to four pupils, by its animal; begins small, within a sentence.
MESSAGES["group-flamingo"] = N_("the Flamingo group")
# Translators: an animal by which a group of pupils is known; then the same as a whole phrase.
MESSAGES["animal-fox"] = N_("Fox")
# Translators: a group of two to four pupils, by its animal; begins small, within a sentence.
MESSAGES["group-fox"] = N_("the Fox group")
# Translators: an animal by which a group of pupils is known; then the same as a whole phrase.
MESSAGES["animal-hedgehog"] = N_("Hedgehog")
# Translators: a group of two to four pupils, by its animal; begins small, within a sentence.
MESSAGES["group-hedgehog"] = N_("the Hedgehog group")
# Translators: an animal by which a group of pupils is known; then the same as a whole phrase.
MESSAGES["animal-heron"] = N_("Heron")
# Translators: a group of two to four pupils, by its animal; begins small, within a sentence.
MESSAGES["group-heron"] = N_("the Heron group")
# Translators: an animal by which a group of pupils is known; then the same as a whole phrase.
MESSAGES["animal-hummingbird"] = N_("Hummingbird")
# Translators: a group of two to four pupils, by its animal; begins small, within a sentence.
MESSAGES["group-hummingbird"] = N_("the Hummingbird group")
# Translators: an animal by which a group of pupils is known; then the same as a whole phrase.
MESSAGES["animal-kangaroo"] = N_("Kangaroo")
# Translators: a group of two to four pupils, by its animal; begins small, within a sentence.
MESSAGES["group-kangaroo"] = N_("the Kangaroo group")
# Translators: an animal by which a group of pupils is known; then the same as a whole phrase.
MESSAGES["animal-kingfisher"] = N_("Kingfisher")
# Translators: a group of two to four pupils, by its animal; begins small, within a sentence.
MESSAGES["group-kingfisher"] = N_("the Kingfisher group")
# Translators: an animal by which a group of pupils is known; then the same as a whole phrase.
MESSAGES["animal-koala"] = N_("Koala")
# Translators: a group of two to four pupils, by its animal; begins small, within a sentence.
MESSAGES["group-koala"] = N_("the Koala group")
# Translators: an animal by which a group of pupils is known; then the same as a whole phrase.
MESSAGES["animal-ladybird"] = N_("Ladybird")
# Translators: a group of two to four pupils, by its animal; begins small, within a sentence.
MESSAGES["group-ladybird"] = N_("the Ladybird group")
# Translators: an animal by which a group of pupils is known; then the same as a whole phrase.
MESSAGES["animal-lynx"] = N_("Lynx")
# Translators: a group of two to four pupils, by its animal; begins small, within a sentence.
MESSAGES["group-lynx"] = N_("the Lynx group")
# Translators: an animal by which a group of pupils is known; then the same as a whole phrase.
MESSAGES["animal-narwhal"] = N_("Narwhal")
# Translators: a group of two to four pupils, by its animal; begins small, within a sentence.
MESSAGES["group-narwhal"] = N_("the Narwhal group")
# Translators: an animal by which a group of pupils is known; then the same as a whole phrase.
MESSAGES["animal-otter"] = N_("Otter")
# Translators: a group of two to four pupils, by its animal; begins small, within a sentence.
MESSAGES["group-otter"] = N_("the Otter group")
# Translators: an animal by which a group of pupils is known; then the same as a whole phrase.
MESSAGES["animal-owl"] = N_("Owl")
# Translators: a group of two to four pupils, by its animal; begins small, within a sentence.
MESSAGES["group-owl"] = N_("the Owl group")
# Translators: an animal by which a group of pupils is known; then the same as a whole phrase.
MESSAGES["animal-panda"] = N_("Panda")
# Translators: a group of two to four pupils, by its animal; begins small, within a sentence.
MESSAGES["group-panda"] = N_("the Panda group")
# Translators: an animal by which a group of pupils is known; then the same as a whole phrase.
MESSAGES["animal-puffin"] = N_("Puffin")
# Translators: a group of two to four pupils, by its animal; begins small, within a sentence.
MESSAGES["group-puffin"] = N_("the Puffin group")
# Translators: an animal by which a group of pupils is known; then the same as a whole phrase.
MESSAGES["animal-robin"] = N_("Robin")
# Translators: a group of two to four pupils, by its animal; begins small, within a sentence.
MESSAGES["group-robin"] = N_("the Robin group")
# Translators: an animal by which a group of pupils is known; then the same as a whole phrase.
MESSAGES["animal-seahorse"] = N_("Seahorse")
# Translators: a group of two to four pupils, by its animal; begins small, within a sentence.
MESSAGES["group-seahorse"] = N_("the Seahorse group")
# Translators: an animal by which a group of pupils is known; then the same as a whole phrase.
MESSAGES["animal-squirrel"] = N_("Squirrel")
# Translators: a group of two to four pupils, by its animal; begins small, within a sentence.
MESSAGES["group-squirrel"] = N_("the Squirrel group")
# Translators: an animal by which a group of pupils is known; then the same as a whole phrase.
MESSAGES["animal-swan"] = N_("Swan")
# Translators: a group of two to four pupils, by its animal; begins small, within a sentence.
MESSAGES["group-swan"] = N_("the Swan group")
# Translators: an animal by which a group of pupils is known; then the same as a whole phrase.
MESSAGES["animal-tiger"] = N_("Tiger")
# Translators: a group of two to four pupils, by its animal; begins small, within a sentence.
MESSAGES["group-tiger"] = N_("the Tiger group")
