"""Outside: pages, the API and the streams, over the verbs that it is handed.

The web calls `library`, `studio`, `classroom` and `jobs` with the actor of each request and says
their answers in HTTP. It never imports `devices`, `engine` or `storage`. Whoever wants to know what
a request passes on its way reads `create_app` from top to bottom.
"""

import mimetypes

from flask import Flask

from kit.web import api, at_the_kit, errors, pages, security, session
from kit.web.rooms import Doors, Rooms
from kit.web.streams import AllStreams, Streams
from kit.web.uploads import KitRequest

__all__ = ["Doors", "Rooms", "create_app"]


def create_app(rooms: Rooms, doors: Doors) -> Flask:
    """The web application over one running kit."""
    # With nosniff a browser refuses a script under another type, and the system's table decides
    # unless we say it.
    mimetypes.add_type("text/javascript", ".js")
    mimetypes.add_type("font/woff2", ".woff2")

    app = Flask(__name__)
    app.request_class = KitRequest
    app.extensions["kit.rooms"] = rooms
    app.extensions["kit.doors"] = doors
    app.json.sort_keys = False  # labels keep the order that the pupils gave them
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.autoescape = True

    session.install(app)  # language and actor first: a refusal is said in words
    security.install(app, doors)
    app.extensions["kit.streams"] = AllStreams(Streams(doors.streams), Streams(doors.streams))
    at_the_kit.install(app)
    app.register_blueprint(pages.blueprint)
    api.install(app)
    errors.install(app, doors)
    return app
