"""A serial port on USB, by the standard library: found by who made it, read by a thread.

The thread only moves bytes, so that a meter loses nothing while nobody asks; it rests between two
reads, so that a hundred readings a second wake it twenty times.
"""

import fcntl
import os
import select
import termios
import threading
import tty
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from kit.core.errors import Unavailable

SYSFS = Path("/sys/class/tty")
REST_S = 0.05
KEPT_BYTES = 4_000_000
"""Twenty minutes of a meter that nobody asks; then the oldest is given up."""
_WRITE_WITHIN_S = 1.0


@dataclass(frozen=True, slots=True)
class UsbPort:
    """A serial port that USB says something of.

    Attributes:
        path: such as "/dev/ttyACM0"; another one after the plug was pulled, perhaps.
        serial_number: the device's own, the same at every plug; "" where it has none.
    """

    path: str
    serial_number: str


def find_ports(ids: Iterable[tuple[int, int]], sysfs: Path = SYSFS) -> tuple[UsbPort, ...]:
    """The serial ports of these USB (vendor, product) numbers. Opens none of them."""
    wanted = set(ids)
    found = []
    for tty_folder in sorted(sysfs.glob("ttyACM*")):
        device = (tty_folder / "device").resolve().parent  # of the interface: the device itself
        try:
            numbers = tuple(
                int((device / name).read_text(), 16) for name in ("idVendor", "idProduct")
            )
        except (OSError, ValueError):
            continue  # no USB device, or it is just going
        if numbers in wanted:
            found.append(UsbPort(f"/dev/{tty_folder.name}", _serial_number(device)))
    return tuple(found)


def _serial_number(device: Path) -> str:
    try:
        return (device / "serial").read_text(errors="replace").strip()
    except OSError:
        return ""


class SerialPort:
    """An open port; nobody else may have it. Read and written by one thread.

    Raises:
        Unavailable: "meter-missing", "meter-not-allowed" or "meter-busy".
    """

    def __init__(self, path: str, *, rest_s: float = REST_S) -> None:
        self.path = path
        self.lost = ""
        """Why there will be no more bytes, once those that came are taken."""
        self._rest_s = rest_s
        self._descriptor = _open(path)
        self._stop_seen, self._stop = os.pipe()
        self._received = bytearray()
        self._guard = threading.Lock()
        self._thread = threading.Thread(target=self._pump, name="kit-serial", daemon=True)
        self._thread.start()

    def take(self) -> bytes:
        """What came since the last time. Never waits."""
        with self._guard:
            received = bytes(self._received)
            self._received.clear()
        return received

    def write(self, data: bytes) -> None:
        """Send it all. Raises `Unavailable`, "meter-lost", where it does not go."""
        while data:
            try:
                data = data[os.write(self._descriptor, data) :]
            except BlockingIOError:
                if not select.select([], [self._descriptor], [], _WRITE_WITHIN_S)[1]:
                    raise Unavailable("meter-lost", f"{self.path} takes no bytes") from None
            except OSError as error:
                raise Unavailable("meter-lost", f"{self.path}: {error.strerror}") from error

    def close(self) -> None:
        """Let it go. Safe to call twice."""
        if self._thread is None:
            return
        os.write(self._stop, b".")
        self._thread.join()
        self._thread = None
        for descriptor in (self._descriptor, self._stop_seen, self._stop):
            os.close(descriptor)

    def _pump(self) -> None:
        while True:
            ready, _, _ = select.select([self._descriptor, self._stop_seen], [], [])
            if self._stop_seen in ready:
                return
            try:
                data = os.read(self._descriptor, 65536)
            except BlockingIOError:
                continue
            except OSError as error:  # EIO: the plug was pulled
                self.lost = f"{self.path}: {error.strerror}"
                return
            if not data:
                self.lost = f"{self.path}: the other end has gone"
                return
            with self._guard:
                self._received += data
                del self._received[:-KEPT_BYTES]
            if self._rest_s and select.select([self._stop_seen], [], [], self._rest_s)[0]:
                return


def _open(path: str) -> int:
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK | os.O_CLOEXEC)
    except PermissionError as error:
        raise Unavailable(
            "meter-not-allowed", f"{path}: not allowed; is this user in `dialout`?", file=path
        ) from error
    except OSError as error:
        raise Unavailable("meter-missing", f"{path}: {error.strerror}") from error
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        tty.setraw(descriptor)  # no echo, no line feeds made of returns, no Ctrl-C
        termios.tcflush(descriptor, termios.TCIOFLUSH)
    except BlockingIOError as error:
        os.close(descriptor)
        raise Unavailable("meter-busy", f"{path}: another program holds it") from error
    except termios.error as error:
        os.close(descriptor)
        raise Unavailable("meter-missing", f"{path} is no serial port") from error
    return descriptor
