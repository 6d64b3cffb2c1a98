"""Who is answered at all, and what every answer carries.

A page on the web can make a browser send requests to this machine.  So a request is answered only
if it names this server as its host, comes from one of its own pages or from no page at all, and,
where the server listens beyond the loopback, shows the token.
"""

from __future__ import annotations

import hmac
import json
import re
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from http.cookies import CookieError, SimpleCookie
from typing import Any, TypeAlias
from urllib.parse import parse_qsl, urlencode

from glasscity.web.settings import Settings
from glasscity.web.words import REFUSED

__all__ = ["HEADERS", "LARGEST_BODY", "MOST_DEPTH", "POLICY", "Guard", "depth_of"]

Scope: TypeAlias = MutableMapping[str, Any]
Message: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Message]]
Send: TypeAlias = Callable[[Message], Awaitable[None]]
App: TypeAlias = Callable[[Scope, Receive, Send], Awaitable[None]]

# Bytes of a request's body, and how deep its JSON may be nested.
LARGEST_BODY = 1 << 20
MOST_DEPTH = 32
COOKIE = "glasscity_token"

# Our own files and nothing else: no inline script, no eval, no frame around us.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-store",
}
_BRACKETS = re.compile(rb'"(?:[^"\\]|\\.)*"|[\[{]|[\]}]', re.DOTALL)


def depth_of(body: bytes) -> int:
    """Return how deep the brackets of a JSON text are nested, without parsing it."""
    depth = deepest = 0
    for found in _BRACKETS.finditer(body):
        one = found.group()
        if one in (b"[", b"{"):
            depth += 1
            deepest = max(deepest, depth)
        elif one in (b"]", b"}"):
            depth -= 1
    return deepest


class Guard:
    """The outermost layer of the explorer, for HTTP and websockets alike.

    Parameters
    ----------
    app : ASGI application
        Whom to hand on to.
    settings : Settings
        Which hosts are ours, and the token.
    """

    def __init__(self, app: App, settings: Settings) -> None:
        self.app = app
        self.settings = settings
        self._origins = frozenset(f"http://{host}" for host in settings.hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, hand on, or refuse."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        headers = {
            key.decode("latin-1"): value.decode("latin-1") for key, value in scope["headers"]
        }
        reason = self._foreign(scope, headers)
        if reason:
            await _refuse(scope, send, 403, reason)
            return
        if self.settings.token and not self._known(scope, headers):
            if await self._let_in(scope, send):
                return
            await _refuse(scope, send, 403, REFUSED["token"])
            return
        if scope["type"] == "websocket" or scope["method"] in ("GET", "HEAD", "OPTIONS"):
            await self.app(scope, receive, _with_headers(send))
            return
        kind = headers.get("content-type", "").partition(";")[0].strip().lower()
        body, problem = await _body_of(receive, headers)
        if body is None:
            await _refuse(scope, send, 413, REFUSED["size"])
        elif problem:
            await _refuse(scope, send, 400, problem)
        elif body and kind != "application/json":
            await _refuse(scope, send, 415, REFUSED["kind"])
        elif depth_of(body) > MOST_DEPTH:
            await _refuse(scope, send, 400, REFUSED["depth"])
        else:
            await self.app(scope, _again(body), _with_headers(send))

    def _foreign(self, scope: Scope, headers: Mapping[str, str]) -> str:
        """Return why a request is not for us, or not from us; "" if it is."""
        host = headers.get("host", "").lower()
        if host not in self.settings.hosts:
            return REFUSED["host"]
        origin = headers.get("origin")
        if origin is not None and origin.lower() not in self._origins:
            return REFUSED["origin"]
        # A link from elsewhere may open a page; nothing else of ours may be used from elsewhere.
        site = headers.get("sec-fetch-site", "none")
        opens = (
            scope["type"] == "http"
            and scope["method"] in ("GET", "HEAD")
            and headers.get("sec-fetch-mode") == "navigate"
            and headers.get("sec-fetch-dest") == "document"
        )
        return "" if site in ("none", "same-origin") or opens else REFUSED["origin"]

    def _known(self, scope: Scope, headers: Mapping[str, str]) -> bool:
        """Return whether a request shows the token, as a header or as the cookie."""
        scheme, _, shown = headers.get("authorization", "").partition(" ")
        if scheme.lower() == "bearer" and self._same(shown.strip()):
            return True
        jar = SimpleCookie()
        try:
            jar.load(headers.get("cookie", ""))
        except CookieError:
            return False
        return COOKIE in jar and self._same(jar[COOKIE].value)

    async def _let_in(self, scope: Scope, send: Send) -> bool:
        """Turn a token in the address into a cookie, so that it leaves the address."""
        if scope["type"] != "http" or scope["method"] != "GET":
            return False
        asked = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
        if not any(name == "token" and self._same(value) for name, value in asked):
            return False
        rest = urlencode([(name, value) for name, value in asked if name != "token"])
        # Of one's own path alone: "//elsewhere" would be another host.
        path = "/" + scope["path"].lstrip("/\\")
        target = path.encode("ascii", "ignore").decode() + (f"?{rest}" if rest else "")
        cookie = f"{COOKIE}={self.settings.token}; Path=/; HttpOnly; SameSite=Strict"
        extra = {"location": _one_line(target), "set-cookie": cookie}
        await _answer(send, 303, b"", extra)
        return True

    def _same(self, shown: str) -> bool:
        return hmac.compare_digest(shown.encode(), self.settings.token.encode())


def _one_line(text: str) -> str:
    return "".join(letter for letter in text if letter.isprintable())


def _with_headers(send: Send) -> Send:
    """Return a way to answer that adds the headers of every answer to its own."""

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            own = {key.lower() for key, _ in message["headers"]}
            message["headers"] = [
                *message["headers"],
                *(
                    (key.encode(), value.encode())
                    for key, value in HEADERS.items()
                    if key.encode() not in own
                ),
            ]
        await send(message)

    return sending


async def _body_of(receive: Receive, headers: Mapping[str, str]) -> tuple[bytes | None, str]:
    """Return a request's body, None if it is too large."""
    told = headers.get("content-length", "0")
    if not told.isdigit():
        return b"", REFUSED["length"]
    if int(told[:12]) > LARGEST_BODY:
        return None, ""
    parts: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return b"", REFUSED["length"]
        part = message.get("body", b"")
        size += len(part)
        if size > LARGEST_BODY:
            return None, ""
        parts.append(part)
        if not message.get("more_body"):
            return b"".join(parts), ""


def _again(body: bytes) -> Receive:
    """Return a way to receive a body that has been read already."""
    given = False

    async def receiving() -> Message:
        nonlocal given
        if given:
            return {"type": "http.disconnect"}
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return receiving


async def _refuse(scope: Scope, send: Send, status: int, reason: str) -> None:
    if scope["type"] == "websocket":
        # Before it is accepted, closing a websocket is answered with 403.
        await send({"type": "websocket.close", "code": 1008, "reason": reason})
        return
    body = json.dumps({"error": reason, "where": "", "allowed": "", "mend": ""}).encode()
    await _answer(send, status, body, {"content-type": "application/json"})


async def _answer(send: Send, status: int, body: bytes, headers: Mapping[str, str]) -> None:
    own = {**HEADERS, **headers, "content-length": str(len(body))}
    await send(
        {
            "type": "http.response.start",
            "status": status,
            "headers": [(key.encode(), value.encode("latin-1")) for key, value in own.items()],
        }
    )
    await send({"type": "http.response.body", "body": body})
