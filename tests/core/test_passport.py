"""The card says what is known, names its source, and is silent on what nobody measured."""

import json
from dataclasses import replace

import pytest
from jsonschema import Draft202012Validator

from kit.core.evaluate import Check, Method, Outcome
from kit.core.measure import stage_statistics
from kit.core.passport import LabelData, Passport, ThresholdSource, TrainingData
from kit.core.types import Label, Sample

DATA = TrainingData.of(
    [Label("l1", "cup", 0, 0), Label("l2", "rien", 1, 1, is_nothing=True)],
    [
        Sample("s1", "l1", "b1", "h1", 1, 640, 480, "kit camera", {"light": "window"}),
        Sample("s2", "l1", "b2", "h2", 2, 640, 480, "kit camera", {"light": "lamp"}),
        Sample("s3", "l2", "b3", "h3", 3, 640, 480, "file"),
    ],
)
CHECK = Check(
    Method.SHOWN_AFTER,
    1,
    {"l1": "cup", "l2": "rien"},
    (
        Outcome("s4", "l1", "b4", "l1", 0.9, {"light": "lamp"}),
        Outcome("s5", "l1", "b4", "l2", 0.5, {"light": "window"}),
    ),
    ("rien",),
)
PASSPORT = Passport(
    project="Tri",
    data=DATA,
    head="softmax-regression",
    model_number=1,
    backbone="efficientnet-lite0",
    backbone_hash="0" * 64,
    input_size=224,
    preparation_version=1,
    runtime_version="ai-edge-litert 2.3.0",
    kit_version="0.1.0",
    threshold=0.6,
    threshold_source=ThresholdSource.HELD_OUT,
    check=CHECK,
    latency={"invoke": stage_statistics([2.0, 2.5, 3.0])},
    board="a test",
    training_ms=31.5,
)
BARE = replace(PASSPORT, check=None, latency=None, board=None, training_ms=None)


@pytest.fixture(scope="module")
def schema(checkout):
    text = (checkout / "docs" / "passport.schema.json").read_text(encoding="utf-8")
    Draft202012Validator.check_schema(json.loads(text))
    return Draft202012Validator(json.loads(text))


@pytest.mark.parametrize("passport", [PASSPORT, BARE])
def test_the_card_has_the_shape_that_the_documentation_gives(schema, passport):
    told = json.loads(json.dumps(passport.to_json(say=lambda id, values: f"{id} {values}")))

    schema.validate(told)


def test_the_schema_can_refuse(schema):
    """A schema that lets an invented energy figure pass would guard nothing."""
    told = PASSPORT.to_json()
    told["energyConsumption"]["inferenceEnergyConsumption"] = [{"energyQuantity": 12}]

    assert not schema.is_valid(told)


def test_energy_nobody_measured_has_no_number():
    assert PASSPORT.to_json()["energyConsumption"] == {
        "source": "none",
        "inferenceEnergyConsumption": [],
        "trainingEnergyConsumption": [],
    }


def test_times_nobody_measured_have_no_number():
    assert BARE.to_json()["latency"] == {"source": "none", "board": None, "stages": {}}


def test_the_data_is_counted_by_label_source_and_facet():
    told = PASSPORT.to_json()["informationAboutTraining"]

    assert told["samples"] == 3
    assert told["perLabel"] == [
        {"label": "cup", "samples": 2, "bursts": 2},
        {"label": "rien", "samples": 1, "bursts": 1},
    ]
    assert told["sources"] == {"file": 1, "kit camera": 2}
    assert told["facets"] == {"light": {"lamp": 1, "window": 1}}


def test_errors_are_told_for_each_facet():
    by_light = PASSPORT.to_json()["metric"]["byFacet"]["light"]

    assert (by_light["lamp"]["value"], by_light["window"]["value"]) == (1.0, 0.0)


def test_the_same_card_is_the_same_bytes_whatever_came_first():
    turned = replace(PASSPORT, data=replace(DATA, sources=dict(reversed(DATA.sources.items()))))

    assert json.dumps(turned.to_json()) == json.dumps(PASSPORT.to_json())


def test_limits_say_what_was_not_checked():
    ids = [limit.id for limit in PASSPORT.limits()]

    assert ids == [
        "limit-only-its-labels",
        "limit-not-about-people",
        "limit-unchecked-labels",
        "limit-shown-once",
        "limit-times-of-one-machine",
    ]
    assert "limit-not-checked" in [limit.id for limit in BARE.limits()]


def test_limits_say_what_kind_of_check_it_was():
    in_turn = replace(CHECK, method=Method.LEFT_OUT_IN_TURN, unchecked_labels=())
    no_nothing = replace(DATA, labels=(LabelData("cup", 2, 2), LabelData("pen", 2, 2)))

    ids = [limit.id for limit in replace(BARE, check=in_turn, data=no_nothing).limits()]

    assert ids[2:] == ["limit-checked-in-turn", "limit-no-nothing"]
