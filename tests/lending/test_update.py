"""A signed update: whole or not at all, whoever made the bundle, whenever the power goes."""

import contextlib
import json
import shutil
import subprocess
import zipfile

import pytest

from kit.core.errors import KitError
from kit.lending import update
from kit.storage.atomic import Disk

RUNNING = "0.1.0"
pytestmark = pytest.mark.skipif(not shutil.which("openssl"), reason="no openssl on this machine")


def pair(folder, name):
    private, public = folder / f"{name}.pem", folder / f"{name}.pub"
    for command in (
        ["genpkey", "-algorithm", "ed25519", "-out", private],
        ["pkey", "-in", private, "-pubout", "-out", public],
    ):
        subprocess.run(["openssl", *map(str, command)], check=True, capture_output=True)
    return private, public


@pytest.fixture(scope="module")
def keys(tmp_path_factory):
    folder = tmp_path_factory.mktemp("keys")
    return {"ours": pair(folder, "ours"), "theirs": pair(folder, "theirs")}


@pytest.fixture
def files(tmp_path):
    folder = tmp_path / "what"
    (folder / "kit" / "web").mkdir(parents=True)
    (folder / "kit" / "app.py").write_text("print('new')\n")
    (folder / "kit" / "web" / "page.html").write_text("<p>é</p>" * 500)
    (folder / "start").write_text("#!/bin/sh\n")
    (folder / "start").chmod(0o755)
    return folder


@pytest.fixture
def bundle(tmp_path, files, keys):
    out = tmp_path / "kit.bundle"
    update.sign(files, "0.2.0", keys["ours"][0], out)
    return out


@pytest.fixture
def root(tmp_path):
    """A kit that runs 0.1.0 from a release."""
    root = tmp_path / "software"
    (root / "releases" / "0.1.0" / "kit").mkdir(parents=True)
    (root / "releases" / "0.1.0" / "kit" / "app.py").write_text("print('old')\n")
    (root / "current").symlink_to("releases/0.1.0")
    return root


def refusal(bundle, key, root, running=RUNNING):
    before = sorted(path.as_posix() for path in root.rglob("*"))
    with pytest.raises(KitError) as refused:
        update.install(bundle, key, running, root)
    assert sorted(path.as_posix() for path in root.rglob("*")) == before
    assert (root / "current" / "kit" / "app.py").read_text() == "print('old')\n"
    return refused.value.id


def rewritten(bundle, out, change):
    """The bundle with its parts handed through `change(names -> bytes)`."""
    with zipfile.ZipFile(bundle) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    change(parts)
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out


def test_a_signed_update_becomes_the_current_release(bundle, keys, root):
    assert update.check(bundle, keys["ours"][1], RUNNING) == "0.2.0"

    update.install(bundle, keys["ours"][1], RUNNING, root)

    assert (root / "current" / "kit" / "app.py").read_text() == "print('new')\n"
    assert (root / "current" / "start").stat().st_mode & 0o111
    assert sorted(path.name for path in (root / "releases").iterdir()) == ["0.1.0", "0.2.0"]
    update.install(bundle, keys["ours"][1], RUNNING, root)  # once more, before the restart
    assert (root / "current" / "kit" / "web" / "page.html").exists()


def test_the_same_folder_signs_to_the_same_bytes(files, keys, tmp_path):
    for name in ("one", "two"):
        update.sign(files, "0.2.0", keys["ours"][0], tmp_path / name)

    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


def test_another_signature_is_refused(bundle, keys, root, files, tmp_path):
    update.sign(files, "0.2.0", keys["theirs"][0], tmp_path / "theirs")

    assert refusal(tmp_path / "theirs", keys["ours"][1], root) == "bundle-signature-wrong"
    assert refusal(bundle, keys["theirs"][1], root) == "bundle-signature-wrong"
    assert refusal(bundle, tmp_path / "no.pub", root) == "bundle-key-missing"


@pytest.mark.parametrize("running", ["0.2.0", "0.10.0", "1.0"])
def test_a_version_that_is_not_newer_is_refused(bundle, keys, root, running):
    assert refusal(bundle, keys["ours"][1], root, running) == "bundle-not-newer"


def test_whatever_is_altered_is_refused(bundle, keys, root, tmp_path):
    def alter_file(parts):
        parts["files/kit/app.py"] = b"print('evil')\n"

    def alter_version(parts):
        told = json.loads(parts["manifest.json"])
        parts["manifest.json"] = json.dumps(told | {"version": "9.9.9"}).encode()

    def add_file(parts):
        parts["files/more.py"] = b"evil"

    def climb_out(parts):
        parts["files/../../evil.py"] = b"evil"

    def lose_file(parts):
        del parts["files/start"]

    def lose_signature(parts):
        del parts["manifest.sig"]

    def no_signature(parts):
        parts["manifest.sig"] = b""

    for change, id in (
        (alter_file, "bundle-broken"),
        (alter_version, "bundle-signature-wrong"),
        (add_file, "bundle-broken"),
        (climb_out, "bundle-broken"),
        (lose_file, "bundle-broken"),
        (lose_signature, "bundle-broken"),
        (no_signature, "bundle-signature-wrong"),
    ):
        changed = rewritten(bundle, tmp_path / "changed", change)
        assert refusal(changed, keys["ours"][1], root) == id, change.__name__


def test_a_signed_name_that_leads_elsewhere_is_refused_too(bundle, keys, root, tmp_path):
    """Even whoever may sign cannot write outside the release."""
    told = {"format": 1, "version": "0.3.0", "files": {}}
    told["files"]["../../evil.py"] = {"sha256": "0" * 64, "size": 4, "run": False}
    manifest = json.dumps(told).encode()
    signature = update._openssl_sign(manifest, keys["ours"][0])
    with zipfile.ZipFile(tmp_path / "evil", "w") as archive:
        archive.writestr("manifest.json", manifest)
        archive.writestr("manifest.sig", signature)
        archive.writestr("files/../../evil.py", b"evil")

    assert refusal(tmp_path / "evil", keys["ours"][1], root) == "bundle-broken"


@pytest.mark.parametrize("content", [b"", b"not a zip", b"PK\x03\x04" + b"\0" * 50])
def test_a_stick_with_something_else_is_refused(content, keys, root, tmp_path):
    (tmp_path / "stick").write_bytes(content)

    assert refusal(tmp_path / "stick", keys["ours"][1], root) == "bundle-broken"
    assert refusal(tmp_path / "nothing", keys["ours"][1], root) == "bundle-missing"
    half = tmp_path / "half"
    half.write_bytes(content)


class PowerCut(BaseException):
    """The plug is pulled: nothing after this runs."""


class CutDisk(Disk):
    """A disk whose power goes before its `at`-th deed."""

    def __init__(self, at):
        self.left = at

    def _deed(self):
        if self.left == 0:
            raise PowerCut
        self.left -= 1

    def write_new(self, path, data):
        self._deed()
        super().write_new(path, data[: len(data) // 2] if self.left == 0 else data)

    def replace(self, old, new):
        self._deed()
        super().replace(old, new)

    def remove(self, path):
        self._deed()
        super().remove(path)

    def make_folder(self, path):
        self._deed()
        super().make_folder(path)

    def sync_folder(self, path):
        self._deed()
        super().sync_folder(path)


def whole(release):
    return (release / "kit" / "app.py").read_text() in ("print('old')\n", "print('new')\n") and (
        release.resolve().name == "0.1.0"
        or len((release / "kit/web/page.html").read_text()) == 4000
    )


def test_whenever_the_power_goes_a_whole_release_is_current_and_trying_again_succeeds(
    bundle, keys, root, tmp_path
):
    key, cuts, seen = keys["ours"][1], 0, set()
    while True:
        trial = tmp_path / f"cut-{cuts}"
        shutil.copytree(root, trial, symlinks=True)
        try:
            update.install(bundle, key, RUNNING, trial, disk=CutDisk(cuts))
        except PowerCut:
            assert whole(trial / "current"), cuts
            seen.add((trial / "current").resolve().name)
            update.install(bundle, key, RUNNING, trial)  # the teacher tries once more
            assert (trial / "current").resolve().name == "0.2.0"
            assert whole(trial / "current")
            assert not list((trial / "releases").glob("*.partial"))
            cuts += 1
            continue
        break
    assert cuts >= 12
    assert seen == {"0.1.0", "0.2.0"}


def test_older_releases_go_and_the_one_before_stays(files, keys, root, tmp_path):
    for version, running in (("0.2.0", "0.1.0"), ("0.3.0", "0.2.0")):
        update.sign(files, version, keys["ours"][0], tmp_path / version)
        update.install(tmp_path / version, keys["ours"][1], running, root)

    assert sorted(path.name for path in (root / "releases").iterdir()) == ["0.2.0", "0.3.0"]


def test_a_release_is_held_against_what_was_signed(bundle, keys, root, tmp_path):
    public = keys["ours"][1]
    release = update.install(bundle, public, RUNNING, root)

    assert update.verify(release, public) == "0.2.0"

    def damaged(change, id="bundle-broken", key=public):
        copy = tmp_path / "copy"
        shutil.copytree(release, copy, symlinks=True)
        change(copy)
        with pytest.raises(KitError) as refused:
            update.verify(copy, key)
        assert refused.value.id == id
        shutil.rmtree(copy)

    app = "kit/app.py"
    damaged(lambda copy: (copy / app).write_text("print('NEW')\n"))  # of the same length
    damaged(lambda copy: (copy / app).unlink())
    damaged(lambda copy: (copy / "numpy.py").write_text("evil"))  # would be imported first
    damaged(lambda copy: (copy / "link").symlink_to("/etc"))
    damaged(lambda copy: ((copy / app).unlink(), (copy / app).symlink_to("/etc/hostname")))
    damaged(lambda copy: (copy / update.KEPT_MANIFEST).write_text("{}"), "bundle-signature-wrong")
    damaged(lambda copy: (copy / update.KEPT_SIGNATURE).unlink())
    damaged(lambda copy: None, "bundle-signature-wrong", keys["theirs"][1])
    damaged(lambda copy: None, "bundle-key-missing", tmp_path / "no.pub")


def test_a_damaged_release_is_installed_again_whenever_the_power_goes(bundle, keys, root, tmp_path):
    public = keys["ours"][1]
    update.install(bundle, public, RUNNING, root)
    (root / "current" / "kit" / "app.py").write_text("print('n")

    assert refusal_of_again(bundle, public, root) == "bundle-not-newer"
    for cuts in range(60):
        trial = tmp_path / f"again-{cuts}"
        shutil.copytree(root, trial, symlinks=True)
        with contextlib.suppress(PowerCut):
            update.install(bundle, public, "0.2.0", trial, again=True, disk=CutDisk(cuts))
            break
        # Nothing leads to a half: the link is gone, or it leads to what was there, or to the whole.
        there = update.current(trial)
        assert there is None or there.is_dir(), cuts
        update.install(bundle, public, "0.2.0", trial, again=True)
        assert update.verify(trial / "current", public) == "0.2.0"
    assert 12 <= cuts < 59


def refusal_of_again(bundle, public, root):
    with pytest.raises(KitError) as refused:
        update.install(bundle, public, "0.2.0", root)
    return refused.value.id


def test_what_runs_is_the_newer_of_what_was_flashed_and_installed(bundle, keys, root):
    assert update.newest_of("0.1.0", root) == "0.1.0"
    update.install(bundle, keys["ours"][1], RUNNING, root)

    assert update.newest_of("0.1.0", root) == "0.2.0"
    assert update.newest_of("0.10.0", root) == "0.10.0"
    (root / "current").unlink()
    (root / "current").symlink_to("/tmp")
    assert update.current(root) is None


def test_the_commands_sign_and_install(files, keys, root, tmp_path, capsys):
    from kit.cli import main

    private, public = map(str, keys["ours"])
    out = str(tmp_path / "by-command")
    assert (
        main(["bundle-sign", str(files), "--key", private, "--release", "9.0.0", "--out", out]) == 0
    )
    assert main(["update", out, "--key", public, "--root", str(root), "--check"]) == 0
    assert (root / "current").resolve().name == "0.1.0"

    assert main(["update", out, "--key", public, "--root", str(root)]) == 0

    assert (root / "current").resolve().name == "9.0.0"
    assert main(["update", out, "--key", str(keys["theirs"][1]), "--root", str(root)]) == 1
    assert main(["bundle-sign", str(files), "--key", public, "--release", "9.1", "--out", out]) == 1
    assert main(["bundle-sign", str(files), "--key", private, "--release", "v9", "--out", out]) == 1
