"""The air of an emulated kit: simulated radios, each but the kit's in a network of its own.

    with Board(image, card, kernel=RADIOS) as board:   wlan0 is there from the start, as a Pi's is
        name, passphrase = on_the_screen(board)
        tablet = Device(board, 1)                      takes wlan1 away from the kit
        tablet.joins(name, passphrase)                 whether the two agreed on keys
        tablet.lease()                                 {"ip": …, "router": …, "dns": …}, or None
        tablet.does("fetch", "http://kit.local")       visit.py, with the names of that lease

Linux's mac80211_hwsim carries frames between radios in memory: authentication, keys, leases and
pages are real; range, interference, firmware and the number of devices are not in it. What a
device needs is in the image already: wpa_supplicant, and the udhcpc of busybox.
"""

import json
import re
import shlex
import time
from pathlib import Path
from typing import Any

from tests.guest.machine import Board

RADIOS = "modules_load=mac80211_hwsim mac80211_hwsim.radios=3"
"""Words for the kernel: the kit's own radio, a tablet's, a stranger's."""

ROOM = "/tmp/room"
"""On the board, in memory: what the devices bring along."""

LEASE = """\
#!/bin/sh
# udhcpc calls this: be what the lease says, and write it down.
[ "$1" = bound ] || exit 0
busybox ip address add "$ip/$mask" dev "$interface"
[ -z "$router" ] || busybox ip route add default via "$router"
for server in $dns; do echo "nameserver $server"; done >/etc/resolv.conf
env | grep -E '^(ip|router|dns|lease)=' >"$(dirname "$0")/lease.$interface"
"""


def on_the_screen(board: Board) -> tuple[str, str]:
    """The Wi-Fi's name and passphrase, as the kit's screen last showed them."""
    said = re.findall(r"^Wi-Fi  (\S+)\s+(\S+)\s*$", board.said(), re.MULTILINE)
    assert said, board.said()[-2000:]
    return said[-1]


def radio(board: Board) -> dict[str, str]:
    """What the kit's radio does: {"type": "AP", "ssid": …, "channel": …}."""
    told = board.run("iw dev wlan0 info", check=False)
    return dict(re.findall(r"^\s+(type|ssid|channel) (\S+)", told, re.MULTILINE))


def wait_for_radio(board: Board, *, limit_s: float = 300) -> None:
    """Until the kit has made the connection of its form: its own Wi-Fi, or the school's.

    Raises:
        TimeoutError: it has not; the message says what NetworkManager did.
    """
    end = time.monotonic() + limit_s
    while time.monotonic() < end:
        state = board.run("nmcli --get-values GENERAL.STATE device show wlan0", check=False)
        if state.startswith("100"):  # NM_DEVICE_STATE_ACTIVATED
            return
        time.sleep(2)
    raise TimeoutError(board.run("journalctl -u NetworkManager --no-pager | tail -30"))


class Device:
    """A tablet, or a stranger's: one radio in one network namespace of the board.

    Attributes:
        radio: its number, 1 or 2.
        address: of its radio.
    """

    def __init__(self, board: Board, radio: int) -> None:
        self.board, self.radio = board, radio
        self._interface, self._name = f"wlan{radio}", f"device{radio}"
        self._home = f"{ROOM}/{self._name}"
        board.run(
            f"nmcli device set {self._interface} managed no;"
            f"mkdir -p {self._home} /etc/netns/{self._name};"
            f": >/etc/netns/{self._name}/resolv.conf;"
            f"ip netns add {self._name};"
            f"iw phy $(cat /sys/class/net/{self._interface}/phy80211/name)"
            f" set netns name {self._name};"
            f"ip netns exec {self._name} ip link set lo up"
        )
        self._put(f"{self._home}/leased", LEASE)
        board.run(f"chmod +x {self._home}/leased")
        for name in ("visit.py", "lesson.py"):
            self._put(f"{ROOM}/{name}", (Path(__file__).parent / name).read_text(encoding="utf-8"))
        told = self.run(f"iw dev {self._interface} info")
        self.address = re.search(r"addr (\S+)", told)[1]

    def run(self, command: str, *, limit_s: float = 120, check: bool = True) -> str:
        """What a command says in this device's network."""
        inside = f"ip netns exec {self._name} sh -c {shlex.quote(command)}"
        return self.board.run(inside, limit_s=limit_s, check=check)

    def joins(self, name: str, passphrase: str, *, limit_s: float = 60) -> bool:
        """Whether it is on that Wi-Fi within `limit_s`; it goes on trying until `leave`."""
        self.leave()
        self._supplicant(f'ssid="{name}"\npsk="{passphrase}"\nkey_mgmt=WPA-PSK')
        end = time.monotonic() + limit_s
        while time.monotonic() < end:
            if "wpa_state=COMPLETED" in self._status():
                return True
            time.sleep(1)
        return False

    def opens(self, name: str, passphrase: str, *, address: str) -> None:
        """Be the Wi-Fi of a school: an access point with WPA2, leases, and nothing behind it."""
        network = f'mode=2\nfrequency=2412\nssid="{name}"\npsk="{passphrase}"\nkey_mgmt=WPA-PSK'
        self._supplicant(f"{network}\nproto=RSN\npairwise=CCMP\ngroup=CCMP")
        first, last = (re.sub(r"\d+$", number, address) for number in ("50", "60"))
        self._put(
            f"{self._home}/udhcpd.conf",
            f"start {first}\nend {last}\ninterface {self._interface}\noption subnet 255.255.255.0\n"
            f"option router {address}\noption dns {address}\nlease_file {self._home}/leases\n",
        )
        self.run(
            f"busybox ip address add {address}/24 dev {self._interface};"
            f"busybox ip route add default via {address};"
            f": >{self._home}/leases; busybox udhcpd -S {self._home}/udhcpd.conf"
        )

    def lease(self) -> dict[str, str] | None:
        """What a DHCP server has lent it; None where none has within half a minute."""
        self.run(
            f"rm -f {self._home}/lease.*; busybox ip link set {self._interface} up;"
            f"busybox udhcpc -i {self._interface} -n -q -t 6 -T 5 -s {self._home}/leased",
            check=False,
        )
        told = self.run(f"cat {self._home}/lease.{self._interface}", check=False)
        return dict(line.split("=", 1) for line in told.splitlines()) or None

    def leave(self) -> None:
        """Off the Wi-Fi, its address forgotten."""
        self.run(
            f"[ ! -e {self._home}/pid ] || kill $(cat {self._home}/pid);"
            f"while [ -e {self._home}/pid ]; do sleep 1; done;"
            f"busybox ip address flush dev {self._interface}; : >/etc/resolv.conf"
        )

    def does(self, *words: str, limit_s: float = 600) -> Any:
        """What visit.py finds."""
        told = self.run(shlex.join(["python3", f"{ROOM}/visit.py", *words]), limit_s=limit_s)
        return json.loads(told)

    def hears(self, name: str) -> str | None:
        """What its radio hears of that Wi-Fi, in iw's words; None where there is no such one."""
        self.leave()  # its supplicant searches, too, and one search makes the other wait
        scan = f"timeout 30 iw dev {self._interface} scan flush"
        told = self.run(f"busybox ip link set {self._interface} up; {scan} || {scan}", check=False)
        heard = re.split(r"^BSS ", told, flags=re.MULTILINE)
        named = re.compile(rf"^\tSSID: {re.escape(name)}$", re.MULTILINE)
        return next((each for each in heard if named.search(each)), None)

    def said(self) -> str:
        """What its supplicant wrote since it last joined."""
        return self.run(f"cat {self._home}/log", check=False)

    def unblocked(self) -> None:
        """Switch its own radio on again: "off" is meant for all radios that a machine has."""
        # Of the radios that are listed, a network of its own sees only its own one's files.
        self.run("for each in /sys/class/rfkill/*/soft; do [ ! -e $each ] || echo 0 >$each; done")

    def _supplicant(self, network: str) -> None:
        settings = f"ctrl_interface={self._home}\np2p_disabled=1\nnetwork={{\n{network}\n}}\n"
        self._put(f"{self._home}/wpa.conf", settings)
        self.run(
            f"rm -f {self._home}/log; wpa_supplicant -B -i {self._interface}"
            f" -c {self._home}/wpa.conf -P {self._home}/pid -f {self._home}/log"
        )

    def _status(self) -> str:
        return self.run(f"wpa_cli -p {self._home} -i {self._interface} status", check=False)

    def _put(self, path: str, text: str) -> None:
        self.board.run(f"mkdir -p {ROOM}; cat >{path}", content=text.encode())
