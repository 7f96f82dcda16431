"""Cameras, microphones, and the engine that answers."""

from kit.messages.section import N_, Section

MESSAGES = Section()

# --- cameras ---------------------------------------------------------------------------

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
# Translators: a camera is there, but gives no picture.
MESSAGES["camera-silent"] = N_(
    "The camera gives no picture. Check that its cable is pushed in, then try again."
)

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

# --- the engine ------------------------------------------------------------------------

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
# Translators: the kit took too long to answer.
MESSAGES["engine-busy"] = N_("The kit is too busy to answer just now. Try again in a moment.")
