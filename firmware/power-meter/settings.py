"""What is remembered without current: the shunt's resistance, in a small file on the Pico."""

import os

FILE = "shunt_uohm.txt"
USUAL_UOHM = 100_000
"""0.1 ohm, printed R100 on the shunt: most modules have it."""
SMALLEST_UOHM, LARGEST_UOHM = 500, 1_000_000


def shunt_uohm():
    """Microohms as set, or the usual ones where nothing that makes sense was stored."""
    try:
        with open(FILE) as file:
            value = int(file.read())
    except (OSError, ValueError):
        return USUAL_UOHM
    return value if is_shunt(value) else USUAL_UOHM


def store_shunt(value):
    """Remember it. Written beside and renamed: pulling the plug leaves the old or the new."""
    with open(FILE + ".new", "w") as file:
        file.write(f"{value}\n")
    os.rename(FILE + ".new", FILE)


def is_shunt(value):
    """Whether this can be a shunt: 0.0005 to 1 ohm."""
    return SMALLEST_UOHM <= value <= LARGEST_UOHM
