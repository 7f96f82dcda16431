"""Where the kit finds its parts in a checkout; tests/test_packaging.py asks the same of a wheel."""

import pytest

from kit import resources
from kit.core.errors import NotFound, Unavailable


def test_a_checkout_finds_its_models_and_activities_beside_the_package(checkout):
    assert resources.models_dir() == checkout / "models"
    assert resources.activities_dir() == checkout / "activities"
    assert resources.locale_dir() == checkout / "kit" / "locale"


def test_every_shipped_model_has_its_file(checkout):
    assert resources.model_names()
    for name in resources.model_names():
        assert resources.model_path(name).is_file()


def test_every_shipped_activity_has_its_examples():
    assert resources.activity_names()
    for name in resources.activity_names():
        assert list(resources.examples_dir(name).glob("*/*.jpg"))


@pytest.mark.parametrize("name", ["", ".", "..", "../kit", "no-such-model", "/etc"])
def test_a_name_that_is_not_there_is_refused_and_leads_nowhere(name):
    with pytest.raises(Unavailable) as model:
        resources.model_path(name)
    with pytest.raises(NotFound) as activity:
        resources.activity_dir(name)

    assert (model.value.id, model.value.values) == ("model-missing", {"file": name})
    assert (activity.value.id, activity.value.values) == ("activity-missing", {"name": name})
