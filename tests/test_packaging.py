"""Set-up and wheel: what `make` promises, what the locks hold, what an installed wheel carries."""

import hashlib
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import time
import tomllib
import urllib.request
import zipfile
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import kit

LOCKS = ("run.txt", "test.txt", "models.txt")


def pins(lock: Path) -> dict[str, str]:
    """Package -> version, as a lock names them."""
    found = re.findall(r"^([A-Za-z0-9_.-]+)==([^\s;]+)", lock.read_text(), re.MULTILINE)
    return {canonicalize_name(name): version for name, version in found}


# --- locks -------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_pins_every_package_by_hash(checkout, name):
    entries = re.split(r"\n(?=\S)", (checkout / "requirements" / name).read_text().strip())

    assert len(entries) > 20
    for entry in entries:
        assert re.match(r"[a-z0-9-]+==\S+ ", entry), entry
        assert re.search(r"--hash=sha256:[0-9a-f]{64}", entry), entry


@pytest.mark.parametrize("name", [*LOCKS, "js/package-lock.json"])
def test_a_lock_names_no_index_and_no_folder(checkout, name):
    lock = (checkout / "requirements" / name).read_text()

    # Pages where a package's author asks for money are no place that it is fetched from.
    lock = re.sub(r'"funding": \{[^}]*\}', "", lock)
    assert not re.search(r"https?://|file:|index-url|find-links|resolved|(^|\s)/", lock)


def test_tests_run_on_exactly_what_a_kit_serves_with(checkout):
    run, test = (pins(checkout / "requirements" / name) for name in ("run.txt", "test.txt"))

    assert run.items() <= test.items()


@pytest.mark.parametrize(
    ("group", "lock"), [(None, "run.txt"), ("dev", "test.txt"), ("models", "models.txt")]
)
def test_the_locks_hold_what_pyproject_asks_for(checkout, group, lock):
    project = tomllib.loads((checkout / "pyproject.toml").read_text())["project"]
    asked = project["optional-dependencies"][group] if group else project["dependencies"]
    locked = pins(checkout / "requirements" / lock)
    set_up = load_set_up(checkout)
    locked["torch"] = set_up.TORCH.removeprefix("torch==")  # by version: see scripts/lock.py

    for requirement in map(Requirement, asked):
        assert requirement.specifier.contains(locked[canonicalize_name(requirement.name)]), asked


# --- set-up ------------------------------------------------------------------------------------


def load_set_up(root: Path):
    """scripts/setup.py of a tree, as a module."""
    spec = importlib.util.spec_from_file_location("kit_set_up", root / "scripts" / "setup.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def tree(checkout, tmp_path):
    """A copy of what set-up reads, to be changed by a test."""
    for part in ("scripts", "requirements"):
        shutil.copytree(checkout / part, tmp_path / part)
    shutil.copy(checkout / "pyproject.toml", tmp_path)
    return tmp_path


def test_a_changed_lock_makes_the_environment_anew(tree):
    set_up = load_set_up(tree)
    before = {level: set_up.wanted_stamp(level) for level in ("run", "test")}

    with (tree / "requirements" / "run.txt").open("a") as lock:
        lock.write("one-more==1.0\n")

    assert set_up.wanted_stamp("run") != before["run"]
    assert set_up.wanted_stamp("test") != before["test"]  # which holds the run lock's packages too
    with (tree / "requirements" / "js" / "package-lock.json").open("a") as lock:
        lock.write("\n")
    assert set_up.wanted_stamp("test")["run"] == set_up.wanted_stamp("run")["run"]


def test_the_environment_sees_system_packages_only_where_the_pi_camera_is_one(tree, monkeypatch):
    if importlib.util.find_spec("picamera2"):
        pytest.skip("picamera2 is here already: nothing to compare with")
    set_up = load_set_up(tree)
    without = set_up.wanted_stamp("run")
    assert not set_up.sees_system_packages("run")

    (tree / "dist-packages" / "picamera2").mkdir(parents=True)
    (tree / "dist-packages" / "picamera2" / "__init__.py").touch()
    monkeypatch.syspath_prepend(tree / "dist-packages")

    assert set_up.sees_system_packages("run")
    assert not set_up.sees_system_packages("models")
    assert set_up.wanted_stamp("run")["base"] != without["base"]  # so it is made anew


def test_what_is_there_is_not_set_up_again(tree, monkeypatch):
    set_up = load_set_up(tree)
    python = tree / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.symlink_to(sys.executable)
    stamp = tree / ".venv" / set_up.STAMP
    stamp.write_text(json.dumps(set_up.wanted_stamp("test")))
    monkeypatch.setenv("PATH", "")  # whatever it would start, it would not find

    set_up.set_up("run")
    set_up.set_up("test")


def test_an_environment_that_cannot_be_made_leaves_the_old_one(tree):
    set_up = load_set_up(tree)
    environment = tree / ".venv"
    environment.mkdir()
    (environment / "old").touch()

    with pytest.raises(set_up.SetUpError), set_up.replaced(environment):
        environment.mkdir()
        (environment / "half").touch()
        raise set_up.SetUpError("no network")

    assert [path.name for path in environment.iterdir()] == ["old"]
    assert not (tree / ".venv.old").exists()


def test_who_may_not_install_is_told_the_command(tree, monkeypatch):
    set_up = load_set_up(tree)
    monkeypatch.setattr(set_up, "administrator", lambda: None)

    with pytest.raises(set_up.SetUpError) as error:
        set_up.install_debian(["python3.11-venv"], "a Python environment")

    assert str(error.value) == (
        "a Python environment needs python3.11-venv, which only an administrator may install. Type "
        "this, then the same again: sudo apt-get install -y --no-install-recommends python3.11-venv"
    )


def test_what_the_browser_tests_lack_is_installed_in_one_go(tree, monkeypatch):
    set_up = load_set_up(tree)
    asked: list[list[str]] = []
    monkeypatch.setattr(
        set_up, "install_debian", lambda packages, needed_for: asked.append(packages)
    )
    monkeypatch.setattr(set_up.shutil, "which", lambda name: None)
    # Debian 12's Chromium has come without the library that Playwright's own Node is linked with.
    monkeypatch.setattr(
        set_up.ctypes.util, "find_library", lambda name: None if name == "atomic" else name
    )

    set_up.install_what_debian_lacks("test")

    assert asked[-1] == ["chromium", "libatomic1"]


def test_a_machine_without_portaudio_is_set_up_all_the_same(tree, monkeypatch, capsys):
    set_up = load_set_up(tree)
    monkeypatch.setattr(set_up.ctypes.util, "find_library", lambda name: None)
    monkeypatch.setattr(set_up.shutil, "which", lambda name: None)  # no sudo, no apt-get
    monkeypatch.setattr(set_up.os, "geteuid", lambda: 1000)

    set_up.install_what_debian_lacks("run")

    said = capsys.readouterr().out
    assert "going on without the kit's microphone" in said
    assert "apt-get install -y --no-install-recommends libportaudio2" in said


def test_plain_make_lists_every_target(checkout, tmp_path):
    listed = subprocess.run(
        ["make", "--no-print-directory", "-C", checkout],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    ).stdout

    makefile = (checkout / "Makefile").read_text()
    targets = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE)) - {"help"}
    assert set(re.findall(r"^  make ([\w-]+)", listed, re.MULTILINE)) == targets
    image = {"image-plan", "image", "image-test", "bundle", "update"}
    assert targets == {"run", "test", "lint", "bench", "models"} | image


# --- wheel -------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def wheel(checkout, tmp_path_factory) -> Path:
    """A wheel built from the tree, by the locked back end."""
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder],
        cwd=checkout,
        check=True,
        capture_output=True,
    )
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="session")
def installed_alone(checkout, wheel, tmp_path_factory) -> Path:
    """The `bin` of an environment with the wheel and run-time packages, and nothing else.

    The packages are links to those that the tests run on, to save the time of installing them; the
    project comes from the wheel only.
    """
    home = tmp_path_factory.mktemp("alone")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", home], check=True)
    packages = home / "lib" / f"python3.{sys.version_info.minor}" / "site-packages"
    for name in pins(checkout / "requirements" / "run.txt"):
        try:
            distribution = metadata.distribution(name)
        except metadata.PackageNotFoundError:
            continue  # its marker names another processor or system
        for top in {path.parts[0] for path in distribution.files} - {"..", "__pycache__"}:
            if not (packages / top).exists():
                (packages / top).symlink_to(distribution.locate_file(top))
    pip = [sys.executable, "-m", "pip", "--python", home / "bin" / "python", "install", "-qq"]
    subprocess.run([*pip, "--no-index", "--no-deps", wheel], check=True)
    return home / "bin"


def alone(command: list, folder: Path) -> str:
    """Run a command of the installed wheel, away from the checkout; its standard output."""
    clean = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    done = subprocess.run(command, cwd=folder, env=clean, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_wheel_carries_models_and_activities(checkout, wheel):
    carried = set(zipfile.ZipFile(wheel).namelist())

    for recipe in checkout.glob("models/*/recipe.py"):
        model = recipe.parent
        inside = {
            n.rpartition("/")[2] for n in carried if n.startswith(f"kit/_data/models/{model.name}/")
        }
        assert inside == {"model.tflite", "card.md", "SHA256SUMS", "LICENSE"}
    tracked = subprocess.run(
        ["git", "ls-files", "-z", "activities"],
        cwd=checkout,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split("\0")[:-1]
    assert tracked
    assert {f"kit/_data/{name}" for name in tracked} <= carried


def test_the_wheel_carries_nothing_that_a_kit_does_not_need(wheel):
    strays = [
        name
        for name in zipfile.ZipFile(wheel).namelist()
        if not name.startswith(("kit/", f"mallette-{kit.__version__}.dist-info/"))
        or "__pycache__" in name
        or "node_modules" in name
    ]

    assert strays == []


def test_the_wheel_finds_its_own_models_and_activities(checkout, installed_alone, tmp_path):
    ask = """if True:
        import json
        from kit import resources
        paths = [str(resources.model_path(name)) for name in resources.model_names()]
        print(json.dumps([paths, resources.activity_names()]))
    """

    paths, activities = json.loads(alone([installed_alone / "python", "-c", ask], tmp_path))

    assert activities == sorted(path.name for path in (checkout / "activities").glob("*/"))
    assert paths
    for path in map(Path, paths):
        assert path.is_relative_to(installed_alone.parent)
        sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
        assert sha256 in (path.parent / "SHA256SUMS").read_text()
        shipped = checkout / "models" / path.parent.name / path.name
        assert path.read_bytes() == shipped.read_bytes()


def test_the_wheel_alone_says_its_version(installed_alone, tmp_path):
    assert kit.__version__ in alone([installed_alone / "kit", "--version"], tmp_path)


def test_every_room_loads_with_run_time_packages_only(checkout, installed_alone, tmp_path):
    modules = [
        ".".join(path.relative_to(checkout).with_suffix("").parts).removesuffix(".__init__")
        for path in sorted((checkout / "kit").rglob("*.py"))
        if path.stem != "__main__"
    ]
    load = f"import importlib; [importlib.import_module(name) for name in {modules}]"

    alone([installed_alone / "python", "-W", "error", "-c", load], tmp_path)


def test_the_wheel_alone_trains_and_predicts(checkout, installed_alone, tmp_path):
    examples = checkout / "activities" / "sort-it" / "examples"
    for label in ("glass", "can"):
        shutil.copytree(examples / label, tmp_path / "objects" / label)
    unseen = shutil.move(tmp_path / "objects" / "can" / "lemon-a-0.jpg", tmp_path)
    kit_ = installed_alone / "kit"

    said = alone([kit_, "train", tmp_path / "objects", "--out", tmp_path / "model"], tmp_path)
    answer = json.loads(alone([kit_, "predict", tmp_path / "model", unseen, "--json"], tmp_path))

    assert "79 pictures" in said
    assert answer["label"] == "can"


def test_the_wheel_alone_serves_and_trains(installed_alone, tmp_path):
    serve = [installed_alone / "kit", "serve", "--port", "0", "--data", tmp_path / "data"]
    clean = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    with subprocess.Popen(
        [*serve, "--camera", "none", "--language", "en"],
        cwd=tmp_path,
        env=clean,
        stdout=subprocess.PIPE,
        text=True,
    ) as server:
        try:
            lines = iter(server.stdout.readline, "")
            address = next(line.strip() for line in lines if "http://" in line)

            page = urllib.request.urlopen(f"{address}/?lang=fr", timeout=20).read().decode()
            (example,) = ask(address, "/api/projects")["projects"]
            job = ask(address, f"/api/projects/{example['id']}/train", {})["job"]
            deadline = time.monotonic() + 60
            while job["state"] in ("waiting", "running") and time.monotonic() < deadline:
                job = ask(address, f"/api/jobs/{job['id']}")
                time.sleep(0.02)
        finally:
            server.terminate()

    assert 'lang="fr"' in page
    assert example["samples"] == 60
    assert job["state"] == "done"


def ask(address: str, path: str, body: dict | None = None) -> dict:
    """The JSON answer to a GET, or to a POST where there is a body, as our own page asks."""
    request = urllib.request.Request(
        address + path,
        data=None if body is None else json.dumps(body).encode(),
        headers={"Content-Type": "application/json", "Origin": address},
    )
    with urllib.request.urlopen(request, timeout=20) as answer:
        return json.load(answer)
