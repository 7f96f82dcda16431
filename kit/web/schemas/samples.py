"""Samples: taking, listing, moving, trimming them."""

from marshmallow import Schema, fields, validate

from kit.core.types import Media
from kit.web.schemas.base import ErrorBody, In, Text, said


class Sample(Schema):
    id = fields.Str(required=True)
    label_id = fields.Str(required=True)
    burst_id = fields.Str(required=True)
    sequence = fields.Int(required=True, **said("Order of arrival."))
    width = fields.Int(required=True)
    height = fields.Int(required=True)
    source = fields.Str(required=True)
    media = fields.Str(required=True, validate=validate.OneOf([str(media) for media in Media]))
    bytes = fields.Int(required=True, **said("Kept of it."))
    sent_bytes = fields.Int(
        required=True, allow_none=True, **said("Of the picture that a gesture was made from.")
    )
    duration_ms = fields.Int(required=True, allow_none=True, **said("Of a clip."))
    trimmed = fields.Bool(required=True, **said("The whole clip can still come back."))
    picture_url = fields.Str(required=True)
    sound_url = fields.Str(required=True, allow_none=True)


class SampleQuery(In):
    label_id = Text(load_default=None)
    before = fields.Int(
        load_default=None,
        validate=validate.Range(0, 2**63 - 1),
        **said("Older than this sequence number."),
    )
    limit = fields.Int(load_default=60, validate=validate.Range(1, 200))


class Samples(Schema):
    samples = fields.List(fields.Nested(Sample), required=True)
    more = fields.Bool(required=True)


class Refused(Schema):
    name = fields.Str(required=True)
    error = fields.Nested(ErrorBody, required=True)


class SaidAdvice(Schema):
    id = fields.Str(required=True)
    message = fields.Str(required=True)


class Added(Schema):
    samples = fields.List(fields.Nested(Sample), required=True)
    refused = fields.List(fields.Nested(Refused), required=True)
    advice = fields.List(
        fields.Nested(SaidAdvice), required=True, **said("For the next ones: too loud, say.")
    )


class SampleIds(In):
    ids = fields.List(Text(), required=True, validate=validate.Length(1, 1000))


class MoveSamples(SampleIds):
    label_id = Text(required=True)


class StartBurst(In):
    label_id = Text(required=True)
    seconds = fields.Float(load_default=None, **said("Of sounds: 0.5 to 20; 2 if not said."))


class Burst(Schema):
    burst_id = fields.Str(required=True)


class EndedBurst(Schema):
    burst_id = fields.Str(required=True, allow_none=True, **said("null: there was none."))
    samples = fields.Int(required=True)
    without_hand = fields.Int(required=True, **said("Frames with no hand: nothing is kept."))


class SoundQuery(In):
    whole = fields.Bool(load_default=False, **said("As it was before it was trimmed."))
    v = Text(load_default=None, **said("Any word: another one is another address."))


class Trim(In):
    start_ms = fields.Int(
        required=True,
        allow_none=True,
        strict=True,
        validate=validate.Range(0, 60_000),
        **said("Where the second begins in the whole clip; null: the whole again."),
    )


class PictureQuery(In):
    thumb = fields.Bool(load_default=False, **said("At most 160 pixels."))
