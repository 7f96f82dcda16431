"""What is said of the system under the kit: its first boot, its card, its Wi-Fi, its clock."""

from kit.messages.section import N_, Section

MESSAGES = Section()

# --- the first boot --------------------------------------------------------------------

# Translators: on the screen at start. The boot drive is what a computer shows of the memory card.
MESSAGES["boot-file-missing"] = N_(
    "There is no file mallette.toml on the memory card's boot drive. Put it back, and write at "
    'least the country in it: country = "FR".'
)
# Translators: on the screen at start; the file was saved by a word processor, or is a picture.
MESSAGES["boot-file-not-text"] = N_(
    "The file mallette.toml is not plain text. Open it in a simple editor and save it as text, "
    "UTF-8."
)
# Translators: on the screen at start; {line} is a line's number. Keep the marks as they are.
MESSAGES["boot-file-curly-quotes"] = N_(
    "Line {line} of mallette.toml has a word processor's quotation marks. Type straight ones "
    'instead: "FR".'
)
# Translators: on the screen at start; {line} is a line's number. Keep the example as it is.
MESSAGES["boot-file-broken"] = N_(
    "Line {line} of mallette.toml cannot be read. A line is a word, an equals sign and a value in "
    'quotation marks: country = "FR".'
)
# Translators: on the screen at start; {name} is a word in mallette.toml, {nearest} one that exists.
MESSAGES["boot-file-unknown"] = N_(
    "mallette.toml says “{name}”, which the kit does not know. Is “{nearest}” meant?"
)
# Translators: on the screen at start; {allowed} lists what may stand there, such as "fr, en".
MESSAGES["boot-file-wrong"] = N_(
    "mallette.toml says {name} = {value}, which the kit cannot use. It may be: {allowed}."
)
# Translators: on the screen at start. Keep the example as it is.
MESSAGES["boot-file-country-missing"] = N_(
    "mallette.toml does not say in which country the kit is, so its Wi-Fi stays off: each country "
    'has its own rules for radio. Write two letters: country = "FR".'
)
# Translators: on the screen at start; {value} is what was written for a country.
MESSAGES["boot-file-country-unknown"] = N_(
    "mallette.toml says that the country is “{value}”. Write its two letters, such as FR, BE, CH "
    "or CA. Until then the Wi-Fi stays off."
)
# Translators: on the screen at start; {value} was written for a country, {meant} are its letters.
MESSAGES["boot-file-country-meant"] = N_(
    "mallette.toml says that the country is “{value}”. If {meant} is meant, write that. Until then "
    "the Wi-Fi stays off."
)
# Translators: on the screen at start; join, wifi_name and wifi_password are words in the file.
MESSAGES["boot-file-join-needs"] = N_(
    "mallette.toml asks the kit to join a Wi-Fi. For that it needs wifi_name and wifi_password too."
)
# Translators: on the screen at start; own, join and wifi_password are words in the file.
MESSAGES["boot-file-own-password"] = N_(
    "mallette.toml gives a password for the kit's own Wi-Fi, but the kit draws that one by itself, "
    'so that no two kits share one. Take the line out, or write wifi = "join".'
)
# Translators: on the screen at start; {file} is a file that another program put on the card.
MESSAGES["boot-file-stray"] = N_(
    "The file {file} on the memory card was not obeyed. This kit is set up by mallette.toml alone."
)

# --- a card that cannot hold a lesson --------------------------------------------------

# Translators: on the screen at start. The data partition is where the class's work is kept.
MESSAGES["data-partition-missing"] = N_(
    "The kit's data partition did not open, so nothing could be kept and the kit does not serve. "
    "Switch it off and on again; if this stays, its memory card must be replaced."
)
# Translators: on the screen at start. The card refuses to be written to.
MESSAGES["data-partition-read-only"] = N_(
    "The memory card can be read but no longer written to, so the kit does not serve. Cards end "
    "like this: copy what you need, and replace it."
)
# Translators: on the screen at start; {kind} names how the partition is formatted, as in "tmpfs".
MESSAGES["data-partition-in-memory"] = N_(
    "The kit's data would lie in memory ({kind}) and be gone when it is switched off, so the kit "
    "does not serve. Flash its memory card again."
)

# Translators: heading of the one page that a kit with a broken memory card shows.
MESSAGES["fault-title"] = N_("This kit cannot hold a lesson now")
# Translators: in the place of a reason, on the same page: the start failed in an unforeseen way.
MESSAGES["start-failed"] = N_(
    "Something failed while the kit was starting; its own screen may say what."
)
# Translators: first thing to do about a broken memory card, in a numbered list.
MESSAGES["fault-step-restart"] = N_(
    "Unplug the kit, wait ten seconds, plug it in again. Nothing is lost by that: it keeps nothing "
    "now."
)
# Translators: second thing to do, in the same list.
MESSAGES["fault-step-again"] = N_("Wait two minutes, then press “Try again”.")
# Translators: link on the same page: asks the kit once more.
MESSAGES["fault-look-again"] = N_("Try again")
# Translators: third thing to do, in the same list.
MESSAGES["fault-step-card"] = N_(
    "If it still says this, take another memory card, or ask whoever lends this kit. Lay this card "
    "aside as it is: what was kept on it may still be read."
)

# --- what a teacher does to the system under the kit -----------------------------------

# Translators: {name} was given as a setting; run, fake and none stay as they are.
MESSAGES["appliance-unknown"] = N_(
    "There is no appliance “{name}”. Choose run, fake or none: on a computer of its own, none."
)
# Translators: asked for Wi-Fi, clock or switching off where the kit runs on somebody's computer.
MESSAGES["appliance-none"] = N_(
    "This kit runs on a computer that does other things, too: its Wi-Fi, its clock and its switch "
    "are left alone."
)
# Translators: nobody answered within twenty seconds. The switch is the kit's own, or its plug.
MESSAGES["appliance-silent"] = N_(
    "The kit's system does not answer, so nothing was done. Try once more; if that does not help, "
    "unplug the kit and plug it in again."
)
# Translators: the radio, the clock or the like refused.
MESSAGES["appliance-failed"] = N_(
    "The kit's system could not do that. Try once more; the self-test may say why."
)
# Translators: mallette.toml is the name of a file on the memory card.
MESSAGES["wifi-not-wished"] = N_(
    "The Wi-Fi stays off: the file mallette.toml on the memory card says so, or names no country."
)
# Translators: the addresses that screens were given could not be erased for certain.
MESSAGES["leases-not-erased"] = N_(
    "The list of the screens that were on the Wi-Fi could not be erased for certain. Start the kit "
    "again: the list lies in its memory only."
)
# Translators: a teacher's screen has a clock that cannot be right, so it is not taken over.
MESSAGES["clock-implausible"] = N_(
    "This screen's own clock cannot be right, so the kit's was left as it is. Set the screen's "
    "clock, then try again."
)
# Translators: {name} is what a browser calls its time zone, such as "Mars/Olympus".
MESSAGES["zone-unknown"] = N_("The kit does not know the time zone “{name}”.")
# Translators: said to programs that ask without saying that they mean it.
MESSAGES["confirm-power"] = N_("Say that you mean it: the kit goes off for everybody.")
# Translators: shown on every page when the teacher switches the kit off.
MESSAGES["kit-switching-off"] = N_("The kit is switching off. Everything that was kept is safe.")
# Translators: shown on every page when the teacher starts the kit again.
MESSAGES["kit-restarting"] = N_("The kit is starting again. This page comes back by itself.")

# --- the card in the middle of a lesson ------------------------------------------------

# Translators: banner across every page: the memory card failed in the middle of a lesson.
MESSAGES["data-went-read-only"] = N_(
    "The kit's memory card can no longer be written to: nothing that you show from now on is kept. "
    "What was kept before can still be read. Save your projects as files, then have the card "
    "replaced."
)
# Translators: banner across every page: the memory card gives errors, or was pulled out.
MESSAGES["data-failing"] = N_(
    "The kit's memory card does not answer as it should. Save your projects as files now, then "
    "have the card replaced."
)
# Translators: banner across every page.
MESSAGES["data-full"] = N_(
    "The kit's memory is full: nothing more can be kept. Remove a project that nobody needs, or "
    "end the class."
)
# Translators: banner on the teacher's pages; {free_mb} megabytes, in steps of ten.
MESSAGES["space-little"] = N_(
    "The kit has room for about {free_mb} MB more. Save projects as files and remove some, or end "
    "the class, before it is full."
)
