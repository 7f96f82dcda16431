"""A project, its labels and samples, its training."""

from kit.messages.section import N_, Section

MESSAGES = Section()

# --- names, labels, samples, training --------------------------------------------------

# Translators: a label or a project was given no name.
MESSAGES["name-empty"] = N_("A name is needed. Type a word, then try again.")
# Translators: {most} is a number of characters.
MESSAGES["name-too-long"] = N_("This name is too long. Use at most {most} characters.")
# Translators: the name holds signs that cannot be seen or that turn the writing around.
MESSAGES["name-not-text"] = N_("This name holds signs that cannot be shown. Type it anew.")
# Translators: {name} is the label that is there already.
MESSAGES["label-exists"] = N_("There is a label “{name}” already. Choose another word.")
# Translators: {most} is a number.
MESSAGES["too-many-labels"] = N_("A project holds at most {most} labels. Remove one first.")
# Translators: {most} is a number. A group's shelf of projects is full.
MESSAGES["too-many-projects"] = N_(
    "There are {most} projects already. Remove one you no longer need, then try again."
)
# Translators: a kind of project that is planned; texts come later.
MESSAGES["kind-not-yet"] = N_(
    "This kit learns from pictures, sounds and gestures. Choose one of them."
)
# Translators: a setting that only another kind of project has, such as the number of hands.
MESSAGES["option-of-another-kind"] = N_(
    "Projects of this kind have no such setting. Leave it as it is."
)
# Translators: how many hands a gesture may have.
MESSAGES["hands-one-or-two"] = N_("A gesture has one hand or two. Choose one of them.")
# Translators: words or sounds, one hand or two, was changed while the kit was training.
MESSAGES["sense-changed"] = N_(
    "Meanwhile another way of telling the examples apart was chosen. Train once more."
)
# Translators: a sound was sent to a project that tells pictures, or hands in pictures, apart.
MESSAGES["sound-not-wanted"] = N_(
    "This is a sound, and this project looks at pictures. Choose a picture, or make a project for "
    "sounds."
)
# Translators: a picture was sent to a project that tells sounds apart.
MESSAGES["picture-not-wanted"] = N_(
    "This is a picture, and this project listens to sounds. Choose a sound, or make a project for "
    "pictures."
)
# Translators: the kit's camera was asked in a project that tells sounds apart.
MESSAGES["camera-not-wanted"] = N_(
    "This project listens to sounds and has no use for the camera. Use the microphone."
)
# Translators: the kit's microphone was asked in a project that tells pictures or gestures apart.
MESSAGES["microphone-not-wanted"] = N_(
    "This project looks at pictures and hears nothing. Make a project for sounds."
)
# Translators: hands were looked for in a project that tells pictures or sounds apart.
MESSAGES["hands-not-wanted"] = N_("This project looks for no hands. Make a project for gestures.")
# Translators: how long to record; {least_s} and {most_s} are numbers of seconds.
MESSAGES["burst-seconds"] = N_("Record for {least_s} to {most_s} seconds.")
# Translators: a recording of a room in which nobody says anything, to count false alarms.
MESSAGES["background-too-short"] = N_(
    "This recording is too short to count false alarms. Take at least {least_s} seconds."
)
# Translators: the same; a longer one may be sent as a file.
MESSAGES["background-too-long"] = N_(
    "The kit's microphone records {most_s} seconds for this at most. Send a longer recording as a "
    "file."
)
# Translators: cutting a recorded clip; {most_ms} is a number of milliseconds.
MESSAGES["trim-outside"] = N_(
    "The second must lie inside the clip: begin at {most_ms} milliseconds at the latest."
)
# Translators: training needs two labels to tell apart.
MESSAGES["need-two-labels"] = N_(
    "Two labels are needed, so that there is something to tell apart. Add another one."
)
# Translators: {label} is a label without any picture.
MESSAGES["label-empty"] = N_("“{label}” is still empty. Give it samples, or remove the label.")
# Translators: someone asks for an answer before two labels were shown.
MESSAGES["nothing-learnt-yet"] = N_(
    "Nothing can be answered yet. Show two different things first, one for each label."
)
# Translators: {pictures} is a number. They are kept; they could not be prepared for training.
MESSAGES["pictures-not-embedded"] = N_(
    "{pictures} pictures could not be prepared, so nothing was trained. "
    "They are safe. Try again; if it stays so, start the kit again."
)
# Translators: where the pictures came from is not one of the ways the kit knows.
MESSAGES["source-unknown"] = N_("The kit does not know where this picture comes from. Try again.")
# Translators: a burst is a series of pictures taken in one showing.
MESSAGES["burst-name-wrong"] = N_("This series of pictures could not be kept. Take it again.")
# Translators: only one series of pictures at a time.
MESSAGES["burst-running"] = N_("Something is being shown already. Stop first, then start again.")
# Translators: taking a series of pictures ended by a fault of the kit's own.
MESSAGES["burst-broke-off"] = N_("The showing broke off. What was counted is kept. Start again.")
# Translators: the threshold is the confidence from which an answer counts as sure.
MESSAGES["threshold-out-of-range"] = N_("Choose a threshold between 0 and 100 %.")
# Translators: the kit was installed without its example.
MESSAGES["example-missing"] = N_("The ready example is not here. Install the kit again.")
# Translators: a long work (training, import) went wrong by a fault of the kit's own.
MESSAGES["job-failed"] = N_("This did not work, and nothing was lost. Try again.")
# Translators: somebody pressed Cancel.
MESSAGES["job-cancelled"] = N_("This was stopped, as you asked.")
# Translators: many groups wait for their training.
MESSAGES["too-many-jobs"] = N_("Too much is waiting to be done. Try again in a minute.")
# Translators: someone switches the kit off.
MESSAGES["kit-closing"] = N_("The kit is being switched off. Start it again, then try once more.")
# Translators: nothing was trained yet, or each object was shown only once.
MESSAGES["not-checked-yet"] = N_("Not checked yet: show each object once more.")

# --- what is not there any more --------------------------------------------------------

# Translators: a group's own place in the kit.
MESSAGES["space-missing"] = N_("This group is not there any more. Choose your animal again.")
# Translators: somebody removed it meanwhile, or the address is wrong.
MESSAGES["project-missing"] = N_("This project is not there any more. Go back to the first page.")
# Translators: two pupils work on the same project.
MESSAGES["label-missing"] = N_("This label is not there any more. Somebody may have removed it.")
# Translators: {name} is a label's name, chosen by pupils.
MESSAGES["label-name-taken"] = N_("A label is called “{name}” already. Choose another name.")
# Translators: two pupils work on the same project.
MESSAGES["sample-missing"] = N_("This picture is not there any more. Somebody may have removed it.")
# Translators: its file is gone from the kit's memory card.
MESSAGES["picture-missing"] = N_("The kit cannot find this picture any more.")
# Translators: {number} is the number of a model that pupils trained: model n° 3.
MESSAGES["model-not-kept"] = N_("Model {number} is not there any more. Train a new one.")
# Translators: long work, such as training or reading a file.
MESSAGES["job-missing"] = N_("This work is not there any more.")
