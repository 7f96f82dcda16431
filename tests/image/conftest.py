"""image-build/ is no package: its plan is loaded from where it lies."""

import importlib.util
import sys

import pytest


@pytest.fixture(scope="session")
def image_build(checkout):
    """The folder."""
    return checkout / "image-build"


@pytest.fixture(scope="session")
def planner(image_build):
    """image-build/plan.py, as a module."""
    spec = importlib.util.spec_from_file_location("kit_image_plan", image_build / "plan.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look their own module up
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(image_build)  # as for a script: its neighbours are found
        spec.loader.exec_module(module)
    return module
