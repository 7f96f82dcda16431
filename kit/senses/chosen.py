"""The sense for a project, by what its people chose; made when it is first asked for."""

from collections.abc import Callable
from threading import Lock

from kit.core.errors import BadInput
from kit.core.ports import Embedder, Sense
from kit.core.sound import Hearing
from kit.core.types import Kind, ProjectInfo
from kit.senses.hearing import Ear, Listener
from kit.senses.sight import Cover, Sight
from kit.senses.signs import Finder, HandLooker, Signs


class Senses:
    """Every sense of one kit. Thread-safe.

    Args:
        embedder: runs every network, and has the pictures' own.
        load_listener: a way of hearing -> what embeds it.
        load_finder: what finds hands.
        cover: covers faces; loaded by whoever hands it in, when first called.
        backbone, speech: the two networks' files, whole, for exporting.
    """

    def __init__(
        self,
        embedder: Embedder,
        *,
        load_listener: Callable[[Hearing], Listener],
        load_finder: Callable[[], Finder],
        cover: Cover | None = None,
        backbone: Callable[[], bytes] = lambda: b"",
        speech: Callable[[], bytes] = lambda: b"",
    ) -> None:
        self._lock = Lock()
        self._made: dict[tuple, Sense] = {}
        looker = HandLooker(embedder, load_finder)
        self._makers: dict[Kind, Callable[[Hearing | None, int | None], Sense]] = {
            Kind.IMAGE: lambda hearing, hands: Sight(embedder, content=backbone, cover=cover),
            Kind.SOUND: lambda hearing, hands: Ear(
                hearing or Hearing.WORDS,
                embedder,
                lambda: load_listener(hearing or Hearing.WORDS),
                content=speech,
            ),
            Kind.GESTURE: lambda hearing, hands: Signs(hands or 1, looker),
        }

    def of(self, project: ProjectInfo) -> Sense:
        """The sense of a project. Raises as `for_kind`."""
        return self.for_kind(project.kind, project.hearing, project.hands)

    def for_kind(
        self, kind: Kind, hearing: Hearing | None = None, hands: int | None = None
    ) -> Sense:
        """The sense of a kind and its options; the same one each time.

        Raises:
            BadInput: "kind-not-yet".
        """
        if kind not in self._makers:
            raise BadInput("kind-not-yet", f"projects of kind {kind} are not built yet")
        wanted = kind, hearing, hands
        with self._lock:
            if wanted not in self._made:
                self._made[wanted] = self._makers[kind](hearing, hands)
            return self._made[wanted]
