"""The files of the image, each read by the program that will read it there, where it is here."""

import configparser
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from kit.appliance import captive, network
from kit.cli.heartbeat import ANSWER_WITHIN_S

MOST_EXPOSED = 3.0

HAS_SYSTEMD = shutil.which("systemd-analyze")
SYSTEMD = pytest.mark.skipif(not HAS_SYSTEMD, reason="systemd-analyze is not on this machine")


@pytest.fixture(scope="module")
def root(image_build):
    return image_build / "files" / "root"


def units(root: Path) -> list[Path]:
    """Those of ours, and what we say beside somebody else's (`NAME.service.d/`)."""
    folder = root / "etc" / "systemd" / "system"
    return sorted(path for path in folder.rglob("*") if path.is_file())


def keys_of(path: Path) -> configparser.ConfigParser:
    """A unit file, as far as each key is there once."""
    parser = configparser.ConfigParser(strict=False, interpolation=None)
    parser.optionxform = str
    parser.read(path)
    return parser


def test_nothing_that_comes_before_services_waits_for_one(root):
    """systemd.path(5): basic.target comes after paths, sockets and timers; services after that.

    Such a circle systemd breaks by leaving a unit out: once, it was the kit's whole start.
    """
    for unit in units(root):
        if unit.suffix in (".path", ".socket", ".timer"):
            told = keys_of(unit)["Unit"]
            assert ".service" not in told.get("After", ""), unit.name


@SYSTEMD
@pytest.mark.parametrize(
    "name",
    [
        "mallette.service",
        "mallette-captive.service",
        "mallette-door.service",
        "mallette-fault.service",
        "mallette-update@.service",
        "mallette-screen.service",
    ],
)
def test_what_serves_is_shut_in(root, name):
    unit = root / "etc" / "systemd" / "system" / name
    done = subprocess.run(
        ["systemd-analyze", "security", "--offline=yes", "--no-pager", unit],
        capture_output=True,
        text=True,
        timeout=60,
    )
    if "offline" in done.stderr:
        pytest.skip(f"this systemd cannot look at a file: {done.stderr.strip()}")

    found = re.search(r"Overall exposure level for \S+: ([\d.]+)", done.stdout)
    assert found, done.stderr
    print(f"{name}: exposure {found[1]}, limit {MOST_EXPOSED}")
    assert float(found[1]) <= MOST_EXPOSED


@SYSTEMD
def test_systemd_knows_every_key(root):
    found = [unit for unit in units(root) if unit.suffix in (".service", ".timer")]
    assert len(found) >= 8
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *found], capture_output=True, text=True
    )

    # That a program is not installed here is no fault of the unit.
    faults = [
        line
        for line in done.stderr.splitlines()
        if "mallette" in line and "is not executable" not in line
    ]
    assert faults == []


def test_the_server_is_one_process_of_a_user_of_its_own(root):
    unit = keys_of(root / "etc/systemd/system/mallette.service")

    assert unit["Service"]["User"] == "kit"
    assert unit["Service"]["Restart"] == "always"
    assert unit["Service"]["ReadWritePaths"] == "/data/kit /run/mallette/asks"
    assert "--data /data/kit" in unit["Service"]["ExecStart"]
    assert "workers" not in unit["Service"]["ExecStart"]
    assert "mallette-start.service" in unit["Unit"]["Requires"]  # no data partition, no server
    users = (root / "etc/sysusers.d/mallette.conf").read_text()
    assert re.search(r'^u kit - "Mallette" /data/kit$', users, re.MULTILINE)  # no shell


def test_a_server_that_hangs_is_started_anew_and_so_is_the_machine(root):
    unit = keys_of(root / "etc/systemd/system/mallette.service")["Service"]
    machine = keys_of(root / "etc/systemd/system.conf.d/mallette.conf")["Manager"]

    # kit/cli/heartbeat.py speaks from the worker, which systemd did not start itself.
    assert (unit["Type"], unit["NotifyAccess"]) == ("notify", "all")
    assert int(unit["WatchdogSec"]) >= 3 * ANSWER_WITHIN_S
    assert int(unit["TimeoutStartSec"]) >= 240  # an update from the card's drive goes before it
    # The Pi's own timer takes no more (bcm2835_wdt: 15 s).
    assert machine["RuntimeWatchdogSec"] == "15s"


def test_a_stick_is_opened_for_reading_and_its_files_run_nowhere(root):
    unit = keys_of(root / "etc/systemd/system/mallette-update@.service")["Service"]
    mount = keys_of(root / "etc/systemd/system/mallette-stick@.service")["Service"]["ExecStart"]
    rule = (root / "etc/udev/rules.d/99-mallette.rules").read_text()

    assert "--read-only" in mount
    assert {"nosuid", "nodev", "noexec"} <= set(re.split("[ ,]", mount))
    assert unit["CapabilityBoundingSet"] == ""
    assert unit["ReadWritePaths"] == "/data/software /run/mallette"
    assert 'SYSTEMD_WANTS}+="mallette-update@%k.service"' in rule
    assert 'ENV{ID_BUS}=="usb"' in rule


def test_remote_login_opens_its_own_door_and_shuts_it(root):
    text = (root / "etc/systemd/system/ssh.service.d/mallette.conf").read_text()

    assert "After=nftables.service" in text
    doors = re.findall(r"^(Exec\w+)=-?/usr/sbin/nft (\w+) element inet mallette served", text, re.M)
    assert doors == [("ExecStartPre", "add"), ("ExecStopPost", "delete")]


def test_the_screens_browser_sees_the_screen_and_the_page(root):
    unit = keys_of(root / "etc/systemd/system/mallette-screen.service")
    text = (root / "etc/systemd/system/mallette-screen.service").read_text()

    assert unit["Service"]["User"] == "screen"
    assert "InaccessiblePaths=/data " in text
    assert unit["Service"]["IPAddressAllow"] == "localhost"
    assert re.findall("^DeviceAllow=(.*)$", text, re.MULTILINE) == ["char-drm rw", "char-input rw"]
    assert unit["Service"]["ExecStart"].endswith(" http://127.0.0.1/screen")
    # A board with less than this keeps its memory for the lesson.
    assert unit["Unit"]["ConditionMemory"] == ">=1400M"
    users = (root / "etc/sysusers.d/mallette.conf").read_text()
    assert set(re.findall("^m screen (.*)$", users, re.MULTILINE)) == {"input", "render", "video"}


def test_a_passphrase_is_shown_and_not_logged(root):
    for name in ("mallette-start.service", "mallette-join.service"):
        unit = keys_of(root / "etc/systemd/system" / name)["Service"]
        assert unit["StandardOutput"] == "tty"


def test_a_pin_that_was_let_go_is_an_input(image_build):
    config = (image_build / "files/raspios/boot/config.txt").read_text().splitlines()

    assert "dtparam=strict_gpiod" in config


def test_units_start_only_what_is_there(root):
    for unit in units(root):
        # "+" and "-" before it: as root, and may fail.
        for command in re.findall(r"^Exec\w+=[+-]*(\S+)", unit.read_text(), re.MULTILINE):
            ours = command.startswith("/usr/lib/mallette/")
            assert (root / command[1:]).is_file() if ours else command.startswith("/usr/"), command


def test_what_starts_the_system_has_no_udev_and_nobodys_random_seed(root, tmp_path):
    hook = root / "etc/initramfs-tools/hooks/mallette"
    made = ["scripts/init-top/udev", "scripts/init-bottom/udev", "scripts/init-top/ORDER",
            "usr/bin/udevadm", "usr/bin/kmod", "usr/lib/udev/hwdb.bin", ".random-seed"]  # fmt: skip
    for name in made:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()

    first = subprocess.run(["sh", hook, "prereqs"], capture_output=True, text=True, check=True)
    subprocess.run(["sh", hook], env={"PATH": "/usr/bin:/bin", "DESTDIR": tmp_path}, check=True)

    # Others' hooks have put there what this one takes away.
    assert set(first.stdout.split()) == {"overlayroot", "udev"}
    left = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file()}
    assert left == {"scripts/init-bottom/udev", "scripts/init-top/ORDER", "usr/bin/kmod"}
    # What is left of its scripts is ours: the other one would call a program that is gone.
    ours = root / "etc/initramfs-tools/scripts/init-bottom/udev"
    assert "udevadm" not in ours.read_text(encoding="utf-8")
    _is_clean([hook, ours])


def test_scripts_are_few_small_and_clean(root):
    scripts = sorted((root / "usr" / "lib" / "mallette").iterdir())

    assert len(scripts) <= 5
    for script in scripts:
        assert len(script.read_text(encoding="utf-8").splitlines()) <= 30, script.name
    _is_clean(scripts)


def _is_clean(scripts: list[Path]) -> None:
    for script in scripts:
        lines = script.read_text(encoding="utf-8").splitlines()
        assert lines[0] == "#!/bin/sh"
        assert "set -eu" in lines
        assert subprocess.run(["sh", "-n", script]).returncode == 0
    if not shutil.which("shellcheck"):
        pytest.skip("shellcheck is not on this machine: the scripts were only parsed")
    checked = subprocess.run(["shellcheck", *scripts], capture_output=True, text=True)
    assert checked.stdout == ""


def test_the_firewall_is_closed_but_for_what_is_served(root):
    rules = (root / "etc/nftables.conf").read_text()

    for chain in ("input", "forward", "output"):
        assert re.search(rf"hook {chain} priority filter; policy drop;", rules), chain
    assert re.search(r"set served \{[^}]*elements = \{ 80 \}", rules)
    assert f"redirect to :{captive.PORT}" in rules
    assert network.ELSEWHERE in rules


@pytest.mark.skipif(not shutil.which("nft"), reason="nft is not on this machine")
def test_nft_takes_the_rules(root):
    done = subprocess.run(
        ["nft", "--check", "--file", root / "etc/nftables.conf"], capture_output=True, text=True
    )
    if "Operation not permitted" in done.stderr or "cache initialization" in done.stderr:
        pytest.skip(f"nft may not ask this kernel: {done.stderr.splitlines()[0]}")

    assert (done.returncode, done.stderr) == (0, "")


def test_addresses_are_the_same_wherever_they_stand(root):
    names = (root / "etc/NetworkManager/dnsmasq-shared.d/mallette.conf").read_text()
    captive_unit = (root / "etc/systemd/system/mallette-captive.service").read_text()

    assert f"address=/kit.local/{network.ADDRESS}" in names
    assert f"address=/#/{network.ELSEWHERE}" in names
    assert f"{network.ADDRESS.rpartition('.')[0]}.0/24" in captive_unit


def test_remote_login_is_by_key_alone(root):
    lines = (root / "etc/ssh/sshd_config.d/mallette.conf").read_text().splitlines()

    assert {"PasswordAuthentication no", "KbdInteractiveAuthentication no"} <= set(lines)
    assert "PermitRootLogin prohibit-password" in lines
    assert "HostKey /data/system/ssh/ssh_host_ed25519_key" in lines


def test_nothing_of_a_log_outlives_its_bounds(root):
    journal = keys_of(root / "etc/systemd/journald.conf.d/mallette.conf")["Journal"]

    assert (journal["Storage"], journal["RuntimeMaxUse"]) == ("volatile", "16M")
    assert "tail -c 262144" in (root / "usr/lib/mallette/copy-log").read_text()


def test_the_root_is_never_written_and_the_data_are(root, image_build):
    table = [
        line.split()
        for line in (root / "etc/fstab").read_text().splitlines()
        if line and not line.startswith("#")
    ]
    how = {columns[1]: columns[3].split(",") for columns in table}

    # What is said of the root, here or to the kernel, overlayroot says of its overlay: read-only,
    # nothing on the card can start. The root below it is read-only without being told.
    assert how["/"] == ["noatime"]
    assert "ro" not in (image_build / "files/raspios/boot/cmdline.txt").read_text().split()
    assert {"rw", "nosuid", "nodev", "noexec"} <= set(how["/data"])
    assert not any(columns[2] == "swap" for columns in table)
    # grow-data leaves the file system to this: without it, most of a card lies idle.
    assert "x-systemd.growfs" in how["/data"]
    # Else the data partition would lie in memory, too.
    assert 'overlayroot="tmpfs:recurse=0"' in (root / "etc/overlayroot.local.conf").read_text()


def test_there_is_no_bluetooth(root, image_build):
    assert "install bluetooth /bin/false" in (root / "etc/modprobe.d/mallette.conf").read_text()
    assert "dtoverlay=disable-bt" in (image_build / "files/raspios/boot/config.txt").read_text()
