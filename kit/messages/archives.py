"""What comes in and goes out as a file: zips, data sets, projects, models."""

from kit.messages.section import N_, Section

MESSAGES = Section()

# --- zips ------------------------------------------------------------------------------

# Translators: a project or data set was expected, as one .zip file.
MESSAGES["archive-not-a-zip"] = N_("This file is not a zip. Choose the .zip file itself.")
# Translators: the zip is cut off or broken inside; nothing of it was kept.
MESSAGES["archive-damaged"] = N_(
    "This zip arrived damaged, so nothing was taken from it. Copy it again, then try once more."
)
# Translators: the zip asks for a password.
MESSAGES["archive-locked"] = N_(
    "This zip is locked with a password. Make it again without one, then try once more."
)
# Translators: {name} is the name of a file inside the zip; it points outside the zip's own folder.
MESSAGES["archive-unsafe"] = N_(
    "This zip was refused and nothing was taken from it: it holds “{name}”, which would be written "
    "elsewhere than where it belongs."
)
# Translators: once unpacked, the zip would fill the kit's memory card.
MESSAGES["archive-too-large"] = N_(
    "This zip was refused and nothing was taken from it: it holds too much for the kit. "
    "Make it smaller, or split it in two."
)

# --- data sets -------------------------------------------------------------------------

# Translators: {path} is what was typed as the folder or file to read.
MESSAGES["dataset-missing"] = N_("There is no folder or file called “{path}”.")
# Translators: the folder or zip that was given holds no file at all.
MESSAGES["dataset-empty"] = N_("There is nothing in it. Choose a folder with pictures.")
# Translators: pictures are sorted by folder: one for each label.
MESSAGES["dataset-no-folders"] = N_(
    "The kit needs one folder for each label, with its pictures inside. Make the folders, then "
    "try again."
)
# Translators: {folder} is a folder inside a label's folder.
MESSAGES["dataset-nested"] = N_(
    "“{folder}” is a folder inside a label's folder. Put the pictures straight into the label's "
    "folder."
)
# Translators: {label} is a label, and the name of its folder.
MESSAGES["dataset-label-empty"] = N_(
    "There is no picture for “{label}”. Put some in its folder, or remove the folder."
)
# Translators: {kind} is what another tool calls its project, such as "audio" or "pose".
MESSAGES["dataset-other-kind"] = N_(
    "This is a project of another kind ({kind}). Say that kind where the kit knows it, or choose "
    "another file."
)
# Translators: {name} is a file that only points to another place on the computer.
MESSAGES["dataset-link-outside"] = N_(
    "“{name}” points outside the folder, so it was left out. Copy the picture itself."
)
# Translators: {name} is a file; the system did not let the kit read it.
MESSAGES["dataset-file-unreadable"] = N_("“{name}” cannot be read, so it was left out.")
# Translators: {name} is a file, such as a film among the pictures.
MESSAGES["dataset-file-too-large"] = N_("“{name}” is too large for a picture, so it was left out.")
# Translators: {name} is a file beside the folders of the labels.
MESSAGES["dataset-loose-file"] = N_("“{name}” lies in no label's folder, so it was left out.")
# Translators: sounds were given where pictures were expected; keep --kind words and --kind sounds.
MESSAGES["dataset-holds-sounds"] = N_(
    "These are sounds, not pictures. Say which: --kind words for speech, --kind sounds for claps, "
    "instruments or machines."
)
# Translators: pictures were given where sounds were expected; keep --kind image.
MESSAGES["dataset-holds-pictures"] = N_("These are pictures, not sounds. Say so: --kind image.")
# Translators: a zip of sounds was brought in as pictures; on the page one chooses what it holds.
MESSAGES["import-holds-sounds"] = N_(
    "There are sounds in this file, not pictures. Bring it in once more and choose sounds."
)
# Translators: a zip of pictures was brought in as sounds; on the page one chooses what it holds.
MESSAGES["import-holds-pictures"] = N_(
    "There are pictures in this file, not sounds. Bring it in once more and choose pictures."
)
# Translators: Teachable Machine is another tool's name; WebM is a format of recordings.
MESSAGES["dataset-teachable-sounds"] = N_(
    "Teachable Machine keeps its sounds as WebM, which the kit cannot read. Turn them into WAV, "
    "one folder for each label."
)
# Translators: {label} is a label, and the name of its folder.
MESSAGES["dataset-label-silent"] = N_(
    "There is no sound for “{label}”. Put some in its folder, or remove the folder."
)

# --- project files ---------------------------------------------------------------------

# Translators: a zip was opened as a project, but it is something else.
MESSAGES["project-file-not-ours"] = N_(
    "This zip is not a project of the kit. Choose a file that ends in .kit.zip."
)
# Translators: {found} and {known} are version numbers of the project file.
MESSAGES["project-file-newer"] = N_(
    "A newer kit made this project (version {found}; this kit knows {known}). Update this kit, "
    "then open it again."
)
# Translators: the project file is cut off, or changed inside; nothing of it was kept.
MESSAGES["project-file-damaged"] = N_(
    "This project file is damaged, so nothing was taken from it. Export the project again."
)

# --- models as files -------------------------------------------------------------------

# Translators: {backbone} is a technical name. The frozen part of the model is another one here.
MESSAGES["model-of-another-backbone"] = N_(
    "This model was made with {backbone}, which this kit does not use now. Train anew, then export."
)
# Translators: "nearest neighbours" is the method that compares with every kept picture.
MESSAGES["head-not-exportable"] = N_(
    "This model compares with every picture it kept (nearest neighbours), so it cannot become one "
    "file. Train it with the Train button, then export."
)
# Translators: LiteRT is a program library; its name stays as it is.
MESSAGES["export-needs-litert"] = N_(
    "This kit runs its model with an older program, which cannot write model files. Export on a "
    "kit with LiteRT."
)
