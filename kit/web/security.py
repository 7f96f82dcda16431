"""What every request passes before anyone acts on it, and what every answer carries.

In this order: the name the kit was called by (a web page elsewhere may point a name of its own
at this machine), where a change comes from, and how large the body may be, before a byte of it
is read. docs/security.md says what this guards and what it does not.
"""

import ipaddress
from urllib.parse import urlsplit

from flask import Flask, Response, request

from kit.core.errors import NotAllowed, TooLarge
from kit.web.rooms import Doors

CONTENT_SECURITY_POLICY = "; ".join(
    [
        "default-src 'self'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' blob: data:",
        "media-src 'self' blob:",
        "connect-src 'self'",
        "font-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    ]
)

STANDS_ALONE = "; ".join(
    [
        "default-src 'none'",
        "style-src 'unsafe-inline'",
        "img-src data:",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    ]
)
"""For a page that carries its looks in itself; no script runs there, nothing is loaded."""

HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), microphone=(self), geolocation=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}

READING = frozenset({"GET", "HEAD", "OPTIONS"})

BODY_BYTES = 64 * 1024
"""For everything but uploads: the longest JSON is a list of a few hundred sample ids."""

FORM_BYTES = 4 * BODY_BYTES
"""For a form's words. Werkzeug holds the chunk of a file that it looks through against this limit,
too: 64 KB of it and what it kept of the chunk before. Less than that would refuse photos."""

MEGABYTE = 1024 * 1024
UPLOAD_BYTES = {
    "samples.add": 128 * MEGABYTE,  # 60 pictures as phones take them
    "answers.predict": 26 * MEGABYTE,  # one picture of at most 25 MB, and its envelope
    "answers.hands": 26 * MEGABYTE,
    "answers.explain": 26 * MEGABYTE,
    "checks.false_alarms": 26 * MEGABYTE,
    "projects.import_file": 1024 * MEGABYTE,  # a whole project; spooled to disk, not to memory
}


def install(app: Flask, doors: Doors) -> None:
    """Put the checks before every request and the headers on every answer."""
    app.config.update(
        SECRET_KEY=doors.secret,
        SESSION_COOKIE_NAME="kit",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Strict",
        MAX_CONTENT_LENGTH=BODY_BYTES,
        MAX_FORM_PARTS=200,
        MAX_FORM_MEMORY_SIZE=FORM_BYTES,
    )

    @app.before_request
    def check() -> None:
        check_host(request.host, doors.names)
        check_origin()
        request.max_content_length = UPLOAD_BYTES.get(request.endpoint or "", BODY_BYTES)
        if (request.content_length or 0) > request.max_content_length:
            raise TooLarge(
                "body-too-large",
                f"{request.content_length} bytes for {request.endpoint}",
                megabytes=max(1, request.max_content_length // MEGABYTE),
            )

    @app.after_request
    def carry(response: Response) -> Response:
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if request.path.startswith("/api/"):
            response.headers.setdefault("Cache-Control", "no-store")
        return response


def check_host(host: str, names: frozenset[str]) -> None:
    """Refuse to answer under a foreign name: DNS rebinding.

    A page of another site can make its own name point at this machine; its browser then believes
    that the kit belongs to that site. An IP address cannot be made to point elsewhere, so any is
    good.

    Raises:
        NotAllowed: "other-host".
    """
    name = urlsplit(f"//{host}").hostname or ""
    try:
        ipaddress.ip_address(name)
    except ValueError:
        if name.lower().rstrip(".") not in names:
            raise NotAllowed("other-host", f"called as {host!r}", host=host[:100]) from None


def check_origin() -> None:
    """Refuse a change that another site's page asks for, and streams it tries to embed.

    Browsers say where a request comes from (`Origin` on every change, `Sec-Fetch-Site` where the
    connection is trusted, `Referer` else). A request that says nothing comes from no browser made
    in this decade: it is let through if it carries no session, so `curl` on the kit itself works
    and nobody's cookie is ever spent by it.

    Raises:
        NotAllowed: "other-origin".
    """
    site = request.headers.get("Sec-Fetch-Site")
    if request.method in READING:
        # Links from elsewhere may open a page; nothing else of the kit is for other sites.
        if site == "cross-site" and request.headers.get("Sec-Fetch-Mode") != "navigate":
            raise NotAllowed("other-origin", f"{request.path} read from another site")
        return
    origin = request.headers.get("Origin")
    if origin is not None:
        same = origin == request.host_url.rstrip("/")
    elif site is not None:
        same = site == "same-origin"
    elif request.referrer:
        same = request.referrer.startswith(request.host_url)
    else:
        same = not request.cookies.get("kit")
    if not same:
        raise NotAllowed("other-origin", f"change from {origin or request.referrer or site!r}")
