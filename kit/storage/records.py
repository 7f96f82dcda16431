"""What goes into a `Store` and comes out of it, where `core.types` has no word for it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from kit.core.types import Media, Sample, Stored


@dataclass(frozen=True, slots=True)
class Notice:
    """A word to whoever starts the kit: message id and values, as in `KitError`."""

    id: str
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class NewSample:
    """A sample to keep: its stored bytes (a picture's upright, shrunk, without metadata)."""

    label_id: str
    burst_id: str
    data: bytes
    width: int
    height: int
    source: str
    facets: Mapping[str, str] = field(default_factory=dict)
    media: Media = Media.PICTURE
    sent_bytes: int | None = None

    @classmethod
    def of(
        cls,
        stored: Stored,
        label_id: str,
        burst_id: str,
        source: str,
        facets: Mapping[str, str] | None = None,
    ) -> "NewSample":
        """Something in the form in which it is kept, as a sample."""
        return cls(
            label_id,
            burst_id,
            stored.bytes,
            stored.width,
            stored.height,
            source,
            dict(facets or {}),
            stored.media,
            stored.sent_bytes,
        )


@dataclass(frozen=True, slots=True)
class Removed:
    """What was marked removed in one go. `mark` rises each time; `Store.purge` takes it."""

    mark: int
    samples: tuple[Sample, ...]
    """As they were, those that were still there: somebody else may have removed the others."""


@dataclass(frozen=True, slots=True)
class LabelCount:
    """How much a label has been shown."""

    samples: int
    burst_ids: tuple[str, ...]
    """In order of their first sample."""


@dataclass(frozen=True, slots=True)
class StoredModel:
    """One trained model: what was said of it (JSON) and its numbers."""

    number: int
    record: Mapping[str, Any]
    arrays: Mapping[str, np.ndarray]


@dataclass(frozen=True, slots=True)
class Tally:
    """How much would go if it were erased."""

    groups: int
    projects: int
    samples: int
    models: int
    bytes: int
