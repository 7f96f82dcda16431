"""One day of a kit, every write of its card logged: first start, lesson, erasure, two updates.

    recorded(image, folder, pictures) -> Day: card as flashed, log of its writes, ledger of promises

What was recorded lies in its folder and can be cut there for as long as one likes: no second board.
"""

import json
import re
import subprocess
import threading
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from kit.lending import update
from tests.guest.ledger import Ledger
from tests.guest.lesson import Group, Refused
from tests.guest.machine import Board, Card, Image
from tests.guest.power import Log

CARD_MB = 4096
WORDS = ("Zibeline du mardi", "Ornithorynque cendré")
"""Of the class that is erased: no file of the system holds them."""

LONGEST_TRAINING_S = 900
"""Of some thirty pictures, on an emulated board of a busy machine."""

VERSIONS = ("9.0.1", "9.0.2")
KIT = "PYTHONPATH=/opt/mallette python3 -m kit"


@dataclass(frozen=True, slots=True)
class Day:
    """What was recorded."""

    card: Card
    log: Log
    ledger: Ledger


def recorded(image: Image, folder: Path, pictures: Sequence[bytes], software: Path) -> Day:
    """Let a kit live a day, then take its current away.

    Args:
        image: what is flashed.
        folder: of this day; one that was recorded there is not recorded again.
        pictures: some hundred, none twice.
        software: what the updates bring.
    """
    told = folder / "ledger.json"
    if told.exists():
        card = Card(folder / "card.img", folder / "key")
        return Day(card, Log(folder / "writes.log"), Ledger.load(told))
    folder.mkdir(parents=True, exist_ok=True)
    private, public = _signing_keys(folder)
    card = Card.flashed(image, folder, size_mb=CARD_MB, form=_trusting(public))
    log = folder / "writes.log"
    ledger = Ledger(lambda: log.stat().st_size)
    card.put(public.name, public.read_text())
    for version in VERSIONS:
        _offer(card, folder / f"{version}.zip", version, software, private, ledger)
    with Board(image, card, log=log) as board:
        _first_start(board, ledger)
        lesson = _Lesson(board, ledger, iter(pictures))
        lesson.captures()
        lesson.training()
        lesson.erasure()
        _updates(board, ledger)
    ledger.save(told)
    return Day(card, Log(log), ledger)


def _signing_keys(folder: Path) -> tuple[Path, Path]:
    private, public = folder / "update.pem", folder / "update.pub"
    for arguments in (
        ["genpkey", "-algorithm", "ed25519", "-out", private],
        ["pkey", "-in", private, "-pubout", "-out", public],
    ):
        subprocess.run(["openssl", *arguments], check=True, capture_output=True)
    return private, public


def _trusting(public: Path) -> str:
    """The form's line: whoever signs with this key may update the kit."""
    return f'update_key = "{public.read_text().splitlines()[1]}"\n'


def _offer(
    card: Card, bundle: Path, version: str, software: Path, private: Path, ledger: Ledger
) -> None:
    """Sign an update and put it where it can be read, by a name that no start looks for."""
    update.sign(software, version, private, bundle)
    card.put(bundle.name, bundle.read_bytes())
    with zipfile.ZipFile(bundle) as archive:
        files = json.loads(archive.read(update.MANIFEST))["files"]
    ledger.releases[version] = {name: one["sha256"] for name, one in files.items()}


def _first_start(board: Board, ledger: Ledger) -> None:
    with ledger.deed("first start"):
        board.wait_for_page()
        identity = json.loads(board.run("cat /data/system/identity.json"))
        ledger.heard("identity", "", identity=identity)
        public = board.run("cat /data/system/ssh/ssh_host_ed25519_key.pub")
        ledger.heard("host key", "", public=public)


def _updates(board: Board, ledger: Ledger) -> None:
    with ledger.deed("update"):
        for version in VERSIONS:
            where = "/boot/firmware"
            board.run(f"{KIT} update {where}/{version}.zip --key {where}/update.pub", limit_s=600)
            ledger.heard("version", version)


class _Lesson:
    """A class of two groups, and the one after it."""

    def __init__(self, board: Board, ledger: Ledger, pictures: Iterator[bytes]) -> None:
        self._board, self._ledger, self._pictures = board, ledger, pictures
        self._owl, self._fox = Group(board.port), Group(board.port)
        self._labels: dict[str, list[str]] = {}

    def captures(self) -> None:
        """Two groups at once, a picture or two at a time."""
        with self._ledger.deed("captures"):
            self._owl.join("owl")
            self._fox.join("fox")
            mine, theirs = (
                self._project(self._owl, "owl", WORDS[0]),
                self._project(self._fox, "fox", "Theirs"),
            )
            together(
                lambda: self._capture(self._owl, mine, bursts=16),
                lambda: self._capture(self._fox, theirs, bursts=16),
            )
        self._mine, self._theirs = mine, theirs

    def training(self) -> None:
        """One group trains, again and again, and the other goes on taking pictures."""
        over = threading.Event()
        with self._ledger.deed("training"):
            together(
                lambda: self._train(over),
                lambda: self._capture(self._fox, self._theirs, bursts=40, until=over),
            )

    def erasure(self) -> None:
        """Samples, a project, the class; meanwhile and afterwards, others are taken."""
        with self._ledger.deed("erasure"):
            together(
                self._erase_samples,
                lambda: self._capture(self._owl, self._mine, bursts=10),
            )
            self._erase_project()
            self._end_class()
            self._fox.join("fox")
            self._capture(self._fox, self._project(self._fox, "fox", "Next class", "cup"), bursts=6)

    def _project(self, group: Group, animal: str, name: str, label: str = WORDS[1]) -> str:
        id = group.project(name)
        self._ledger.heard("project", id, name=name, animal=animal)
        self._labels[id] = [group.label(id, word) for word in (label, "other")]
        return id

    def _capture(
        self, group: Group, project: str, *, bursts: int, until: threading.Event | None = None
    ) -> None:
        for number in range(bursts):
            if until is not None and until.is_set():
                return
            label = self._labels[project][number % 2]
            pictures = [next(self._pictures) for _ in range(1 + number % 2)]
            for sample in group.keep(project, label, pictures):
                told = {name: sample[name] for name in ("label_id", "width", "bytes")}
                self._ledger.heard("sample", sample["id"], project=project, **told)

    def _train(self, over: threading.Event) -> None:
        try:
            for _ in range(3):
                number = self._owl.train(self._mine, limit_s=LONGEST_TRAINING_S)
                self._ledger.heard("model", self._mine, number=number)
        finally:
            over.set()

    def _erase_samples(self) -> None:
        there = [
            each.key
            for each in self._ledger.promises
            if each.what == "sample" and each.told["project"] == self._theirs
        ]
        for at in range(0, 20, 2):
            gone = there[at : at + 2]
            self._ledger.asked_back(lambda each, gone=gone: each.key in gone)
            self._fox.ask("POST", f"/api/projects/{self._theirs}/samples/remove", {"ids": gone})
            for id in gone:
                self._ledger.heard("removed sample", id)

    def _erase_project(self) -> None:
        self._ledger.asked_back(lambda each: self._theirs in (each.key, each.told.get("project")))
        self._fox.ask("DELETE", f"/api/projects/{self._theirs}")
        self._ledger.heard("removed project", self._theirs)

    def _end_class(self) -> None:
        code = re.findall(r"Teacher's code: (\d{6})", self._board.said())[-1]
        teacher = Group(self._board.port)
        teacher.ask("POST", "/api/session/teacher", {"code": code})
        self._ledger.asked_back(lambda each: each.what in ("sample", "project", "model"))
        teacher.ask("POST", "/api/class/end", {"confirm": True})
        projects = [each.key for each in self._ledger.promises if each.what == "project"]
        self._ledger.heard("class is over", "", words=list(WORDS), projects=projects)


def together(*deeds: Callable[[], None]) -> None:
    """Do these at the same time; whatever one raises is raised.

    Raises:
        Exception: the first that one of them raised.
    """
    raised: list[BaseException] = []

    def tried(deed: Callable[[], None]) -> None:
        try:
            deed()
        except (AssertionError, OSError, Refused, StopIteration) as error:
            raised.append(error)

    threads = [threading.Thread(target=tried, args=[deed], daemon=True) for deed in deeds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if raised:
        raise raised[0]
