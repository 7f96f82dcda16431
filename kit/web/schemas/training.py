"""Jobs, and what a model says: its answers, why, and how often it is right."""

from marshmallow import Schema, fields, validate

from kit.core.hands import Side
from kit.core.types import JobState
from kit.web.schemas.base import ErrorBody, In, Text, said
from kit.web.schemas.samples import Sample


class Job(Schema):
    id = fields.Str(required=True)
    verb = fields.Str(required=True)
    project_id = fields.Str(required=True, allow_none=True)
    state = fields.Str(required=True, validate=validate.OneOf([str(s) for s in JobState]))
    progress = fields.Float(required=True)
    result = fields.Dict(required=True, allow_none=True)
    error = fields.Nested(ErrorBody, required=True, allow_none=True)


class StartedJob(Schema):
    job = fields.Nested(Job, required=True)


class ModelRef(Schema):
    project_id = fields.Str(required=True)
    space_id = fields.Str(required=True)
    animal = fields.Str(required=True, allow_none=True)
    number = fields.Int(required=True, **said("0 is the instant model, before Train."))
    head = fields.Str(required=True)
    backbone = fields.Str(required=True)
    backbone_hash = fields.Str(required=True)


class FoundHand(Schema):
    side = fields.Str(required=True, validate=validate.OneOf([str(side) for side in Side]))
    points = fields.List(
        fields.List(fields.Float()), required=True, **said("21, in fractions of the picture.")
    )


class FoundHands(Schema):
    hands = fields.List(fields.Nested(FoundHand), required=True, **said("None: no hand in it."))


class Prediction(Schema):
    label = fields.Str(required=True, **said("Always the top-1."))
    label_id = fields.Str(required=True, allow_none=True)
    known = fields.Bool(required=True, **said("False below the threshold."))
    confidence = fields.Float(required=True)
    confidences = fields.Dict(fields.Str(), fields.Float(), required=True)
    stages_ms = fields.Dict(fields.Str(), fields.Float(), required=True)
    latency_ms = fields.Float(required=True)
    threshold = fields.Float(required=True)
    sequence = fields.Int(required=True)
    model = fields.Nested(ModelRef, required=True)
    hands = fields.List(fields.Nested(FoundHand), **said("In a picture of hands that was sent."))


class Heat(Schema):
    rows = fields.Int(required=True)
    columns = fields.Int(required=True)
    values = fields.List(fields.List(fields.Float()), required=True, **said("0 to 1."))


class SimilarSample(Sample):
    similarity = fields.Float(required=True, **said("Cosine of the two embeddings."))


class Square(Schema):
    left = fields.Float(required=True, **said("Fractions of the picture's width and height."))
    top = fields.Float(required=True)
    width = fields.Float(required=True)
    height = fields.Float(required=True)


class Explanation(Schema):
    prediction = fields.Nested(Prediction, required=True)
    heat = fields.Nested(Heat, required=True, allow_none=True, **said("null: has no map."))
    similar = fields.List(fields.Nested(SimilarSample), required=True)
    square = fields.Nested(Square, required=True, **said("The part of the picture that counts."))


class Accuracy(Schema):
    value = fields.Float(required=True)
    low = fields.Float(required=True)
    high = fields.Float(required=True)
    n = fields.Int(required=True)


class LabelCheck(Schema):
    name = fields.Str(required=True)
    precision = fields.Float(required=True, allow_none=True)
    recall = fields.Float(required=True, allow_none=True)
    n = fields.Int(required=True)
    right = fields.Int(required=True)


class Check(Schema):
    method = fields.Str(required=True, validate=validate.OneOf(["shown_after", "left_out_in_turn"]))
    model_number = fields.Int(required=True)
    right = fields.Int(required=True)
    n = fields.Int(required=True)
    low = fields.Int(required=True, **said("Tried again, at least so many right (Wilson)."))
    high = fields.Int(required=True)
    accuracy = fields.Nested(Accuracy, required=True)
    labels = fields.List(fields.Str(), required=True)
    label_ids = fields.List(fields.Str(allow_none=True), required=True)
    confusion = fields.List(fields.List(fields.Int()), required=True, **said("Rows: the truth."))
    per_label = fields.List(fields.Nested(LabelCheck), required=True)
    not_sure = fields.Int(required=True)
    unchecked_labels = fields.List(fields.Str(), required=True)
    bursts = fields.Int(required=True)


class CellQuery(In):
    true = Text(required=True)
    predicted = Text(required=True)


class CellSample(Sample):
    confidence = fields.Float(required=True)


class Cell(Schema):
    samples = fields.List(fields.Nested(CellSample), required=True)
