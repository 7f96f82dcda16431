"""The limits in a model's passport: what it does not know, and must not be used for."""

from kit.messages.section import N_, Section

MESSAGES = Section()

# Translators: {labels} are the pupils' own words, with commas between them.
MESSAGES["limit-only-its-labels"] = N_(
    "It answers with one of these labels, whatever it is shown: {labels}."
)
# Translators: what the model must not be used for.
MESSAGES["limit-not-about-people"] = N_(
    "It was made in a lesson. It must not be used to decide anything about people."
)
# Translators: the model was never tried on pictures that it had not been taught with.
MESSAGES["limit-not-checked"] = N_("It was not checked: nobody knows how often it is right.")
# Translators: the check asked other models, each taught without the examples it was asked about.
MESSAGES["limit-checked-in-turn"] = N_(
    "The check asked models taught with a part of the examples, not this very model."
)
# Translators: {labels} are the pupils' own words, with commas between them.
MESSAGES["limit-unchecked-labels"] = N_("Nothing was checked for: {labels}.")
# Translators: {labels} are the pupils' own words. Each was shown in one go, in one place.
MESSAGES["limit-shown-once"] = N_(
    "Shown once only, so known in one place and one light only: {labels}."
)
# Translators: there is no label for "none of the others".
MESSAGES["limit-no-nothing"] = N_(
    "It was never shown what “nothing” looks like, so it finds an object even where there is none."
)
# Translators: times measured on one device say nothing certain about others.
MESSAGES["limit-times-of-one-machine"] = N_(
    "The times hold for the machine that measured them, and for no other."
)
# Translators: a limit of a model that tells gestures apart.
MESSAGES["limit-hand-in-sight"] = N_(
    "It answers only where a hand is found. Hands that are cut off, gloved or in poor light are "
    "found less often."
)
# Translators: {labels} are the pupils' own words; each was recorded only once.
MESSAGES["limit-heard-once"] = N_(
    "Recorded once only, so known from one voice or one thing only: {labels}."
)
# Translators: the check held other recordings of the same voices out, no other voices.
MESSAGES["limit-same-voices"] = N_(
    "It was checked with the voices it was taught by. A new voice may be understood less often."
)
# Translators: there is no label for the room's own sound.
MESSAGES["limit-no-background"] = N_(
    "It was never taught the sound of the room, so it hears one of its labels even in silence."
)
