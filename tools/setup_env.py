"""Make the environment in ``.venv``, once: ``python tools/setup_env.py base|dev``.

Runs on any Python 3.11 or newer with nothing installed.  The pinned file is installed with its
hashes checked, then the project itself, editable.  A stamp in ``.venv`` keeps what was installed,
so that a second call with the same pins does nothing.
"""

from __future__ import annotations

import hashlib
import os
import platform
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
LEVELS = ("base", "dev")  # each level holds the one before it


def main(arguments: list[str]) -> int:
    if len(arguments) != 1 or arguments[0] not in LEVELS:
        return fail(f"usage: setup_env.py {'|'.join(LEVELS)}")
    if sys.version_info < (3, 11):
        return fail(f"Python 3.11 or newer is needed, and this is {platform.python_version()}.")
    level = arguments[0]
    # The development pins hold the base pins, so a current dev stamp serves `make run` as well.
    enough = LEVELS[LEVELS.index(level) :]
    if runs(PYTHON) and any(stamp(name).exists() for name in enough):
        return 0
    if not runs(PYTHON):
        problem = make_environment()
        if problem:
            return fail(problem)
    return install(level)


def install(level: str) -> int:
    pins = pins_of(level)
    say(f"installing {pins.relative_to(ROOT)} into .venv (a minute or two, once)")
    # Errors only: a machine's own package settings may make pip chatter about every package.
    pip = [str(PYTHON), "-m", "pip", "--disable-pip-version-check", "install", "-qq"]
    steps = [
        [*pip, "--require-hashes", "--requirement", str(pins)],
        # Hashes forbid an editable install in the same call.
        [*pip, "--no-deps", "--no-build-isolation", "--editable", str(ROOT)],
    ]
    for step in steps:
        done = subprocess.run(step, cwd=ROOT, check=False)
        if done.returncode != 0:
            return fail("pip could not install the pinned packages; its message is above." + hint())
    for old in VENV.glob(f".installed-{level}-*"):
        old.unlink()
    stamp(level).touch()
    say("the environment in .venv is ready")
    return 0


def make_environment() -> str:
    """Make ``.venv``; return what is in the way, or nothing."""
    try:
        import ensurepip  # noqa: F401
        import venv
    except ImportError:
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        return (
            f"{sys.executable} (Python {version}) cannot make environments: its ensurepip module is"
            f" missing. On Debian and Ubuntu: apt-get install python{version}-venv. Elsewhere:"
            " install a Python 3.11 or newer that has venv and ensurepip, and name it with"
            " make PYTHON=/path/to/python setup."
        )
    say(f"making .venv with {sys.executable} (Python {platform.python_version()})")
    if VENV.exists():
        shutil.rmtree(VENV)
    venv.EnvBuilder(with_pip=True, symlinks=True).create(VENV)
    return ""


def pins_of(level: str) -> Path:
    return ROOT / "requirements" / f"{level}.txt"


def stamp(level: str) -> Path:
    """Return the file that says: these pins, this project file, this place."""
    digest = hashlib.sha256()
    for file in (pins_of(level), ROOT / "pyproject.toml"):
        digest.update(file.read_bytes())
    digest.update(os.fsencode(ROOT))  # a moved environment does not work
    return VENV / f".installed-{level}-{digest.hexdigest()[:16]}"


def runs(python: Path) -> bool:
    try:
        done = subprocess.run([str(python), "-c", ""], capture_output=True, check=False)
    except OSError:
        return False
    return done.returncode == 0


def hint() -> str:
    if sys.platform == "darwin" and platform.machine() == "x86_64":
        return " Intel Macs have no wheels of the newest numba: use Linux or an Apple-silicon Mac."
    if sys.version_info >= (3, 15):
        return " Some pinned packages may have no wheel for this Python yet: try 3.11 to 3.14."
    return " Is the package index reachable?"


def say(text: str) -> None:
    print(f"setup: {text}", file=sys.stderr, flush=True)


def fail(text: str) -> int:
    print(f"error: {text}", file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
