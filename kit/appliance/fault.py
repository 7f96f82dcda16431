"""One page where the server may not start: what is wrong with the card, and what to do.

The start writes the reason (`tell`) and fails; systemd then starts this in the server's place, on
its port. It reads one small file, loads nothing of the kit but its words, and answers every
address alike: it may be read on any tablet, so it speaks both languages and needs no script.
"""

import html
import json
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from kit.i18n import LANGUAGES, sentence
from kit.messages import MESSAGES

PORT = 80
WAIT_S = 5
UNKNOWN = "start-failed"
STATUS = 503

_LOOKS = """
body{margin:0;background:#fbf6ec;color:#1b2a4a;font:1.15rem/1.5 system-ui,sans-serif}
main{max-width:38rem;margin:0 auto;padding:1.5rem 1rem}
section{background:#fffefb;border:2px solid #a3220f;border-radius:14px;padding:1rem 1.25rem;
margin:0 0 1.25rem;overflow-wrap:break-word}
h1,h2{line-height:1.25;margin:0 0 .75rem;font-size:1.6rem}ol{padding-inline-start:1.4rem}
li{margin:.4rem 0}a{display:inline-block;padding:.6rem 0;color:inherit;font-weight:650}
code{color:#56627d;font-size:.95rem}
"""
STEPS = ("fault-step-restart", "fault-step-again", "fault-step-card")


def tell(path: Path, id: str, values: Mapping[str, Any]) -> None:
    """Leave the reason where the page will look."""
    path.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
    path.write_text(json.dumps({"id": id, "values": dict(values)}), encoding="utf-8")
    path.chmod(0o644)  # the page is served by a user who owns nothing


def told(path: Path) -> tuple[str, dict[str, Any]]:
    """The reason that was left there; where none can be read, that it is not known."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        id, values = found["id"], dict(found["values"])
    except (OSError, ValueError, KeyError, TypeError):
        return UNKNOWN, {}
    return (id, values) if id in MESSAGES else (UNKNOWN, {})


def page(id: str, values: Mapping[str, Any]) -> bytes:
    """The whole page, as bytes.

    >>> b"<script" in page("data-partition-read-only", {})
    False
    """
    parts = "".join(_in(language, id, values) for language in LANGUAGES)
    return (
        f'<!doctype html>\n<html lang="{LANGUAGES[0]}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>Mallette</title><style>{_LOOKS}</style></head>"
        # After a restart the same address is the kit's own page.
        f"<body><main>{parts}<p><code>{html.escape(id)}</code></p></main></body></html>\n"
    ).encode()


def _in(language: str, id: str, values: Mapping[str, Any]) -> str:
    def said(id: str, values: Mapping[str, Any] | None = None) -> str:
        return html.escape(sentence(id, values, language))

    heading = "h1" if language == LANGUAGES[0] else "h2"
    steps = "".join(f"<li>{said(step)}</li>" for step in STEPS)
    again = f'<p><a href="/">{said("fault-look-again")}</a></p>'
    return (
        f'<section lang="{language}"><{heading}>{said("fault-title")}</{heading}>'
        f"<p>{said(id, values)}</p><ol>{steps}</ol>{again}</section>"
    )


def server(reason: Path, address: str = "", port: int = PORT) -> ThreadingHTTPServer:
    """A server of the page; `serve_forever()` is the caller's.

    >>> server(Path("/nowhere"), "127.0.0.1", 0).server_close()
    """
    id, values = told(reason)
    body, as_json = page(id, values), json.dumps({"status": "fault", "id": id}).encode()

    class Handler(BaseHTTPRequestHandler):
        timeout = WAIT_S
        server_version, sys_version = "kit", ""

        def do_GET(self) -> None:
            for_people = not self.path.startswith("/api/")
            content = body if for_people else as_json
            kind = "text/html; charset=utf-8" if for_people else "application/json"
            self.send_response(STATUS)
            for name, value in (
                ("Content-Type", kind),
                ("Content-Length", str(len(content))),
                ("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'"),
                ("Cache-Control", "no-store"),
                ("Retry-After", "30"),
            ):
                self.send_header(name, value)
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(content)

        do_HEAD = do_POST = do_PUT = do_DELETE = do_GET

        def log_message(self, format: str, *arguments: object) -> None:
            """Nothing: who looks is nobody's business."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        request_queue_size = 64  # a class looks in the same minute

    return Server((address, port), Handler)
