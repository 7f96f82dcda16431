"""Who is asking, and in which language.

On loopback whoever reaches the kit sits at it. In a class the browser's signed cookie says which
animal it picked, of which class, and whether it gave the teacher's code; it holds nothing else.
"""

from typing import Any

from flask import Flask, Request, Response, current_app, g, request, session
from flask.sessions import SecureCookieSessionInterface, SessionMixin
from itsdangerous import BadSignature

from kit import __version__
from kit.core.errors import NotAllowed
from kit.core.shapes import animal_of
from kit.core.types import Actor
from kit.i18n import LANGUAGES, current_language, sentence, use_language
from kit.web.rooms import Doors, Rooms

YEAR_S = 365 * 24 * 3600


class Ageless(SecureCookieSessionInterface):
    """Sessions that end with their class and not by the clock.

    Flask voids a cookie that is older than a month, or that was signed in what is now the future. A
    kit has no battery clock: somebody sets it in the middle of a lesson, and every group would be a
    stranger.
    """

    def open_session(self, app: Flask, request: Request) -> SessionMixin | None:
        """What the cookie says if this kit signed it, whenever that was."""
        serializer = self.get_signing_serializer(app)
        kept = request.cookies.get(self.get_cookie_name(app))
        if serializer is None or not kept:
            return super().open_session(app, request)
        try:
            return self.session_class(serializer.loads(kept))
        except BadSignature:
            return self.session_class()


class PickAGroup(NotAllowed):
    """Nobody yet: this browser has to pick its animal first."""

    status = 401


def install(app: Flask) -> None:
    """Settle language and actor before each request; remember the language asked for."""
    app.session_interface = Ageless()

    @app.before_request
    def settle() -> None:
        use_language(_language())
        settle_actor()

    @app.after_request
    def remember(response: Response) -> Response:
        asked = request.args.get("lang")
        if asked in LANGUAGES and request.cookies.get("lang") != asked:
            response.set_cookie("lang", asked, max_age=YEAR_S, samesite="Strict", httponly=True)
        response.headers.setdefault("Content-Language", current_language())
        response.vary.update(("Cookie", "Accept-Language"))
        return response


def rooms() -> Rooms:
    """The verbs, from inside a request."""
    return current_app.extensions["kit.rooms"]


def doors() -> Doors:
    """Who may come in, from inside a request."""
    return current_app.extensions["kit.doors"]


def actor() -> Actor:
    """Who asks. Every verb gets it.

    Raises:
        PickAGroup: a class, and this browser has picked no animal.
    """
    if g.actor is None:
        raise PickAGroup("pick-a-group", "no animal in the session")
    return g.actor


def session_info() -> dict[str, Any]:
    """What `/api/session` answers and every page starts with."""
    who: Actor | None = g.actor
    return {
        "mode": "class" if rooms().classroom.is_class else "local",
        "actor": {"role": str(who.role), "space_id": who.space_id} if who else None,
        "animal": animal_of(who.space_id) if who and who.space_id else None,
        "teacher": bool(who and who.runs_the_class),
        "class_ends_at": rooms().classroom.ends_at_text(),
        "version": __version__,
        "language": current_language(),
    }


def troubles() -> list[dict[str, Any]]:
    """What is wrong with the memory card, in words, as far as who asks can do something."""
    watch = rooms().watch
    trouble = watch.trouble if watch is not None else None
    if trouble is None or (trouble.teachers_only and not (g.actor and g.actor.runs_the_class)):
        return []
    values = dict(trouble.values)
    return [{"id": trouble.id, "values": values, "message": sentence(trouble.id, values)}]


def settle_actor() -> None:
    """Read again who this browser is; called after its session has changed."""
    g.actor = rooms().classroom.session(
        session.get("animal"), session.get("teacher_key"), session.get("epoch")
    )


def _language() -> str:
    for wish in (request.args.get("lang"), request.cookies.get("lang")):
        if wish in LANGUAGES:
            return wish
    # By the first part alone: who speaks Swiss French before English speaks French before English.
    wishes = (wish.partition("-")[0].lower() for wish, _quality in request.accept_languages)
    return next((wish for wish in wishes if wish in LANGUAGES), doors().language)
