"""The kit as a machine: its self-test, the system under it, whether it serves."""

from marshmallow import Schema, fields, validate

from kit.web.schemas.base import ErrorBody, In, Text, said


class Finding(Schema):
    part = fields.Str(required=True)
    state = fields.Str(
        required=True, validate=validate.OneOf(["good", "warning", "absent", "broken"])
    )
    id = fields.Str(required=True)
    values = fields.Dict(required=True)
    message = fields.Str(required=True)
    reason = fields.Str(required=True, **said("For whoever mends the kit; in English."))


class Report(Schema):
    good = fields.Bool(required=True, **said("Whether a lesson can be held."))
    at = fields.Str(required=True, allow_none=True, **said("ISO 8601; null: no clock set."))
    kit = fields.Dict(keys=fields.Str(), values=fields.Str(), required=True)
    findings = fields.List(fields.Nested(Finding), required=True)


class LastReport(Schema):
    report = fields.Nested(Report, required=True, allow_none=True)


class Counted(Schema):
    names = fields.Int(required=True, **said("Name servers, port 53."))
    time = fields.Int(required=True, **said("Time servers, port 123."))
    web = fields.Int(required=True, **said("Ports 80 and 443."))
    other = fields.Int(required=True)


class Appliance(Schema):
    wifi = fields.Str(required=True, **said("own, join or off, as mallette.toml wishes; or empty."))
    wifi_on = fields.Bool(required=True)
    wifi_off_at_class_end = fields.Bool(required=True)
    now_s = fields.Float(required=True, **said("The kit's clock, seconds since 1970."))
    clock_set = fields.Bool(required=True, **said("Whether it was set since 2026 began."))
    zone = fields.Str(required=True, **said("Such as Europe/Paris; empty: the machine's own."))
    under_way = fields.List(
        fields.Str(), required=True, **said("Verbs of what a switch-off would end.")
    )
    left = fields.Nested(
        Counted,
        required=True,
        allow_none=True,
        **said("Bytes that left for a public address since the start; null: not counted."),
    )
    refused = fields.Dict(
        keys=fields.Str(),
        values=fields.Int(),
        required=True,
        **said("Packets that the firewall kept from leaving, by kind as in `left`."),
    )
    problem = fields.Nested(
        ErrorBody,
        required=True,
        allow_none=True,
        **said("What became of the last deed, if that went wrong after its answer."),
    )


class SwitchWifi(In):
    on = fields.Bool(required=True)


class WifiAtClassEnd(In):
    off = fields.Bool(required=True)


class SetClock(In):
    wall_s = fields.Int(required=True, strict=True, **said("Whole seconds since 1970."))
    zone = Text(required=True, **said("As browsers name it, such as Europe/Paris."))


class Power(In):
    deed = fields.Str(required=True, validate=validate.OneOf(("off", "restart")))
    confirm = fields.Bool(required=True)


class Health(Schema):
    status = fields.Str(required=True, validate=validate.Equal("ok"))
    version = fields.Str(required=True)
    measuring = fields.Bool(required=True, **said("The lab has the kit: everything else waits."))
    troubles = fields.List(
        fields.Nested(ErrorBody),
        required=True,
        **said("What is wrong with the memory card, for a banner on every page."),
    )
