"""What is said to whoever lends kits out, takes them back and updates them."""

from kit.messages.section import N_, Section

MESSAGES = Section()

# --- kits on loan ----------------------------------------------------------------------

# Translators: {file} is lender.toml, {reason} what is wrong in it.
MESSAGES["lender-file-wrong"] = N_("{file} is not as it should be: {reason}")
# Translators: {number} is what was given.
MESSAGES["fleet-number-wrong"] = N_("A kit's number is 1 to 9999, not {number}. Give it one.")
# Translators: {number} is a kit's number.
MESSAGES["fleet-number-taken"] = N_("Kit {number} is in the list already.")
# Translators: {number} is a kit's number; {one} and {other} are names of two kits.
MESSAGES["fleet-two-kits"] = N_(
    "Two kits have the number {number}: {one} in the list, {other} in the report. Look at the "
    "cases, and give one of them another number."
)
# Translators: {file} is a path.
MESSAGES["fleet-missing"] = N_("There is no list {file}. Make it with kit fleet add.")
# Translators: {file} is a name; CSV is a file format, number is a column's name.
MESSAGES["fleet-wrong"] = N_(
    "{file} is not a list of kits: a CSV in UTF-8 with a column number, each number once."
)
# Translators: a file that was given is no kit's report; keep kit lend --json.
MESSAGES["fleet-report-wrong"] = N_(
    "This file is not a kit's report. Make one on the kit with kit lend --json."
)
# Translators: {file} is a path; it would be erased with the loan.
MESSAGES["return-sheet-inside"] = N_(
    "{file} lies in the data folder and would be erased with it. Choose another place."
)
# Translators: {place} is a path.
MESSAGES["return-defaults-missing"] = N_(
    "There is no folder {place} with defaults. Nothing was erased."
)
# Translators: {place} is a path of a device.
MESSAGES["return-nowhere-to-search"] = N_("There is no {place} to search. Nothing was erased.")

# --- updates ---------------------------------------------------------------------------

# Translators: {file} is a path.
MESSAGES["bundle-missing"] = N_("There is no update {file}. Is the USB stick in?")
# Translators: {file} is a file's name.
MESSAGES["bundle-broken"] = N_(
    "The update {file} is damaged or incomplete. Nothing was changed; copy it again."
)
# Translators: {file} is a file's name.
MESSAGES["bundle-signature-wrong"] = N_(
    "The update {file} is not signed by whoever makes this kit's software. Nothing was changed: do "
    "not use it."
)
# Translators: {version} is what stands there in place of a version.
MESSAGES["bundle-version-wrong"] = N_("“{version}” is not a version such as 0.2.0.")
# Translators: {version} and {running} are version numbers.
MESSAGES["bundle-not-newer"] = N_(
    "This update is version {version}; the kit has {running}. Nothing was changed."
)
# Translators: on the screen and on the page. An update that was installed is not used.
MESSAGES["software-failed"] = N_(
    "The installed update {version} does not start, so the kit runs the software that it was "
    "flashed with. Install a newer update."
)
# Translators: on the screen and on the page. What lies on the memory card is not what was signed.
MESSAGES["software-damaged"] = N_(
    "The installed update {version} is damaged, so the kit runs the software that it was flashed "
    "with. Install the update again."
)
# Translators: on the screen and on the page; {file} is the name of a file on the memory card.
MESSAGES["software-original"] = N_(
    "The kit runs the software that it was flashed with ({version}), because the file {file} lies "
    "on its memory card. Remove that file to run the installed update again."
)
# Translators: on the screen and on the page; update_key and mallette.toml stay as they are.
MESSAGES["software-no-key"] = N_(
    "There is an update, but no key to check it with, so it is not used. The kit's lender writes "
    "update_key into mallette.toml."
)
# Translators: on the screen and on the page, after a USB stick with an update was plugged in.
MESSAGES["software-installed"] = N_(
    "Version {version} is installed. It runs from the next start on."
)
# Translators: {file} is a path.
MESSAGES["bundle-key-missing"] = N_("The key {file} that updates are checked with is not there.")
# Translators: {file} is a file's name.
MESSAGES["bundle-key-wrong"] = N_("{file} is not a private Ed25519 key.")
# Translators: openssl is a program.
MESSAGES["openssl-missing"] = N_(
    "The program openssl is not here, so signatures cannot be made or checked. Install it."
)
