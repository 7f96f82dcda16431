"""Lessons, as cards and in full."""

from marshmallow import Schema, fields

from kit.web.schemas.base import said


class Step(Schema):
    title = fields.Str(required=True)
    do = fields.Str(required=True)
    watch = fields.Str(required=True)
    question = fields.Str(required=True)


class ActivityCard(Schema):
    name = fields.Str(required=True)
    title = fields.Str(required=True, allow_none=True)
    promise = fields.Str(required=True, allow_none=True)
    minutes = fields.Int(required=True, allow_none=True, **said("For the whole class together."))
    refused = fields.Str(required=True, allow_none=True, **said("Why it cannot be used, if so."))


class Activities(Schema):
    activities = fields.List(fields.Nested(ActivityCard), required=True)


class BasketPicture(Schema):
    url = fields.Str(required=True)


class BasketShowing(Schema):
    object = fields.Str(required=True, **said("The same for every showing of one object."))
    burst = fields.Str(required=True, **said("Unlike that of any other showing of the label."))
    label = fields.Str(required=True, **said("What it is, in the request's language."))
    pictures = fields.List(fields.Nested(BasketPicture), required=True)


class Activity(ActivityCard):
    kind = fields.Str(required=True)
    level = fields.Int(required=True)
    minutes_alone = fields.Int(required=True)
    ages = fields.List(fields.Int(), required=True)
    material = fields.List(fields.Str(), required=True)
    steps = fields.List(fields.Nested(Step), required=True)
    basket = fields.List(
        fields.Nested(BasketShowing),
        required=True,
        **said("Example objects that the ready example does not hold; for a kit with no camera."),
    )
