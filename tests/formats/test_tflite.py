"""The exported file, run by the bare interpreter, answers as the kit does live."""

import hashlib
import sys
import time

import numpy as np
import pytest
from ai_edge_litert import schema_py_generated as schema
from ai_edge_litert.interpreter import Interpreter, OpResolverType

from kit.codecs.picture import decode_for_model
from kit.core import image
from kit.core.errors import BadInput, Unavailable
from kit.core.heads import KNearestNeighbours, NearestClassMean, SoftmaxRegression
from kit.engine.runtime import Backbone
from kit.formats.tflite import export_tflite, labels_txt, read_labels_txt

XNNPACK = OpResolverType.AUTO
BUILTIN = OpResolverType.BUILTIN_WITHOUT_DEFAULT_DELEGATES
AGREEMENT = 0.03


class Bare:
    """The exported file under the interpreter, with nothing of the kit around it."""

    def __init__(self, model: bytes, kernels: OpResolverType = XNNPACK) -> None:
        self._interpreter = Interpreter(
            model_content=model, num_threads=1, experimental_op_resolver_type=kernels
        )
        self._interpreter.allocate_tensors()
        (self.entry,) = self._interpreter.get_input_details()
        (self.exit,) = self._interpreter.get_output_details()

    def answer(self, prepared: np.ndarray) -> np.ndarray:
        self._interpreter.set_tensor(self.entry["index"], prepared[np.newaxis])
        self._interpreter.invoke()
        scale, zero_point = self.exit["quantization"]
        raw = self._interpreter.get_tensor(self.exit["index"])[0]
        return (raw.astype(np.float64) - zero_point) * scale


@pytest.fixture(scope="module")
def drawn_pictures(draw):
    """Twenty-four drawings of three labels."""
    return [draw.drawn(i % 3 * 100 + i % 2, side=224 + i) for i in range(24)], np.array(
        ["cup", "key", "pen"] * 8
    )


def embedded(backbone, pictures):
    prepared = [image.prepare(pixels, backbone.input_size) for pixels in pictures]
    return prepared, np.array([backbone.embed(pixels) for pixels in prepared])


@pytest.mark.parametrize("head", [SoftmaxRegression(), NearestClassMean()], ids=lambda h: h.name)
def test_over_four_hundred_photos_it_agrees_with_the_live_answer(
    head, backbone, backbone_bytes, backbone_hash, shared_data, capsys
):
    files = [sorted((shared_data / "hand-signs" / str(sign)).glob("*.jpg")) for sign in range(10)]
    taught = [path for of_sign in files for path in of_sign[:20]]
    asked = [path for of_sign in files for path in of_sign[20:60]]
    pictures = {
        path: image.prepare(decode_for_model(path.read_bytes(), backbone.input_size), 224)
        for path in taught + asked
    }
    embeddings = np.array([backbone.embed(pictures[path]) for path in taught])
    head.fit(embeddings, [path.parent.name for path in taught])
    if isinstance(head, SoftmaxRegression):
        head.calibrate(1.4)  # a temperature must travel

    bare = Bare(export_tflite(backbone_bytes, backbone_hash, head, size=224))

    live = head.predict_proba(np.array([backbone.embed(pictures[path]) for path in asked]))
    exported = np.array([bare.answer(pictures[path]) for path in asked])
    best_two = np.sort(live, axis=1)[:, -2:]
    tied = best_two[:, 1] - best_two[:, 0] <= AGREEMENT
    same = live.argmax(axis=1) == exported.argmax(axis=1)
    worst = np.abs(live - exported).max()
    with capsys.disabled():
        print(
            f"\n{head.name}: {len(asked)} photos, largest difference {worst:.4f}, "
            f"ties {tied.sum()}, other label among ties {np.count_nonzero(tied & ~same)}, "
            f"among the others {np.count_nonzero(~tied & ~same)}"
        )
    assert len(asked) == 400
    assert worst <= AGREEMENT
    assert same[~tied].all()


@pytest.mark.parametrize("size", [224, 160, 128, 96])
@pytest.mark.parametrize("kernels", [XNNPACK, BUILTIN], ids=["xnnpack", "builtin"])
def test_it_runs_at_every_size_delegated_or_not(
    size, kernels, checkout, backbone_bytes, backbone_hash, drawn_pictures
):
    pictures, labels = drawn_pictures
    backbone = Backbone.load(checkout / "models" / "efficientnet-lite0", size)
    prepared, embeddings = embedded(backbone, pictures)
    head = SoftmaxRegression().fit(embeddings, labels)
    # Humble answers: near certainty, a forgotten step would hide behind rounding.
    head.calibrate(float(np.ptp(head.decision_function(embeddings), axis=1).mean()) / 2)

    bare = Bare(export_tflite(backbone_bytes, backbone_hash, head, size=size), kernels)

    assert bare.entry["shape"].tolist() == [1, size, size, 3]
    assert bare.entry["dtype"] == np.uint8
    assert bare.exit["shape"].tolist() == [1, 3]
    assert bare.exit["dtype"] == np.uint8
    assert bare.exit["quantization"] == (1 / 256, 0)
    few = slice(0, 6)
    answers = np.array([bare.answer(pixels) for pixels in prepared[few]])
    live = head.predict_proba(embeddings[few])
    assert live.max() < 0.9
    # The live answer is XNNPACK's. The builtin kernels round differently inside the backbone.
    np.testing.assert_allclose(answers, live, atol=0.01 if kernels is XNNPACK else 0.08)
    assert (head.classes_[answers.argmax(axis=1)] == labels[few]).all()


def test_it_is_one_small_file_and_quickly_made(
    backbone, backbone_bytes, backbone_hash, drawn_pictures
):
    head = NearestClassMean().fit(embedded(backbone, drawn_pictures[0])[1], drawn_pictures[1])
    export_tflite(backbone_bytes, backbone_hash, head, size=224)  # imports the schema

    began = time.perf_counter()
    model = export_tflite(
        backbone_bytes, backbone_hash, head, size=224, description="cup, key or pen"
    )
    took = time.perf_counter() - began

    assert took < 0.3
    assert len(model) < len(backbone_bytes) + 40_000
    opened = schema.ModelT.InitFromObj(schema.Model.GetRootAs(model, 0))
    assert opened.description == b"cup, key or pen"
    assert model[4:8] == b"TFL3"


def test_nothing_that_is_not_used_stays_in_the_file(
    backbone, backbone_bytes, backbone_hash, drawn_pictures
):
    head = NearestClassMean().fit(embedded(backbone, drawn_pictures[0])[1], drawn_pictures[1])

    model = export_tflite(backbone_bytes, backbone_hash, head, size=224)

    opened = schema.ModelT.InitFromObj(schema.Model.GetRootAs(model, 0))
    (graph,) = opened.subgraphs
    read = {int(i) for operator in graph.operators for i in operator.inputs}
    made = {int(i) for operator in graph.operators for i in operator.outputs}
    assert read | made == set(range(len(graph.tensors)))
    assert made - read == {int(i) for i in graph.outputs}
    assert {t.buffer for t in graph.tensors} | {0} == set(range(len(opened.buffers)))
    (signature,) = opened.signatureDefs
    assert [e.name for e in signature.inputs + signature.outputs] == [b"pixels", b"probabilities"]


def test_the_same_head_gives_the_same_bytes(
    backbone, backbone_bytes, backbone_hash, drawn_pictures
):
    head = NearestClassMean().fit(embedded(backbone, drawn_pictures[0])[1], drawn_pictures[1])

    first, second = (export_tflite(backbone_bytes, backbone_hash, head, size=224) for _ in "ab")

    assert first == second


def test_a_head_that_is_no_layer_says_so(backbone, backbone_bytes, backbone_hash, drawn_pictures):
    head = KNearestNeighbours().fit(embedded(backbone, drawn_pictures[0])[1], drawn_pictures[1])

    with pytest.raises(BadInput) as refused:
        export_tflite(backbone_bytes, backbone_hash, head, size=224)

    assert refused.value.id == "head-not-exportable"
    assert refused.value.values == {"head": "k-nearest-neighbours"}


@pytest.fixture
def two_labels():
    """A head that needs no picture to be made: two labels in 1280 dimensions."""
    return NearestClassMean().fit(np.eye(2, 1280), ["a", "b"])


def test_where_only_the_forerunner_runs_exporting_is_refused_in_words(
    two_labels, backbone_bytes, backbone_hash, monkeypatch
):
    monkeypatch.setitem(sys.modules, "ai_edge_litert", None)  # as if it were not installed

    with pytest.raises(Unavailable) as refused:
        export_tflite(backbone_bytes, backbone_hash, two_labels, size=224)

    assert refused.value.id == "export-needs-litert"


def test_other_bytes_than_those_of_the_hash_are_refused(two_labels, backbone_bytes, backbone_hash):
    altered = backbone_bytes[:-1] + bytes([backbone_bytes[-1] ^ 1])

    with pytest.raises(Unavailable) as refused:
        export_tflite(altered, backbone_hash, two_labels, size=224)

    assert refused.value.id == "model-altered"


def test_a_head_of_another_backbone_is_refused(backbone_bytes, backbone_hash):
    smaller = NearestClassMean().fit(np.eye(2, 96), ["a", "b"])

    with pytest.raises(Unavailable) as refused:
        export_tflite(backbone_bytes, backbone_hash, smaller, size=224)

    assert refused.value.id == "model-altered"


def test_a_broken_file_is_refused_and_breaks_nothing(two_labels, backbone_bytes):
    """Whole or not, hashed or not: no bytes reach an interpreter here, and every end has a name."""
    chance, refusals = np.random.default_rng(11), 0
    for round_ in range(40):
        broken = bytearray(backbone_bytes)
        if round_ % 4 == 0:
            broken = broken[: int(chance.integers(0, len(broken)))]
        else:
            # The tables lie at the front and at the back; the weights between can be anything.
            places = np.concatenate(
                [chance.integers(0, 400, 20), len(broken) - 1 - chance.integers(0, 60_000, 200)]
            )
            for place in places:
                broken[place] = chance.integers(0, 256)
        data = bytes(broken)
        try:
            export_tflite(data, hashlib.sha256(data).hexdigest(), two_labels, size=96)
        except Unavailable as refused:
            assert refused.id == "model-altered"
            refusals += 1
    assert refusals >= 10  # at least those that were cut off


def test_labels_are_written_as_others_read_them():
    labels = ["cup", "été \n à la mer", "2"]

    text = labels_txt(labels)

    assert text == "0 cup\n1 été à la mer\n2 2\n"
    assert read_labels_txt(text) == ["cup", "été à la mer", "2"]
    assert read_labels_txt("cup\npen\n") == ["cup", "pen"]
