"""Many projects: listed, created, opened, duplicated, carried in and out, forgotten.

The library hands out one `Studio` a project, the same to everyone who may enter, so that two
browsers of one group share its memory and its order. To a stranger a project does not exist: the
refusal is the same, word for word, as for one that never was.

What was removed can come back for ten minutes (`forget_removed` is called every so often), and
goes for good when the kit starts.
"""

import logging
import threading
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any, BinaryIO

from kit.core import shapes
from kit.core.errors import BadInput, Conflict, KitError, NotFound
from kit.core.ports import Clock
from kit.core.sound import Hearing
from kit.core.types import Actor, BlurFaces, Job, Kind, ProjectInfo, Role
from kit.jobs import Progress
from kit.portable import (
    LONGEST_NAME,
    Example,
    Imported,
    export,
    export_all,
    import_dataset,
    import_example,
)
from kit.storage import Store
from kit.studio import Parts, Studio
from kit.studio.options import chosen_for
from kit.studio.show import tidy_name

_log = logging.getLogger(__name__)

MOST_PROJECTS = 200
"""In one space; a group that makes more has found a key that repeats."""
MOST_TOLD = 20
"""Files that were passed over and are named; a class that drops a folder of texts is told how many.
"""
ON_THE_PAGE = {
    "dataset-holds-sounds": "import-holds-sounds",
    "dataset-holds-pictures": "import-holds-pictures",
}
"""What names an option of the command line, as the page says it."""
UNDO_S = 600.0
"""How long what was removed can come back."""
EXAMPLE_WITHIN_S = 60.0
"""A loaded board with little memory needs a sixth of it."""


class Library:
    """The projects of one kit. Thread-safe.

    Args:
        parts: what each studio is handed; `removed` is set here.
        clock: for the ten minutes of undo, by the machine's own count.
        examples: a language -> the ready example, None where the kit has none.
        language: of the example that is put in place with nobody asking.
    """

    def __init__(
        self,
        parts: Parts,
        clock: Clock,
        *,
        examples: Callable[[str], Example | None] = lambda language: None,
        language: str = "fr",
    ) -> None:
        self._parts = replace(parts, removed=self._note_removed)
        self._store: Store = self._parts.store
        self._clock = clock
        self._examples = examples
        self._language = language
        self._lock = threading.RLock()
        self._studios: dict[str, Studio] = {}
        self._removed: dict[str, tuple[float, int]] = {}
        self._example_is_there = threading.Event()
        self._example_is_there.set()

    # --- the shelves ---

    def list(self, actor: Actor) -> list[ProjectInfo]:
        """The actor's projects, the last changed first: a group's own, or the whole class's.

        On a fresh data folder it waits for the ready example, which comes last of a first start.
        """
        self._example_is_there.wait(EXAMPLE_WITHIN_S)
        return self._store.projects(None if actor.runs_the_class else actor.space_id or "")

    def thumb(self, actor: Actor, project_id: str) -> str | None:
        """The id of a project's newest sample, for its card; None while it is empty.

        Raises:
            NotFound: "project-missing".
        """
        self._info(actor, project_id)
        newest = self._store.samples(project_id, limit=1)
        return newest[0].id if newest else None

    def create(
        self,
        actor: Actor,
        name: str,
        *,
        kind: Kind = Kind.IMAGE,
        activity: str | None = None,
        hearing: Hearing | None = None,
        hands: int | None = None,
        blur_faces: BlurFaces | None = None,
    ) -> ProjectInfo:
        """A new, empty project in the actor's own space.

        Args:
            actor: who asks.
            name: of the project.
            kind: what it tells apart.
            activity: of which activity it is.
            hearing: of sounds; words where nobody chose.
            hands: of gestures, 1 or 2; 1 where nobody chose.
            blur_faces: of pictures; those that are sent where nobody chose.

        Raises:
            BadInput: as `tidy_name`; "kind-not-yet"; as `options_of`.
            Conflict: "too-many-projects".
        """
        name = tidy_name(name, LONGEST_NAME)
        if kind is Kind.TEXT:
            raise BadInput("kind-not-yet", f"projects of kind {kind} are not built yet")
        chosen = chosen_for(kind, hearing, hands, blur_faces)
        with self._lock:
            space_id = self._room_for_one(actor)
            return self._store.add_project(space_id, name, kind, activity, **chosen)

    def open(self, actor: Actor, project_id: str) -> Studio:
        """The project's studio.

        Raises:
            NotFound: "project-missing".
        """
        self._info(actor, project_id)
        with self._lock:
            studio = self._studios.get(project_id)
            if studio is None:
                studio = self._studios[project_id] = Studio(project_id, self._parts)
            return studio

    def rename(self, actor: Actor, project_id: str, name: str) -> ProjectInfo:
        """Give a project another name.

        Raises:
            NotFound: "project-missing".
            BadInput: as `create`.
        """
        studio = self.open(actor, project_id)
        return studio.rename(actor, tidy_name(name, LONGEST_NAME))

    def remove(self, actor: Actor, project_id: str) -> None:
        """Forget a project at once and for good.

        Raises:
            NotFound: "project-missing".
        """
        self._info(actor, project_id)
        self._let_go([project_id])
        self._store.remove_project(project_id)

    def duplicate(self, actor: Actor, project_id: str, name: str | None = None) -> ProjectInfo:
        """The same labels, samples and models again, in the actor's own space.

        Raises:
            NotFound: "project-missing".
            BadInput, Conflict: as `create`.
        """
        info = self._info(actor, project_id)
        wanted = tidy_name(name, LONGEST_NAME) if name is not None else None
        with self._lock:
            space_id = self._room_for_one(actor, or_in=info.space_id)
            return self._store.duplicate_project(
                project_id, space_id, wanted or self._free_name(space_id, info.name)
            )

    # --- in and out ---

    def export_project(self, actor: Actor, project_id: str, into: BinaryIO) -> str:
        """Write a project as one `.kit.zip`; gives back a file name for it.

        Raises:
            NotFound: "project-missing".
        """
        info = self._info(actor, project_id)
        export(self._store, info, into)
        safe = "".join(sign if sign.isalnum() else "-" for sign in info.name).strip("-")
        return f"{safe or 'project'}.kit.zip"

    def export_all(self, actor: Actor, into: BinaryIO) -> None:
        """Write all that this actor sees, the ready example aside, each as a file in one zip."""
        projects = [info for info in self.list(actor) if not info.is_example]
        export_all(self._store, sorted(projects, key=lambda info: info.name.casefold()), into)

    def import_project(
        self,
        actor: Actor,
        file: Path,
        filename: str,
        *,
        kind: Kind = Kind.IMAGE,
        hearing: Hearing | None = None,
        hands: int | None = None,
    ) -> Job:
        """Begin reading a file of ours or of another tool as a new project.

        Args:
            actor: in whose space it will be.
            file: on the disk; removed when the job has ended, however it ended.
            filename: as it was called where it came from.
            kind, hearing, hands: what another tool's file holds; ours says it of itself.

        Returns:
            The job; its result is `{"project_id", "samples", "passed_over", "renamed"}`: how many
            pictures were not taken, with the first few and why, and labels by the name they had
            and the one they have. A file that cannot be read leaves nothing.

        Raises:
            BadInput: "kind-not-yet"; as `options_of`.
            Conflict: "too-many-projects".
        """
        if kind is Kind.TEXT:
            raise BadInput("kind-not-yet", f"projects of kind {kind} are not built yet")
        chosen_for(kind, hearing, hands)
        with self._lock:
            space_id = self._room_for_one(actor)

        def work(progress: Progress) -> dict[str, Any]:
            try:
                imported = import_dataset(
                    self._store,
                    file,
                    filename,
                    space_id=space_id,
                    sense_of=self._parts.sense_of,
                    kind=kind,
                    hearing=hearing,
                    hands=hands,
                    progress=progress,
                )
            except BadInput as error:
                if error.id not in ON_THE_PAGE:
                    raise
                raise BadInput(ON_THE_PAGE[error.id], str(error)) from error
            self.open(Actor(Role.LOCAL), imported.project.id)  # begins to embed its pictures
            return _told(imported)

        return self._parts.jobs.start(
            "import",
            work,
            project_id=None,
            space_id=space_id,
            ended=lambda: file.unlink(missing_ok=True),
        )

    def add_example(self, actor: Actor, language: str | None = None) -> ProjectInfo:
        """Put the ready example, with its samples, in the actor's own space.

        Raises:
            NotFound: "example-missing": this kit carries none.
            Conflict: "too-many-projects".
        """
        example = self._examples(language or self._language)
        if example is None:
            raise NotFound("example-missing", "no example is shipped")
        with self._lock:
            space_id = self._room_for_one(actor)
            name = self._free_name(space_id, example.name)
        info = import_example(
            self._store, example, space_id=space_id, name=name, sense_of=self._parts.sense_of
        )
        self.open(Actor(Role.LOCAL), info.id)  # begins to embed its pictures
        return info

    # --- forgetting ---

    def forget_removed(self) -> int:
        """Forget for good what was removed ten minutes ago; says how many samples went."""
        now_s = self._clock.monotonic_s()
        with self._lock:
            due = {
                project_id: mark
                for project_id, (since_s, mark) in self._removed.items()
                if now_s - since_s >= UNDO_S
            }
            for project_id in due:
                del self._removed[project_id]
        return sum(self._store.purge(id, up_to=mark) for id, mark in due.items())

    def forget_everything(self) -> None:
        """Erase all spaces with their projects; nothing writes meanwhile."""
        self._let_go(list(self._studios), jobs=False)  # bursts first, then what they may have begun
        self._parts.jobs.forget_all()
        with self._lock:
            self._store.erase_all()
            self._let_go(list(self._studios), jobs=False)  # opened meanwhile: their project is gone
            self._removed.clear()

    def put_example_back(self) -> None:
        """The kit's own space with the ready example, as on a fresh data folder."""
        self._store.add_space(shapes.LOCAL_SPACE)
        try:
            self.add_example(Actor(Role.LOCAL, shapes.LOCAL_SPACE))
        except KitError as error:  # not shipped, or no room for it: the kit starts all the same
            _log.warning("the ready example is not put in place: %s", error)

    def put_example_back_soon(self) -> None:
        """The same beside other work, so that a slow board's first page need not wait for it."""
        self._store.add_space(shapes.LOCAL_SPACE)
        self._example_is_there.clear()

        def place() -> None:
            try:
                self.put_example_back()
            except Exception:
                _log.exception("the ready example is not put in place")
            finally:
                self._example_is_there.set()

        threading.Thread(target=place, name="ready-example", daemon=True).start()

    def close(self) -> None:
        """End every studio, the ready example being whole. Safe to call twice."""
        self._example_is_there.wait()
        self._let_go(list(self._studios), jobs=False)

    # --- inside ---

    def _info(self, actor: Actor, project_id: str) -> ProjectInfo:
        info = self._store.project(project_id)  # raises NotFound for one that never was
        if not actor.may_enter(info.space_id):
            raise NotFound("project-missing", f"no project {project_id!r}")
        return info

    def _room_for_one(self, actor: Actor, or_in: str | None = None) -> str:
        """The space a new project goes to: the actor's own; a teacher's is the kit's."""
        space_id = actor.space_id or or_in or shapes.LOCAL_SPACE
        if space_id == shapes.LOCAL_SPACE and actor.runs_the_class:
            self._store.add_space(space_id)
        if len(self._store.projects(space_id)) >= MOST_PROJECTS:
            raise Conflict("too-many-projects", f"{MOST_PROJECTS} projects", most=MOST_PROJECTS)
        return space_id

    def _free_name(self, space_id: str, name: str) -> str:
        """The name, or the name with the first number that nobody there has."""
        taken: Iterable[str] = {info.name.casefold() for info in self._store.projects(space_id)}
        number, free = 2, name
        while free.casefold() in taken:
            ending = f" ({number})"
            free, number = name[: LONGEST_NAME - len(ending)] + ending, number + 1
        return free

    def _note_removed(self, project_id: str, mark: int) -> None:
        with self._lock:
            self._removed[project_id] = (self._clock.monotonic_s(), mark)

    def _let_go(self, project_ids: Iterable[str], *, jobs: bool = True) -> None:
        for project_id in project_ids:
            with self._lock:
                studio = self._studios.pop(project_id, None)
            if studio is not None:
                studio.close()
            if jobs:
                self._parts.jobs.forget(project_id)


def _told(imported: Imported) -> dict[str, Any]:
    """What an import's job says of it, as plain values."""
    return {
        "project_id": imported.project.id,
        "samples": imported.project.samples,
        "passed_over": {
            "count": len(imported.passed_over),
            "files": [
                {"name": name[:200], "error": {"id": error.id, "values": dict(error.values)}}
                for name, error in imported.passed_over[:MOST_TOLD]
            ],
        },
        "renamed": [{"was": was[:200], "is": now} for was, now in imported.renamed],
    }
