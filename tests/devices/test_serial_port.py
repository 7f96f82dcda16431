"""Ports of USB in a made tree of files; bytes through a real pseudo-terminal."""

import os
import select
import tty
from pathlib import Path

import pytest

from kit.core.errors import Unavailable
from kit.devices.serial_port import SerialPort, UsbPort, find_ports

PICO = ((0x2E8A, 0x0005),)


class UsbTree:
    """/sys/class/tty as Linux has it: links to an interface, whose folder is in its device's."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "class" / "tty"
        self.root.mkdir(parents=True)
        self._devices = folder / "devices"

    def plug(self, port: str, vendor: str, product: str, serial: str | None) -> Path:
        device = self._devices / f"1-{len(list(self.root.iterdir()))}"
        interface = device / "1-1:1.0"
        interface.mkdir(parents=True)
        (device / "idVendor").write_text(f"{vendor}\n")
        (device / "idProduct").write_text(f"{product}\n")
        if serial is not None:
            (device / "serial").write_text(f"{serial}\n")
        (self.root / port).mkdir()
        (self.root / port / "device").symlink_to(interface)
        return device


@pytest.fixture
def usb(tmp_path):
    return UsbTree(tmp_path)


@pytest.fixture
def cable():
    """(the far end, the path of the near one); both ends closed when the test is over."""
    far, near = os.openpty()
    tty.setraw(near)
    yield far, os.ttyname(near)
    for descriptor in (far, near):
        try:
            os.close(descriptor)
        except OSError:
            continue  # the test has pulled it


@pytest.fixture
def port(cable):
    port = SerialPort(cable[1], rest_s=0)
    yield port
    port.close()


def taken(port: SerialPort, length: int) -> bytes:
    received = b""
    while len(received) < length and not port.lost:
        received += port.take()
    return received


def test_a_port_is_found_by_who_made_it(usb):
    usb.plug("ttyACM0", "2341", "0043", "85")  # an Arduino
    usb.plug("ttyACM1", "2e8a", "0005", "e660")
    usb.plug("ttyACM2", "2E8A", "0003", "e661")  # a Pico in its bootloader

    assert find_ports(PICO, usb.root) == (UsbPort("/dev/ttyACM1", "e660"),)


def test_what_is_half_there_is_no_port(usb):
    device = usb.plug("ttyACM0", "2e8a", "0005", None)
    (usb.plug("ttyACM1", "2e8a", "0005", "e660") / "idProduct").unlink()  # just going
    (usb.root / "ttyACM2").mkdir()  # no USB device

    assert find_ports(PICO, usb.root) == (UsbPort("/dev/ttyACM0", ""),)
    (device / "idVendor").write_text("nonsense")
    assert find_ports(PICO, usb.root) == ()


def test_no_tree_no_ports(tmp_path):
    assert find_ports(PICO, tmp_path / "nothing") == ()


def test_bytes_go_both_ways_unchanged(port, cable):
    far, _ = cable
    every = bytes(range(256))  # with Ctrl-C, line ends, and all that a terminal would change

    os.write(far, every)
    port.write(every)

    assert taken(port, 256) == every
    sent = b""
    while len(sent) < 256:
        select.select([far], [], [], 10)
        sent += os.read(far, 256)
    assert sent == every


def test_what_was_there_before_is_not_ours(cable):
    far, path = cable
    first = SerialPort(path, rest_s=0)
    first.close()
    os.write(far, b"old")

    port = SerialPort(path, rest_s=0)
    os.write(far, b"new")

    assert taken(port, 3) == b"new"
    port.close()


def test_a_port_has_one_owner(port, cable):
    with pytest.raises(Unavailable) as busy:
        SerialPort(cable[1])

    assert busy.value.id == "meter-busy"


def test_a_port_that_is_not_there(tmp_path):
    with pytest.raises(Unavailable) as missing:
        SerialPort(str(tmp_path / "ttyACM0"))

    assert missing.value.id == "meter-missing"


def test_a_file_is_no_port(tmp_path):
    (tmp_path / "file").write_bytes(b"")

    with pytest.raises(Unavailable, match="no serial port"):
        SerialPort(str(tmp_path / "file"))


def test_pulled_out_it_says_why_once_the_rest_is_taken(cable):
    far, path = cable
    port = SerialPort(path, rest_s=0)
    os.write(far, b"last words")
    received = taken(port, 10)

    os.close(far)
    while not port.lost:
        received += port.take()

    assert received == b"last words"
    assert path in port.lost
    with pytest.raises(Unavailable):
        port.write(b"anybody?")
    port.close()
    port.close()


def test_nobody_asks_and_the_memory_does_not_fill(cable, monkeypatch):
    monkeypatch.setattr("kit.devices.serial_port.KEPT_BYTES", 1000)
    far, path = cable
    port = SerialPort(path, rest_s=0)

    for number in range(100):
        os.write(far, b"%099d\n" % number)
    newest = b"%099d\n" % 99
    while newest not in port._received:
        pass
    received = port.take()

    assert len(received) == 1000
    port.close()
