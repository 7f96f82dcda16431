"""What every resource of the API leans on."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from flask import Request, g
from flask_smorest import Blueprint
from webargs.flaskparser import FlaskParser
from werkzeug.exceptions import UnsupportedMediaType

from kit.core.errors import BadInput

if TYPE_CHECKING:
    from kit.studio import Studio

BINARY = {"type": "string", "format": "binary"}


@contextmanager
def readable() -> Iterator[None]:
    """Refuse JSON that Python will not read: a thousand brackets deep, a number a mile long.

    Raises:
        BadInput: "request-unreadable".
    """
    try:
        yield
    except (RecursionError, ValueError) as error:
        raise BadInput("request-unreadable", str(error)) from error


class Parser(FlaskParser):
    """Reads JSON only from what says that it is JSON.

    A form can be sent from another site without asking the browser's leave, JSON cannot.
    """

    def load_json(self, req: Request, schema: Any) -> Any:
        """The body, or nothing where there is none."""
        if req.content_length and not self.is_json_request(req):
            raise UnsupportedMediaType
        with readable():
            return super().load_json(req, schema)

    def is_json_request(self, req: Request) -> bool:
        """Whether the request says that its body is JSON."""
        return req.is_json


class Resource(Blueprint):
    """One resource: a blueprint whose arguments are read by `Parser`."""

    ARGUMENTS_PARSER = Parser()


def studio() -> "Studio":
    """The project of this address, opened for this actor before the route was entered."""
    return g.studio


def multipart(required: bool = True, **fields: dict[str, Any]) -> dict[str, Any]:
    """Describe a form with files; flask-smorest describes one kind of body a route."""
    schema = {"type": "object", "properties": fields}
    return {"required": required, "content": {"multipart/form-data": {"schema": schema}}}
