"""The pages: what a browser opens. They show; every change goes through the API."""

import json
import tempfile
from contextlib import suppress
from threading import Event
from typing import Any

from flask import (
    Blueprint,
    Response,
    abort,
    jsonify,
    redirect,
    render_template,
    request,
    send_file,
    url_for,
)
from werkzeug.wrappers import Response as AnyResponse

from kit import i18n
from kit.core.errors import NotAllowed, NotFound
from kit.web import at_the_kit, markdown, wire
from kit.web.security import STANDS_ALONE
from kit.web.session import PickAGroup, actor, doors, rooms, session_info, troubles
from kit.web.streams import BOUNDARY, Stream, pictures, respond, streams

blueprint = Blueprint("pages", __name__)


@blueprint.app_context_processor
def words() -> dict[str, Any]:
    """What every template may say."""
    language = i18n.current_language()
    return {
        "lang": language,
        "languages": i18n.LANGUAGES,
        "_": i18n.gettext,
        "ngettext": i18n.ngettext,
        "number": i18n.number,
        "session_info": session_info(),
        "troubles": troubles(),
        "left_the_room": rooms().system.left_the_room() if rooms().system else None,
        "page_data": {},
        "sits_at_the_kit": at_the_kit.sits_there(),
    }


@blueprint.errorhandler(PickAGroup)
def pick_first(error: PickAGroup) -> AnyResponse:
    """A page cannot be shown to nobody: to the animals."""
    return redirect(url_for("pages.home"), 303)


@blueprint.get("/")
def home() -> str:
    """The animals to pick from, or the projects."""
    return render_template("home.html", page_data={"page": "home"})


@blueprint.get("/projects/<project_id>")
def project(project_id: str) -> str:
    """Show, Train, Check. Another group's project is simply not there."""
    studio = rooms().library.open(actor(), project_id)
    state = wire.state(studio.state(actor()), i18n.current_language())
    return render_template(
        "project.html",
        project_id=project_id,
        page_data={"page": "project", "project_id": project_id, "state": state},
    )


@blueprint.get("/projects/<project_id>/lab")
def lab(project_id: str) -> str:
    """What an answer costs: milliseconds and millijoules, measured or estimated."""
    info = rooms().library.open(actor(), project_id).info(actor())
    data = {"page": "lab", "project_id": project_id, "project_name": info.name}
    return render_template("lab.html", page_data=data)


@blueprint.get("/projects/<project_id>/outputs")
def outputs(project_id: str) -> str:
    """What hangs on the kit's pins, and what switches it."""
    state = rooms().library.open(actor(), project_id).state(actor())
    data = {
        "page": "outputs",
        "project_id": project_id,
        "project_name": state["project"]["name"],
        "labels": wire.state(state, i18n.current_language())["labels"],
    }
    return render_template("outputs.html", page_data=data)


@blueprint.get("/screen")
def screen() -> str | AnyResponse:
    """For the projector at the kit: how to join, who is there; only on the kit itself."""
    at_the_kit.refuse_others()
    if not rooms().classroom.is_class:
        return redirect(url_for("pages.home"), 303)  # nobody else can come in
    if "lang" not in request.cookies and "lang" not in request.args:
        # A kiosk's browser asks for English whoever stands before it: the kit's language counts.
        return redirect(url_for("pages.screen", lang=doors().language), 303)
    join = rooms().join()
    return render_template(
        "screen.html",
        join=join,
        code=rooms().classroom.code,
        notices=[i18n.sentence(id, values) for id, values in join.notices],
        page_data={"page": "screen", "wifi_on": join.wifi_on},
    )


@blueprint.get("/teacher")
def teacher() -> str:
    """The teacher's desk; without the code, where to give it."""
    system = rooms().system
    here = system is not None and system.is_here
    return render_template("teacher.html", appliance=here, page_data={"page": "teacher"})


@blueprint.get("/join")
def join() -> str:
    """The sheet with which screens join, to print; for the teacher, and on the kit itself."""
    if not at_the_kit.is_here() and not actor().runs_the_class:
        raise NotAllowed("teachers-only", "the sheet holds the Wi-Fi's password")
    ways = rooms().join()
    here = at_the_kit.is_here()
    return render_template("join.html", join=ways, sits_here=here, page_data={"page": "join"})


@blueprint.get("/doctor")
def doctor() -> str:
    """The self-test; in a class for the teacher."""
    return render_template("doctor.html", page_data={"page": "doctor"})


@blueprint.get("/loan")
def loan() -> str:
    """What a loan did with the kit, in counts; in a class for the teacher."""
    rows = rooms().loan(actor())
    data = {"page": "loan"}
    return render_template("loan.html", page_data=data, rows=rows, kit_name=rooms().kit_name)


@blueprint.get("/loan/sheet")
def hand_over() -> Response:
    """The sheet that goes with a lent kit: a page that stands alone, so that it can be saved."""
    response = Response(rooms().hand_over(actor()), mimetype="text/html")
    response.headers["Content-Security-Policy"] = STANDS_ALONE
    return response


@blueprint.get("/loan/report.json")
def fleet_report() -> Response:
    """What `kit fleet merge` takes in, as a file to keep."""
    report = rooms().fleet_report(actor())
    response = Response(json.dumps(report, ensure_ascii=False), mimetype="application/json")
    name = f"kit-{report.get('number') or rooms().kit_name}.json"
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response


@blueprint.get("/loan/projects.zip")
def all_projects() -> Response:
    """Each project that this actor sees as a file in one zip: for a school, before a return."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 - closed when the last byte has left
    try:
        rooms().library.export_all(actor(), file)
    except BaseException:
        with suppress(OSError):
            file.close()
        raise
    file.seek(0)
    name = f"{rooms().kit_name}.zip"
    return send_file(file, "application/zip", as_attachment=True, download_name=name)


@blueprint.get("/privacy")
def privacy() -> str:
    """What the kit may hold, until when, and who answers for it."""
    return render_template("privacy.html", page_data={"page": "privacy"})


@blueprint.get("/activities/<name>/notice")
def notice(name: str) -> str:
    """The privacy notice to hang up."""
    return _document(name, "notice")


@blueprint.get("/activities/<name>/guide")
def guide(name: str) -> str:
    """The teacher's guide."""
    return _document(name, "teacher")


@blueprint.get("/camera.mjpeg")
def camera() -> Response:
    """The kit's camera, live. Slower as more watch."""
    actor()
    ended = Event()
    watching = streams().pictures
    leave = watching.enter(end=ended.set)
    pieces = pictures(rooms().feed, lambda: len(watching), ended, rooms().booking.wait_until_free)
    return respond(Stream(pieces, leave), f"multipart/x-mixed-replace; boundary={BOUNDARY}")


@blueprint.get("/i18n/<language>.json")
def catalogue(language: str) -> Response:
    """The sentences that the page's scripts say."""
    if language not in i18n.LANGUAGES:
        abort(404)
    response = jsonify(i18n.catalogue(language).for_browser())
    response.headers["Cache-Control"] = "no-cache"
    response.add_etag()
    return response.make_conditional(request)


def _document(name: str, document: str) -> str:
    for listed in rooms().activities():
        if listed.name == name and listed.activity is not None:
            text = listed.activity.text(document, i18n.current_language())
            return render_template(
                "document.html",
                activity=listed.activity,
                body=markdown.render(text),
                page_data={"page": "document", "activity": name, "document": document},
            )
    raise NotFound("activity-missing", f"no activity {name!r}", name=name[:100])
