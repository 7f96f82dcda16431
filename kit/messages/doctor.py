"""The self-test's findings, on the page and from `kit doctor`."""

from kit.messages.section import N_, Section

MESSAGES = Section()

# Translators: what `kit doctor` says of a part. {name} is a model's name, {runtime} a program's
# name with its version.
MESSAGES["doctor-model-good"] = N_(
    "The model {name} is as it was shipped and answers in {invoke_ms:.1f} ms ({runtime})."
)
# Translators: {folder} is a path.
MESSAGES["doctor-data-empty"] = N_("The data folder {folder} holds nothing yet and can be written.")
# Translators: {folder} is a path.
MESSAGES["doctor-data-good"] = N_("The data folder {folder} is in order.")
# Translators: at the next start the kit moves the damaged file into the folder "quarantine".
MESSAGES["doctor-data-damaged"] = N_(
    "What is kept in {folder} is damaged. Start the kit: it puts it aside and begins afresh."
)
# Translators: {free_mb} megabytes on the card or disk.
MESSAGES["doctor-space-good"] = N_("There is room: {free_mb} MB.")
# Translators: {free_mb} megabytes on the card or disk.
MESSAGES["doctor-space-little"] = N_(
    "Only {free_mb} MB are left. Remove projects you no longer need, or use a larger card."
)
# Translators: {host} and {port} make an address.
MESSAGES["doctor-port-good"] = N_("The kit can serve on {host}, port {port}.")
# Translators: {host} and {port} make an address; --port is typed as it is.
MESSAGES["doctor-port-busy"] = N_(
    "Something serves on {host}, port {port} already. If it is not the kit, choose another port"
    " with --port."
)
# Translators: {cameras} is a list of names.
MESSAGES["doctor-camera-good"] = N_("Camera: {cameras}")
# Translators: {microphones} is a list of names.
MESSAGES["doctor-microphone-good"] = N_("Microphone: {microphones}")
# Translators: what kit doctor says where it finds no microphone.
MESSAGES["doctor-microphone-none"] = N_(
    "No microphone. Check that its cable is pushed in. Sound files and browsers' own microphones "
    "work without."
)
# Translators: what kit doctor says where it finds no camera.
MESSAGES["doctor-camera-none"] = N_(
    "No camera. Check that its cable is pushed in. Files and the tablets' own cameras work without."
)
# Translators: {language} is "fr" or "en".
MESSAGES["doctor-locale-good"] = N_(
    "Names of files may have any letter; the page speaks {language}."
)
# Translators: {encoding} is a technical name such as ascii; LANG=C.UTF-8 is typed as it is.
MESSAGES["doctor-locale-not-utf8"] = N_(
    "Names of files are read as {encoding}: accents may be lost. Set LANG=C.UTF-8."
)
# Translators: {count} lessons.
MESSAGES["doctor-activities-good"] = N_("Activities in order: {count}")
# Translators: {name} is the activity's folder; the reasons follow in brackets.
MESSAGES["doctor-activity-broken"] = N_("The activity {name} is not in order.")
# Translators: the memory card's speed; {speed} in megabytes a second, {sync_ms} in milliseconds.
MESSAGES["doctor-storage-good"] = N_(
    "The memory takes {speed:.0f} MB a second; one picture is safe after {sync_ms:.0f} ms "
    "(measured)."
)
# Translators: the memory card is slow; {speed} in megabytes a second, {sync_ms} in milliseconds.
MESSAGES["doctor-storage-slow"] = N_(
    "The memory is slow: {speed:.1f} MB a second, one picture is safe after {sync_ms:.0f} ms "
    "(measured). Bursts may stumble: use a card marked A1 or A2."
)
# Translators: the memory tells how much of its life is used; {percent} is a number.
MESSAGES["doctor-wear-good"] = N_("The memory has used up to {percent} % of its life.")
# Translators: the memory is nearly worn out; {percent} is a number.
MESSAGES["doctor-wear-old"] = N_(
    "The memory has used up to {percent} % of its life. Save what matters and change it soon."
)
# Translators: memory cards do not tell their wear; {written} is in gigabytes.
MESSAGES["doctor-wear-written"] = N_(
    "This card does not tell how worn it is. Written to it since it was set up: {written:.1f} GB."
)
# Translators: neither wear nor what was written is known.
MESSAGES["doctor-wear-unknown"] = N_("This machine does not tell how worn its memory is.")
# Translators: the power supply was strong enough ever since the kit was switched on.
MESSAGES["doctor-power-good"] = N_(
    "The power supply has been strong enough ever since the kit was switched on."
)
# Translators: the board says that its supply's voltage is too low now.
MESSAGES["doctor-power-low"] = N_(
    "The power supply is too weak just now. Use the supply that belongs to the kit, and a short "
    "cable."
)
# Translators: the board says that its supply's voltage was too low at some time.
MESSAGES["doctor-power-was-low"] = N_(
    "The power supply was too weak at some time since the kit was switched on. Use the supply that "
    "belongs to the kit, and a short cable."
)
# Translators: no Raspberry Pi, or its firmware does not answer.
MESSAGES["doctor-power-unknown"] = N_(
    "This machine does not tell whether its supply is strong enough."
)
# Translators: {celsius} is a temperature.
MESSAGES["doctor-temperature-good"] = N_("The processor is at {celsius:.0f} °C.")
# Translators: {celsius} is a temperature.
MESSAGES["doctor-temperature-hot"] = N_(
    "The processor is hot ({celsius:.0f} °C) and runs slower. Let air reach the kit."
)
# Translators: it was too hot before; {celsius} is the temperature now.
MESSAGES["doctor-temperature-slowed"] = N_(
    "The processor is at {celsius:.0f} °C, but has run slower at some time since it was switched "
    "on. Let air reach the kit."
)
# Translators: no temperature can be read.
MESSAGES["doctor-temperature-unknown"] = N_("This machine does not tell its temperature.")
# Translators: {time} is such as "2026-11-22 08:15".
MESSAGES["doctor-clock-good"] = N_("The kit's clock says {time} and has a battery.")
# Translators: {time} is such as "2026-11-22 08:15".
MESSAGES["doctor-clock-no-battery"] = N_(
    "The kit's clock says {time}. It has no battery: it is set anew after each start."
)
# Translators: the clock was not set since the start; nothing breaks.
MESSAGES["doctor-clock-not-set"] = N_(
    "The kit does not know what time it is. Nothing breaks: the class is erased by the hours it "
    "was on."
)
# Translators: {names} are radios, such as "wlan0".
MESSAGES["doctor-wifi-on"] = N_("Wi-Fi is on ({names}).")
# Translators: the radio is there and switched off.
MESSAGES["doctor-wifi-off"] = N_("Wi-Fi is off.")
# Translators: this machine has no radio.
MESSAGES["doctor-wifi-none"] = N_("This machine has no Wi-Fi of its own, or does not show it.")
# Translators: {name} is a power meter's technical name.
MESSAGES["doctor-meter-good"] = N_("Power meter: {name}")
# Translators: no power meter is plugged in.
MESSAGES["doctor-meter-none"] = N_("No power meter: joules are estimated, not measured.")
# Translators: the 40 pins; {name} is a technical name.
MESSAGES["doctor-pins-good"] = N_("Lights and motors hang on: {name}")
# Translators: two people asked for a self-test at once.
MESSAGES["doctor-busy"] = N_("A self-test is under way already. It takes some seconds.")
# Translators: a check itself failed; {reason} is technical, in English.
MESSAGES["doctor-cannot-tell"] = N_("The kit cannot tell: {reason}")
