"""The root side of the door: carry out one word of a closed list, and write what became of it.

    asks/ask -> read, remove, check -> radio, leases, clock, signal to systemd -> status.json

A path unit starts this when an ask lies there; it ends when none is left. The server's user may
write in that folder, so nothing in it is believed: no link is followed, no byte beyond the first
512 is read, and no part of it ever becomes an argument of a command. Three things of the kernel do
the work, so that the unit needs neither D-Bus nor a shell: rfkill, the clock, and the two signals
that systemd(1) takes for "power off" and "restart".
"""

import json
import os
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from kit.core.appliance import LEAVING, MOST_BYTES, Ask, Word, read_ask

COUNTERS = {
    "left_names": ("left", "names"),
    "left_time": ("left", "time"),
    "left_web": ("left", "web"),
    "left_other": ("left", "other"),
    "refused_names": ("refused", "names"),
    "refused_time": ("refused", "time"),
    "refused_web": ("refused", "web"),
    "refused_other": ("refused", "other"),
}
"""A counter of nftables.conf -> where it stands in the status."""

ANSWER_FIRST_S = 2.0
"""So long the answer has to reach whoever asked, before the radio falls silent under it."""
STOPS_WITHIN_S = 10.0
"""The name server of the kit's Wi-Fi ends within this once there is no radio."""

# systemd(1), "Signals": what they start, however busy it is, and with no D-Bus in between.
_POWER_OFF, _RESTART = signal.SIGRTMIN + 4, signal.SIGRTMIN + 5


@dataclass(frozen=True, slots=True)
class Doorway:
    """Where things lie on the image; a test has its own."""

    door: Path = Path("/run/mallette")
    run: Path = Path("/run")
    leases: Path = Path("/var/lib/NetworkManager")
    radios: Path = Path("/sys/class/rfkill")
    processes: Path = Path("/proc")

    @property
    def ask(self) -> Path:
        """What the server asks; not there when it asks nothing."""
        return self.door / "asks" / "ask"

    @property
    def status(self) -> Path:
        """What anybody on the kit may know."""
        return self.door / "status.json"

    @property
    def own_wifi(self) -> Path:
        """What the kit's own user alone may know: how its Wi-Fi is joined."""
        return self.door / "for-kit" / "wifi.json"

    @property
    def profile(self) -> Path:
        """The connection that the start has made; not there where no radio may speak."""
        return self.run / "NetworkManager" / "system-connections" / "mallette.nmconnection"


class Hands(Protocol):
    """What moves the machine; a test's own moves nothing."""

    def run(self, command: Sequence[str]) -> str:
        """Run it and give what it says. Raises OSError."""

    def set_clock(self, wall_s: int) -> None:
        """Raises OSError."""

    def tell_systemd(self, number: int) -> None: ...

    def sleep(self, seconds: float) -> None: ...


class Root:
    """The real hands."""

    def run(self, command: Sequence[str]) -> str:
        """Run it, at most half a minute."""
        try:
            done = subprocess.run(
                command,
                check=True,
                capture_output=True,
                text=True,
                timeout=30,
                stdin=subprocess.DEVNULL,
            )
        except subprocess.SubprocessError as error:
            raise OSError(f"{command[0]}: {error}") from error
        return done.stdout

    def set_clock(self, wall_s: int) -> None:
        """Set the wall clock; the kernel's count of seconds goes on as it was."""
        time.clock_settime(time.CLOCK_REALTIME, wall_s)

    def tell_systemd(self, number: int) -> None:
        """A signal to process 1."""
        os.kill(1, number)

    def sleep(self, seconds: float) -> None:
        """Wait."""
        time.sleep(seconds)


def answer(doorway: Doorway, hands: Hands) -> int:
    """Carry out what is asked until nothing is; how many asks there were."""
    answered = 0
    while (content := _taken(doorway.ask)) is not None:
        answered += 1
        try:
            ask = read_ask(content)
        except ValueError as error:
            print(f"refused: {error}", file=sys.stderr)
            continue
        if ask.word in LEAVING:
            _tell(doorway, hands, ask, None)
            hands.sleep(ANSWER_FIRST_S)
        _tell(doorway, hands, ask, _carried_out(doorway, hands, ask))
    return answered


def _carried_out(doorway: Doorway, hands: Hands, ask: Ask) -> str | None:
    """Do it; the id of what went wrong, or None."""
    try:
        match ask.word:
            case Word.LOOK:
                pass  # the figures are read with every answer
            case Word.WIFI_OFF:
                hands.run(["rfkill", "block", "wifi"])
                return _forget_screens(doorway, hands)
            case Word.WIFI_ON:
                # The country may be unknown, or the form may want no Wi-Fi: then there is none.
                if not doorway.profile.exists():
                    return "wifi-not-wished"
                hands.run(["rfkill", "unblock", "wifi"])
            case Word.ERASE_LEASES:
                was_on = wifi_is_on(doorway)
                hands.run(["rfkill", "block", "wifi"])
                problem = _forget_screens(doorway, hands)
                if was_on:
                    hands.run(["rfkill", "unblock", "wifi"])
                return problem
            case Word.SET_CLOCK:
                assert ask.wall_s is not None  # read_ask has looked
                hands.set_clock(ask.wall_s)
            case Word.POWER_OFF:
                hands.tell_systemd(_POWER_OFF)
            case Word.RESTART:
                hands.tell_systemd(_RESTART)
    except OSError as error:
        print(f"{ask.word}: {error}", file=sys.stderr)
        return "appliance-failed"
    return None


def _forget_screens(doorway: Doorway, hands: Hands) -> str | None:
    """Erase which screens were there: once dnsmasq has ended, for it holds them in memory, too."""
    waited_s = 0.0
    while waited_s < STOPS_WITHIN_S and any(_still_running(doorway)):
        hands.sleep(0.25)
        waited_s += 0.25
    ended = not any(_still_running(doorway))
    for path in doorway.leases.glob("dnsmasq-*.leases"):
        path.unlink(missing_ok=True)
    if ended:
        return None
    print("dnsmasq did not end with the radio", file=sys.stderr)
    return "leases-not-erased"


def _still_running(doorway: Doorway) -> Iterator[bool]:
    for path in doorway.run.glob("nm-dnsmasq-*.pid"):
        try:
            yield (doorway.processes / str(int(path.read_text()))).exists()
        except (OSError, ValueError):
            continue  # it went just now


def wifi_is_on(doorway: Doorway) -> bool:
    """Whether a radio is there that may speak (rfkill's sysfs: 0 is "not blocked")."""
    for radio in doorway.radios.glob("rfkill*"):
        try:
            kind, soft, hard = (
                (radio / name).read_text().strip() for name in ("type", "soft", "hard")
            )
        except OSError:
            continue
        if (kind, soft, hard) == ("wlan", "0", "0"):
            return True
    return False


def counted(said: str) -> dict[str, dict[str, int]]:
    """Bytes that left and packets that were refused, of `nft --json list counters`.

    >>> counted('{"nftables": [{"counter": {"name": "left_time", "packets": 1, "bytes": 76}}]}')
    {'left': {'time': 76}, 'refused': {}}
    """
    found: dict[str, dict[str, int]] = {"left": {}, "refused": {}}
    for entry in json.loads(said).get("nftables", []):
        counter = entry.get("counter", {})
        side, kind = COUNTERS.get(counter.get("name"), ("", ""))
        if side:
            found[side][kind] = int(counter["bytes" if side == "left" else "packets"])
    return found


def _tell(doorway: Doorway, hands: Hands, ask: Ask, problem: str | None) -> None:
    told: dict[str, Any] = {
        "wifi_on": wifi_is_on(doorway),
        "done": {"id": ask.id, "word": ask.word, "problem": problem},
    }
    try:
        told |= counted(
            hands.run(["nft", "--json", "list", "counters", "table", "inet", "mallette"])
        )
    except (OSError, ValueError, KeyError) as error:
        # No figure is better than a wrong nought: the page then says nothing.
        print(f"counters: {error}", file=sys.stderr)
    # Whole or not at all; it lies in memory, so no power cut is to be feared.
    half = doorway.status.with_suffix(".half-written")
    half.write_text(json.dumps(told), encoding="utf-8")
    half.chmod(0o644)
    half.replace(doorway.status)


def _taken(path: Path) -> bytes | None:
    """What lies there, gone afterwards; None where nothing does. No link is followed."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError:
        return None
    except OSError as error:  # a link, say
        print(f"refused: {error}", file=sys.stderr)
        return b"" if _removed(path) else None
    try:
        is_file = stat.S_ISREG(os.fstat(descriptor).st_mode)
        content = os.read(descriptor, MOST_BYTES + 1) if is_file else b""
    finally:
        os.close(descriptor)
    return content if _removed(path) else None


def _removed(path: Path) -> bool:
    """Whether it is gone: what stays there would be answered for ever."""
    try:
        path.unlink()
    except FileNotFoundError:
        return True
    except OSError as error:  # a folder, say: root here has no right to what lies in another's
        print(f"{path}: {error}", file=sys.stderr)
        try:
            path.rename(path.with_name(f".refused-{time.monotonic_ns()}"))
        except OSError:
            return False
    return True
