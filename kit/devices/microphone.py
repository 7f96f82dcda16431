"""Which microphones there are, and opening the one that was asked for.

Names: "alsa" (the first that this machine has) or "alsa:NAME" (a card's id, or a name that ALSA
itself knows), "fake" or "fake:FOLDER", "none", and "auto": the first that answers. "auto" never
falls back to the fake: a sound that nobody made is only heard by whoever asked for it by name.
"""

from collections.abc import Callable
from pathlib import Path

from kit.core.errors import BadInput, KitError, Unavailable
from kit.core.ports import Microphone
from kit.core.types import MicrophoneSettings
from kit.devices.microphone_alsa import AlsaMicrophone, find_alsa
from kit.devices.microphone_fake import Decode, FakeMicrophone

Find = Callable[[], tuple[str, ...]]


def find_microphones() -> tuple[str, ...]:
    """Names of the microphones plugged in, best first. Opens none, so it disturbs nobody."""
    return find_alsa()


def check_settings(settings: MicrophoneSettings) -> None:
    """Refuse a name that no microphone could have. Raises `BadInput`, "microphone-unknown"."""
    kind, _, detail = settings.name.partition(":")
    if kind not in ("auto", "none", "alsa", "fake") or (detail and kind not in ("alsa", "fake")):
        raise BadInput("microphone-unknown", f"no microphone {settings.name!r}", name=settings.name)


def check_choice(settings: MicrophoneSettings, at_start: str) -> None:
    """Refuse a choice that only whoever starts the kit may make: which folder is played.

    A page of the class may choose among microphones; it may not read the kit's files.

    Raises:
        BadInput: "microphone-unknown"; what `check_settings` refuses.
    """
    check_settings(settings)
    if settings.name.startswith("fake:") and settings.name != at_start:
        raise BadInput(
            "microphone-unknown",
            f"{settings.name}: not what the kit began with",
            name=settings.name,
        )


def make(name: str, decode: Decode) -> Microphone:
    """The microphone of that exact name, not yet opened. Raises `BadInput`, "microphone-unknown".

    Args:
        name: with its detail, where it has one.
        decode: bytes of a sound file -> (n,) at 16 kHz, for the fake.
    """
    kind, _, detail = name.partition(":")
    if kind == "alsa" and detail:
        return AlsaMicrophone(detail)
    if kind == "fake":
        return FakeMicrophone(folder=Path(detail) if detail else None, decode=decode)
    raise BadInput("microphone-unknown", f"no microphone {name!r}", name=name)


def open_microphone(
    settings: MicrophoneSettings, decode: Decode, find: Find = find_microphones
) -> Microphone:
    """Open the microphone that the settings name.

    Raises:
        Unavailable: "microphone-none", "microphone-missing", "microphone-busy" or what the one
            asked for says; its developer line gives the reason of each that was tried.
        BadInput: what `check_settings` refuses, and "microphone-folder-empty".
    """
    check_settings(settings)
    if settings.name == "none":
        raise Unavailable("microphone-none", "no microphone is chosen")
    names: tuple[str, ...] = (settings.name,)
    if settings.name in ("auto", "alsa"):
        names = find()
    refusals: list[KitError] = []
    for name in names:
        microphone = make(name, decode)
        try:
            microphone.open(settings)
        except Unavailable as refusal:
            microphone.close()
            refusals.append(refusal)
            continue
        return microphone
    if len(refusals) == 1:
        raise refusals[0]
    busy = any(refusal.id == "microphone-busy" for refusal in refusals)
    reasons = "; ".join(map(str, refusals)) or "none is plugged in"
    raise Unavailable(
        "microphone-busy" if busy else "microphone-missing", f"no microphone answered; {reasons}"
    )
