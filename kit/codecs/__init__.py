"""Outside bytes become arrays here, and nothing else does that.

The rule of the room: look before decoding. Size, kind and dimensions are read from the first
bytes by our own small parsers, and whatever is above a cap is refused while it still costs
nothing. Only then may a decoder see the bytes. Every refusal is a `BadInput` with the pupil's
sentence under its id. Imports `core` only.
"""
