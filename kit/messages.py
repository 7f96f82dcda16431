"""Every sentence the kit says by id: errors, advice, notices. English here, French in the catalogue.

A line such as `MESSAGES["disk-full"] = N_("…")`, in the section of the room that says it,
with a note for the translator above it (`# Translators: …`). `{name}` is filled from the
error's `values`. `tests/test_messages.py` checks that every id raised in the code is
here, and that no sentence here is orphaned.
"""

MESSAGES: dict[str, str] = {}


def N_(text: str) -> str:
    """Mark a sentence for extraction and leave it as it is."""
    return text


# --- pictures and archives -------------------------------------------------------------

# --- cameras and the engine ------------------------------------------------------------

# --- storage and files -----------------------------------------------------------------

# --- projects, labels, training --------------------------------------------------------

# --- advice ----------------------------------------------------------------------------

# --- groups and class ------------------------------------------------------------------

# --- activities ------------------------------------------------------------------------

# Translators: the page or the command line asked for a lesson that is not on this kit.
MESSAGES["activity-missing"] = N_("This kit has no activity called “{name}”.")

# Translators: a lesson folder is damaged or incomplete; the teacher's log says why.
MESSAGES["activity-broken"] = N_(
    "The activity “{name}” is not complete. Ask whoever prepared the kit to run its check."
)

# --- web -------------------------------------------------------------------------------
