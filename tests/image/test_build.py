"""The parts of a build that need no root and no network; `make image-test` does the whole."""

import datetime
import doctest
import hashlib
import io
import json
import os
import subprocess
import sys
import tarfile
import zipfile

import pytest


@pytest.fixture(scope="module")
def builder(part):
    return part("build")


@pytest.fixture(scope="module")
def wheelhouse(part):
    return part("wheelhouse")


@pytest.fixture(scope="module")
def manifest(part):
    return part("manifest")


def wheel_of(path, members):
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


@pytest.mark.parametrize("name", ["build", "wheelhouse"])
def test_the_examples_hold(part, name):
    outcome = doctest.testmod(part(name))

    assert outcome.attempted
    assert outcome.failed == 0


def test_the_same_files_make_the_same_tar(wheelhouse):
    files = [("opt/b.py", b"two", 0o644), ("opt/a", b"one", 0o755)]

    one, other = (wheelhouse.tar_of(order, created_s=9) for order in (files, files[::-1]))

    assert one == other
    with tarfile.open(fileobj=io.BytesIO(one)) as tar:
        found = {entry.name: (entry.mode, entry.uid, entry.mtime) for entry in tar}
    assert found == {"opt": (0o755, 0, 9), "opt/a": (0o755, 0, 9), "opt/b.py": (0o644, 0, 9)}


def test_a_wheel_is_laid_out_without_running_it(wheelhouse, tmp_path):
    members = {
        "thing/__init__.py": "x = 1",
        "thing-1.data/platlib/thing/fast.so": "machine code",
        "thing-1.data/scripts/thing": "#!python",
        "thing-1.dist-info/METADATA": "Name: thing",
    }
    wheel = wheel_of(tmp_path / "thing-1-py3-none-any.whl", members)

    found = {path for path, _, _ in wheelhouse.unpacked([wheel], "opt/mallette")}

    assert found == {
        "opt/mallette/thing/__init__.py",
        "opt/mallette/thing/fast.so",
        "opt/mallette/thing-1.dist-info/METADATA",
    }


def test_a_wheel_that_leads_elsewhere_is_refused(wheelhouse, tmp_path):
    wheel = wheel_of(tmp_path / "evil-1-py3-none-any.whl", {"../../etc/passwd": "root::0"})

    with pytest.raises(ValueError, match="leads out"):
        list(wheelhouse.unpacked([wheel], "opt/mallette"))


def test_a_product_is_made_once_for_what_it_is_made_of(builder, tmp_path, capsys):
    product = tmp_path / "system.tar"

    def made(*parts):
        with builder.made_from(product, parts) as outdated:
            if outdated:
                product.write_text("made")
        return outdated

    assert made("plan", b"files") is True
    assert made("plan", b"files") is False
    assert made("another plan", b"files") is True
    with pytest.raises(OSError, match="half"), builder.made_from(product, ["third"]):
        raise OSError("half made")
    assert made("another plan", b"files") is True  # what was half made is not taken for whole
    assert "nothing it is made from has changed" in capsys.readouterr().out


def test_a_roots_manifest_sees_every_change(manifest, tmp_path):
    (tmp_path / "etc").mkdir()
    file = tmp_path / "etc" / "hosts"
    file.write_bytes(b"127.0.0.1 localhost\n")
    file.chmod(0o644)
    (tmp_path / "bin").symlink_to("usr/bin")

    before = list(manifest.of_root(tmp_path))

    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    owner = f"{os.getuid()}:{os.getgid()}"
    assert f"-rw-r--r-- {owner} {digest} /etc/hosts" in before
    assert any(line.endswith("-> usr/bin /bin") for line in before)
    file.chmod(0o666)
    assert list(manifest.of_root(tmp_path)) != before


def test_the_imagers_entry_has_no_questions_of_its_own(manifest):
    entry = manifest.imager_manifest(
        "mallette-raspios.img.zst",
        why="production",
        extract_size=3,
        extract_sha256="a" * 64,
        download_size=2,
        download_sha256="b" * 64,
        released=datetime.date(2026, 1, 1),
    )

    [only] = json.loads(json.dumps(entry))["os_list"]
    assert only["init_format"] == "none"
    assert only["release_date"] == "2026-01-01"
    assert (only["extract_size"], only["image_download_size"]) == (3, 2)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may build")
def test_building_says_that_it_needs_root(image_build):
    done = subprocess.run(
        [sys.executable, image_build / "build.py", "debian"], capture_output=True, text=True
    )

    assert done.returncode == 1
    assert done.stderr == "image: building needs root; `make image-plan` shows all of it without\n"
