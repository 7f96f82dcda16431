"""An emulated board with a card in it: `make image-test` starts it, looks in and pulls its plug.

    card = Card.flashed(image, folder, size_mb=4096)      a copy, the form on it filled in
    with Board(image, card) as board:                     QEMU's aarch64, 512 MB as on a Zero 2 W
        board.wait_for_page()
        board.run("free")                                 as root, by the form's key

The emulator has no Raspberry Pi's radio, camera port or GPU; kernel and initrd are the image's own,
handed over as a boot loader would. Its network leads nowhere but to three ports of this machine.
"""

import http.client
import os
import re
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

MEMORY_MB = 512
SECTOR = 512

TERMINAL = re.compile(
    r"""\r
    | \x1b \[ [0-?]* [ -/]* [@-~]  # CSI: colours, modes, where the cursor goes
    | \x1b \] [^\x07\x1b\n]* (\x07 | \x1b\\)  # OSC: up to a bell, or the string's end
    | \x1b [ -/]* [0-~]  # all shorter ones: a reset, a set of characters
    """,
    re.VERBOSE,
)
"""What tells a terminal how to show things. Source: ECMA-48, 5.3 to 5.6; xterm for the bell."""


def plain(said: str) -> str:
    """Only what a person reads there, in lines.

    >>> plain("\\x1b[!p\\x1b]104\\x07\\x1b[?7hWi-Fi  Mallette-6B7Q\\r\\n")
    'Wi-Fi  Mallette-6B7Q\\n'
    """
    return TERMINAL.sub("", said)


@dataclass(frozen=True, slots=True)
class Image:
    """What a build has made, in its folder.

    Attributes:
        words: of the kernel's command line, that the image's own boot files would add.
    """

    folder: Path
    disk: Path
    kernel: Path
    initrd: Path
    words: str = ""

    @classmethod
    def in_folder(cls, folder: Path) -> "Image":
        """The one image there, with the kernel that it starts.

        Raises:
            ValueError: none there, or several.
        """
        [disk] = folder.glob("*-debian.img")
        [kernel] = (folder / "root" / "boot").glob("vmlinuz-*")
        [initrd] = (folder / "root" / "boot").glob("initrd.img-*")
        extra = folder / "root" / "etc" / "default" / "raspi-extra-cmdline"
        words = extra.read_text().strip() if extra.exists() else ""  # a stock system has none
        return cls(folder, disk, kernel, initrd, words)


@dataclass(frozen=True, slots=True)
class Card:
    """A flashed card: a file of the size of a small one, and the key that its form lets in."""

    disk: Path
    key: Path

    @classmethod
    def flashed(cls, image: Image, folder: Path, *, size_mb: int, form: str = "") -> "Card":
        """Write the image to a new card and fill in the form.

        Args:
            image: what is flashed.
            folder: where the card's file shall lie.
            size_mb: of the card; more than the image, so that there is room to grow.
            form: further lines of mallette.toml.
        """
        folder.mkdir(parents=True, exist_ok=True)
        disk, key = folder / "card.img", folder / "key"
        subprocess.run(["cp", "--sparse=always", image.disk, disk], check=True)
        os.truncate(disk, size_mb * 2**20)
        key.unlink(missing_ok=True)
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key], check=True)
        public = " ".join(key.with_suffix(".pub").read_text().split()[:2])
        card = cls(disk, key)
        card.put("mallette.toml", f'country = "FR"\nlanguage = "fr"\nssh_key = "{public}"\n{form}')
        return card

    def put(self, name: str, content: str | bytes) -> None:
        """Write a file on the drive that any computer shows."""
        where = f"{self.disk}@@{self.partition(1)[0]}"
        command = ["mcopy", "-o", "-i", where, "-", f"::{name}"]
        data = content if isinstance(content, bytes) else content.encode()
        subprocess.run(command, input=data, check=True)

    def get(self, name: str) -> str:
        """A file of that drive."""
        command = ["mtype", "-i", f"{self.disk}@@{self.partition(1)[0]}", f"::{name}"]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout

    def partition(self, number: int) -> tuple[int, int]:
        """Offset and size in bytes, from the partition table."""
        with self.disk.open("rb") as file:
            entry = file.read(SECTOR)[446 + 16 * (number - 1) :][:16]
        start, sectors = (int.from_bytes(entry[at : at + 4], "little") for at in (8, 12))
        return start * SECTOR, sectors * SECTOR

    def partition_copy(self, number: int, target: Path) -> Path:
        """One partition as a file of its own, holes and all."""
        start, size = self.partition(number)
        command = ["dd", f"if={self.disk}", f"of={target}", "bs=1M", "conv=sparse",
                   "iflag=skip_bytes,count_bytes", f"skip={start}", f"count={size}"]  # fmt: skip
        target.unlink(missing_ok=True)
        subprocess.run(command, check=True, capture_output=True)
        os.truncate(target, size)
        return target

    def superblocks(self, number: int) -> set[int]:
        """Where in a partition its file system and its journal say how they are."""
        where = f"{self.disk}?offset={self.partition(number)[0]}"
        journal = ["debugfs", "-R", "blocks <8>", where]
        said = subprocess.run(journal, capture_output=True, text=True, check=True).stdout
        return {0, int(said.split()[0]) * 4096}

    def put_partition(self, number: int, content: Path) -> None:
        """Put this in the place of a partition; what reaches over its end is left away."""
        start, size = self.partition(number)
        command = ["dd", f"if={content}", f"of={self.disk}", "bs=1M", "conv=notrunc",
                   "oflag=seek_bytes", "iflag=count_bytes",
                   f"seek={start}", f"count={size}"]  # fmt: skip
        subprocess.run(command, check=True, capture_output=True)

    def copied(self, folder: Path) -> "Card":
        """The same card once more, holes and all, in a folder that is emptied for it."""
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        copy = Card(folder / "card.img", folder / "key")
        subprocess.run(["cp", "--sparse=always", self.disk, copy.disk], check=True)
        shutil.copy(self.key, copy.key)
        return copy


class Board:
    """One emulated board, for the length of a `with` block; its current goes at the end.

    Attributes:
        port: of this machine, where the board's page is.
        started_s: time.monotonic() when the current came.
    """

    def __init__(
        self,
        image: Image,
        card: Card,
        *,
        log: Path | None = None,
        network: bool = True,
        kernel: str = "",
        memory_mb: int = MEMORY_MB,
        plugged_in: Sequence[str] = (),
    ) -> None:
        """
        Args:
            image: whose kernel is started.
            card: what is in the slot.
            log: where every write and flush is kept instead of reaching the card; see power.py.
            network: whether a cable leads to this machine.
            kernel: further words of the kernel's command line.
            memory_mb: of the board.
            plugged_in: QEMU's words for what is plugged in besides.
        """
        self.port, self._ssh_port = free_port(), free_port()
        self.card = card
        self.console = card.disk.with_suffix(".console")
        offers = ""
        if log is None:
            drive = ["-drive", f"if=none,id=card,format=raw,file={card.disk}"]
        else:
            # Written beside, not onto: what reaches the card after a power cut, power.py decides.
            shadow = card.disk.with_suffix(".shadow")
            _qemu_img("create", "-q", "-f", "qcow2", "-b", card.disk, "-F", "raw", shadow)
            log.write_bytes(b"")
            # QEMU before 9.0 may garble a log of the first two; and the log's head of a request
            # does not fit beside as many pieces as QEMU merges: zeros in a row would fail.
            offers = ",discard=off,write-zeroes=off,request-merging=off"
            linked = "file=shadow,log=log,node-name=card"
            drive = ["-blockdev", f"driver=file,filename={shadow},node-name=file",
                     "-blockdev", "driver=qcow2,file=file,node-name=shadow",
                     "-blockdev", f"driver=file,filename={log},node-name=log",
                     "-blockdev", f"driver=blklogwrites,{linked}"]  # fmt: skip
        forwards = f"hostfwd=tcp:127.0.0.1:{self.port}-:80"
        forwards += f",hostfwd=tcp:127.0.0.1:{self._ssh_port}-:22"
        self._command = [
            "qemu-system-aarch64", "-M", "virt", "-cpu", "cortex-a53", "-smp", "2",
            "-m", str(memory_mb), "-accel", "tcg,thread=multi",
            "-display", "none", "-monitor", "none", "-serial", f"file:{self.console}",
            "-kernel", str(image.kernel), "-initrd", str(image.initrd),
            # On a busy machine an emulated card is found after more than the usual 90 s.
            "-append", "root=LABEL=root console=ttyAMA0 quiet panic=-1"
            f" systemd.default_device_timeout_sec=900 {image.words} {kernel}",
            *drive, "-device", f"virtio-blk-device,drive=card{offers}",
            # In the morning: a class ends by itself in the evening, and would between two starts.
            "-rtc", f"base={time.strftime('%Y-%m-%d')}T09:00:00",
            *plugged_in, "-no-reboot", "-nic", "none",
        ]  # fmt: skip
        if network:
            self._command[-2:] = ["-netdev", f"user,id=net,restrict=on,{forwards}",
                                  "-device", "virtio-net-device,netdev=net"]  # fmt: skip

    def __enter__(self) -> "Board":
        if self.console.exists():  # of the start before
            self.console.replace(self.console.with_suffix(".console.1"))
        self.started_s = time.monotonic()
        self._errors = self.card.disk.with_suffix(".qemu").open("wb")
        self._process = subprocess.Popen(
            ["nice", "-n", "5", *self._command], stdin=subprocess.DEVNULL, stderr=self._errors
        )
        return self

    def __exit__(self, *_: object) -> None:
        self.cut()

    def cut(self) -> None:
        """Take the current away."""
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGKILL)
        self._process.wait(timeout=30)
        self._errors.close()

    def computed_s(self) -> float:
        """Seconds of this machine's processors that the board has taken so far."""
        columns = Path(f"/proc/{self._process.pid}/stat").read_text().rpartition(") ")[2].split()
        return (int(columns[11]) + int(columns[12])) / os.sysconf("SC_CLK_TCK")

    def queued_s(self) -> float:
        """Seconds that the board has stood in the queue for this machine's processors, at least.

        Each emulated processor is a thread; this is the one that others kept waiting longest. What
        a clock on the wall says without it is what an idle machine takes, or more. The
        kernel's Documentation/scheduler/sched-stats.rst explains /proc/PID/schedstat.
        """
        threads = Path(f"/proc/{self._process.pid}/task").glob("*/schedstat")
        return max(int(thread.read_text().split()[1]) for thread in threads) / 1e9

    def wait_for_page(self, *, limit_s: float = 1800) -> float:
        """Seconds from the current to the first answer of the page.

        Raises:
            TimeoutError: none came; the message has the end of the console.
        """
        try:
            wait_for_page(self.port, limit_s=limit_s, alive=lambda: self._process.poll() is None)
        except TimeoutError as error:
            raise TimeoutError(f"{error}: {self.said()[-3000:]}") from None
        return time.monotonic() - self.started_s

    def wait_for_end(self, *, limit_s: float) -> None:
        """Until the board switches itself off, or starts again, which is the same here.

        Raises:
            TimeoutError: it did neither.
        """
        try:
            self._process.wait(timeout=limit_s)
        except subprocess.TimeoutExpired:
            raise TimeoutError(self.said()[-3000:]) from None

    def said(self) -> str:
        """What stands on the console, as `plain` has it."""
        return plain(self.console.read_text(encoding="utf-8", errors="replace"))

    def run(
        self, command: str, *, limit_s: float = 120, check: bool = True, content: bytes = b""
    ) -> str:
        """What a command says, run by root on the board, with this as its input.

        Raises:
            subprocess.CalledProcessError: it failed, what it said in the note; TimeoutError: nobody
                let us in.
        """
        wanted: Sequence[str | Path] = (
            "ssh", "-i", self.card.key, "-p", str(self._ssh_port), "-o", "BatchMode=yes",
            "-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null",
            "-o", "LogLevel=ERROR", "-o", "ConnectTimeout=20", "root@127.0.0.1", command,
        )  # fmt: skip
        end = time.monotonic() + limit_s
        while True:
            answer = subprocess.run(wanted, input=content, capture_output=True, timeout=limit_s)
            out, error = (text.decode(errors="replace") for text in (answer.stdout, answer.stderr))
            if answer.returncode != 255:  # ssh's own: not yet listening
                break
            if time.monotonic() > end:
                raise TimeoutError(error)
            time.sleep(1)
        if check and answer.returncode:
            failed = subprocess.CalledProcessError(answer.returncode, command, out, error)
            failed.add_note(error[-2000:])
            raise failed
        return out


def wait_for_page(port: int, *, limit_s: float, alive: Callable[[], bool] = lambda: True) -> None:
    """Ask until the page answers.

    Raises:
        TimeoutError: it did not within `limit_s`, or who should answer is gone.
    """
    end = time.monotonic() + limit_s
    while time.monotonic() < end and alive():
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
        try:
            connection.request("GET", "/api/health")
            if connection.getresponse().status == 200:
                return
        except (OSError, http.client.HTTPException):
            pass  # not yet
        finally:
            connection.close()
        time.sleep(0.25)
    raise TimeoutError(f"no page on port {port}")


def skip_without_image() -> None:
    """Called by each module of tests here, so that one line says why all of it is not run."""
    if not os.environ.get("MALLETTE_IMAGE"):
        pytest.skip(
            "starts an emulated board, for minutes: make image-test", allow_module_level=True
        )


def missing_tools() -> list[str]:
    """What this machine lacks to start a board."""
    path = f"{os.environ['PATH']}:/usr/sbin:/sbin"
    os.environ["PATH"] = path
    wanted = ("qemu-system-aarch64", "qemu-img", "mcopy", "ssh", "ssh-keygen", "e2fsck")
    return [tool for tool in wanted if not shutil.which(tool)]


def _qemu_img(*arguments: str | Path) -> None:
    subprocess.run(["qemu-img", *arguments], check=True)


def free_port() -> int:
    """One that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
