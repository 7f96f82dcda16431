"""Errors, said twice: `str(error)` to the developer, `error.id` and `error.values` to the pupil.

The pupil's sentence is in the catalogue under the id (`kit/messages/`): it says what
happened and what to do next, and blames nobody. Each class also inherits from the
nearest built-in, so that `except ValueError` works too, and carries the HTTP status
that the API answers with.
"""

from typing import Any


class KitError(Exception):
    """Something the kit can name.

    Args:
        id: key of the pupil's sentence in the catalogue, such as "picture-damaged".
        developer: one line for the log and the command line.
        values: what the sentence mentions; plain str, int and float only.

    >>> str(NotFound("project-missing", "no project p-12", id_given="p-12"))
    'no project p-12'
    """

    status = 500

    def __init__(self, id: str, developer: str = "", /, **values: Any) -> None:
        super().__init__(developer or id)
        self.id = id
        self.values = values


class BadInput(KitError, ValueError):
    """What came in cannot be used as it is; nothing was changed."""

    status = 400


class TooLarge(BadInput):
    """Refused before decoding: more pixels, bytes, entries or ratio than the kit takes in."""

    status = 413


class NotFound(KitError, LookupError):
    """No such thing, or none that this actor may know of."""

    status = 404


class NotAllowed(KitError, PermissionError):
    """The actor may not do this."""

    status = 403


class TooManyTries(NotAllowed):
    """The teacher's code was tried too often; `values["wait_s"]` says how long to wait."""

    status = 429


class Conflict(KitError, RuntimeError):
    """Not in the present state: a name is taken, nothing to train on, a job under way."""

    status = 409


class Unavailable(KitError, OSError):
    """An outside thing did not answer: camera, model file, disk, port."""

    status = 503


class Cancelled(KitError, RuntimeError):
    """Somebody asked the long work to stop."""

    status = 409
