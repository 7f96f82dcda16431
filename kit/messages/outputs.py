"""Outputs: lights, motors and whatever else hangs on the pins."""

from kit.messages.section import N_, Section

MESSAGES = Section()

# Translators: {pin} is a number. GPIO: the processor's own numbering of the pins.
MESSAGES["pin-unknown"] = N_(
    "There is no GPIO {pin} on the 40 pins. Choose one of those in the drawing."
)
# Translators: {pin} is a number; pins 27 and 28 (GPIO 0 and 1).
MESSAGES["pin-not-free"] = N_("The board needs GPIO {pin} for itself. Choose another pin.")
# Translators: {pin} is a number. A kit may have a lamp and a button of its own.
MESSAGES["pin-of-the-kit"] = N_(
    "The kit's own lamp or button hangs on GPIO {pin}. Choose another pin."
)
# Translators: {pin} is a number.
MESSAGES["pin-taken"] = N_(
    "GPIO {pin} has a wire already. Choose another pin, or remove that wire."
)
# Translators: {pin} is a number, or several with commas.
MESSAGES["pin-busy"] = N_(
    "Another program uses GPIO {pin}, or the kit may not use it. Close that program, or choose "
    "another pin."
)
# Translators: something in the form for a part on the pins is out of range.
MESSAGES["wire-wrong"] = N_(
    "This part was not wired: a field is empty or out of range. Look at the numbers once more."
)
# Translators: the part on the pins was removed meanwhile.
MESSAGES["wire-missing"] = N_("This part is not wired any more.")
# Translators: {most} is a number.
MESSAGES["too-many-wires"] = N_("A project wires up to {most} parts. Remove one first.")
# Translators: Start was pressed, but no part is wired.
MESSAGES["nothing-wired"] = N_("Nothing is wired yet. Add a part first.")
# Translators: the setting `board` is "none".
MESSAGES["board-none"] = N_('Outputs are switched off in the settings (board = "none").')
# Translators: the computer is no Raspberry Pi.
MESSAGES["board-not-a-pi"] = N_(
    "This computer has no 40 pins. You can wire on this page; lights and motors need a kit on a "
    "Raspberry Pi."
)
# Translators: {reason} is technical, in English.
MESSAGES["board-missing"] = N_(
    "The kit cannot reach its pins ({reason}). Install python3-gpiozero and python3-lgpio, then "
    "start the kit again."
)
# Translators: the process that holds the pins ended; the kit tries again by itself.
MESSAGES["board-lost"] = N_(
    "The pins stopped answering. Everything is at rest; the kit tries again by itself."
)
# Translators: {name} is what stands in the settings.
MESSAGES["board-unknown"] = N_(
    "The kit knows no board “{name}”. Choose auto, gpiozero, mock, fake or none."
)
# Translators: another group's project uses the pins; there is one set of them.
MESSAGES["board-taken"] = N_(
    "Another group is using the pins just now. Ask it to press Stop; then press Start again."
)
