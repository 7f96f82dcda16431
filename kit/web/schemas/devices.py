"""The kit's camera and its microphone."""

from marshmallow import Schema, fields, validate

from kit.core.types import DeviceState
from kit.web.schemas.base import In, Text, said


class CameraSettings(Schema):
    name = fields.Str(required=True)
    width = fields.Int(required=True)
    height = fields.Int(required=True)
    mirror = fields.Bool(required=True)
    rotate = fields.Int(required=True, validate=validate.OneOf([0, 90, 180, 270]))
    lock = fields.Bool(required=True, **said("Hold exposure and white balance still."))


class SetCamera(In):
    name = Text()
    width = fields.Int(strict=True, validate=validate.Range(160, 1920))
    height = fields.Int(strict=True, validate=validate.Range(120, 1080))
    mirror = fields.Bool()
    rotate = fields.Int(strict=True, validate=validate.OneOf([0, 90, 180, 270]))
    lock = fields.Bool()


class Camera(Schema):
    state = fields.Str(required=True, validate=validate.OneOf([str(s) for s in DeviceState]))
    name = fields.Str(required=True)
    available = fields.List(fields.Str(), required=True)
    cannot = fields.List(fields.Str(), required=True, **said("Settings this camera has not."))
    settings = fields.Nested(CameraSettings, required=True)
    message_id = fields.Str(required=True, allow_none=True)
    message = fields.Str(required=True, allow_none=True, **said("What to do, if anything."))
    frames_per_s = fields.Float(required=True)


class MicrophoneSettings(Schema):
    name = fields.Str(required=True)


class SetMicrophone(In):
    name = Text(required=True, validate=validate.Length(max=300))


class TakenBy(Schema):
    animal = fields.Str(
        required=True, allow_none=True, **said("The group's; null: whoever sits at the kit.")
    )


class Microphone(Schema):
    state = fields.Str(required=True, validate=validate.OneOf([str(s) for s in DeviceState]))
    name = fields.Str(required=True)
    available = fields.List(fields.Str(), required=True)
    cannot = fields.List(
        fields.Str(), required=True, **said("`keep-up`: sound was lost in the last ten seconds.")
    )
    settings = fields.Nested(MicrophoneSettings, required=True)
    message_id = fields.Str(required=True, allow_none=True)
    message = fields.Str(required=True, allow_none=True, **said("What to do, if anything."))
    rate_hz = fields.Int(required=True, **said("The device's own; 0 while none is live."))
    taken_by = fields.Nested(
        TakenBy, required=True, allow_none=True, **said("The turn lamp: who records just now.")
    )
