"""The lab: meters, experiments, bets."""

from marshmallow import Schema, fields, validate

from kit.core.types import MeterLabel
from kit.experiments import Unit
from kit.web.schemas.base import ErrorBody, In, Text, said
from kit.web.schemas.training import Accuracy, Job

LABELS = validate.OneOf([str(label) for label in MeterLabel])


class MetersQuery(In):
    again = fields.Bool(load_default=False, **said("Ask the meters once more."))


class Meter(Schema):
    name = fields.Str(required=True)
    label = fields.Str(required=True, validate=LABELS)
    label_words = fields.Str(required=True)
    rate_hz = fields.Float(required=True)
    resolution_mw = fields.Float(required=True, allow_none=True)
    gain_error = fields.Float(required=True, allow_none=True, **said("Share; in no interval."))
    blind_spots = fields.List(fields.Str(), required=True)
    details = fields.Dict(required=True, **said("Chip and shunt, or formula and constants."))


class FoundMeter(Schema):
    name = fields.Str(required=True)
    meter = fields.Nested(Meter, required=True, allow_none=True)
    refusal = fields.Nested(ErrorBody, required=True, allow_none=True)


class Meters(Schema):
    chosen = fields.Nested(Meter, required=True, allow_none=True)
    refusal = fields.Nested(ErrorBody, required=True, allow_none=True)
    measures = fields.Bool(required=True, **said("False: joules are estimated, or none."))
    found = fields.List(fields.Nested(FoundMeter), required=True)


class Figure(Schema):
    value = fields.Float(required=True)
    low = fields.Float(required=True, **said("95 % interval."))
    high = fields.Float(required=True)


class Latency(Schema):
    median_ms = fields.Float(required=True)
    p95_ms = fields.Float(required=True)
    low_ms = fields.Float(required=True, **said("95 % interval of the median."))
    high_ms = fields.Float(required=True)
    n = fields.Int(required=True)


class Energy(Schema):
    gross_mj = fields.Nested(Figure, required=True, **said("Of the whole machine, one unit."))
    marginal_mj = fields.Nested(Figure, required=True, **said("Above idle, one unit."))
    idle_mw = fields.Float(required=True, allow_none=True, **said("Mean power of idle blocks."))
    active_mw = fields.Float(required=True, allow_none=True)


class Rejected(Schema):
    pair = fields.Int(required=True)
    phase = fields.Str(required=True)
    id = fields.Str(required=True)
    values = fields.Dict(required=True)
    message = fields.Str(required=True)


class LabAccuracy(Accuracy):
    right = fields.Int(required=True)
    bursts = fields.Int(required=True)


class Guess(Schema):
    ms = fields.Float(required=True, allow_none=True)
    mj = fields.Float(required=True, allow_none=True)
    accuracy = fields.Float(required=True, allow_none=True)


class Bet(Guess):
    subject = fields.Str(required=True)


class LivePace(Schema):
    answers_per_s = fields.Float(required=True)
    camera = fields.Bool(required=True, **said("False: stored pictures stood in."))


class SamplerCost(Figure):
    pairs = fields.Int(required=True)


class Experiment(Schema):
    id = fields.Int(required=True)
    subject = fields.Str(required=True)
    unit = fields.Str(required=True, validate=validate.OneOf([str(unit) for unit in Unit]))
    input_size = fields.Int(required=True, allow_none=True)
    cut = fields.Str(required=True, allow_none=True, **said("Where the network ends early."))
    threads = fields.Int(required=True, **said("Processors that one answer is shared among."))
    head = fields.Str(required=True, allow_none=True)
    plan = fields.Str(required=True, **said("Anything but full is shorter."))
    meter = fields.Str(required=True, allow_none=True)
    board = fields.Str(required=True, allow_none=True)
    label = fields.Str(required=True, validate=LABELS)
    label_words = fields.Str(required=True)
    pairs = fields.Int(required=True)
    latency = fields.Nested(Latency, required=True, allow_none=True)
    energy = fields.Nested(Energy, required=True, allow_none=True)
    rejected = fields.List(fields.Nested(Rejected), required=True)
    accuracy = fields.Nested(LabAccuracy, required=True, allow_none=True)
    bet = fields.Nested(Guess, required=True, allow_none=True)
    live = fields.Nested(LivePace, required=True, allow_none=True)
    sampler = fields.Nested(
        SamplerCost,
        required=True,
        allow_none=True,
        **said("How many times as long an answer takes while the meter is read."),
    )
    newest = fields.Bool(required=True)
    on_front = fields.Bool(required=True)


class Lab(Schema):
    subjects = fields.List(fields.Str(), required=True, **said("What may be measured here."))
    results = fields.List(fields.Nested(Experiment), required=True, **said("Newest first."))
    bets = fields.List(fields.Nested(Bet), required=True, **said("Not measured yet."))
    front_by = fields.Str(
        required=True, allow_none=True, validate=validate.OneOf(["energy", "time"])
    )
    not_ranked = fields.Str(required=True, allow_none=True, **said("Why there is no front."))
    job = fields.Nested(Job, required=True, allow_none=True)
    may_start = fields.Bool(required=True)


class PlaceBet(In):
    subject = Text(required=True)
    ms = fields.Float(load_default=None, allow_none=True)
    mj = fields.Float(load_default=None, allow_none=True)
    accuracy = fields.Float(load_default=None, allow_none=True, **said("0 to 1."))


class StartMeasuring(In):
    subject = Text(required=True)
    mode = Text(load_default="classroom", **said("classroom: within a minute; or full."))


class StoppedMeasuring(Schema):
    job = fields.Nested(Job, required=True, allow_none=True)
