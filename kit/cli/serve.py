"""`kit serve`: the web page, until Ctrl-C.

gunicorn with one worker and many threads: streams hold a thread each, the interpreters and the
camera have one owner, so there can be only one process of them. Everything starts *in* the
worker: a thread started before the fork is dead in it. The master stays small, watches, and
passes the signals on.
"""

import argparse
import contextlib
import errno
import os
import secrets
import shutil
import socket
import struct
import sys
import tempfile
import threading
import traceback as tracebacks
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter
from gunicorn.glogging import Logger
from gunicorn.http.errors import NoMoreData, ParseException
from gunicorn.workers.gthread import ThreadWorker

from kit.cli.heartbeat import Heartbeat, Supervisor, page_answers
from kit.cli.terminal import add_settings, say_error, settings_of
from kit.core.errors import KitError, Unavailable
from kit.i18n import LANGUAGES, sentence, use_language
from kit.i18n import gettext as _
from kit.settings import Settings

if TYPE_CHECKING:
    from flask import Flask

STOP_S = 2
"""How long the master waits for the worker to put everything away; then the kernel does it."""

PATIENCE_S = 20
"""How long one read or write of a connection may take: a stalled tablet must not keep a thread."""


def configure(parser: argparse.ArgumentParser) -> None:
    """The options; each is a setting, too (`kit/settings.py`)."""
    add_settings(parser)
    # Translators: help of the option --host; alone means without a value after it.
    told = _("serve a class, on this address; alone: on every network of this computer")
    parser.add_argument("--host", metavar="ADDRESS", nargs="?", const="0.0.0.0", help=told)
    # Translators: help of the option --port.
    told = _("port to serve on; 0 takes any free one")
    parser.add_argument("--port", metavar="NUMBER", help=told)
    # Translators: help of the option --camera; keep the words before the colon.
    told = _("auto, picamera2, usb, usb:/dev/video2, fake:FOLDER or none: which camera to use")
    parser.add_argument("--camera", metavar="NAME", help=told)
    # Translators: help of the option --microphone; keep the words before the colon.
    told = _("auto, alsa, alsa:NAME, fake:FOLDER or none: which microphone to use")
    parser.add_argument("--microphone", metavar="NAME", help=told)
    # Translators: help of the option --appliance; keep the words before the colon.
    told = _("run, fake, fake:FOLDER or none: the system under the kit, on its own image only")
    parser.add_argument("--appliance", metavar="NAME", help=told)
    # Translators: help of the option --language.
    told = _("language of the page and of these messages")
    parser.add_argument("--language", choices=LANGUAGES, help=told)


def run(options: argparse.Namespace) -> int:
    """Serve until stopped; 1 when the kit could not start, the reason on stderr.

    Raises:
        KitError: a setting is wrong, or the port cannot be had.
    """
    names = ("host", "port", "camera", "microphone", "appliance", "language")
    settings = settings_of(options, **{name: getattr(options, name) for name in names})
    if options.language:
        use_language(options.language)
    listener = listen(settings.host, settings.port)
    master = os.getpid()
    try:
        Server(settings, listener, traceback=options.traceback).run()
    except SystemExit as stopped:
        if os.getpid() != master:
            raise  # the worker's status tells the master whether to start another one
        return 1 if stopped.code else 0
    return 0


def listen(host: str, port: int) -> socket.socket:
    """Take the port before anything else starts.

    Raises:
        Unavailable: "port-busy" with who has it; "port-not-allowed"; "host-not-here".
    """
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        # Browsers open connections that they may need later: until one speaks, it costs no thread.
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_DEFER_ACCEPT, PATIENCE_S)
        listener.bind((host, port))
        listener.listen(1024)  # a class may reconnect at once, each browser eightfold
    except OSError as error:
        listener.close()
        match error.errno:
            case errno.EADDRINUSE:
                holder = who_has(port) or "?"
                raise Unavailable("port-busy", port=str(port), holder=holder) from error
            case errno.EACCES:
                raise Unavailable(
                    "port-not-allowed", f"port {port}: {error}", port=str(port)
                ) from error
            case _:
                raise Unavailable("host-not-here", f"host {host}: {error}", host=host) from error
    return listener


def who_has(port: int) -> str | None:
    """The process that listens on a port of this machine, as "name (process 812)".

    None where the system does not say: another user's process, or no /proc.
    """
    sockets = {f"socket:[{inode}]" for inode in _listening(port)}
    for folder in Path("/proc").glob("[0-9]*/fd"):
        try:
            if any(os.readlink(link) in sockets for link in folder.iterdir()):
                command = (folder.parent / "comm").read_text().strip()
                return f"{command} (process {folder.parent.name})"
        except OSError:
            continue  # it has just ended, or belongs to somebody else
    return None


def _listening(port: int) -> Iterator[str]:
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        try:
            lines = Path(table).read_text().splitlines()[1:]
        except OSError:
            continue
        for columns in map(str.split, lines):
            is_listening = columns[3] == "0A"  # TCP_LISTEN, include/net/tcp_states.h
            if is_listening and int(columns[1].rpartition(":")[2], 16) == port:
                yield columns[9]


class Server(BaseApplication):
    """gunicorn, told in Python what a configuration file would say."""

    def __init__(
        self, settings: Settings, listener: socket.socket, *, traceback: bool = False
    ) -> None:
        self._settings = settings
        self._traceback = traceback
        self._listener = listener
        self._port = listener.getsockname()[1]  # gunicorn closes this copy of the socket
        self._kit: Any = None
        self._supervisor = Supervisor.in_environment(os.environ)
        self._heartbeat: Heartbeat | None = None
        super().__init__()

    def load_config(self) -> None:
        """One worker, never restarted for its age: it holds the camera."""
        for name, value in {
            "bind": f"fd://{self._listener.detach()}",
            "workers": 1,
            "worker_class": Worker,
            "threads": self._settings.threads,
            # Connections that wait for their next request hold no thread.
            "worker_connections": 4 * self._settings.threads,
            "keepalive": 15,
            "graceful_timeout": STOP_S,
            "timeout": 60,
            "max_requests": 0,
            "preload_app": False,
            "logger_class": Log,
            "loglevel": "warning",
            "control_socket_disable": True,
            "proc_name": "kit",
            "post_fork": self._in_the_worker,
            "worker_exit": self._put_away,
        }.items():
            self.cfg.set(name, value)

    def load(self) -> "Flask":
        """In the worker: open the kit and make its web application."""
        try:
            from kit.app import Kit
            from kit.web import Doors, create_app

            self._kit = kit = Kit(self._settings, example_soon=True)
            use_scratch_folder(self._settings.data)
            doors = Doors(
                secret=cookie_secret(self._settings.data),
                names=names_of(self._settings.host),
                streams=self._settings.streams,
                language=self._settings.language,
                garbled=(NoMoreData, ParseException),
            )
            app = create_app(kit.rooms(), doors)
        except Exception as error:
            if self._traceback:
                tracebacks.print_exc()
            say_error("serve", error)
            # The reason is said; with this status gunicorn does not try again.
            sys.exit(Arbiter.WORKER_BOOT_ERROR)
        _greet(self._settings, self._port, kit)
        if self._supervisor is None:
            self._keep()
        else:
            answers = partial(page_answers, self._settings.host, self._port)
            self._heartbeat = Heartbeat(self._supervisor, answers, self._keep)
        return app

    def _keep(self) -> None:
        # A card that cannot be written is said elsewhere, and is no reason not to serve.
        with contextlib.suppress(KitError):
            self._kit.store.forget_spare()

    def _in_the_worker(self, _arbiter: Arbiter, worker: ThreadWorker) -> None:
        # Half of the master's patience, so that the kit is put away before the master's ends.
        worker.cfg.set("graceful_timeout", STOP_S // 2)

    def _put_away(self, _arbiter: Arbiter, _worker: ThreadWorker) -> None:
        if self._heartbeat is not None:
            self._heartbeat.close()
        if self._kit is not None:
            self._kit.close()


class Worker(ThreadWorker):
    """One worker whose streams end when it is told to stop, and whose connections never stall."""

    def init_process(self) -> None:
        """Give every connection a time limit; accepted sockets take it from the listener."""
        limit = struct.pack("ll", PATIENCE_S, 0)
        for listener in self.sockets:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, limit)
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, limit)
        super().init_process()

    def handle(self, conn: Any) -> Any:
        """One request, and the goodbye if it was the last one of its connection.

        A goodbye waits up to two seconds for the guest to hang up. gunicorn says it on the thread
        that lets everybody in; here it is said on the guest's own.
        """
        goes_on = super().handle(conn)
        if not goes_on:
            conn.close(graceful=True)
            conn.close = lambda graceful=False: None
        return goes_on

    def handle_exit(self, sig: int, frame: Any) -> None:
        """TERM, and from the master also INT: streams end now, requests may finish."""
        app = getattr(self, "wsgi", None)
        if app is None:
            os._exit(0)  # still starting: nothing was opened that a power cut may not close
        # In a thread of its own: a signal may come while this one holds a lock.
        threading.Thread(target=app.extensions["kit.streams"].close, daemon=True).start()
        super().handle_exit(sig, frame)

    def handle_quit(self, sig: int, frame: Any) -> None:
        """Ctrl-C reaches master and worker at once; both ways end alike."""
        self.handle_exit(sig, frame)


class Log(Logger):
    """gunicorn's log without what is no fault: guests who leave, and our own refusal to start."""

    _OURS = ("Worker (pid", "Reason:", "Shutting down")

    def error(self, msg: str, *args: Any, **kwargs: Any) -> None:
        """Faults, but not that the worker ended: it has said why."""
        level = self.debug if str(msg).startswith(self._OURS) else super().error
        level(msg, *args, **kwargs)

    def exception(self, msg: str, *args: Any, **kwargs: Any) -> None:
        """Faults with their traceback; a connection that timed out is none."""
        if isinstance(sys.exc_info()[1], BlockingIOError | TimeoutError | ConnectionError):
            self.debug(msg, *args, **kwargs)
        else:
            super().exception(msg, *args, **kwargs)


def use_scratch_folder(data: Path) -> None:
    """Put what is on its way in and out on the data partition: elsewhere /tmp may be memory.

    What a power cut left there is swept; the folder lock is held, so nobody else uses it.
    """
    scratch = data / "scratch"
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir(mode=0o700)
    tempfile.tempdir = str(scratch)


def cookie_secret(data: Path) -> bytes:
    """What signs the sessions: made once, kept in the data folder's `secrets/`."""
    from kit.storage.atomic import atomic_write

    path = data / "secrets" / "session"
    if not path.is_file():
        atomic_write(path, secrets.token_bytes(32))
    return path.read_bytes()


def names_of(host: str) -> frozenset[str]:
    """By which names, beside IP addresses, this machine may be addressed."""
    own = socket.gethostname().lower()
    names = {"localhost", host.lower()}
    if not Settings(host=host).is_class:
        return frozenset(names)
    return frozenset(names | {own, f"{own}.local", socket.getfqdn().lower()})


def addresses(host: str, port: int) -> list[str]:
    """What to type in a browser, the best first."""
    if not Settings(host=host).is_class:
        return [f"http://localhost:{port}"]
    if host not in ("0.0.0.0", "::"):
        return [f"http://{f'[{host}]' if ':' in host else host}:{port}"]
    found = [f"http://{address}:{port}" for address in _own_addresses()]
    return [*found, f"http://{socket.gethostname()}.local:{port}"]


def _own_addresses() -> list[str]:
    """IPv4 addresses of this machine's networks, the loopback left out."""
    import fcntl

    found = []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        for _index, name in socket.if_nameindex():
            request = struct.pack("256s", name.encode()[:15])
            try:
                answer = fcntl.ioctl(asking, 0x8915, request)  # SIOCGIFADDR, netdevice(7)
            except OSError:
                continue  # this network has no address
            address = socket.inet_ntoa(answer[20:24])
            if not address.startswith("127."):
                found.append(address)
    return found


def _greet(settings: Settings, port: int, kit: Any) -> None:
    # Translators: printed in the terminal when the kit has started; addresses follow, one a line.
    print(_("The kit is ready. Open in a browser:"))
    for address in addresses(settings.host, port):
        print(f"  {address}")
    if settings.is_class:
        # Translators: printed in the terminal; {code} is six digits.
        print(_("Teacher's code: {code}", code=kit.classroom.code))
    for notice in kit.notices:
        print(sentence(notice.id, notice.values))
    # Translators: printed in the terminal; Ctrl-C is the two keys to press.
    print(_("Press Ctrl-C to stop."), flush=True)
