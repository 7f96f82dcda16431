"""The bundle's own parts, without a network: what it puts on a stock system, and its scripts."""

import re
import shutil
import subprocess

import pytest


@pytest.fixture(scope="module")
def bundler(part):
    return part("bundle")


@pytest.fixture(scope="module")
def config(planner, image_build):
    return planner.load((image_build / "image.toml").read_text(encoding="utf-8"))


def test_a_stock_system_keeps_its_own_disks_and_start(
    bundler, planner, image_build, config, checkout
):
    lock = (checkout / "requirements" / "run.txt").read_text(encoding="utf-8")
    planned = planner.plan(config, "debian", files=image_build / "files", lock=lock)

    there = {file.target for file in bundler.files_of(planned.root_files)}

    assert "etc/systemd/system/mallette.service" in there
    assert "etc/nftables.conf" in there
    assert "usr/lib/mallette/data-partition" in there
    kept = ("etc/fstab", "etc/overlayroot.local.conf", "usr/lib/mallette/grow-data",
            "etc/udev/udev.conf.d/mallette.conf",
            "etc/systemd/system/systemd-udev-trigger.service.d/mallette.conf")  # fmt: skip
    assert {file.target for file in planned.root_files}.issuperset(kept)
    assert there.isdisjoint(kept)
    assert not any(target.startswith(("boot/", "etc/initramfs-tools/")) for target in there)


def test_the_same_units_are_on_as_in_the_image(bundler, config):
    lines = list(bundler.units(config))

    enabled = {unit for layer in bundler.layers_of(config) for unit in layer.enable}
    for unit in enabled - {"mallette-grow.service"}:
        assert f"systemctl --quiet --no-reload enable {unit}" in lines
    assert not any("mallette-grow" in line for line in lines)
    assert not any("remount-fs" in line for line in lines)  # its root must become writable


def test_its_scripts_are_clean(image_build):
    scripts = [image_build / "bundle" / name for name in ("start", "install")]
    scripts += sorted((image_build / "files" / "bundle").rglob("data-partition"))
    for script in scripts:
        assert subprocess.run(["sh", "-n", script]).returncode == 0
        assert "set -eu" in script.read_text(encoding="utf-8")
    if not shutil.which("shellcheck"):
        pytest.skip("shellcheck is not on this machine: the scripts were only parsed")
    assert subprocess.run(["shellcheck", *scripts], capture_output=True, text=True).stdout == ""


def test_installing_marks_itself_done_last(image_build):
    lines = (image_build / "bundle" / "install").read_text(encoding="utf-8").splitlines()
    script = [line for line in lines if line and not line.startswith("#")]

    mark = script.index("touch /opt/mallette/installed")
    assert script[mark - 1] == script[mark + 1] == "sync"
    assert script[-1] == "systemctl --no-block reboot"
    # What is read from the drive is checked before anything is changed.
    checked = next(n for n, line in enumerate(script) if "sha256sum --quiet --check" in line)
    assert not any(re.match(r"\s*(dpkg|tar|mv|rm) ", line) for line in script[:checked])


def test_a_bundle_goes_without_a_browser(bundler, config):
    lines = list(bundler.units(config))

    left_out = {name: config.layers[name] for name in bundler.LEFT_OUT}
    assert "cog" in left_out["screen"].packages
    assert not any(unit in line for line in lines for unit in left_out["screen"].enable)


def test_a_damaged_copy_is_said_and_nothing_is_changed(image_build, tmp_path):
    shutil.copy(image_build / "bundle" / "install", tmp_path / "install")
    (tmp_path / "kit.tar.gz").write_bytes(b"half of i")
    (tmp_path / "SHA256SUMS").write_text(f"{'0' * 64}  kit.tar.gz\n")

    done = subprocess.run(["sh", tmp_path / "install"], capture_output=True, text=True)

    assert done.returncode == 1
    assert "abîmée" in done.stdout and "damaged" in done.stdout
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "SHA256SUMS", "install", "kit.tar.gz",
    ]  # fmt: skip
