"""What people choose of a project's kind: how sounds are heard, how many hands, whose faces go."""

from typing import Any

from kit.core.errors import BadInput
from kit.core.gesture import MOST_HANDS
from kit.core.sound import Hearing
from kit.core.types import BlurFaces, Kind


def options_of(
    kind: Kind,
    hearing: Hearing | None = None,
    hands: int | None = None,
    blur_faces: BlurFaces | None = None,
) -> dict[str, Any]:
    """What was chosen of a kind's own options; None is what nobody chose.

    Raises:
        BadInput: "option-of-another-kind"; "hands-one-or-two".

    >>> options_of(Kind.GESTURE, hands=2)
    {'hands': 2}
    """
    own = {
        Kind.IMAGE: {"blur_faces": blur_faces},
        Kind.SOUND: {"hearing": hearing},
        Kind.GESTURE: {"hands": hands},
    }.get(kind, {})
    given = {"hearing": hearing, "hands": hands, "blur_faces": blur_faces}
    for name, value in given.items():
        if value is not None and name not in own:
            raise BadInput("option-of-another-kind", f"{name}={value} of a project of kind {kind}")
    if hands is not None and not 1 <= hands <= MOST_HANDS:
        raise BadInput("hands-one-or-two", f"{hands} hands")
    return own


def chosen_for(
    kind: Kind,
    hearing: Hearing | None = None,
    hands: int | None = None,
    blur_faces: BlurFaces | None = None,
) -> dict[str, Any]:
    """The same, with what a new project has where nobody chose. Raises as `options_of`.

    >>> chosen_for(Kind.GESTURE)
    {'hands': 1}
    """
    unsaid = {"hearing": Hearing.WORDS, "hands": 1, "blur_faces": BlurFaces.UPLOADS}
    chosen = options_of(kind, hearing, hands, blur_faces)
    return {name: unsaid[name] if value is None else value for name, value in chosen.items()}
