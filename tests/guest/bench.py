"""A data partition on this machine, every write of it logged; the kit serves from it at full speed.

    partition -> qemu-storage-daemon with blklogwrites -> loop device -> ext4, mounted -> kit serve

Kernel, file system and flushes are real ones; the processor is this machine's, which takes a second
for what an emulated board takes minutes for. Root's work, and no module of the kernel is needed.
"""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

from tests.guest.machine import free_port, wait_for_page

TOOLS = ("qemu-storage-daemon", "qemu-img", "losetup", "mount", "e2fsck", "debugfs", "openssl")


def lacking() -> str:
    """Why there is no bench on this machine; "" if there may be one."""
    missing = [tool for tool in TOOLS if not shutil.which(tool)]
    if os.geteuid():
        return "only root mounts a partition"
    if missing:
        return f"not on this machine: {', '.join(missing)}"
    devices = [Path("/dev/fuse"), Path("/dev/loop-control")]
    absent = [str(device) for device in devices if not device.exists()]
    return f"no {', '.join(absent)}" if absent else ""


class Bench:
    """One partition in use, for the length of a `with` block.

    Attributes:
        log: of every write and flush; see power.py. The partition itself stays as it was.
        card: the file that stands for the card meanwhile; what is written there is logged.
        device: the partition.
        data: where it is mounted.
        port: of the kit's page, once it serves.
    """

    def __init__(self, partition: Path, folder: Path, *, offset: int = 0) -> None:
        """
        Args:
            partition: or a whole card.
            folder: for the log and what else is needed meanwhile.
            offset: where on the card the partition begins; then it is not mounted.
        """
        self._partition, self._folder, self._offset = partition, folder, offset
        self.log, self.data = folder / "writes.log", folder / "mounted"
        self.port = free_port()
        self.device = ""
        self._server: subprocess.Popen[bytes] | None = None
        self._daemon: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> "Bench":
        self._folder.mkdir(parents=True, exist_ok=True)
        self.data.mkdir(exist_ok=True)
        self.log.write_bytes(b"")
        shadow, self.card = self._folder / "shadow", self._folder / "card"
        self.card.touch()
        backing = ["-b", self._partition.absolute(), "-F", "raw"]
        _do("qemu-img", "create", "-q", "-f", "qcow2", *backing, shadow)
        self._daemon = subprocess.Popen(
            ["qemu-storage-daemon",
             "--blockdev", f"driver=file,filename={shadow},node-name=file",
             "--blockdev", "driver=qcow2,file=file,node-name=shadow",
             "--blockdev", f"driver=file,filename={self.log},node-name=log",
             "--blockdev", "driver=blklogwrites,file=shadow,log=log,node-name=card",
             "--export", f"type=fuse,id=e,node-name=card,mountpoint={self.card},writable=on"]
        )  # fmt: skip
        try:
            self._wait_for(self.card)
            place = ["--offset", str(self._offset), "--find", "--show"]
            self.device = _do("losetup", *place, self.card).strip()
            if not self._offset:
                _do("mount", "-t", "ext4", "-o", "noatime,nosuid,nodev", self.device, self.data)
        except BaseException:
            self.__exit__()
            raise
        return self

    def _wait_for(self, export: Path) -> None:
        for _ in range(200):
            if export.stat().st_size:  # before, it is an empty file
                return
            time.sleep(0.05)
        raise TimeoutError("no qemu-storage-daemon")

    def serve(self) -> str:
        """Serve from `data`/kit as whoever owns that folder; the teacher's code."""
        folder = self.data / "kit"
        folder.mkdir(exist_ok=True)
        owner = folder.stat()
        command: list[str | Path] = [
            sys.executable, "-m", "kit", "serve", "--data", folder, "--host", "0.0.0.0",
            "--port", str(self.port), "--camera", "none", "--microphone", "none",
        ]  # fmt: skip
        if owner.st_uid:  # on a board the kit's own user, who may not look into this checkout
            mighty = ["--inh-caps", "+dac_override", "--ambient-caps", "+dac_override"]
            user = ["--reuid", str(owner.st_uid), "--regid", str(owner.st_gid), "--clear-groups"]
            command = ["setpriv", *user, *mighty, *command]
        said = self._folder / "said"
        with said.open("wb") as out:
            environment = {**os.environ, "LC_ALL": "C.UTF-8", "PYTHONUNBUFFERED": "1"}
            environment.pop("KIT_LANGUAGE", None)
            self._server = subprocess.Popen(
                command, stdout=out, stderr=out, env=environment, start_new_session=True
            )
        try:
            wait_for_page(self.port, limit_s=60, alive=lambda: self._server.poll() is None)
        except TimeoutError as error:
            raise TimeoutError(f"{error}: {said.read_text()[-2000:]}") from None
        return re.findall(r"(?:Teacher's code|Code enseignant)\D*(\d{6})", said.read_text())[-1]

    def __exit__(self, *_: object) -> None:
        if self._server is not None:
            os.killpg(self._server.pid, signal.SIGKILL)  # its worker too, which holds the folder
            self._server.wait(timeout=30)
        if os.path.ismount(self.data):
            self._unmount()
        if self.device:
            _do("losetup", "--detach", self.device)
        if self._daemon is not None:
            self._daemon.terminate()
            self._daemon.wait(timeout=30)

    def _unmount(self) -> None:
        """The server's worker is not our child: it may take a moment to be gone."""
        for _ in range(100):
            if subprocess.run(["umount", self.data], capture_output=True).returncode == 0:
                return
            time.sleep(0.1)
        raise TimeoutError(f"{self.data} is in use")


def _do(*command: str | Path) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True, timeout=120).stdout
