"""Every error in one shape: `{"error": {"id", "message", "values"}}`, or a page that says it.

The id and the values are for programs, the message for the person, in the request's language. What
only a developer can use goes to the log and never into an answer.
"""

import errno
import logging

from flask import Flask, Response, g, jsonify, make_response, render_template, request
from werkzeug.exceptions import HTTPException

from kit.core.errors import BadInput, KitError, NotAllowed, NotFound, TooLarge, Unavailable
from kit.i18n import sentence
from kit.messages import MESSAGES
from kit.web.rooms import Doors
from kit.web.session import rooms

log = logging.getLogger(__name__)


def install(app: Flask, doors: Doors) -> None:
    """Answer every error of this app in the one shape. After flask-smorest, which has its own."""

    @app.errorhandler(KitError)
    def said(error: KitError) -> Response:
        if error.status >= 500:
            if doubtful := rooms().watch:
                doubtful.suspect(error.id)
            log.warning("%s %s: %s: %s", request.method, request.path, error.id, error)
        return answer(error, error.status)

    @app.errorhandler(HTTPException)
    def refused(error: HTTPException) -> Response:
        status = error.code or 500
        if status < 400:  # a redirect is raised, too, and is no error
            return make_response(error.get_response())
        response = answer(_in_our_words(error), status)
        for name in ("Allow", "Retry-After"):
            value = error.get_response().headers.get(name)
            if value:
                response.headers[name] = value
        return response

    @app.errorhandler(OSError)
    def no_room(error: OSError) -> Response:
        """What is sent in and out passes a file; the rooms say their own full disk themselves."""
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            return said(Unavailable("disk-full", str(error)))
        return broke(error)

    def garbled(error: Exception) -> Response:
        """A body that is not what its head said: a wrong chunk, or the Wi-Fi went."""
        return answer(BadInput("request-unreadable", str(error)), 400)

    for kind in doors.garbled:
        app.register_error_handler(kind, garbled)

    @app.errorhandler(Exception)
    def broke(error: Exception) -> Response:
        log.exception("%s %s broke", request.method, request.path)
        return answer(KitError("something-broke"), 500)


def as_json(error: KitError, language: str | None = None) -> dict:
    """The inside of the one shape.

    >>> as_json(NotFound("project-missing", "no project p-12"), "en")["id"]
    'project-missing'
    """
    known = error.id if error.id in MESSAGES else "something-broke"
    if known != error.id:
        log.error("no sentence for the error %r: %s", error.id, error)
    message = sentence(known, error.values, language)
    return {"id": error.id, "message": message, "values": error.values}


def answer(error: KitError, status: int) -> Response:
    """One error as JSON for programs, as a page for people."""
    said = as_json(error)
    if request.path.startswith("/api/") or not _wants_a_page():
        response = jsonify(error=said)
    else:
        response = _page(said, status)
    response.status_code = status
    if "wait_s" in error.values:
        response.headers["Retry-After"] = str(max(1, round(error.values["wait_s"])))
    return response


def _page(said: dict, status: int) -> Response:
    try:
        return make_response(render_template("error.html", error=said, status=status))
    except Exception:
        log.exception("the page that says errors broke")
        return Response(said["message"], mimetype="text/plain")


def _wants_a_page() -> bool:
    # A refused guest has no language and no session yet; the page needs both.
    return hasattr(g, "actor") and request.accept_mimetypes.accept_html


def _in_our_words(error: HTTPException) -> KitError:
    """What Flask, Werkzeug and webargs refuse, as one of our errors."""
    match error.code:
        case 404:
            return NotFound("address-missing", str(error))
        case 405:
            return NotAllowed("method-refused", str(error), method=request.method)
        case 413:
            megabytes = max(1, (request.max_content_length or 0) // (1024 * 1024))
            return TooLarge("body-too-large", str(error), megabytes=megabytes)
        case 415:
            return BadInput("content-type-refused", str(error))
        case 422:
            field, reason = _first_field(getattr(error, "data", {}).get("messages", {}))
            return BadInput("field-wrong", f"{field}: {reason}", field=field, reason=reason)
        case code if code is not None and code < 500:
            return BadInput("request-unreadable", str(error))
        case _:
            return KitError("something-broke", str(error))


def _first_field(messages: object) -> tuple[str, str]:
    """The first wrong field of what marshmallow says: dicts in dicts, a list of reasons inside."""
    path: list[str] = []
    while isinstance(messages, dict) and messages:
        key, messages = next(iter(messages.items()))
        path.append(str(key))
    reason = messages[0] if isinstance(messages, list) and messages else "not as expected"
    names = [name for name in path[1:] if name != "_schema"]  # path[0] says where: json, query …
    return ".".join(names)[:100] or "body", str(reason)
