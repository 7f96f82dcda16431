"""Set up what `make run`, `make test` or `make models` needs, and nothing when it is there.

    python3 scripts/setup.py run       what a kit serves with         -> .venv
    python3 scripts/setup.py test      that, and what the tests need  -> .venv
    python3 scripts/setup.py models    what rebuilds the models       -> .venv-models

Runs on the bare system Python, before anything is installed, so it imports the standard library
only. Every package comes from a lock file with hashes (requirements/*.txt). A stamp in the
environment remembers the locks it was made from: the same locks again cost a tenth of a second and
no network; other locks, another Python, processor or folder, and it is made anew, the old one
being put back if that fails. Debian packages are installed where that is allowed (root, or sudo
without a password); elsewhere one sentence names the command to run.
"""

# So that an old Python can read this file as far as the sentence that refuses it.
from __future__ import annotations

import contextlib
import ctypes.util
import fcntl
import hashlib
import importlib.util
import json
import os
import platform
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
REQUIREMENTS = ROOT / "requirements"
STAMP = "kit-setup.json"

OLDEST_PYTHON = (3, 11)
PYTHONS = ("3.11", "3.12", "3.13")  # as in scripts/lock.py
PROCESSORS = {"run": ("x86_64", "aarch64"), "models": ("x86_64",)}

# level -> (environment, lock, the levels that it includes)
LEVELS = {
    "run": (".venv", "run.txt", ("run",)),
    "test": (".venv", "test.txt", ("run", "test")),
    "models": (".venv-models", "models.txt", ("models",)),
}
# Two builds of torch share this version and not their hashes; see UNLOCKED in scripts/lock.py.
TORCH = "torch==2.13.0"
# On a Raspberry Pi, the name of a binary package differs between releases of its system.
CHROMIUM = ("chromium", "chromium-browser")
# Free pictures that Debian ships; models/*/calibration.txt names some of them.
CALIBRATION_PICTURES = Path("/usr/share/doc/opencv-doc")


class SetUpError(Exception):
    """One sentence for the person at the terminal: what is missing and what to type."""


def say(sentence: str) -> None:
    print(f"set-up: {sentence}", flush=True)


def run(command: list[str], doing: str, *, quiet: bool = False, **options) -> None:
    """Run `command`, or say what it was meant to do. Quiet ones are heard only when they fail."""
    done = subprocess.run(
        command,
        stdout=subprocess.PIPE if quiet else None,
        stderr=subprocess.STDOUT if quiet else None,
        **options,
    )
    if done.returncode:
        if quiet:
            sys.stderr.buffer.write(done.stdout)
        raise SetUpError(
            f"{doing} failed (exit {done.returncode}); the lines above say why. "
            "The first set-up needs the Internet; when it is back, type the same again."
        )


# --- the machine -------------------------------------------------------------------------------


def python_minor() -> str:
    """Such as "3.11": what the locks and compiled packages depend on."""
    return ".".join(platform.python_version_tuple()[:2])


def check_machine(level: str) -> None:
    """Refuse, by name, a machine that no lock was written for."""
    if sys.version_info < OLDEST_PYTHON:
        raise SetUpError(f"Python 3.11 or newer is needed; this is {platform.python_version()}.")
    if python_minor() not in PYTHONS:
        raise SetUpError(
            f"the locks are written for Python {', '.join(PYTHONS)}; this is "
            f"{platform.python_version()}. Name another one: make PYTHON=python3.13 ..."
        )
    processors = PROCESSORS.get(level, PROCESSORS["run"])
    if platform.machine() not in processors:
        raise SetUpError(
            f"`make {level}` works on {' and '.join(processors)}; this is {platform.machine()}."
        )


def is_raspberry_pi() -> bool:
    try:
        return "Raspberry Pi" in Path("/proc/device-tree/model").read_text(errors="replace")
    except OSError:
        return False


def administrator() -> list[str] | None:
    """What to put before a command to run it as root: nothing, sudo, or None for *cannot*."""
    if os.geteuid() == 0:
        return []
    if (
        shutil.which("sudo")
        and not subprocess.run(["sudo", "-n", "true"], capture_output=True).returncode
    ):
        return ["sudo", "-n"]
    return None


def install_debian(packages: list[str], needed_for: str) -> None:
    """Install Debian packages, or say in one sentence how to."""
    install = ["apt-get", "install", "-y", "--no-install-recommends", *packages]
    before = administrator()
    if before is None or not shutil.which("apt-get"):
        raise SetUpError(
            f"{needed_for} needs {' and '.join(packages)}, which only an administrator may "
            f"install. Type this, then the same again: sudo {' '.join(install)}"
        )
    say(f"installing {', '.join(packages)} ({needed_for})")
    # `env`, because sudo does not hand its caller's variables on.
    before = [*before, "env", "DEBIAN_FRONTEND=noninteractive"]
    # Old lists name files that the archive no longer has.
    run([*before, "apt-get", "update"], "refreshing Debian's package lists", quiet=True)
    run([*before, *install], f"installing {', '.join(packages)}", quiet=True)


def install_what_debian_lacks(level: str) -> None:
    """The system's own part: the venv module, a browser for the tests, camera and microphone."""
    # Debian cuts ensurepip, and the pip that it unpacks, out of its minimal python3.
    if importlib.util.find_spec("ensurepip") is None:
        install_debian([f"python{python_minor()}-venv"], "a Python environment")
        importlib.invalidate_caches()
    if level == "test":
        lacking = [] if any(map(shutil.which, CHROMIUM)) else ["chromium"]
        # Playwright's own Node is linked with it; not every Chromium brings it along.
        lacking += [] if ctypes.util.find_library("atomic") else ["libatomic1"]
        if lacking:
            install_debian(lacking, "testing in a real browser")
    if level == "models" and not CALIBRATION_PICTURES.is_dir():
        install_debian(["opencv-doc"], "calibrating the models")
    if is_raspberry_pi() and importlib.util.find_spec("picamera2") is None:
        try:
            install_debian(["python3-picamera2"], "the Raspberry Pi camera")
        except SetUpError as missing:  # a USB camera, or the fake one, works without it
            say(f"going on without the Raspberry Pi camera: {missing}")
        importlib.invalidate_caches()
    if level != "models" and ctypes.util.find_library("portaudio") is None:
        try:
            install_debian(["libportaudio2"], "the kit's microphone")
        except SetUpError as missing:  # files, and browsers' own microphones, work without it
            say(f"going on without the kit's microphone: {missing}")


# --- the environment ---------------------------------------------------------------------------


def digest(*parts: Path | str) -> str:
    """One hash over files and words."""
    total = hashlib.sha256()
    for part in parts:
        content = part.read_bytes() if isinstance(part, Path) else part.encode()
        total.update(hashlib.sha256(content).digest())
    return total.hexdigest()


def sees_system_packages(level: str) -> bool:
    """Whether the environment must look at Debian's Python packages too.

    picamera2 stands on libcamera, whose Python half comes only as a Debian package, built for the
    system's Python. Where it is there the environment sees it; everywhere else it stays closed, so
    that a stray system package cannot change what a lock promises.
    """
    return level != "models" and importlib.util.find_spec("picamera2") is not None


def wanted_stamp(level: str) -> dict[str, str]:
    """What the environment of `level` should have been made from, a hash for each part."""
    _, _, included = LEVELS[level]
    # Scripts in an environment hold its full path, so a moved folder is another environment.
    # A security update of Python (3.11.2 to 3.11.9) is the same one: a kit with no network goes on.
    base = digest(
        python_minor(),
        platform.machine(),
        os.path.realpath(sys.executable),
        str(ROOT),
        str(sees_system_packages(level)),
    )
    stamp = {"base": base, "project": digest(ROOT / "pyproject.toml")}
    for part in included:
        files = [REQUIREMENTS / LEVELS[part][1]]
        if part == "test":
            files += sorted((REQUIREMENTS / "js").glob("package*.json"))
        stamp[part] = digest(*files, TORCH if part == "models" else "")
    return stamp


def found_stamp(environment: Path) -> dict[str, str]:
    """What the environment says it was made from; empty where there is none, or a broken one."""
    try:
        stamp = json.loads((environment / STAMP).read_text())
    except (OSError, ValueError):
        return {}
    return stamp if (environment / "bin" / "python").exists() else {}


@contextlib.contextmanager
def replaced(environment: Path):
    """Make the environment anew; put the old one back if that fails."""
    old = environment.with_name(environment.name + ".old")
    shutil.rmtree(old, ignore_errors=True)
    if environment.exists():
        environment.rename(old)
    try:
        yield
    except BaseException:
        shutil.rmtree(environment, ignore_errors=True)
        if old.exists():
            old.rename(environment)
        raise
    shutil.rmtree(old, ignore_errors=True)


def install_lock(environment: Path, level: str) -> None:
    """Install the packages of one lock, by hash, wheels only: nothing is compiled here."""
    lock = LEVELS[level][1]
    say(f"installing requirements/{lock} into {environment.name} (once; a few minutes on a Pi)")
    pip = [str(environment / "bin" / "python"), "-m", "pip", "install", "-qq"]
    locked = ["--require-hashes", "--no-deps", "--only-binary", ":all:"]
    if sees_system_packages(level):
        # Else pip would take a system package of the same version for the locked one.
        locked.append("--ignore-installed")
    run([*pip, *locked, "-r", str(REQUIREMENTS / lock)], f"installing requirements/{lock}")
    if level == "models":
        run([*pip, TORCH], f"installing {TORCH}")
    if level == "test":
        install_type_checker(environment)


def install_type_checker(environment: Path) -> None:
    """TypeScript, by npm's own lock, run by the Node.js that came with the Python packages."""
    folder = environment / "js"
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(REQUIREMENTS / "js", folder, ignore=shutil.ignore_patterns("node_modules"))
    path = f"{environment / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}"
    run(
        [str(environment / "bin" / "npm"), "ci", "--ignore-scripts", "--no-audit", "--no-fund"],
        "installing TypeScript",
        cwd=folder,
        env={**os.environ, "PATH": path, "npm_config_loglevel": "error"},
    )


def install_project(environment: Path) -> None:
    """The project itself, editable; its build back end is in the lock, so no network is asked."""
    pip = [str(environment / "bin" / "python"), "-m", "pip", "install", "-qq"]
    own = ["--no-index", "--no-deps", "--no-build-isolation", "--editable", str(ROOT)]
    run([*pip, *own], "installing the project itself")


def set_up(level: str) -> None:
    """Bring the environment of `level` to what the locks say."""
    environment = ROOT / LEVELS[level][0]
    wanted, found = wanted_stamp(level), found_stamp(environment)
    if wanted.items() <= found.items():
        return
    stale = not found or any(
        found[part] != wanted[part] for part in found.keys() & wanted.keys() - {"project"}
    )
    included = [part for part in LEVELS[level][2] if stale or part not in found]
    with contextlib.ExitStack() as stack:
        if stale:
            stack.enter_context(replaced(environment))
            say(f"making {environment.name} for Python {platform.python_version()}")
            make = [sys.executable, "-m", "venv", str(environment)]
            if sees_system_packages(level):
                make.append("--system-site-packages")
            run(make, f"making {environment.name}")
            found = {}
        # The last lock holds all of those before it.
        if included:
            install_lock(environment, included[-1])
        if found.get("project") != wanted["project"]:
            install_project(environment)
        (environment / STAMP).write_text(json.dumps({**found, **wanted}, indent=1) + "\n")
    say(f"{environment.name} is ready")


def main(arguments: list[str]) -> int:
    if len(arguments) != 1 or arguments[0] not in LEVELS:
        print(f"usage: setup.py {'|'.join(LEVELS)}", file=sys.stderr)
        return 2
    if sys.prefix != sys.base_prefix:  # an activated environment cannot remake itself
        base = sys._base_executable
        os.execv(base, [base, __file__, *arguments])
    (level,) = arguments
    try:
        check_machine(level)
        with open(__file__) as this:
            fcntl.flock(
                this, fcntl.LOCK_EX
            )  # two `make` at once: the second waits and finds it done
            if not wanted_stamp(level).items() <= found_stamp(ROOT / LEVELS[level][0]).items():
                install_what_debian_lacks(level)
            set_up(level)
    except SetUpError as error:
        print(f"set-up: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
