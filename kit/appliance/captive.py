"""What the kit answers in the place of every other site, on its own Wi-Fi.

A device that joins a Wi-Fi asks a site of its maker whether there is an Internet. Unanswered,
phones leave for their mobile network, or open a small window in which no camera works. So each
question gets the answer that it waits for, and the device stays. Whoever types any other address
is sent to the kit. The kit's Wi-Fi gives every name this one address (dnsmasq's file), and the
firewall sends what comes for it here. docs/decisions/0012 weighs this against a log-in page.
"""

from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import NamedTuple

PORT = 8081
WAIT_S = 5
"""How long one guest may take; the questions are one line."""


class Answer(NamedTuple):
    """Status, headers beside Content-Length, body."""

    status: int
    headers: dict[str, str]
    body: bytes


_TEXT = {"Content-Type": "text/plain"}
_PAGE = {"Content-Type": "text/html"}
_SUCCESS = b"<HTML><HEAD><TITLE>Success</TITLE></HEAD><BODY>Success</BODY></HTML>"

# Path -> what its makers' devices take for "there is an Internet".
PROBES = {
    "/generate_204": Answer(204, {}, b""),  # Android, ChromeOS
    "/gen_204": Answer(204, {}, b""),
    "/hotspot-detect.html": Answer(200, _PAGE, _SUCCESS),  # iOS, iPadOS, macOS
    "/library/test/success.html": Answer(200, _PAGE, _SUCCESS),
    "/connecttest.txt": Answer(200, _TEXT, b"Microsoft Connect Test"),  # Windows 10 and later
    "/ncsi.txt": Answer(200, _TEXT, b"Microsoft NCSI"),  # Windows 7 and 8
    "/success.txt": Answer(200, _TEXT, b"success\n"),  # Firefox
    "/canonical.html": Answer(200, _PAGE, b'<meta http-equiv="refresh" content="0"/>'),
    "/check_network_status.txt": Answer(200, _TEXT, b"NetworkManager is online\n"),  # GNOME
}


def answer(path: str, home: str) -> Answer:
    """What to say to a request for this path, whatever site it was meant for.

    Args:
        path: of the request's first line; a whole address where a proxy was expected.
        home: the kit's own address.

    >>> answer("/generate_204", "http://kit.local/").status
    204
    >>> answer("/a/page?x=1", "http://kit.local/").headers["Location"]
    'http://kit.local/'
    """
    known = PROBES.get(path.partition("?")[0])
    if known is not None:
        return known
    # Not for ever: at home the same name must lead where it always did.
    return Answer(302, {"Location": home, "Cache-Control": "no-store"}, b"")


def server(home: str, address: str = "", port: int = PORT) -> ThreadingHTTPServer:
    """A server of these answers; `serve_forever()` is the caller's.

    >>> server("http://kit.local/", "127.0.0.1", 0).server_close()
    """
    return _Server((address, port), _handler(lambda path: answer(path, home)))


class _Server(ThreadingHTTPServer):
    daemon_threads = True  # a guest that dawdles must not keep the server from stopping
    request_queue_size = 64  # a class joins in the same minute


def _handler(say: Callable[[str], Answer]) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        timeout = WAIT_S
        server_version, sys_version = "kit", ""

        def do_GET(self) -> None:
            status, headers, body = say(self.path)
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            if status != 204:
                self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if self.command == "GET":
                self.wfile.write(body)

        do_HEAD = do_GET

        def log_message(self, format: str, *arguments: object) -> None:
            """Nothing: which sites pupils' devices look for is none of the kit's business."""

    return Handler
