"""The plan of an image: what is handed out is a reviewed text, and a slip in the config is refused.

After a change that was meant: `make image-plan > tests/image/plan-raspios.txt`, and read the
difference before it is committed.
"""

import doctest
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ON_THE_CARD = {
    "implementation_name": "cpython",
    "platform_machine": "aarch64",
    "python_version": "3.13",
    "python_full_version": "3.13.0",
    "sys_platform": "linux",
    "platform_system": "Linux",
    "os_name": "posix",
}


@pytest.fixture(scope="module")
def written(image_build):
    return (image_build / "image.toml").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def lock(checkout):
    return (checkout / "requirements" / "run.txt").read_text(encoding="utf-8")


@pytest.fixture(scope="module", params=["raspios", "debian"])
def plan(request, planner, image_build, written, lock):
    config = planner.load(written)
    return planner.plan(config, request.param, files=image_build / "files", lock=lock)


def without_wheels(text: str) -> str:
    """Versions change with the lock, which has a review of its own."""
    return re.sub(r"^  [a-z0-9-]+==\S+\n", "", text, flags=re.MULTILINE)


def test_the_image_that_is_handed_out_is_the_reviewed_one(image_build):
    # A machine with nothing on it but Python, and no network to ask.
    done = subprocess.run(
        [sys.executable, "-B", "-E", "-S", image_build / "plan.py"],
        env={},
        capture_output=True,
        text=True,
        encoding="utf-8",
    )

    reviewed = (Path(__file__).parent / "plan-raspios.txt").read_text(encoding="utf-8")
    assert done.stderr == ""
    assert without_wheels(done.stdout) == without_wheels(reviewed)


def test_a_plan_names_no_mirror_and_no_folder_of_this_machine(planner, plan, written, checkout):
    text = planner.as_text(plan, planner.load(written))

    assert "://" not in text
    assert str(checkout) not in text
    assert text == planner.as_text(plan, planner.load(written))


def test_every_wheel_of_the_lock_that_holds_on_the_card_is_there(plan, lock):
    entries = re.split(r"\n(?=\S)", lock.strip())
    wanted = []
    for entry in entries:
        requirement = Requirement(entry.split("\\")[0].strip())
        if requirement.marker is None or requirement.marker.evaluate(ON_THE_CARD):
            wanted.append(f"{requirement.name}{requirement.specifier}")

    assert [wheel.partition(" ")[0] for wheel in plan.wheels] == wanted
    assert any(name.startswith("simplejpeg==") for name in wanted)  # aarch64 alone has it
    assert not any(name.startswith("colorama==") for name in wanted)
    for wheel in plan.wheels:
        assert re.fullmatch(r"\S+( --hash=sha256:[0-9a-f]{64})+", wheel)


def test_the_planners_examples_hold(planner):
    outcome = doctest.testmod(planner)

    assert outcome.attempted
    assert outcome.failed == 0


def test_a_marker_that_cannot_be_answered_is_refused(planner):
    with pytest.raises(planner.ConfigError, match="cannot answer"):
        planner.wheels("a==1 ; python_version < '3.14'", python="3.13", machine="aarch64")


def test_both_distributions_share_all_but_kernel_firmware_and_camera(
    planner, image_build, written, lock
):
    config = planner.load(written)
    raspios, debian = (
        planner.plan(config, name, files=image_build / "files", lock=lock)
        for name in ("raspios", "debian")
    )

    own = {
        "linux-image",
        "raspi",
        "raspberrypi",
        "rpi-eeprom",
        "python3-picamera2",
        "python3-lgpio",
    }
    for name in set(raspios.packages) ^ set(debian.packages):
        assert name.startswith(tuple(own)), name
    assert "python3-picamera2" not in debian.packages
    ours = {file.target: file.sha256 for file in debian.root_files}
    assert ours.items() >= {file.target: file.sha256 for file in raspios.root_files}.items()


def test_nothing_on_the_card_has_a_password_or_a_key(plan, image_build):
    for file in (*plan.root_files, *plan.boot_files):
        text = (image_build / file.source).read_text(encoding="utf-8")
        assert not re.search(r"PRIVATE KEY|psk *=|chpasswd|\$[56y]\$", text), file.target
    commands = " ".join([*plan.mmdebstrap, *(word for step in plan.finish for word in step)])
    assert not any(word in commands for word in ("chpasswd", "passwd", "useradd"))
    assert {"bluez", "sudo", "hostapd"}.isdisjoint(plan.packages)


def test_what_is_made_at_first_start_is_not_in_the_image(plan):
    commands = [" ".join(step) for step in plan.finish]
    root = f"build/{plan.distribution}/root"

    assert f"sh -c rm -rf {root}/etc/ssh/ssh_host_*" in commands
    assert f"truncate --size=0 {root}/etc/machine-id" in commands
    assert f"systemctl --root={root} disable ssh.service ssh.socket" in commands


@pytest.mark.parametrize(
    ("was", "becomes", "reason"),
    [
        ('suite = "trixie"', 'suit = "trixie"', "did you mean 'suite'"),
        ('suite = "trixie"', "", "suite is missing"),
        ("boot_mb = 256", 'boot_mb = "256"', "boot_mb = '256' is not of the right kind"),
        ("boot_mb = 256", "boot_mb = true", "not of the right kind"),
        ("boot_mb = 256", "boot_mb = 1", "64 to 8192"),
        ("[layers.kit]", "[layer.kit]", "did you mean 'layers'"),
        ('packages = ["openssh-server"]', "packages = [22]", "not of the right kind"),
        ('"raspi.sources"', '"https://example.org/debian"', "names an address"),
        ("[image]", "[image", "image.toml: "),
    ],
)
def test_a_slip_in_the_config_is_refused(planner, written, was, becomes, reason):
    assert was in written

    with pytest.raises(planner.ConfigError, match=re.escape(reason)):
        planner.load(written.replace(was, becomes, 1))


@pytest.mark.parametrize(
    ("was", "becomes", "reason"),
    [
        ('"openssh-server"', '"nftables"', "package named twice: nftables"),
        ('"mallette-captive.service"', '"mallette-captif.service"', "has none of that name"),
        ('files = ["raspios"]', 'files = ["root"]', "file named twice"),
    ],
)
def test_a_config_that_cannot_be_built_is_refused(
    planner, image_build, written, lock, was, becomes, reason
):
    config = planner.load(written.replace(was, becomes, 1))

    with pytest.raises(planner.ConfigError, match=re.escape(reason)):
        planner.plan(config, "raspios", files=image_build / "files", lock=lock)


def test_an_unknown_distribution_is_one_line(image_build):
    done = subprocess.run(
        [sys.executable, image_build / "plan.py", "arch"], capture_output=True, text=True
    )

    assert done.returncode == 1
    assert done.stderr == "image-plan: no distribution 'arch'; there are raspios, debian\n"


@pytest.mark.skipif(not shutil.which("genimage"), reason="genimage is not on this machine")
def test_genimage_reads_its_configuration(plan, tmp_path):
    """The same text with sizes of a toy: it makes the three partitions."""
    root = tmp_path / "root"
    (root / "boot" / "firmware").mkdir(parents=True)
    (root / "boot" / "firmware" / "mallette.toml").write_text('country = "FR"\n')
    (root / "etc").mkdir()
    (tmp_path / "genimage.cfg").write_text(re.sub(r"\b\d+M\b", "8M", plan.genimage_config))
    (tmp_path / "in").mkdir()
    for tool in ("mkdosfs", "mcopy", "mke2fs"):
        if not shutil.which(tool, path=f"{os.environ['PATH']}:/usr/sbin:/sbin"):
            pytest.skip(f"{tool} is not on this machine")

    done = subprocess.run(
        ["genimage", "--config", "genimage.cfg", "--rootpath", "root", "--inputpath", "in",
         "--outputpath", "out", "--tmppath", "tmp"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
        env=os.environ | {"PATH": f"{os.environ['PATH']}:/usr/sbin:/sbin"},
    )  # fmt: skip

    assert done.returncode == 0, done.stderr
    image = (tmp_path / "out" / f"mallette-{plan.distribution}.img").read_bytes()
    assert image[510:512] == b"\x55\xaa"
    kinds = [image[446 + 16 * number + 4] for number in range(4)]
    assert kinds == [0x0C, 0x83, 0x83, 0]
    entries = [image[446 + 16 * number :][:16] for number in range(3)]
    starts = [int.from_bytes(entry[8:12], "little") for entry in entries]
    assert all(starts) and {start % 2048 for start in starts} == {0}  # whole megabytes
