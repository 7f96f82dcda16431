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
    from kit.system import System


class Jobs(Protocol):
    """Long work, as the web asks about it; `kit/jobs.py` is the one that does it."""

    def job(self, actor: Actor, job_id: str) -> Job: ...

    def cancel(self, actor: Actor, job_id: str) -> Job: ...


@dataclass(frozen=True, slots=True)
class Drawn:
    """A QR code to draw: the `d` of an SVG path, and how many units a side has."""

    path: str
    side: int


@dataclass(frozen=True, slots=True)
class Join:
    """How other screens come in, for the kit's own screen to show.

    Attributes:
        addresses: what to type, the best first.
        wifi: "own", "join", "off"; "" where the Wi-Fi is not the kit's business.
        wifi_on: whether its radio may speak.
        wifi_name, wifi_password: of the kit's own Wi-Fi; empty where it has none.
        wifi_code, address_code: the same for a tablet's camera.
        notices: (id, values) of what whoever looks at the screen must be told.
    """

    addresses: Sequence[str] = ()
    wifi: str = ""
    wifi_on: bool = False
    wifi_name: str = ""
    wifi_password: str = field(default="", repr=False)
    wifi_code: Drawn | None = field(default=None, repr=False)
    address_code: Drawn | None = None
    notices: Sequence[tuple[str, Mapping[str, Any]]] = ()


class Trouble(Protocol):
    """What is wrong with the data folder: a sentence's id and its values."""

    @property
    def id(self) -> str: ...

    @property
    def values(self) -> Mapping[str, Any]: ...

    @property
    def teachers_only(self) -> bool: ...


class DataWatch(Protocol):
    """Watches the data folder; `storage.watch.Watch` is the one that does it."""

    @property
    def trouble(self) -> Trouble | None: ...

    def suspect(self, error_id: str) -> None: ...


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
    system: "System | None" = None
    """Wi-Fi, clock and switch of the machine under the kit; None: put together without."""
    watch: DataWatch | None = None
    """Whether the data folder can still be written to; None: put together without."""
    join: Callable[[], Join] = Join
    """How other screens come in."""


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
