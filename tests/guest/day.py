"""A kit's days, every write of its card logged: the first start, and one with a lesson.

    first_start(image, folder) -> Recording      on an emulated board, from a card just flashed
    lesson(partition, folder, …) -> Recording    on the bench: captures, training, erasure, updates

A recording lies in its folder and can be cut there for as long as one likes.
"""

import json
import subprocess
import sys
import threading
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from kit.lending import update
from tests.guest.bench import Bench
from tests.guest.ledger import Ledger, Promise
from tests.guest.lesson import Group, Refused
from tests.guest.machine import Board, Card, Image
from tests.guest.power import SECTOR, Cut, Log, Replay

CARD_MB = 4096
"""A small card: there is room for the data partition to grow, and it is searched in seconds."""

DATA = 3
WORDS = ("Zibeline du mardi", "Ornithorynque cendré")
"""Of the class that is erased: no file of the system holds them."""

VERSIONS = ("9.0.1", "9.0.2")
DEEDS = ("captures", "training", "erasure", "update")


@dataclass(frozen=True, slots=True)
class Recording:
    """What was written to a data partition, and what was promised meanwhile.

    Attributes:
        partition: as it was before, with room to its card's end.
        start: where on the card it begins.
        head: the card's first sector, with the table; None where there was no card.
        log: of the writes.
        ledger: of the promises.
    """

    partition: Path
    start: int
    head: Path | None
    log: Log
    ledger: Ledger

    def cut_at(self, cut: Cut, target: Path) -> Path:
        """What one cut leaves of the partition, in a file of its own."""
        rolling = target.with_name(f"{target.name}.rolling")
        subprocess.run(["cp", "--sparse=always", self.partition, rolling], check=True)
        Replay(rolling, self.start, self.log).at(cut, target)
        rolling.unlink()
        return target

    def as_left(self, target: Path) -> Path:
        """The partition as it is when nothing is lost."""
        return self.cut_at(Cut(len(self.log.requests), keeps=1.0), target)


def first_start(image: Image, folder: Path) -> tuple[Card, Recording]:
    """Switch a kit on for the first time, wait for its page, and take its current away.

    It takes minutes: what this image has recorded in this folder is not recorded again.
    """
    log, kept = folder / "writes.log", folder / "ledger.json"
    if kept.exists() and kept.stat().st_mtime > image.disk.stat().st_mtime:
        card = Card(folder / "card.img", folder / "key")
        return card, _of_card(card, folder, Log(log), Ledger.load(kept))
    public = _signing_keys(folder)
    card = Card.flashed(image, folder, size_mb=CARD_MB, form=_trusting(public))
    ledger = Ledger(lambda: log.stat().st_size)
    with Board(image, card, log=log) as board, ledger.deed("first start"):
        board.wait_for_page(limit_s=1200)
        identity = json.loads(board.run("cat /data/system/identity.json"))
        ledger.heard("identity", "", identity=identity)
        public_half = board.run("sync; cat /data/system/ssh/ssh_host_ed25519_key.pub")
        ledger.heard("host key", "", public=public_half)
    ledger.save(kept)
    return card, _of_card(card, folder, Log(log), ledger)


def _of_card(card: Card, folder: Path, log: Log, ledger: Ledger) -> Recording:
    start, _ = card.partition(DATA)
    partition = card.partition_copy(DATA, folder / "data.ext4")
    with card.disk.open("rb") as disk, partition.open("r+b") as file:
        (folder / "head").write_bytes(disk.read(SECTOR))
        file.truncate(card.disk.stat().st_size - start)
    return Recording(partition, start, folder / "head", log, ledger)


def lesson(
    partition: Path,
    folder: Path,
    pictures: Sequence[bytes],
    software: Path,
    promises: Iterable[Promise] = (),
    bursts: int = 16,
) -> Recording:
    """Hold a lesson, end the class, begin another, update twice; then the current goes.

    Args:
        partition: with a data folder, or an empty file system.
        folder: of this recording.
        pictures: some hundred, none twice.
        software: what the updates bring.
        promises: made before, and still to be kept.
        bursts: that each of two groups takes to begin with.
    """
    folder.mkdir(parents=True, exist_ok=True)
    if not list(folder.glob("update.pem")):
        _signing_keys(folder)
    with Bench(partition, folder) as bench:
        ledger = Ledger(lambda: bench.log.stat().st_size)
        ledger.promises += [Promise(each.what, each.key, each.told) for each in promises]
        code = bench.serve()
        acted = _Lesson(bench.port, code, ledger, iter(pictures))
        acted.captures(bursts)
        acted.training()
        acted.erasure()
        _updates(bench, folder, software, ledger)
    return Recording(partition, 0, None, Log(bench.log), ledger)


def _signing_keys(folder: Path) -> Path:
    """A pair in this folder; the public half."""
    folder.mkdir(parents=True, exist_ok=True)
    private, public = folder / "update.pem", folder / "update.pub"
    for arguments in (
        ["genpkey", "-algorithm", "ed25519", "-out", private],
        ["pkey", "-in", private, "-pubout", "-out", public],
    ):
        subprocess.run(["openssl", *arguments], check=True, capture_output=True)
    return public


def _trusting(public: Path) -> str:
    """The form's line: whoever signs with this key may update the kit."""
    return f'update_key = "{public.read_text().splitlines()[1]}"\n'


def _updates(bench: Bench, folder: Path, software: Path, ledger: Ledger) -> None:
    """As a stick brings them: each signed, checked and installed by the kit's own command."""
    for version in VERSIONS:
        bundle = folder / f"{version}.zip"
        update.sign(software, version, folder / "update.pem", bundle)
        with zipfile.ZipFile(bundle) as archive:
            files = json.loads(archive.read(update.MANIFEST))["files"]
        ledger.releases[version] = {name: one["sha256"] for name, one in files.items()}
    with ledger.deed("update"):
        for version in VERSIONS:
            command = [sys.executable, "-m", "kit", "update", folder / f"{version}.zip"]
            where = ["--key", folder / "update.pub", "--root", bench.data / "software"]
            subprocess.run([*command, *where], check=True, capture_output=True)
            ledger.heard("version", version)


class _Lesson:
    """A class of two groups, and the one after it."""

    def __init__(self, port: int, code: str, ledger: Ledger, pictures: Iterator[bytes]) -> None:
        self._port, self._code = port, code
        self._ledger, self._pictures = ledger, pictures
        self._owl, self._fox = Group(port), Group(port)
        self._labels: dict[str, list[str]] = {}
        self._mine = self._theirs = ""

    def captures(self, bursts: int) -> None:
        """Two groups at once, a picture or two at a time."""
        with self._ledger.deed("captures"):
            self._owl.join("owl")
            self._fox.join("fox")
            self._mine = self._project(self._owl, "owl", WORDS[0], WORDS[1])
            self._theirs = self._project(self._fox, "fox", "Theirs", "cup")
            together(
                lambda: self._capture(self._owl, self._mine, bursts),
                lambda: self._capture(self._fox, self._theirs, bursts),
            )

    def training(self) -> None:
        """One group trains, again and again, and the other goes on taking pictures."""
        over = threading.Event()
        with self._ledger.deed("training"):
            together(
                lambda: self._train(over),
                lambda: self._capture(self._fox, self._theirs, 40, until=over),
            )

    def erasure(self) -> None:
        """Samples, a project, the class; meanwhile and afterwards, others are taken."""
        with self._ledger.deed("erasure"):
            together(
                self._erase_samples,
                lambda: self._capture(self._owl, self._mine, 10),
            )
            self._erase_project()
            self._end_class()
            self._fox.join("fox")
            self._capture(self._fox, self._project(self._fox, "fox", "Next class", "pen"), 6)

    def _project(self, group: Group, animal: str, name: str, label: str) -> str:
        id = group.project(name)
        self._ledger.heard("project", id, name=name, animal=animal)
        self._labels[id] = [group.label(id, word) for word in (label, "other")]
        return id

    def _capture(
        self, group: Group, project: str, bursts: int, *, until: threading.Event | None = None
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
            for _ in range(4):
                number = self._owl.train(self._mine)
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
        teacher = Group(self._port)
        teacher.ask("POST", "/api/session/teacher", {"code": self._code})
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
        except (AssertionError, OSError, Refused, RuntimeError) as error:
            raised.append(error)

    threads = [threading.Thread(target=tried, args=[deed], daemon=True) for deed in deeds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if raised:
        raise raised[0]
