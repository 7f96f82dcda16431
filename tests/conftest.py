"""What every room's tests may ask for by name. A room's own fixtures lie beside its tests."""

from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def checkout() -> Path:
    """The root of the tree under test."""
    return CHECKOUT


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Real photos and sounds, kept beside the checkout because they are not ours to ship."""
    folder = CHECKOUT.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("no ../shared/data beside the checkout (real photos, not shipped)")
    return folder
