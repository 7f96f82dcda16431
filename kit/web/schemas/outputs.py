"""What hangs on the pins."""

from marshmallow import Schema, fields, validate

from kit.web.schemas.base import ErrorBody, In, Text, said


class HeaderPin(Schema):
    place = fields.Int(required=True, **said("1 to 40."))
    gpio = fields.Int(required=True, allow_none=True)
    role = fields.Str(
        required=True,
        validate=validate.OneOf(["3v3", "5v", "ground", "gpio", "board", "kit"]),
        **said("board, kit: theirs alone; a class wires nothing there."),
    )


class PartKind(Schema):
    part = fields.Str(required=True)
    legs = fields.List(fields.Str(), required=True, **said("Each needs a pin of its own."))


class Wire(Schema):
    id = fields.Str(required=True)
    part = fields.Str(required=True)
    pins = fields.List(fields.Int(), required=True, **said("GPIO numbers."))
    label_id = fields.Str(required=True)
    threshold = fields.Float(required=True)
    after_s = fields.Float(required=True)
    colour = fields.Str(required=True)
    angle_deg = fields.Float(required=True)
    active_high = fields.Bool(required=True)


class PutWire(In):
    id = Text(load_default=None, **said("Of the wire to change; absent: a new one."))
    part = Text(required=True, **said("led, rgb-led, buzzer, servo, relay or button."))
    pins = fields.List(
        fields.Int(),
        required=True,
        validate=validate.Length(max=8),
        **said("GPIO numbers, one for each leg."),
    )
    label_id = Text(required=True)
    threshold = fields.Float(load_default=None, allow_none=True, **said("0.05 to 1."))
    after_s = fields.Float(load_default=None, allow_none=True, **said("0 to 10."))
    colour = Text(load_default=None, allow_none=True, **said("#rrggbb, of an RGB LED."))
    angle_deg = fields.Float(load_default=None, allow_none=True, **said("-90 to 90."))
    active_high = fields.Bool(load_default=None, allow_none=True)


class OutputsNow(Schema):
    driving = fields.Bool(required=True, **said("Whether answers switch the parts."))
    on = fields.Dict(
        keys=fields.Str(), values=fields.Bool(), required=True, **said("Wire id -> on, or held.")
    )
    trouble = fields.Nested(ErrorBody, required=True, allow_none=True)


class Outputs(Schema):
    wires = fields.List(fields.Nested(Wire), required=True)
    board = fields.Str(required=True, allow_none=True)
    refusal = fields.Nested(ErrorBody, required=True, allow_none=True)
    is_taken = fields.Bool(required=True, **said("Another project drives the pins."))
    now = fields.Nested(OutputsNow, required=True)
    header = fields.List(fields.Nested(HeaderPin), required=True)
    parts = fields.List(fields.Nested(PartKind), required=True)


class TestingWire(Schema):
    seconds = fields.Float(required=True)
