"""Every sentence the kit says by id: errors, advice, notices; French is in the catalogue.

A line such as `MESSAGES["disk-full"] = N_("…")`, in the section of the room that says it,
with a note for the translator above it (`# Translators: …`). `{name}` is filled from the
error's `values`. `tests/test_messages.py` checks that every id raised in the code is
here, and that no sentence here is orphaned.
"""

MESSAGES: dict[str, str] = {}


def N_(text: str) -> str:
    """Mark a sentence for extraction and leave it as it is."""
    return text


def of_kind(id: str, kind: str) -> str:
    """The id of what is said in a project of that kind: its own words, where it has any.

    >>> of_kind("advice-too-few", "sound"), of_kind("advice-one-label", "sound")
    ('advice-too-few-sound', 'advice-one-label')
    """
    own = {"sound": f"{id}-sound", "gesture": f"{id}-gesture"}.get(kind, id)
    return own if own in MESSAGES else id


# --- pictures and archives -------------------------------------------------------------

# Translators: the file that was given holds nothing at all.
MESSAGES["picture-empty"] = N_("This picture is empty. Take it again, or choose another one.")
# Translators: the picture is cut off or broken inside.
MESSAGES["picture-damaged"] = N_(
    "This picture arrived damaged. Copy it again, or choose another one."
)
# Translators: {most_megapixels} and {most_megabytes} are whole numbers.
MESSAGES["picture-too-large"] = N_(
    "This picture is too large. The kit takes up to {most_megapixels} million pixels and "
    "{most_megabytes} MB: make it smaller, or take a new one with the kit's camera."
)
# Translators: the file has a picture's name, but something else is inside.
MESSAGES["picture-not-a-picture"] = N_(
    "This file is not a picture. Choose a JPEG, PNG, WebP, BMP or GIF file."
)
# Translators: iPhones store photos in HEIC. The path in the settings is worded as on an iPhone.
MESSAGES["picture-heic"] = N_(
    "This picture is in HEIC, a format the kit cannot read. On the phone, choose Settings, Camera, "
    "Formats, Most Compatible, then take it again; or send it as JPEG."
)
# Translators: {kind} is a format's name, such as "SVG" or "AVIF".
MESSAGES["picture-format"] = N_(
    "The kit cannot read {kind} files as pictures. Save the picture as JPEG or PNG first."
)
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

# --- cameras and the engine ------------------------------------------------------------

# Translators: no camera answers, for whatever reason.
MESSAGES["camera-missing"] = N_(
    "I cannot see a camera. Check that the cable is pushed in, then press Try again."
)
# Translators: another program on the same machine holds the camera.
MESSAGES["camera-busy"] = N_(
    "Another program is using the camera. Close it, and the picture comes back by itself."
)
# Translators: the camera stopped in the middle of things, most often because its cable came out.
MESSAGES["camera-lost"] = N_(
    "The camera stopped answering. Push its cable in again: the picture comes back by itself."
)
# Translators: someone chose "no camera" in the settings.
MESSAGES["camera-none"] = N_(
    "No camera is chosen. Choose one in the settings, or add pictures from files."
)
# Translators: {name} is what was typed as the camera's name.
MESSAGES["camera-unknown"] = N_("There is no camera called “{name}”. Choose one from the list.")
# Translators: {smallest} and {largest} are numbers of pixels.
MESSAGES["camera-settings"] = N_(
    "The camera cannot be set like that. Choose sides between {smallest} and {largest} pixels, and "
    "a turn of 0, 90, 180 or 270 degrees."
)
# Translators: a setting this camera does not have. Exposure is how much light it lets in.
MESSAGES["camera-cannot-lock-exposure"] = N_(
    "This camera cannot hold its exposure still: keep the light in the room steady."
)
# Translators: a setting this camera does not have. White balance is how it tints colours.
MESSAGES["camera-cannot-lock-white-balance"] = N_(
    "This camera cannot hold its colours still: keep the same background."
)
# Translators: the camera was switched on and its first picture is awaited.
MESSAGES["camera-starting"] = N_("The camera is starting. One moment.")
# Translators: "Bookworm" and "Trixie" are versions of Raspberry Pi OS.
MESSAGES["camera-needs-trixie"] = N_(
    "The ribbon camera needs a newer system (Raspberry Pi OS Trixie) than this Bookworm. "
    "Install it, or use a USB camera."
)
# Translators: the ribbon camera's own software is not there. Keep the command as it is.
MESSAGES["camera-needs-picamera2"] = N_(
    "The ribbon camera's software is missing. Install it with: sudo apt install python3-picamera2"
)
# Translators: {name} is the folder the practice camera was told to show pictures from.
MESSAGES["camera-folder-empty"] = N_(
    "There is no picture in the folder “{name}”. Put some there, or choose another camera."
)
# Translators: {file} is a file name. The model is what turns pictures into numbers.
MESSAGES["model-missing"] = N_(
    "The kit cannot answer: its model file {file} is missing. Install the kit again."
)
# Translators: {file} is a file name. Its content is not what was shipped.
MESSAGES["model-altered"] = N_(
    "The kit cannot answer: its model file {file} is not the one it came with. "
    "Install the kit again."
)
# Translators: LiteRT is a program library; its name stays as it is.
MESSAGES["runtime-missing"] = N_(
    "The kit cannot answer: the program that runs its model (LiteRT) is missing. "
    "Run make run again to install it."
)
# Translators: the kit is shutting down while someone waits for an answer.
MESSAGES["engine-stopped"] = N_("The kit is closing. Start it again, then try once more.")

# --- microphones -----------------------------------------------------------------------

# Translators: no microphone answers, for whatever reason.
MESSAGES["microphone-missing"] = N_(
    "I cannot hear a microphone. Check that its cable is pushed in: the sound comes by itself."
)
# Translators: another program on the same machine holds the microphone.
MESSAGES["microphone-busy"] = N_(
    "Another program is using the microphone. Close it, and the sound comes back by itself."
)
# Translators: the microphone stopped in the middle of things, mostly because its cable came out.
MESSAGES["microphone-lost"] = N_(
    "The microphone stopped answering. Push its cable in again: the sound comes back by itself. "
    "What you recorded is kept."
)
# Translators: someone chose "no microphone" in the settings.
MESSAGES["microphone-none"] = N_(
    "No microphone is chosen. Choose one in the settings, or add sounds from files."
)
# Translators: {name} is what was typed as the microphone's name.
MESSAGES["microphone-unknown"] = N_(
    "There is no microphone called “{name}”. Choose one from the list."
)
# Translators: the microphone was switched on and its first sound is awaited.
MESSAGES["microphone-starting"] = N_("The microphone is starting. One moment.")
# Translators: {animal} is the key of another group's animal, such as "otter"; the page says whose
# turn it is beside this sentence, so it is not in it.
MESSAGES["microphone-taken"] = N_(
    "Another group is recording just now. It is your turn when its lamp goes out."
)
# Translators: the microphone's own software is not there. Keep the command as it is.
MESSAGES["microphone-library"] = N_(
    "The software for microphones is missing. Install it with: sudo apt install libportaudio2"
)
# Translators: {name} is the folder the practice microphone was told to play sounds from.
MESSAGES["microphone-folder-empty"] = N_(
    "There is no sound in the folder “{name}”. Put some there, or choose another microphone."
)
# Translators: shown beside the level meter for ten seconds after pieces of sound were lost.
MESSAGES["microphone-cannot-keep-up"] = N_(
    "The kit was too busy to hear everything. Close other pages, then record again."
)

# --- storage and files -----------------------------------------------------------------

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
# Translators: {folder} is where the command line was told to write a model.
MESSAGES["out-folder-not-writable"] = N_(
    "Nothing can be written in {folder}. Check whom the folder belongs to, or choose another."
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
# Translators: {name} and {nearest} are keys such as "port"; {where} says where it was read.
MESSAGES["setting-unknown"] = N_("There is no setting {name} ({where}). Did you mean {nearest}?")
# Translators: {name} is a key such as "port"; {allowed} lists what may stand there.
MESSAGES["setting-wrong"] = N_(
    "The setting {name} cannot be {value} ({where}). It may be: {allowed}"
)
# Translators: {file} is a path, {reason} what the computer says of it, in English.
MESSAGES["settings-unreadable"] = N_("The kit cannot read its settings in {file}: {reason}")
# Translators: {name} was typed; {names} lists the projects there are. `kit export` says it.
MESSAGES["project-not-named"] = N_("No project is called {name}. There are: {names}")
# Translators: keep kit export and --all as they are.
MESSAGES["export-what"] = N_("Name one project to export, or say --all.")
# Translators: two projects have that name; {ids} are their technical names.
MESSAGES["project-name-twice"] = N_("Several projects are called {name}. Say which one: {ids}")
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

# --- projects, labels, training --------------------------------------------------------

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
# Translators: the file in which the points of a hand are kept.
MESSAGES["hands-damaged"] = N_(
    "These points of a hand cannot be read. Show the sign again, or choose another file."
)
# Translators: advice after a picture of two hands was kept in a project of gestures of one hand.
MESSAGES["advice-second-hand"] = N_(
    "There was a second hand in the picture; only the surer one counts. If your signs need both, "
    "choose two hands in the settings."
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
# Translators: the kit took too long to answer.
MESSAGES["engine-busy"] = N_("The kit is too busy to answer just now. Try again in a moment.")
# Translators: the threshold is the confidence from which an answer counts as sure.
MESSAGES["threshold-out-of-range"] = N_("Choose a threshold between 0 and 100 %.")
# Translators: advice. The model was trained with another backbone (the frozen part of a model).
MESSAGES["advice-model-of-another-backbone"] = N_(
    "The model was trained with other settings of this kit and cannot answer now. Train again."
)
# Translators: advice. "words" and "sounds" are the two ways of hearing that one may choose.
MESSAGES["advice-model-of-other-hearing"] = N_(
    "The model was trained with the other way of hearing and does not answer now. Train again, or "
    "go back to it."
)
# Translators: advice. One hand or two hands may be chosen for a project of gestures.
MESSAGES["advice-model-of-other-hands"] = N_(
    "The model was trained with another number of hands and does not answer now. Train again, or "
    "go back to it."
)
# Translators: {backbone} is a technical name. The frozen part of the model is another one here.
MESSAGES["model-of-another-backbone"] = N_(
    "This model was made with {backbone}, which this kit does not use now. Train anew, then export."
)
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

# --- advice ----------------------------------------------------------------------------

# Translators: {label} is the only label of the project, a pupil's own word.
MESSAGES["advice-one-label"] = N_(
    "The kit only knows “{label}”. Add a second label, so that there is something to tell apart."
)
# Translators: {label} has no picture yet.
MESSAGES["advice-empty-label"] = N_("“{label}” has no picture yet. Show one.")
# Translators: {label} has the fewest pictures; {samples} and {enough} are whole numbers.
MESSAGES["advice-too-few"] = N_(
    "“{label}” has few pictures ({samples}). Up to {enough}, each new one helps a lot."
)
# Translators: the {samples} pictures of {label} are nearly one picture.
MESSAGES["advice-near-copies"] = N_(
    "The {samples} pictures of “{label}” are almost all the same. Turn it, move it, change the "
    "background."
)
# Translators: every object was shown in one go only. Showing it a second time is the check.
MESSAGES["advice-show-again"] = N_("Not checked yet: show each object once more.")
# Translators: only {label}, and perhaps a few others, was shown in one go.
MESSAGES["advice-show-label-again"] = N_(
    "“{label}” was shown once only. Show it once more, so that it can be checked."
)
# Translators: {other} has three times as many pictures as {label}, or more.
MESSAGES["advice-unbalanced"] = N_(
    "“{other}” has {other_samples} pictures and “{label}” only {samples}. The one with more wins "
    "too easily: show “{label}” more."
)
# Translators: a label for "none of the others", such as the empty table.
MESSAGES["advice-no-nothing"] = N_(
    "Add a label for “nothing” and show the empty table. Without it, the kit finds an object even "
    "where there is none."
)

# What advice says of sounds and of gestures where its own words speak of pictures: id, then kind.
# Translators: {label} has no clip yet.
MESSAGES["advice-empty-label-sound"] = N_("“{label}” has no clip yet. Record one.")
# Translators: {label} has the fewest clips; {samples} and {enough} are whole numbers.
MESSAGES["advice-too-few-sound"] = N_(
    "“{label}” has few clips ({samples}). Up to {enough}, each new one helps a lot: other voices, "
    "other places."
)
# Translators: the {samples} clips of {label} are nearly one clip.
MESSAGES["advice-near-copies-sound"] = N_(
    "The {samples} clips of “{label}” sound almost the same. Record another voice, another place."
)
# Translators: every label was recorded in one go only. Recording it a second time is the check.
MESSAGES["advice-show-again-sound"] = N_("Not checked yet: record each label once more.")
# Translators: only {label}, and perhaps a few others, was recorded in one go.
MESSAGES["advice-show-label-again-sound"] = N_(
    "“{label}” was recorded once only. Record it once more, so that it can be checked."
)
# Translators: {other} has three times as many clips as {label}, or more.
MESSAGES["advice-unbalanced-sound"] = N_(
    "“{other}” has {other_samples} clips and “{label}” only {samples}. The one with more wins "
    "too easily: record “{label}” more."
)
# Translators: a label for the background noise of the room.
MESSAGES["advice-no-nothing-sound"] = N_(
    "Add “Background” and record the room as it is. Without it, the kit hears a word in every "
    "noise."
)
# Translators: {label} has no gesture yet.
MESSAGES["advice-empty-label-gesture"] = N_("“{label}” has no gesture yet. Show one.")
# Translators: {label} has the fewest gestures; {samples} and {enough} are whole numbers.
MESSAGES["advice-too-few-gesture"] = N_(
    "“{label}” has few gestures ({samples}). Up to {enough}, each new one helps a lot: other "
    "hands, other angles."
)
# Translators: the {samples} gestures of {label} are nearly one gesture.
MESSAGES["advice-near-copies-gesture"] = N_(
    "The {samples} gestures of “{label}” are almost all the same. Turn the hand, take another hand."
)
# Translators: every gesture was shown in one go only. Showing it a second time is the check.
MESSAGES["advice-show-again-gesture"] = N_("Not checked yet: show each gesture once more.")
# Translators: {other} has three times as many gestures as {label}, or more.
MESSAGES["advice-unbalanced-gesture"] = N_(
    "“{other}” has {other_samples} gestures and “{label}” only {samples}. The one with more wins "
    "too easily: show “{label}” more."
)
# Translators: a label for a hand that makes none of the gestures.
MESSAGES["advice-no-nothing-gesture"] = N_(
    "Add a label for “nothing” and show a hand that rests. Without it, the kit finds a gesture in "
    "every hand."
)

# --- limits, in a model's passport -----------------------------------------------------

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

# --- data sets, project files, export --------------------------------------------------

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

# --- sounds ----------------------------------------------------------------------------

# Translators: an empty sound file, or a recording of no length.
MESSAGES["sound-empty"] = N_("This sound holds nothing. Record it again, or choose another one.")
# Translators: every sample of the recording is zero.
MESSAGES["sound-silent"] = N_(
    "Nothing at all is heard in this sound. Check that the microphone is not muted, then record it "
    "again."
)
# Translators: the sound file is cut off or contradicts itself.
MESSAGES["sound-damaged"] = N_("This sound arrived damaged. Copy it again, or choose another one.")
# Translators: {most_s} is in seconds, {most_megabytes} in megabytes (MB).
MESSAGES["sound-too-long"] = N_(
    "This sound is too long for the kit. Cut it to {most_s} seconds and {most_megabytes} MB at "
    "most, then choose it again."
)
# Translators: {kind} is a file format or a way of coding sound, such as "MP3" or "A-law".
MESSAGES["sound-format"] = N_(
    "The kit cannot read this kind of sound ({kind}). Save it as WAV, then choose it again."
)
# Translators: the file is something else, or unknown.
MESSAGES["sound-not-a-sound"] = N_("This file is no sound. Choose a WAV, FLAC or OGG file.")
# Translators: {hz}, {slowest_hz}, {fastest_hz} are sampling rates, in samples a second.
MESSAGES["sound-rate"] = N_(
    "This sound has {hz} samples a second. The kit reads {slowest_hz} to {fastest_hz}: save it "
    "again at one of these."
)
# Translators: the peaks of the recording are cut off: the microphone was overloaded.
MESSAGES["advice-sound-clipped"] = N_(
    "This sound is too loud: its peaks are cut off. Step back from the microphone, or speak softly."
)
# Translators: the recording is so quiet that it is mostly noise.
MESSAGES["advice-sound-quiet"] = N_(
    "This sound is very quiet. Come closer to the microphone, or speak up."
)
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
# Translators: keep --size and --kind image.
MESSAGES["size-of-pictures"] = N_("--size is for pictures only. Leave it out, or say --kind image.")
# Translators: keep --hands and --kind gesture.
MESSAGES["hands-of-gestures"] = N_("--hands is for gestures only: --kind gesture.")
# Translators: a gesture was to be read from this picture.
MESSAGES["no-hand"] = N_(
    "The kit finds no hand in this picture. Show the whole hand, with light on it and some room "
    "around it."
)
# Translators: said of pictures of gestures that are taught by one hand. Keep --hands 2.
MESSAGES["gesture-second-hand"] = N_(
    "There is a second hand in the picture, and it was left out. To use both, say --hands 2."
)
# Translators: a limit of a model that tells gestures apart.
MESSAGES["limit-hand-in-sight"] = N_(
    "It answers only where a hand is found. Hands that are cut off, gloved or in poor light are "
    "found less often."
)
# Translators: {label} is a label, and the name of its folder.
MESSAGES["dataset-label-silent"] = N_(
    "There is no sound for “{label}”. Put some in its folder, or remove the folder."
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

# --- groups and class ------------------------------------------------------------------

# Translators: the page asks for an animal that is not on the list.
MESSAGES["animal-unknown"] = N_("This animal is not on the list. Pick one that is.")
# Translators: the kit serves only the computer it runs on, so there are no groups.
MESSAGES["no-class-here"] = N_("This kit serves one computer only: there are no groups to join.")
# Translators: the teacher's code is six digits, shown where the kit runs.
MESSAGES["code-wrong"] = N_("This is not the code. It is shown where the kit runs.")
# Translators: {wait_s} is a number of seconds.
MESSAGES["code-wait"] = N_("Too many tries. Wait {wait_s} seconds, then try again.")
# Translators: pupils cannot end the class or see what it holds.
MESSAGES["teachers-only"] = N_("This is for the teacher. Enter the teacher's code first.")
# Translators: {most} is a number of hours.
MESSAGES["hours-out-of-range"] = N_("Choose a time of at most {most} hours.")
# Translators: the kit has no battery clock, and nobody told it the time.
MESSAGES["clock-not-set"] = N_(
    "The kit does not know what time it is, so it cannot wait until then. Set its clock first."
)
# Translators: shown on every page at the moment the class ends.
MESSAGES["class-ended"] = N_("The class has ended. Its work was erased.")
# Translators: told when the kit starts and finds a class of an earlier evening.
MESSAGES["class-left-over-erased"] = N_(
    "A class of an earlier day was still here. It was erased, as promised."
)
# Translators: told when the kit starts in the middle of a class, after a power cut for instance.
MESSAGES["class-still-here"] = N_(
    "A class is still here. If it is not yours, end it on the teacher's page."
)
# Translators: an animal by which a group of pupils is known; then the same as a whole phrase.
MESSAGES["animal-butterfly"] = N_("Butterfly")
# Translators: a group of two to four pupils, by its animal; begins small, within a sentence.
MESSAGES["group-butterfly"] = N_("the Butterfly group")
# Translators: an animal by which a group of pupils is known; then the same as a whole phrase.
MESSAGES["animal-dolphin"] = N_("Dolphin")
# Translators: a group of two to four pupils, by its animal; begins small, within a sentence.
MESSAGES["group-dolphin"] = N_("the Dolphin group")
# Translators: an animal by which a group of pupils is known; then the same as a whole phrase.
MESSAGES["animal-dragonfly"] = N_("Dragonfly")
# Translators: a group of two to four pupils, by its animal; begins small, within a sentence.
MESSAGES["group-dragonfly"] = N_("the Dragonfly group")
# Translators: an animal by which a group of pupils is known; then the same as a whole phrase.
MESSAGES["animal-firefly"] = N_("Firefly")
# Translators: a group of two to four pupils, by its animal; begins small, within a sentence.
MESSAGES["group-firefly"] = N_("the Firefly group")
# Translators: an animal by which a group of pupils is known; then the same as a whole phrase.
MESSAGES["animal-flamingo"] = N_("Flamingo")
# Translators: a group of two to four pupils, by its animal; begins small, within a sentence.
MESSAGES["group-flamingo"] = N_("the Flamingo group")
# Translators: an animal by which a group of pupils is known; then the same as a whole phrase.
MESSAGES["animal-fox"] = N_("Fox")
# Translators: a group of two to four pupils, by its animal; begins small, within a sentence.
MESSAGES["group-fox"] = N_("the Fox group")
# Translators: an animal by which a group of pupils is known; then the same as a whole phrase.
MESSAGES["animal-hedgehog"] = N_("Hedgehog")
# Translators: a group of two to four pupils, by its animal; begins small, within a sentence.
MESSAGES["group-hedgehog"] = N_("the Hedgehog group")
# Translators: an animal by which a group of pupils is known; then the same as a whole phrase.
MESSAGES["animal-heron"] = N_("Heron")
# Translators: a group of two to four pupils, by its animal; begins small, within a sentence.
MESSAGES["group-heron"] = N_("the Heron group")
# Translators: an animal by which a group of pupils is known; then the same as a whole phrase.
MESSAGES["animal-hummingbird"] = N_("Hummingbird")
# Translators: a group of two to four pupils, by its animal; begins small, within a sentence.
MESSAGES["group-hummingbird"] = N_("the Hummingbird group")
# Translators: an animal by which a group of pupils is known; then the same as a whole phrase.
MESSAGES["animal-kangaroo"] = N_("Kangaroo")
# Translators: a group of two to four pupils, by its animal; begins small, within a sentence.
MESSAGES["group-kangaroo"] = N_("the Kangaroo group")
# Translators: an animal by which a group of pupils is known; then the same as a whole phrase.
MESSAGES["animal-kingfisher"] = N_("Kingfisher")
# Translators: a group of two to four pupils, by its animal; begins small, within a sentence.
MESSAGES["group-kingfisher"] = N_("the Kingfisher group")
# Translators: an animal by which a group of pupils is known; then the same as a whole phrase.
MESSAGES["animal-koala"] = N_("Koala")
# Translators: a group of two to four pupils, by its animal; begins small, within a sentence.
MESSAGES["group-koala"] = N_("the Koala group")
# Translators: an animal by which a group of pupils is known; then the same as a whole phrase.
MESSAGES["animal-ladybird"] = N_("Ladybird")
# Translators: a group of two to four pupils, by its animal; begins small, within a sentence.
MESSAGES["group-ladybird"] = N_("the Ladybird group")
# Translators: an animal by which a group of pupils is known; then the same as a whole phrase.
MESSAGES["animal-lynx"] = N_("Lynx")
# Translators: a group of two to four pupils, by its animal; begins small, within a sentence.
MESSAGES["group-lynx"] = N_("the Lynx group")
# Translators: an animal by which a group of pupils is known; then the same as a whole phrase.
MESSAGES["animal-narwhal"] = N_("Narwhal")
# Translators: a group of two to four pupils, by its animal; begins small, within a sentence.
MESSAGES["group-narwhal"] = N_("the Narwhal group")
# Translators: an animal by which a group of pupils is known; then the same as a whole phrase.
MESSAGES["animal-otter"] = N_("Otter")
# Translators: a group of two to four pupils, by its animal; begins small, within a sentence.
MESSAGES["group-otter"] = N_("the Otter group")
# Translators: an animal by which a group of pupils is known; then the same as a whole phrase.
MESSAGES["animal-owl"] = N_("Owl")
# Translators: a group of two to four pupils, by its animal; begins small, within a sentence.
MESSAGES["group-owl"] = N_("the Owl group")
# Translators: an animal by which a group of pupils is known; then the same as a whole phrase.
MESSAGES["animal-panda"] = N_("Panda")
# Translators: a group of two to four pupils, by its animal; begins small, within a sentence.
MESSAGES["group-panda"] = N_("the Panda group")
# Translators: an animal by which a group of pupils is known; then the same as a whole phrase.
MESSAGES["animal-puffin"] = N_("Puffin")
# Translators: a group of two to four pupils, by its animal; begins small, within a sentence.
MESSAGES["group-puffin"] = N_("the Puffin group")
# Translators: an animal by which a group of pupils is known; then the same as a whole phrase.
MESSAGES["animal-robin"] = N_("Robin")
# Translators: a group of two to four pupils, by its animal; begins small, within a sentence.
MESSAGES["group-robin"] = N_("the Robin group")
# Translators: an animal by which a group of pupils is known; then the same as a whole phrase.
MESSAGES["animal-seahorse"] = N_("Seahorse")
# Translators: a group of two to four pupils, by its animal; begins small, within a sentence.
MESSAGES["group-seahorse"] = N_("the Seahorse group")
# Translators: an animal by which a group of pupils is known; then the same as a whole phrase.
MESSAGES["animal-squirrel"] = N_("Squirrel")
# Translators: a group of two to four pupils, by its animal; begins small, within a sentence.
MESSAGES["group-squirrel"] = N_("the Squirrel group")
# Translators: an animal by which a group of pupils is known; then the same as a whole phrase.
MESSAGES["animal-swan"] = N_("Swan")
# Translators: a group of two to four pupils, by its animal; begins small, within a sentence.
MESSAGES["group-swan"] = N_("the Swan group")
# Translators: an animal by which a group of pupils is known; then the same as a whole phrase.
MESSAGES["animal-tiger"] = N_("Tiger")
# Translators: a group of two to four pupils, by its animal; begins small, within a sentence.
MESSAGES["group-tiger"] = N_("the Tiger group")

# --- power meters and the measurement lab ----------------------------------------------

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
# Translators: what a figure of energy rests on: the whole board was measured, at its plug.
MESSAGES["meter-label-input"] = N_("measured at the board's plug")
# Translators: what a figure of energy rests on: only some supplies on the board were measured.
MESSAGES["meter-label-rails"] = N_("measured on some of the board's inner supplies")
# Translators: what a figure of energy rests on: nobody measured, a formula was used.
MESSAGES["meter-label-estimated"] = N_("estimated, not measured")
# Translators: what a figure of energy rests on: there is none.
MESSAGES["meter-label-none"] = N_("not measured")
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
# Translators: why a block of a measurement was thrown out.
MESSAGES["lab-meter-lost"] = N_("The power meter went away meanwhile.")
# Translators: why a block of a measurement was thrown out; {readings} is a whole number.
MESSAGES["lab-saturated"] = N_(
    "The meter was at its limit {readings} times: the true power may be higher. Use a smaller "
    "shunt."
)
# Translators: why a block of a measurement was thrown out; {readings} is a whole number.
MESSAGES["lab-incomplete"] = N_("A part was missing from {readings} readings.")
# Translators: why a block was thrown out: the meter reads less than nothing.
MESSAGES["lab-backwards"] = N_(
    "The meter reads less than nothing: it is wired the wrong way round. Swap its two sides."
)
# Translators: why a block was thrown out: the board ran slower; {bits} is a code such as 0x50005.
MESSAGES["lab-throttled"] = N_(
    "The board held itself back, because it was too hot or its supply too weak (code {bits})."
)
# Translators: why a block was thrown out; {governors} are technical names such as "ondemand".
MESSAGES["lab-governor-changed"] = N_(
    "The rule for the processor's speed changed meanwhile ({governors})."
)
# Translators: why a block was thrown out; {busy} is a number such as 0.8.
MESSAGES["lab-idle-not-idle"] = N_(
    "The kit was to do nothing, but something kept {busy} of its processors busy."
)
# Translators: why a block was thrown out; {seconds} is a number.
MESSAGES["lab-readings-missing"] = N_("The meter said nothing for {seconds} seconds.")
# Translators: why a block was thrown out; both are whole numbers.
MESSAGES["lab-too-few-readings"] = N_("Only {readings} of {expected} readings came.")
# Translators: why a block was thrown out: the meter's clock started anew.
MESSAGES["lab-clock-jumped"] = N_("The meter's clock went back: it was started anew meanwhile.")
# Translators: why a block was thrown out: not one answer was finished in it.
MESSAGES["lab-nothing-done"] = N_("Nothing was finished meanwhile.")
# Translators: a measurement gave no figure; {pairs} and {least} are whole numbers.
MESSAGES["lab-too-few-pairs"] = N_(
    "Only {pairs} pairs were good, and {least} are needed: so there is no figure. Measure once "
    "more."
)
# Translators: a file was to be read as the record of a measurement.
MESSAGES["measurement-not-one"] = N_("This file is not the record of a measurement.")
# Translators: {version} is a whole number.
MESSAGES["measurement-newer"] = N_(
    "This measurement was recorded by a newer kit (version {version}). Read it on that one."
)
# Translators: {line} is the number of a line in a file.
MESSAGES["measurement-damaged"] = N_("The record of this measurement is damaged in line {line}.")
# Translators: the record of a meter's calibration (its comparison with another meter) is broken.
MESSAGES["calibration-damaged"] = N_(
    "The record of the meter's calibration cannot be read, so it is not used. Calibrate it again."
)
# Translators: the meter to be compared with another one read nothing, or less.
MESSAGES["calibration-nothing"] = N_(
    "The meter read no power, so there is nothing to compare. Check its wiring, then try again."
)

# --- the lab's page --------------------------------------------------------------------

# Translators: somebody asked for an experiment that the kit does not know.
MESSAGES["lab-subject-unknown"] = N_("The kit knows no such experiment. Choose one of the list.")
# Translators: the length of a measurement is "classroom" or "full".
MESSAGES["lab-mode-unknown"] = N_("A measurement is either a short one or one in full length.")
# Translators: in a class a group pressed the button that only the teacher may press.
MESSAGES["lab-teacher-starts"] = N_(
    "A measurement keeps the whole kit busy, so in a class the teacher starts it."
)
# Translators: a guess before a measurement is not a number that can be.
MESSAGES["lab-bet-wrong"] = N_(
    "A bet is a number above 0 for milliseconds and millijoules, and 0 to 100 % for right answers."
)
# Translators: a short measurement must end within a minute.
MESSAGES["lab-too-long"] = N_(
    "On this board it does not fit in a minute, so nothing was measured. Choose the full length, "
    "or press once more: pictures that were already prepared are remembered."
)
# Translators: a request came while a measurement has the whole kit; {wait_s} is in seconds.
MESSAGES["kit-measuring"] = N_(
    "Silence, we are measuring… Nothing was done. Try again in {wait_s} seconds."
)
# Translators: such as an answer to a picture in a project of sounds, asked for by a program.
MESSAGES["lab-another-kind"] = N_("This cannot be measured in a project of this kind.")
# Translators: somebody wanted to measure what an answer to a gesture costs. The hand need not stay.
MESSAGES["lab-show-a-hand"] = N_(
    "The kit's camera sees no hand. Hold one before it until the measurement begins, "
    "then try again."
)

# Translators: somebody wanted to compare one processor with all of them, and there is one only.
MESSAGES["lab-one-processor"] = N_(
    "This computer has one processor only: there is nothing to compare it with."
)

# Translators: why results are not ranked: some were measured, others estimated.
MESSAGES["lab-not-ranked"] = N_(
    "These figures do not rest on the same ground, so they are not ranked: what was measured and "
    "what was estimated cannot be compared. Measure them all with the same meter."
)
# Translators: why results are not ranked.
MESSAGES["lab-not-ranked-some-missing"] = N_(
    "For some of these points there is no energy, so they are not ranked. Measure those once more."
)

# --- activities ------------------------------------------------------------------------

# Translators: the page or the command line asked for a lesson that is not on this kit.
MESSAGES["activity-missing"] = N_("This kit has no activity called “{name}”.")

# Translators: a lesson folder is damaged or incomplete; the teacher's log says why.
MESSAGES["activity-broken"] = N_(
    "The activity “{name}” is not complete. Ask whoever prepared the kit to run its check."
)

# --- web -------------------------------------------------------------------------------

# Translators: shown for a fault that the kit did not expect; the log says more.
MESSAGES["something-broke"] = N_(
    "Something in the kit went wrong. Try again; nothing that was saved is lost."
)
# Translators: the address typed or followed leads nowhere.
MESSAGES["address-missing"] = N_("There is no page here. Go back to the start.")
# Translators: for people who write programs against the kit; {method} is such as POST.
MESSAGES["method-refused"] = N_("This address does not answer to {method}.")
# Translators: a file or a request is larger than the kit takes in. MB is megabytes.
MESSAGES["body-too-large"] = N_("That is too large. At most {megabytes} MB go through at once.")
# Translators: for people who write programs against the kit.
MESSAGES["content-type-refused"] = N_("The kit expects JSON here, or files sent by a form.")
# Translators: a request lacks a value or has a wrong one; {field} is its technical name.
MESSAGES["field-wrong"] = N_("“{field}” is missing, or is not as expected.")
# Translators: a request that cannot be understood at all.
MESSAGES["request-unreadable"] = N_("The kit could not read this request. Try again.")
# Translators: the kit was called by a name that is not its own; {host} is that name.
MESSAGES["other-host"] = N_(
    "This kit does not answer to the name {host}. Open it by the address that it shows when it "
    "starts."
)
# Translators: a page of another site tried to change something in the kit.
MESSAGES["other-origin"] = N_(
    "This was asked for by another site, so the kit did not do it. Open the kit's own page."
)
# Translators: in a class, shown until the group has picked its animal.
MESSAGES["pick-a-group"] = N_("First pick the animal of your group.")
# Translators: too many pages watch the live picture at once; {wait_s} is in seconds.
MESSAGES["too-many-streams"] = N_(
    "Too many screens are watching just now. This one tries again in {wait_s} seconds."
)
# Translators: ending the class erases everything, so it must be confirmed.
MESSAGES["confirm-end"] = N_("Ending the class erases all its work. Confirm it first.")
# Translators: nothing was trained yet, or each object was shown only once.
MESSAGES["not-checked-yet"] = N_("Not checked yet: show each object once more.")
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
# Translators: more files were dropped at once than go in one request; the page sends fewer.
MESSAGES["too-many-files"] = N_("That is too many files at once. Send {most} at a time.")
# Translators: a camera is there, but gives no picture.
MESSAGES["camera-silent"] = N_(
    "The camera gives no picture. Check that its cable is pushed in, then try again."
)

# --- the appliance's first boot ----------------------------------------------------------

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

# --- the appliance: what a teacher does to the system under the kit ----------------------

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

# --- outputs: what hangs on the pins -----------------------------------------------------

# Translators: {pin} is a number. GPIO: the processor's own numbering of the pins.
MESSAGES["pin-unknown"] = N_(
    "There is no GPIO {pin} on the 40 pins. Choose one of those in the drawing."
)
# Translators: {pin} is a number; pins 27 and 28 (GPIO 0 and 1).
MESSAGES["pin-not-free"] = N_("The board needs GPIO {pin} for itself. Choose another pin.")
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

# --- lending -----------------------------------------------------------------------------

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
# Translators: somebody on a tablet opened the page for the projector that is plugged into the kit.
MESSAGES["not-at-the-kit"] = N_("This page is for the screen plugged into the kit. Open it there.")
# Translators: {file} is a path.
MESSAGES["bundle-key-missing"] = N_("The key {file} that updates are checked with is not there.")
# Translators: {file} is a file's name.
MESSAGES["bundle-key-wrong"] = N_("{file} is not a private Ed25519 key.")
# Translators: openssl is a program.
MESSAGES["openssl-missing"] = N_(
    "The program openssl is not here, so signatures cannot be made or checked. Install it."
)
