"""image-build/ is no package: its parts are loaded from where they lie."""

import importlib.util
import sys

import pytest


@pytest.fixture(scope="session")
def image_build(checkout):
    """The folder."""
    return checkout / "image-build"


@pytest.fixture(scope="session")
def part(image_build):
    """part("plan") is image-build/plan.py, as a module."""

    def loaded(name):
        path = image_build / f"{name}.py"
        spec = importlib.util.spec_from_file_location(f"kit_image_{name}", path)
        module = importlib.util.module_from_spec(spec)
        sys.modules[spec.name] = module  # dataclasses look their own module up
        with pytest.MonkeyPatch.context() as patch:
            patch.syspath_prepend(image_build)  # as for a script: its neighbours are found
            spec.loader.exec_module(module)
        return module

    return loaded


@pytest.fixture(scope="session")
def planner(part):
    """image-build/plan.py, as a module."""
    return part("plan")
