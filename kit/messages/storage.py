"""What the kit keeps: the card, the data folder, the kit's own file."""

from kit.messages.section import N_, Section

MESSAGES = Section()

# Translators: the disk or the SD card has no room left. What was kept before is safe.
MESSAGES["disk-full"] = N_(
    "The kit's memory is full. What you kept is safe. Remove a project you no longer need,"
    " then try again."
)
# Translators: the card or disk gave an error while being read or written.
MESSAGES["disk-failed"] = N_(
    "The kit's memory card does not answer. Save your project on another device, then have the"
    " card replaced."
)
# Translators: shown to whoever starts the kit; the folder belongs to another user or is read-only.
MESSAGES["data-folder-not-writable"] = N_(
    "The kit cannot write in its data folder. Check whom the folder belongs to, or choose another"
    " with --data."
)
# Translators: {folder} is a path, {process} a process number. "kit" is this software.
MESSAGES["data-folder-busy"] = N_(
    "Another kit (process {process}) is using the folder {folder}. Stop it first, or choose another"
    " folder with --data."
)
# Translators: {folder} is a path.
MESSAGES["data-folder-missing"] = N_("There is nothing of the kit's in the folder {folder} yet.")
# Translators: {found} and {known} are version numbers of the way data are kept.
MESSAGES["data-folder-newer"] = N_(
    "A newer kit wrote this data folder (version {found}; this kit knows {known}). Use the newer"
    " kit."
)
# Translators: {found} and {known} are version numbers of the way data are kept.
MESSAGES["data-folder-older"] = N_(
    "An older kit wrote this data folder (version {found}; this kit writes {known}). Start the kit"
    " once to bring it up to date."
)
# Translators: the kit's own file is damaged; found while it runs.
MESSAGES["database-damaged"] = N_(
    "What the kit keeps is damaged, perhaps by a power cut. Start the kit again: it puts the"
    " damaged file aside."
)
# Translators: a word to the teacher at start; {folder} is where the damaged file was moved.
MESSAGES["database-quarantined"] = N_(
    "What the kit had kept was damaged, perhaps by a power cut. It was put aside in {folder}, and"
    " the kit begins afresh."
)
# Translators: the teacher ended the class; a program on the kit's own machine holds a file open.
MESSAGES["erasing-not-finished"] = N_(
    "Everything is removed, but another program is still reading the kit's file. Close it, then end"
    " the class once more."
)
