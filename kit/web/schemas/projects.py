"""A project and its labels."""

from marshmallow import Schema, fields, validate

from kit.core.sound import Hearing
from kit.core.types import BlurFaces, Kind
from kit.web.schemas.base import In, Text, said

HEARINGS = validate.OneOf([str(hearing) for hearing in Hearing])
BLURS = validate.OneOf([str(blur) for blur in BlurFaces])
_BLUR = "In which pictures faces are covered: uploads (not the kit's own camera's), always, never."


class Project(Schema):
    id = fields.Str(required=True)
    space_id = fields.Str(required=True)
    animal = fields.Str(required=True, allow_none=True)
    name = fields.Str(required=True)
    kind = fields.Str(required=True)
    activity = fields.Str(required=True, allow_none=True)
    is_example = fields.Bool(required=True)
    threshold = fields.Float(required=True, allow_none=True)
    labels = fields.Int(required=True)
    samples = fields.Int(required=True)
    changed_seq = fields.Int(required=True, **said("Rises with every change; orders the list."))
    hearing = fields.Str(required=True, allow_none=True, **said("Of sounds: words or sounds."))
    hands = fields.Int(required=True, allow_none=True, **said("Of gestures: 1 or 2."))
    blur_faces = fields.Str(required=True, allow_none=True, **said(_BLUR))
    thumb_url = fields.Str(required=True, allow_none=True)


class Projects(Schema):
    projects = fields.List(fields.Nested(Project), required=True)


class NewProject(In):
    name = Text(required=True)
    kind = Text(load_default="image", validate=validate.OneOf([str(k) for k in Kind]))
    activity = Text(load_default=None, allow_none=True)
    hearing = Text(load_default=None, allow_none=True, validate=HEARINGS)
    hands = fields.Int(load_default=None, allow_none=True, strict=True)
    blur_faces = Text(load_default=None, allow_none=True, validate=BLURS)


class ChangeProject(In):
    name = Text()
    hearing = Text(validate=HEARINGS, **said("Models of the other hearing stop answering."))
    hands = fields.Int(strict=True)
    blur_faces = Text(validate=BLURS, **said(_BLUR))
    threshold = fields.Float(allow_none=True, **said("0 to 1; null: the model's own."))


class Duplicate(In):
    name = Text(load_default=None, allow_none=True)


class NewLabel(In):
    name = Text(required=True)
    is_nothing = fields.Bool(load_default=False, **said("The label for “none of the others”."))


class ChangeLabel(In):
    name = Text()
    is_nothing = fields.Bool()


class Label(Schema):
    id = fields.Str(required=True)
    name = fields.Str(required=True)
    style = fields.Int(required=True, **said("Picks colour and pattern; never changes."))
    is_nothing = fields.Bool(required=True)
