"""Listen, say where, and answer until stopped."""

from __future__ import annotations

import errno
import os
import secrets
import socket
import sys
import threading
import webbrowser
from collections.abc import Callable
from pathlib import Path

from glasscity.errors import BadArgument, Interrupted
from glasscity.results.folder import told_plainly
from glasscity.web.settings import LOOPBACK, Settings, names_of_this_machine

__all__ = ["run_server"]


def run_server(
    *,
    host: str,
    port: int,
    runs: Path,
    names: frozenset[str],
    open_browser: bool,
    example: bool,
    ready: Callable[[str], object],
    told: Callable[[str], object],
) -> None:
    """Serve the explorer until it is stopped.

    Parameters
    ----------
    host, port : str, int
        Where to listen; port 0 takes any that is free.
    runs : Path
        Folder of the runs; made if only its last part is missing.
    names : frozenset of str
        Further names that callers may use for this machine, in lower case.
    open_browser, example : bool
        Whether to open the browser, and to make an example run where there is none.
    ready : callable
        Given the address once the server listens.
    told : callable
        Given sentences for the terminal.

    Raises
    ------
    BadArgument
        If the port or address cannot be had, or the folder cannot be made.
    Interrupted
        After Ctrl-C, when the runs that went on have kept their month.
    """
    with told_plainly(runs):
        runs.mkdir(exist_ok=True)
    listener = _listener(host, port)
    beyond = host not in LOOPBACK
    settings = Settings(
        runs=runs,
        host=host,
        port=listener.getsockname()[1],
        token=secrets.token_urlsafe(24) if beyond else "",
        names=names | (names_of_this_machine() if beyond else frozenset()),
        example=example,
    )
    import uvicorn

    from glasscity.web.app import create_app
    from glasscity.web.pages.start import warm

    warm()

    server = uvicorn.Server(
        uvicorn.Config(
            create_app(settings),
            log_level="critical",
            access_log=False,
            server_header=False,
            lifespan="on",
            timeout_graceful_shutdown=2,
        )
    )
    if beyond:
        told(
            f"listening on {host}: whoever reaches this machine can ask for pages. The token in "
            "the address lets in; give it to nobody else"
        )
    ready(settings.address)
    told("Ctrl-C ends the explorer; runs that go on keep their month.")
    if open_browser and _has_screen():
        threading.Timer(0.5, webbrowser.open, (settings.address,)).start()
    try:
        server.run(sockets=[listener])
    except KeyboardInterrupt:
        pass
    finally:
        listener.close()
    raise Interrupted(
        "the explorer was stopped from the keyboard", mend="'glasscity serve' finds its runs again"
    )


def _listener(host: str, port: int) -> socket.socket:
    """Return a socket that listens, or say why there is none."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    if os.name == "posix":
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(128)
    except (OSError, OverflowError, UnicodeError) as error:
        listener.close()
        code = getattr(error, "errno", None)
        if code == errno.EADDRINUSE:
            raise BadArgument(
                f"port {port} is taken by another program, perhaps by another explorer",
                where="--port",
                mend=f"open http://{host}:{port}/, or choose another: --port {port + 1}, or "
                "--port 0 for any that is free",
            ) from None
        if code == errno.EACCES:
            raise BadArgument(
                f"port {port} may not be used without privileges",
                where="--port",
                allowed="1024 to 65535, or 0 for any that is free",
                mend="leave --port out",
            ) from None
        raise BadArgument(
            f"nothing can listen on '{host[:100]}'",
            where="--host",
            allowed="an address of this machine: 127.0.0.1, or 0.0.0.0 for all of them",
            mend="leave --host out",
        ) from None
    return listener


def _has_screen() -> bool:
    """Return whether a browser would open in a window, and not in this terminal."""
    if sys.platform.startswith("linux"):
        return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
    return True
