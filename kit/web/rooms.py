"""What the web is handed: the verbs behind every page and route, already assembled.

`kit/app.py` builds them, the tests build them over fakes. The web never looks for a part itself.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from kit.booking import Booking
from kit.core.ports import CameraFeed, MicrophoneFeed
from kit.core.types import Actor, Job
from kit.i18n import LANGUAGES

if TYPE_CHECKING:
    from kit.activities import Listed
    from kit.classroom import Classroom
    from kit.experiments import Experiments
    from kit.library import Library
    from kit.outputs import Outputs
    from kit.self_test import SelfTest


class Jobs(Protocol):
    """Long work, as the web asks about it; `kit/jobs.py` is the one that does it."""

    def job(self, actor: Actor, job_id: str) -> Job: ...

    def cancel(self, actor: Actor, job_id: str) -> Job: ...


@dataclass(frozen=True)
class Rooms:
    """The parts of one running kit that the web may call."""

    library: "Library"
    classroom: "Classroom"
    jobs: Jobs
    feed: CameraFeed
    activities: "Callable[[], Sequence[Listed]]"
    """The activity folders as found, broken ones with their reasons."""
    experiments: "Experiments"
    booking: Booking = field(default_factory=Booking)
    """Held while a measurement has the kit for itself."""
    microphone: MicrophoneFeed | None = None
    """The kit's microphone; None: this kit was put together without."""
    outputs: "Outputs | None" = None
    """What answers switch; None: this kit was put together without."""
    self_test: "SelfTest | None" = None
    """Examines the kit; None: put together without."""
    loan: Callable[[Actor], Sequence[tuple[str, str]]] = lambda actor: ()
    """What a loan did, as (words, number); raises `NotAllowed`."""
    kit_name: str = ""
    """Under which this kit is known on its network."""
    hand_over: Callable[[Actor], str] = lambda actor: ""
    """The lender's sheet, a whole page; raises `NotAllowed`, and `BadInput` on his lender.toml."""
    fleet_report: Callable[[Actor], Mapping[str, Any]] = lambda actor: {}
    """What a lender's list takes in; raises the same."""


@dataclass(frozen=True)
class Doors:
    """Who may come in, and how many at once.

    Attributes:
        secret: signs the session cookie; lives in the data folder's `secrets/`.
        names: host names, without port, under which the kit may be addressed, beside IP addresses.
        streams: how many may watch the camera at once; as many may listen to news.
        language: spoken to whoever asks for none that the kit knows.
        garbled: what the server raises when a request's body cannot be read to its end.
    """

    secret: bytes
    names: frozenset[str] = frozenset({"localhost"})
    streams: int = 40
    language: str = LANGUAGES[0]
    garbled: tuple[type[Exception], ...] = ()
