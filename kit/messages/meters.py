"""Power meters: whether one answers, what its figures rest on, what it does not see."""

from kit.messages.section import N_, Section

MESSAGES = Section()

# --- a meter that does not answer, or not rightly --------------------------------------

# Translators: no power meter of that kind answers; the log says what was tried.
MESSAGES["meter-missing"] = N_(
    "I cannot find this power meter. Check that it is plugged in, then try again."
)
# Translators: {name} is what was asked for; the others are names of meters and stay as they are.
MESSAGES["meter-unknown"] = N_(
    "There is no power meter called “{name}”. Choose auto, pico, hwmon, pmic, rapl, estimate or "
    "none."
)
# Translators: someone chose to measure without a power meter.
MESSAGES["meter-none"] = N_("No power meter is chosen, so no energy is measured.")
# Translators: a Pico is a Raspberry Pi Pico, the small board of a power meter.
MESSAGES["meter-firmware-none"] = N_(
    "A Pico is plugged in, but it does not answer as a power meter. If it is to be one, copy the "
    "files of firmware/power-meter onto it; then unplug it and plug it in again."
)
# Translators: {found} and {needed} are version numbers such as 1.0.0.
MESSAGES["meter-firmware-wrong"] = N_(
    "This power meter has firmware {found}, and this kit needs {needed}. Copy the files of "
    "firmware/power-meter onto it; then unplug it and plug it in again."
)
# Translators: {found} is a version number such as 1.0.0; {needed} is the same and need not be said.
MESSAGES["meter-firmware-right"] = N_(
    "This power meter is right: firmware {found}, and its self-test went well."
)
# Translators: {found} and {needed} are version numbers such as 1.0.0.
MESSAGES["meter-firmware-older"] = N_(
    "This power meter works. Its firmware {found} is older than {needed}, which comes with this "
    "kit."
)
# Translators: the sensor is a small board of its own, beside the Pico.
MESSAGES["meter-sensor-missing"] = N_(
    "The power meter answers, but its sensor does not. Push in the four wires between the two "
    "boards, then try again."
)
# Translators: the sensor is a small board of its own, beside the Pico.
MESSAGES["meter-sensor-two"] = N_(
    "The power meter sees more than one sensor. Leave one of them, then try again."
)
# Translators: somebody else has opened the meter's port.
MESSAGES["meter-busy"] = N_("Another program is using this power meter. Close it, then try again.")
# Translators: the load is the board that is to be measured.
MESSAGES["meter-test-no-supply"] = N_(
    "The power meter works, but no board draws current through it. Switch the board on, then try "
    "again."
)
# Translators: {test} is a technical word: registers, product or rate.
MESSAGES["meter-test-failed"] = N_(
    "The power meter's self-test found a fault ({test}). Check its wires, or try another sensor."
)
# Translators: the power meter stopped in the middle of things.
MESSAGES["meter-lost"] = N_(
    "The power meter stopped answering. Push its cable in again: the measurement goes on by itself."
)
# Translators: the meter's answers are not of the form the kit knows; {line} is one of them.
MESSAGES["meter-format"] = N_(
    "The power meter answered in a way the kit does not know: “{line}”. No figure was made of it."
)
# Translators: {file} is the name of a file of the system.
MESSAGES["meter-not-allowed"] = N_(
    "The system does not let this user read {file}. Run the command as its administrator."
)
# Translators: the shunt is the small resistor in which the current is measured; ohms.
MESSAGES["meter-shunt-wrong"] = N_(
    "A shunt has between {least} and {most} ohms. The value is printed on it: R100 is 0.1 ohm."
)

# --- calibration -----------------------------------------------------------------------

# Translators: the record of a meter's calibration (its comparison with another meter) is broken.
MESSAGES["calibration-damaged"] = N_(
    "The record of the meter's calibration cannot be read, so it is not used. Calibrate it again."
)
# Translators: the meter to be compared with another one read nothing, or less.
MESSAGES["calibration-nothing"] = N_(
    "The meter read no power, so there is nothing to compare. Check its wiring, then try again."
)

# --- what a figure rests on ------------------------------------------------------------

# Translators: what a figure of energy rests on: the whole board was measured, at its plug.
MESSAGES["meter-label-input"] = N_("measured at the board's plug")
# Translators: what a figure of energy rests on: only some supplies on the board were measured.
MESSAGES["meter-label-rails"] = N_("measured on some of the board's inner supplies")
# Translators: what a figure of energy rests on: nobody measured, a formula was used.
MESSAGES["meter-label-estimated"] = N_("estimated, not measured")
# Translators: what a figure of energy rests on: there is none.
MESSAGES["meter-label-none"] = N_("not measured")

# --- what a meter does not see ---------------------------------------------------------

# Translators: what a meter does not see. The power supply is the block in the wall socket.
MESSAGES["meter-blind-supply"] = N_(
    "It does not see what the power supply itself loses: at the wall socket it is more."
)
# Translators: what a meter does not see. A HAT is a board put on top of a Raspberry Pi.
MESSAGES["meter-blind-usb"] = N_(
    "It does not see what USB devices and boards on top of this one draw, a camera on USB for "
    "instance."
)
# Translators: what a meter does not see: some lines of the board's power chip.
MESSAGES["meter-blind-unpaired"] = N_(
    "It leaves out supplies for which the chip tells only voltage or only current."
)
# Translators: what a meter does not see: lines of its answer that the kit cannot read.
MESSAGES["meter-blind-line"] = N_(
    "Some lines of its answer have a form the kit does not know and are left out: the true power "
    "is higher."
)
# Translators: what a meter does not see: the memory's supply reads 0 while little happens.
MESSAGES["meter-blind-memory"] = N_(
    "The memory's supplies read 0 while the board does little, so idle looks a little low."
)
# Translators: what a meter does not see: things quicker than its readings.
MESSAGES["meter-blind-slow"] = N_(
    "It takes only a few readings a second: short peaks between two of them are missed."
)
# Translators: what a meter does not see: a computer's screen, disk and so on.
MESSAGES["meter-blind-processor-only"] = N_(
    "It sees the processor and perhaps the memory, not the screen, the disk or the rest."
)
# Translators: of an estimate that comes from a formula.
MESSAGES["meter-blind-all"] = N_(
    "Nothing was measured: these joules come from a formula and from how long the program worked."
)
# Translators: of an estimate: the formula knows how long the processor works, not how hard.
MESSAGES["meter-blind-how-hard"] = N_(
    "It knows how long the program worked, not how hard each moment was."
)
# Translators: of an estimate: other programs are not counted.
MESSAGES["meter-blind-others"] = N_(
    "It counts what this program worked, not what others did meanwhile."
)
# Translators: an estimate on another computer than a Raspberry Pi.
MESSAGES["meter-not-a-raspberry-pi"] = N_(
    "This is not a Raspberry Pi: the formula uses the average of large servers' processors."
)
# Translators: an estimate on a Raspberry Pi for which nobody published figures.
MESSAGES["meter-board-unknown"] = N_(
    "The kit knows no figures for this board: the formula uses the average of large servers' "
    "processors."
)
# Translators: of the fake meter, which makes its readings up.
MESSAGES["meter-blind-fake"] = N_(
    "This meter is a toy for trying things out: its readings are made."
)
