"""What a file of sentences is made of: the mark that gathers them, the dict that holds them."""

from collections.abc import Mapping


def N_(text: str) -> str:
    """Mark a sentence for extraction and leave it as it is."""
    return text


class Section(dict[str, str]):
    """The sentences of one subject by id; none is said in two ways.

    >>> said = Section()
    >>> said["disk-full"] = "The kit's memory is full."
    >>> said["disk-full"] = "There is no room left."
    Traceback (most recent call last):
    ...
    ValueError: two sentences have the id 'disk-full'
    """

    def __setitem__(self, id: str, text: str) -> None:
        if id in self:
            raise ValueError(f"two sentences have the id {id!r}")
        super().__setitem__(id, text)


def merged(*sections: Mapping[str, str]) -> dict[str, str]:
    """All of them in one.

    Raises:
        ValueError: an id stands in two of them.

    >>> merged({"disk-full": "Full."}, {"no-hand": "No hand."})
    {'disk-full': 'Full.', 'no-hand': 'No hand.'}
    """
    whole = Section()
    for section in sections:
        for id, text in section.items():
            whole[id] = text
    return dict(whole)
