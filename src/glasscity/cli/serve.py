"""The command ``serve``: open the explorer and stay until it is stopped."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from glasscity.cli.output import say, show
from glasscity.errors import BadArgument

__all__ = ["serve"]


def serve(
    *,
    port: str,
    runs: str,
    open_browser: bool,
    host: str,
    names: Sequence[str] = (),
    example: bool = True,
) -> None:
    """Serve the explorer; the first line of standard output is its address."""
    import sys

    from glasscity.web.serve import run_server

    if not port.isascii() or not port.isdigit() or int(port[:6]) > 65_535:
        raise BadArgument(
            f"port '{port[:40]}' is outside its range",
            where="--port",
            allowed="a whole number from 0 to 65535",
            mend="leave it out, or write it like --port 8440",
        )

    def ready(address: str) -> None:
        show([address])
        sys.stdout.flush()

    run_server(
        host=host,
        port=int(port),
        runs=Path(runs),
        names=frozenset(name.lower() for name in names),
        open_browser=open_browser,
        example=example,
        ready=ready,
        told=say,
    )
