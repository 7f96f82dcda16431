"""A picture, a sound or a hand that was handed in and cannot be used."""

from kit.messages.section import N_, Section

MESSAGES = Section()

# --- pictures --------------------------------------------------------------------------

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

# --- hands -----------------------------------------------------------------------------

# Translators: the file in which the points of a hand are kept.
MESSAGES["hands-damaged"] = N_(
    "These points of a hand cannot be read. Show the sign again, or choose another file."
)
# Translators: a gesture was to be read from this picture.
MESSAGES["no-hand"] = N_(
    "The kit finds no hand in this picture. Show the whole hand, with light on it and some room "
    "around it."
)
