"""What is said to whoever types a command: of its options, and of the files that it reads."""

from kit.messages.section import N_, Section

MESSAGES = Section()

# --- settings and the address ----------------------------------------------------------

# Translators: {name} and {nearest} are keys such as "port"; {where} says where it was read.
MESSAGES["setting-unknown"] = N_("There is no setting {name} ({where}). Did you mean {nearest}?")
# Translators: {name} is a key such as "port"; {allowed} lists what may stand there.
MESSAGES["setting-wrong"] = N_(
    "The setting {name} cannot be {value} ({where}). It may be: {allowed}"
)
# Translators: {file} is a path, {reason} what the computer says of it, in English.
MESSAGES["settings-unreadable"] = N_("The kit cannot read its settings in {file}: {reason}")
# Translators: in the terminal; {holder} is a program, such as "python3 (process 812)".
MESSAGES["port-busy"] = N_(
    "Port {port} is taken by {holder}. Stop it, or choose another port: kit serve --port 8001."
)
# Translators: in the terminal; Linux keeps the ports below 1024 for the administrator.
MESSAGES["port-not-allowed"] = N_(
    "This user may not serve on port {port}. Choose a higher one: kit serve --port 8000."
)
# Translators: in the terminal; {host} is what was given after --host.
MESSAGES["host-not-here"] = N_(
    "This computer has no address {host}. Leave it out to serve on every network: kit serve --host."
)

# --- what to export, and where to ------------------------------------------------------

# Translators: {folder} is where the command line was told to write a model.
MESSAGES["out-folder-not-writable"] = N_(
    "Nothing can be written in {folder}. Check whom the folder belongs to, or choose another."
)
# Translators: {name} was typed; {names} lists the projects there are. `kit export` says it.
MESSAGES["project-not-named"] = N_("No project is called {name}. There are: {names}")
# Translators: keep kit export and --all as they are.
MESSAGES["export-what"] = N_("Name one project to export, or say --all.")
# Translators: two projects have that name; {ids} are their technical names.
MESSAGES["project-name-twice"] = N_("Several projects are called {name}. Say which one: {ids}")

# --- a model in a folder ---------------------------------------------------------------

# Translators: a file that `kit train` writes; {file} is its name, such as labels.txt.
MESSAGES["model-file-missing"] = N_("There is no {file}. Name a folder that kit train wrote.")
# Translators: a model of pictures was given to a command that listens.
MESSAGES["model-not-of-sounds"] = N_(
    "This model was not taught with sounds: it cannot listen. Give one that was."
)
# Translators: {name} is a label that was named on the command line.
MESSAGES["label-not-in-model"] = N_("This model has no label “{name}”. Its labels.txt names them.")
# Translators: the file model.tflite that a person named is not one that the kit can run.
MESSAGES["model-not-ours"] = N_("This model is damaged, or of a kind that the kit does not run.")
# Translators: {labels} and {outputs} are counts that should be equal; labels.txt is a file.
MESSAGES["model-labels-differ"] = N_(
    "labels.txt does not fit the model: {labels} labels for {outputs} answers."
)
# Translators: passport.json is a file's name; it goes with the model.
MESSAGES["passport-unreadable"] = N_("The model's passport.json is damaged. Train the model again.")

# --- options of a data set -------------------------------------------------------------

# Translators: keep --size and --kind image.
MESSAGES["size-of-pictures"] = N_("--size is for pictures only. Leave it out, or say --kind image.")
# Translators: keep --hands and --kind gesture.
MESSAGES["hands-of-gestures"] = N_("--hands is for gestures only: --kind gesture.")
# Translators: said of pictures of gestures that are taught by one hand. Keep --hands 2.
MESSAGES["gesture-second-hand"] = N_(
    "There is a second hand in the picture, and it was left out. To use both, say --hands 2."
)
