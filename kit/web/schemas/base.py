"""What every shape is made of: text that can be stored, bodies without unknown fields, errors."""

from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields


def said(text: str, **more: Any) -> dict[str, Any]:
    """What the description says of a field, as the field wants it."""
    return {"metadata": {"description": text, **more}}


class Text(fields.Str):
    """A string that can be stored: JSON may smuggle in half a character or a zero byte."""

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> str:
        text = super()._deserialize(value, *args, **kwargs)
        try:
            text.encode()
        except UnicodeEncodeError as error:
            raise ValidationError("not whole characters") from error
        if "\0" in text:
            raise ValidationError("holds a zero character")
        return text


class In(Schema):
    """What comes in: an unknown field is a mistake worth hearing about."""

    class Meta:
        unknown = RAISE


class ErrorBody(Schema):
    id = fields.Str(required=True, **said("Key of the sentence; stable, for programs."))
    message = fields.Str(required=True, **said("The sentence, in the request's language."))
    values = fields.Dict(required=True, **said("What the sentence mentions."))


class Error(Schema):
    error = fields.Nested(ErrorBody, required=True)
