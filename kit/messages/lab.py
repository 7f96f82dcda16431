"""The measurement lab: why there is no figure, or no ranking."""

from kit.messages.section import N_, Section

MESSAGES = Section()

# --- why a block was thrown out, why there is no figure --------------------------------

# Translators: why a block of a measurement was thrown out.
MESSAGES["lab-meter-lost"] = N_("The power meter went away meanwhile.")
# Translators: why a block of a measurement was thrown out; {readings} is a whole number.
MESSAGES["lab-saturated"] = N_(
    "The meter was at its limit {readings} times: the true power may be higher. Use a smaller "
    "shunt."
)
# Translators: why a block of a measurement was thrown out; {readings} is a whole number.
MESSAGES["lab-incomplete"] = N_("A part was missing from {readings} readings.")
# Translators: why a block was thrown out: the meter reads less than nothing.
MESSAGES["lab-backwards"] = N_(
    "The meter reads less than nothing: it is wired the wrong way round. Swap its two sides."
)
# Translators: why a block was thrown out: the board ran slower; {bits} is a code such as 0x50005.
MESSAGES["lab-throttled"] = N_(
    "The board held itself back, because it was too hot or its supply too weak (code {bits})."
)
# Translators: why a block was thrown out; {governors} are technical names such as "ondemand".
MESSAGES["lab-governor-changed"] = N_(
    "The rule for the processor's speed changed meanwhile ({governors})."
)
# Translators: why a block was thrown out; {busy} is a number such as 0.8.
MESSAGES["lab-idle-not-idle"] = N_(
    "The kit was to do nothing, but something kept {busy} of its processors busy."
)
# Translators: why a block was thrown out; {seconds} is a number.
MESSAGES["lab-readings-missing"] = N_("The meter said nothing for {seconds} seconds.")
# Translators: why a block was thrown out; both are whole numbers.
MESSAGES["lab-too-few-readings"] = N_("Only {readings} of {expected} readings came.")
# Translators: why a block was thrown out: the meter's clock started anew.
MESSAGES["lab-clock-jumped"] = N_("The meter's clock went back: it was started anew meanwhile.")
# Translators: why a block was thrown out: not one answer was finished in it.
MESSAGES["lab-nothing-done"] = N_("Nothing was finished meanwhile.")
# Translators: a measurement gave no figure; {pairs} and {least} are whole numbers.
MESSAGES["lab-too-few-pairs"] = N_(
    "Only {pairs} pairs were good, and {least} are needed: so there is no figure. Measure once "
    "more."
)

# --- records of measurements -----------------------------------------------------------

# Translators: a file was to be read as the record of a measurement.
MESSAGES["measurement-not-one"] = N_("This file is not the record of a measurement.")
# Translators: {version} is a whole number.
MESSAGES["measurement-newer"] = N_(
    "This measurement was recorded by a newer kit (version {version}). Read it on that one."
)
# Translators: {line} is the number of a line in a file.
MESSAGES["measurement-damaged"] = N_("The record of this measurement is damaged in line {line}.")

# --- asking for a measurement ----------------------------------------------------------

# Translators: somebody asked for an experiment that the kit does not know.
MESSAGES["lab-subject-unknown"] = N_("The kit knows no such experiment. Choose one of the list.")
# Translators: the length of a measurement is "classroom" or "full".
MESSAGES["lab-mode-unknown"] = N_("A measurement is either a short one or one in full length.")
# Translators: in a class a group pressed the button that only the teacher may press.
MESSAGES["lab-teacher-starts"] = N_(
    "A measurement keeps the whole kit busy, so in a class the teacher starts it."
)
# Translators: a guess before a measurement is not a number that can be.
MESSAGES["lab-bet-wrong"] = N_(
    "A bet is a number above 0 for milliseconds and millijoules, and 0 to 100 % for right answers."
)
# Translators: a short measurement must end within a minute.
MESSAGES["lab-too-long"] = N_(
    "On this board it does not fit in a minute, so nothing was measured. Choose the full length, "
    "or press once more: pictures that were already prepared are remembered."
)
# Translators: a request came while a measurement has the whole kit; {wait_s} is in seconds.
MESSAGES["kit-measuring"] = N_(
    "Silence, we are measuring… Nothing was done. Try again in {wait_s} seconds."
)
# Translators: such as an answer to a picture in a project of sounds, asked for by a program.
MESSAGES["lab-another-kind"] = N_("This cannot be measured in a project of this kind.")
# Translators: somebody wanted to measure what an answer to a gesture costs. The hand need not stay.
MESSAGES["lab-show-a-hand"] = N_(
    "The kit's camera sees no hand. Hold one before it until the measurement begins, "
    "then try again."
)
# Translators: somebody wanted to compare one processor with all of them, and there is one only.
MESSAGES["lab-one-processor"] = N_(
    "This computer has one processor only: there is nothing to compare it with."
)
# Translators: why results are not ranked: some were measured, others estimated.
MESSAGES["lab-not-ranked"] = N_(
    "These figures do not rest on the same ground, so they are not ranked: what was measured and "
    "what was estimated cannot be compared. Measure them all with the same meter."
)
# Translators: why results are not ranked.
MESSAGES["lab-not-ranked-some-missing"] = N_(
    "For some of these points there is no energy, so they are not ranked. Measure those once more."
)
