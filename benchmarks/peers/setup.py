"""Make the peers' environments: ``python benchmarks/peers/setup.py [mesa starsim ...]``.

One environment a peer, since they do not agree on NumPy, in benchmarks/peers/env (or where
GLASSCITY_PEERS says), with the versions of benchmarks/peers/requirements.  Nothing of it is needed
to use Glasscity or to test it; ``make bench`` says which peers it left out for want of it.
NumPy and Numba are measured in Glasscity's own environment.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import venv
from pathlib import Path

HERE = Path(__file__).resolve().parent
PEERS = tuple(sorted(file.stem for file in (HERE / "requirements").glob("*.txt")))


def main(arguments: list[str] | None = None) -> int:
    """Make the environments that are asked for and not there yet."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("peers", nargs="*", metavar="PEER", help=", ".join(PEERS))
    asked = parser.parse_args(arguments).peers or list(PEERS)
    for peer in asked:
        if peer not in PEERS:
            print(
                f"error: there is no peer '{peer}'. Allowed: {', '.join(PEERS)}. Mend: correct the"
                " name, or name none for all of them",
                file=sys.stderr,
            )
            return 2
    root = Path(os.environ.get("GLASSCITY_PEERS", HERE / "env"))
    for peer in asked:
        pins = HERE / "requirements" / f"{peer}.txt"
        folder = root / peer
        stamp = folder / "installed.txt"
        if stamp.is_file() and stamp.read_bytes() == pins.read_bytes():
            print(f"{peer}: is there")
            continue
        print(f"{peer}: installing {pins.name}", flush=True)
        venv.EnvBuilder(with_pip=True, clear=True, symlinks=True).create(folder)
        pip = [str(folder / "bin" / "python"), "-m", "pip", "--disable-pip-version-check"]
        done = subprocess.run([*pip, "install", "-qq", "-r", str(pins)], check=False)
        if done.returncode:
            print(
                f"error: pip could not install {pins.name}; its message is above. The pins were"
                f" made on Python 3.11, and this is {sys.version_info.major}."
                f"{sys.version_info.minor}",
                file=sys.stderr,
            )
            return 2
        stamp.write_bytes(pins.read_bytes())
    return 0


if __name__ == "__main__":
    sys.exit(main())
