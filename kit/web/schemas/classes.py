"""The session, the groups, the class."""

from marshmallow import Schema, fields, validate

from kit.web.schemas.base import In, Text, said


class ActorOut(Schema):
    role = fields.Str(required=True, validate=validate.OneOf(["group", "teacher", "local"]))
    space_id = fields.Str(required=True, allow_none=True)


class Session(Schema):
    mode = fields.Str(required=True, validate=validate.OneOf(["local", "class"]))
    actor = fields.Nested(ActorOut, required=True, allow_none=True)
    animal = fields.Str(required=True, allow_none=True)
    teacher = fields.Bool(required=True)
    class_ends_at = fields.Str(required=True, allow_none=True, **said("ISO 8601, or null."))
    version = fields.Str(required=True)
    language = fields.Str(required=True)


class Group(Schema):
    animal = fields.Str(required=True)
    taken = fields.Bool(required=True)


class Groups(Schema):
    groups = fields.List(fields.Nested(Group), required=True)


class ScreensOf(Schema):
    animal = fields.Str(required=True, allow_none=True, **said("Null: the kit's own space."))
    screens = fields.Int(required=True)


class Screen(Schema):
    groups = fields.List(fields.Nested(ScreensOf), required=True)
    nobody = fields.Int(required=True, **said("Screens that have not picked a group yet."))
    wifi_on = fields.Bool(required=True)


class PickGroup(In):
    animal = Text(required=True)


class GiveCode(In):
    code = Text(required=True)


class Goes(Schema):
    groups = fields.Int(required=True)
    projects = fields.Int(required=True)
    samples = fields.Int(required=True)
    models = fields.Int(required=True)
    bytes = fields.Int(required=True)


class Class(Schema):
    ends_at = fields.Str(required=True, allow_none=True, **said("ISO 8601, or null."))
    prolonged = fields.Bool(required=True)
    goes = fields.Nested(Goes, required=True, **said("What the class's end erases."))


class EndClass(In):
    confirm = fields.Bool(required=True)


class Prolong(In):
    hours = fields.Float(required=True)
