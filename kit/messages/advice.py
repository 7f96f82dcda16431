"""Advice: what would make a project's model better, said beside its cards."""

from kit.messages.section import N_, Section

MESSAGES = Section()

# --- what to show next -----------------------------------------------------------------

# Translators: {label} is the only label of the project, a pupil's own word.
MESSAGES["advice-one-label"] = N_(
    "The kit only knows “{label}”. Add a second label, so that there is something to tell apart."
)
# Translators: {label} has no picture yet.
MESSAGES["advice-empty-label"] = N_("“{label}” has no picture yet. Show one.")
# Translators: {label} has the fewest pictures; {samples} and {enough} are whole numbers.
MESSAGES["advice-too-few"] = N_(
    "“{label}” has few pictures ({samples}). Up to {enough}, each new one helps a lot."
)
# Translators: the {samples} pictures of {label} are nearly one picture.
MESSAGES["advice-near-copies"] = N_(
    "The {samples} pictures of “{label}” are almost all the same. Turn it, move it, change the "
    "background."
)
# Translators: every object was shown in one go only. Showing it a second time is the check.
MESSAGES["advice-show-again"] = N_("Not checked yet: show each object once more.")
# Translators: only {label}, and perhaps a few others, was shown in one go.
MESSAGES["advice-show-label-again"] = N_(
    "“{label}” was shown once only. Show it once more, so that it can be checked."
)
# Translators: {other} has three times as many pictures as {label}, or more.
MESSAGES["advice-unbalanced"] = N_(
    "“{other}” has {other_samples} pictures and “{label}” only {samples}. The one with more wins "
    "too easily: show “{label}” more."
)
# Translators: a label for "none of the others", such as the empty table.
MESSAGES["advice-no-nothing"] = N_(
    "Add a label for “nothing” and show the empty table. Without it, the kit finds an object even "
    "where there is none."
)

# What advice says of sounds and of gestures where its own words speak of pictures: id, then kind.
# Translators: {label} has no clip yet.
MESSAGES["advice-empty-label-sound"] = N_("“{label}” has no clip yet. Record one.")
# Translators: {label} has the fewest clips; {samples} and {enough} are whole numbers.
MESSAGES["advice-too-few-sound"] = N_(
    "“{label}” has few clips ({samples}). Up to {enough}, each new one helps a lot: other voices, "
    "other places."
)
# Translators: the {samples} clips of {label} are nearly one clip.
MESSAGES["advice-near-copies-sound"] = N_(
    "The {samples} clips of “{label}” sound almost the same. Record another voice, another place."
)
# Translators: every label was recorded in one go only. Recording it a second time is the check.
MESSAGES["advice-show-again-sound"] = N_("Not checked yet: record each label once more.")
# Translators: only {label}, and perhaps a few others, was recorded in one go.
MESSAGES["advice-show-label-again-sound"] = N_(
    "“{label}” was recorded once only. Record it once more, so that it can be checked."
)
# Translators: {other} has three times as many clips as {label}, or more.
MESSAGES["advice-unbalanced-sound"] = N_(
    "“{other}” has {other_samples} clips and “{label}” only {samples}. The one with more wins "
    "too easily: record “{label}” more."
)
# Translators: a label for the background noise of the room.
MESSAGES["advice-no-nothing-sound"] = N_(
    "Add “Background” and record the room as it is. Without it, the kit hears a word in every "
    "noise."
)
# Translators: {label} has no gesture yet.
MESSAGES["advice-empty-label-gesture"] = N_("“{label}” has no gesture yet. Show one.")
# Translators: {label} has the fewest gestures; {samples} and {enough} are whole numbers.
MESSAGES["advice-too-few-gesture"] = N_(
    "“{label}” has few gestures ({samples}). Up to {enough}, each new one helps a lot: other "
    "hands, other angles."
)
# Translators: the {samples} gestures of {label} are nearly one gesture.
MESSAGES["advice-near-copies-gesture"] = N_(
    "The {samples} gestures of “{label}” are almost all the same. Turn the hand, take another hand."
)
# Translators: every gesture was shown in one go only. Showing it a second time is the check.
MESSAGES["advice-show-again-gesture"] = N_("Not checked yet: show each gesture once more.")
# Translators: {other} has three times as many gestures as {label}, or more.
MESSAGES["advice-unbalanced-gesture"] = N_(
    "“{other}” has {other_samples} gestures and “{label}” only {samples}. The one with more wins "
    "too easily: show “{label}” more."
)
# Translators: a label for a hand that makes none of the gestures.
MESSAGES["advice-no-nothing-gesture"] = N_(
    "Add a label for “nothing” and show a hand that rests. Without it, the kit finds a gesture in "
    "every hand."
)

# --- one example, just kept ------------------------------------------------------------

# Translators: advice after a picture of two hands was kept in a project of gestures of one hand.
MESSAGES["advice-second-hand"] = N_(
    "There was a second hand in the picture; only the surer one counts. If your signs need both, "
    "choose two hands in the settings."
)
# Translators: the peaks of the recording are cut off: the microphone was overloaded.
MESSAGES["advice-sound-clipped"] = N_(
    "This sound is too loud: its peaks are cut off. Step back from the microphone, or speak softly."
)
# Translators: the recording is so quiet that it is mostly noise.
MESSAGES["advice-sound-quiet"] = N_(
    "This sound is very quiet. Come closer to the microphone, or speak up."
)

# --- a model that does not answer now --------------------------------------------------

# Translators: advice. The model was trained with another backbone (the frozen part of a model).
MESSAGES["advice-model-of-another-backbone"] = N_(
    "The model was trained with other settings of this kit and cannot answer now. Train again."
)
# Translators: advice. "words" and "sounds" are the two ways of hearing that one may choose.
MESSAGES["advice-model-of-other-hearing"] = N_(
    "The model was trained with the other way of hearing and does not answer now. Train again, or "
    "go back to it."
)
# Translators: advice. One hand or two hands may be chosen for a project of gestures.
MESSAGES["advice-model-of-other-hands"] = N_(
    "The model was trained with another number of hands and does not answer now. Train again, or "
    "go back to it."
)
