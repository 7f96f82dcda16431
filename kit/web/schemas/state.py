"""The whole state of a project, as a page is given it, and the events that follow."""

from marshmallow import Schema, fields

from kit.web.schemas.base import In, said
from kit.web.schemas.training import Check, Job, ModelRef


class Thumb(Schema):
    id = fields.Str(required=True)
    url = fields.Str(required=True)


class StateProject(Schema):
    id = fields.Str(required=True)
    name = fields.Str(required=True)
    kind = fields.Str(required=True)
    space_id = fields.Str(required=True)
    animal = fields.Str(required=True, allow_none=True)
    threshold = fields.Float(required=True, allow_none=True)
    activity = fields.Str(required=True, allow_none=True)
    is_example = fields.Bool(required=True)
    labels = fields.Int(required=True)
    samples = fields.Int(required=True)
    changed_seq = fields.Int(required=True)
    hearing = fields.Str(required=True, allow_none=True)
    hands = fields.Int(required=True, allow_none=True)
    blur_faces = fields.Str(required=True, allow_none=True)


class StateLabel(Schema):
    id = fields.Str(required=True)
    name = fields.Str(required=True)
    style = fields.Int(required=True)
    is_nothing = fields.Bool(required=True)
    samples = fields.Int(required=True)
    bursts = fields.Int(required=True)
    thumbs = fields.List(fields.Nested(Thumb), required=True, **said("The newest eight."))


class StateBurst(Schema):
    id = fields.Str(required=True)
    label_id = fields.Str(required=True)
    samples = fields.Int(required=True)
    without_hand = fields.Int(required=True)


class StateModel(Schema):
    ref = fields.Nested(ModelRef, required=True)
    stale = fields.Bool(required=True, **said("Samples or labels have changed since."))
    trained_on = fields.Int(required=True)
    training_ms = fields.Float(required=True, allow_none=True)
    loss_curve = fields.List(fields.Float(), required=True)
    threshold = fields.Float(required=True, allow_none=True)
    exportable = fields.Bool(required=True)
    trained_labels = fields.List(fields.Str(), required=True)


class Advice(Schema):
    id = fields.Str(required=True)
    values = fields.Dict(required=True)
    label_id = fields.Str(allow_none=True)
    message = fields.Str(required=True)


class ProjectState(Schema):
    seq = fields.Int(required=True)
    project = fields.Nested(StateProject, required=True)
    labels = fields.List(fields.Nested(StateLabel), required=True)
    burst = fields.Nested(StateBurst, required=True, allow_none=True)
    can_answer = fields.Bool(required=True)
    model = fields.Nested(StateModel, required=True, allow_none=True)
    check = fields.Nested(Check, required=True, allow_none=True)
    advice = fields.List(fields.Nested(Advice), required=True)
    job = fields.Nested(Job, required=True, allow_none=True)


class EventsQuery(In):
    live = fields.Bool(load_default=False, **said("Also the answers to the kit's camera."))
    power = fields.Bool(load_default=False, **said("Also the power meter's line, twice a second."))
