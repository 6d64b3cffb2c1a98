"""What an explorer is told when it starts: where it listens, what it shows, what it may take."""

from __future__ import annotations

import contextlib
import os
import socket
from dataclasses import dataclass, field
from pathlib import Path

__all__ = ["LOOPBACK", "Settings", "names_of_this_machine", "slots_of"]

LOOPBACK = ("127.0.0.1", "localhost", "::1")
# Threads of one run: enough that a large one is quick, few enough that two share a usual machine.
THREADS = 2


def slots_of(processors: int) -> int:
    """Return how many runs go on at once on a machine with so many processors."""
    return max(1, processors // THREADS)


def names_of_this_machine() -> frozenset[str]:
    """Return the names and addresses under which others may call this machine."""
    found = {socket.gethostname(), socket.getfqdn()}
    with contextlib.suppress(OSError):
        found |= {str(entry[4][0]) for entry in socket.getaddrinfo(socket.gethostname(), None)}
    return frozenset(name.lower() for name in found if name)


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Settings of one explorer.

    Parameters
    ----------
    runs : Path
        Folder of the runs; nothing outside it is ever read or written.
    host : str
        Address to listen on.
    port : int
        Port to listen on.
    token : str
        What a caller must show; "" asks for nothing, which is allowed on the loopback alone.
    names : frozenset of str
        Further names of this machine that callers may use.
    slots : int
        Runs that go on at once.
    threads : int
        Threads of each.
    example : bool
        Whether to make an example run where there is no finished run of the press's scenario.
    """

    runs: Path
    host: str = "127.0.0.1"
    port: int = 8440
    token: str = ""
    names: frozenset[str] = frozenset()
    slots: int = field(default_factory=lambda: slots_of(os.cpu_count() or 1))
    threads: int = THREADS
    example: bool = True

    @property
    def hosts(self) -> frozenset[str]:
        """What a Host header may say, in lower case, with the port."""
        names = {*LOOPBACK, *self.names}
        if self.host not in ("", "0.0.0.0", "::"):
            names.add(self.host.lower())
        bracketed = {f"[{name}]" if ":" in name else name for name in names}
        with_port = {f"{name}:{self.port}" for name in bracketed}
        return frozenset(with_port | bracketed if self.port == 80 else with_port)

    @property
    def address(self) -> str:
        """The address to open, with the token where there is one."""
        host = "127.0.0.1" if self.host in ("", "0.0.0.0", "::") else self.host
        shown = f"[{host}]" if ":" in host else host
        return f"http://{shown}:{self.port}/" + (f"?token={self.token}" if self.token else "")
