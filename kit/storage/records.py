"""What goes into a `Store` and comes out of it, where `core.types` has no word for it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from kit.core.types import Sample


@dataclass(frozen=True, slots=True)
class Notice:
    """A word to whoever starts the kit: message id and values, as in `KitError`."""

    id: str
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class NewSample:
    """A picture to keep: its stored bytes (already upright, shrunk, without metadata)."""

    label_id: str
    burst_id: str
    picture_bytes: bytes
    width: int
    height: int
    source: str
    facets: Mapping[str, str] = field(default_factory=dict)


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
