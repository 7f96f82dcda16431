"""A kit of some later year: the same code, and a step of the database's shape that ours lacks."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from kit.storage import migrations, store


@contextmanager
def a_newer_kit(*, steps: int = 1) -> Iterator[None]:
    """Within the block, this process is one with so many steps more."""
    ours = migrations.steps()
    more = [
        (len(ours) + n, f"ALTER TABLE project ADD COLUMN later_{n} TEXT;\n")
        for n in range(1, steps + 1)
    ]
    with pytest.MonkeyPatch.context() as patch:
        for module in (migrations, store):
            patch.setattr(module, "steps", lambda: [*ours, *more])
        yield
