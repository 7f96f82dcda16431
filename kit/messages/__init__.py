"""Every sentence the kit says by id: errors, advice, notices; French is in the catalogue.

A file for each subject. In it a line such as `MESSAGES["disk-full"] = N_("…")`, with a note for
the translator above it (`# Translators: …`); `{name}` is filled from the error's `values`. An id
that stands twice, in one file or in two, is an error at import. `tests/test_messages.py` checks
that every id raised in the code is here, that no sentence here is orphaned, and that no file is
left out. Any room but `core` may ask.
"""

from kit.messages import (
    advice,
    appliance,
    archives,
    classroom,
    commands,
    devices,
    doctor,
    lab,
    lending,
    media,
    meters,
    outputs,
    passport,
    projects,
    storage,
    web,
)
from kit.messages.section import N_, merged

__all__ = ["MESSAGES", "N_", "of_kind"]

MESSAGES: dict[str, str] = merged(
    advice.MESSAGES,
    appliance.MESSAGES,
    archives.MESSAGES,
    classroom.MESSAGES,
    commands.MESSAGES,
    devices.MESSAGES,
    doctor.MESSAGES,
    lab.MESSAGES,
    lending.MESSAGES,
    media.MESSAGES,
    meters.MESSAGES,
    outputs.MESSAGES,
    passport.MESSAGES,
    projects.MESSAGES,
    storage.MESSAGES,
    web.MESSAGES,
)


def of_kind(id: str, kind: str) -> str:
    """The id of what is said in a project of that kind: its own words, where it has any.

    >>> of_kind("advice-too-few", "sound"), of_kind("advice-one-label", "sound")
    ('advice-too-few-sound', 'advice-one-label')
    """
    own = {"sound": f"{id}-sound", "gesture": f"{id}-gesture"}.get(kind, id)
    return own if own in MESSAGES else id
