"""The exported gesture head, run by the bare interpreter, answers as the head does."""

import numpy as np
import pytest
from ai_edge_litert.interpreter import Interpreter

from kit.core import gesture
from kit.core.errors import BadInput
from kit.core.heads import KNearestNeighbours, NearestClassMean, SoftmaxRegression
from kit.engine.exported import ExportedModel
from kit.formats.gesture_tflite import export_gesture


def gestures(most, count=60):
    """Three made-up gestures, each a little different every time."""
    random = np.random.default_rng(1)
    shapes = random.normal(size=(3, gesture.NUMBERS * most))
    labels = np.array(["flat", "fist", "point"])[np.arange(count) % 3]
    numbers = shapes[np.arange(count) % 3] + random.normal(size=(count, shapes.shape[1])) * 0.3
    return numbers.astype(np.float32), labels


@pytest.mark.parametrize("most", [1, 2])
@pytest.mark.parametrize("kind", [SoftmaxRegression, NearestClassMean])
def test_it_agrees_with_the_head_on_the_bare_interpreter(kind, most):
    numbers, labels = gestures(most)
    head = kind(transform=gesture.TRANSFORM).fit(numbers[:30], labels[:30])

    content = export_gesture(head, description="flat, fist, point")

    interpreter = Interpreter(model_content=content, num_threads=1)
    interpreter.allocate_tensors()
    (entry,), (answer,) = interpreter.get_input_details(), interpreter.get_output_details()
    assert (entry["name"], entry["dtype"]) == ("points", np.float32)
    assert entry["shape"].tolist() == [1, 42 * most]
    for row, expected in zip(numbers, head.predict_proba(numbers), strict=True):
        interpreter.set_tensor(entry["index"], row[np.newaxis])
        interpreter.invoke()
        scale, zero_point = answer["quantization"]
        shares = (interpreter.get_tensor(answer["index"])[0].astype(float) - zero_point) * scale
        assert shares == pytest.approx(expected, abs=0.004)
    assert len(content) < 10_000


@pytest.mark.parametrize("most", [1, 2])
def test_the_kit_knows_it_again_by_its_input(most):
    numbers, labels = gestures(most)
    head = SoftmaxRegression(transform=gesture.TRANSFORM).fit(numbers, labels)

    model = ExportedModel(export_gesture(head))

    assert (model.hands, model.hearing, model.outputs) == (most, None, 3)
    assert head.classes_[model.probabilities(numbers[0]).argmax()] == "flat"


def test_a_head_that_is_no_layer_is_refused():
    numbers, labels = gestures(1)

    with pytest.raises(BadInput) as refused:
        export_gesture(KNearestNeighbours(transform=gesture.TRANSFORM).fit(numbers, labels))

    assert refused.value.id == "head-not-exportable"
