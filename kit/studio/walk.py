"""`Studio`: the three cards together, and how a project is opened and let go."""

import contextlib

from kit.core import shapes
from kit.core.errors import Conflict
from kit.core.sound import Hearing
from kit.core.types import Actor, BlurFaces, ProjectInfo
from kit.studio.clips import ClipCard
from kit.studio.desk import Parts
from kit.studio.listen import ListenCard
from kit.studio.options import options_of
from kit.studio.take import TakeCard


class Studio(TakeCard, ClipCard, ListenCard):
    """One project's walk: show, train, check.

    `kit.library.Library.open` hands out one studio a project; whoever closes it is the library.
    """

    def __init__(self, project_id: str, parts: Parts) -> None:
        super().__init__(project_id, parts)
        self._embed_later()

    def _embed_later(self) -> None:
        if self._unlearnt:
            with contextlib.suppress(Conflict):  # too busy: whoever needs them embeds them
                self._parts.jobs.start(
                    "embed", self._catch_up, project_id=self.id, space_id=self._project.space_id
                )

    def state(self, actor: Actor) -> shapes.ProjectState:
        """The project as its page shows it, whole. Costs O(labels)."""
        self._enter(actor)
        with self._lock:
            return self._state(self._parts.events.next_seq())

    def label_ids(self, actor: Actor) -> dict[str, str]:
        """A label's word in an answer -> its id; empty while nothing can answer."""
        self._enter(actor)
        answering = self._answering
        return answering.label_ids if answering else {}

    def info(self, actor: Actor) -> ProjectInfo:
        """The project's own card."""
        self._enter(actor)
        return self._store.project(self.id)

    def rename(self, actor: Actor, name: str) -> ProjectInfo:
        """Give the project another name, already tidied by the library."""
        self._enter(actor)
        with self._lock:
            self._project = self._store.change_project(self.id, name=name)
            self._tell()
            return self._project

    def choose(
        self,
        actor: Actor,
        *,
        hearing: Hearing | None = None,
        hands: int | None = None,
        blur_faces: BlurFaces | None = None,
    ) -> ProjectInfo:
        """Tell samples apart in another way, or cover faces in other pictures from now on.

        Samples stay. Models of the other way stop answering until one goes back to it; embeddings
        are made again, by a job.

        Args:
            actor: who asks.
            hearing: of sounds.
            hands: of gestures, 1 or 2.
            blur_faces: of pictures.

        Raises:
            BadInput: "option-of-another-kind".
        """
        self._enter(actor)
        chosen = options_of(self._project.kind, hearing, hands, blur_faces)
        changed = {name: value for name, value in chosen.items() if value is not None}
        with self._lock:
            before = self._project
            self._project = self._store.change_project(self.id, **changed)
            if (before.hearing, before.hands) != (self._project.hearing, self._project.hands):
                self._sit_down(self._store.samples(self.id))
                self._times.clear()
            self._tell()
        self._watch_anew()
        self._embed_later()
        return self._project

    def close(self) -> None:
        """End what runs and let everyone go; from now on the project is not there for anybody."""
        with self._lock:
            self._closed = True
            burst, unwatch = self._burst, self._unwatch
            self._unwatch = None
        if unwatch is not None:
            unwatch()
        if burst is not None:
            burst.stop()
        self._parts.events.close_topic(self.id)
