"""The backbone cut short runs as the whole one does up to there."""

import hashlib

import numpy as np
import pytest
from ai_edge_litert.interpreter import Interpreter

from kit.core.errors import Unavailable
from kit.engine.runtime import SIZES, CutBackbone
from kit.formats.cut import CUTS, cut_backbone

EXPANSIONS = {"block-11": "t139", "block-9": "t131"}
"""Where a reader of the graph finds block 12's and block 10's first convolution."""


def cut(backbone_bytes, name, size=224):
    whole_hash = hashlib.sha256(backbone_bytes).hexdigest()
    content = cut_backbone(backbone_bytes, whole_hash, name)
    return CutBackbone(content, "efficientnet-lite0", size, whole_hash=whole_hash, cut=name)


@pytest.mark.filterwarnings("ignore:.*experimental_preserve_all_tensors")
@pytest.mark.parametrize("name", CUTS)
def test_a_cut_says_what_the_whole_network_thinks_at_that_place(backbone_bytes, name):
    coarse = np.random.default_rng(3).integers(0, 256, (8, 8, 3), dtype=np.uint8)
    pixels = np.kron(coarse, np.ones((20, 20, 1), np.uint8))
    watched = Interpreter(model_content=backbone_bytes, experimental_preserve_all_tensors=True)
    entry = watched.get_input_details()[0]["index"]
    watched.resize_tensor_input(entry, [1, 160, 160, 3])
    watched.allocate_tensors()
    watched.set_tensor(entry, (pixels ^ 0x80).view(np.int8)[np.newaxis])
    watched.invoke()
    there = next(d for d in watched.get_tensor_details() if d["name"] == EXPANSIONS[name])
    scale, zero_point = there["quantization"]
    expected = (watched.get_tensor(there["index"])[0].astype(float) - zero_point) * scale

    backbone = cut(backbone_bytes, name, 160)
    embedding = backbone.embed(pixels)

    # The delegate may round a step otherwise than the plain operators that keep all tensors.
    np.testing.assert_allclose(embedding, expected.mean(axis=(0, 1)), atol=2 * scale)
    assert np.corrcoef(embedding, expected.mean(axis=(0, 1)))[0, 1] > 0.999
    np.testing.assert_allclose(backbone.feature_map().mean(axis=(0, 1)), embedding, atol=1e-5)


@pytest.mark.parametrize("size", SIZES)
def test_a_cut_runs_at_every_size_and_says_which_numbers_these_are(backbone_bytes, size):
    backbone = cut(backbone_bytes, "block-9", size)

    embedding = backbone.embed(np.full((size, size, 3), 90, np.uint8))

    assert embedding.shape == (backbone.dimensions,) == (672,)
    assert embedding.dtype == np.float32
    assert (backbone.cut, backbone.hash) == ("block-9", hashlib.sha256(backbone_bytes).hexdigest())


def test_other_bytes_are_not_even_parsed(backbone_bytes, backbone_hash):
    with pytest.raises(Unavailable) as refused:
        cut_backbone(backbone_bytes[:-1] + b"\0", backbone_hash, "block-9")

    assert refused.value.id == "model-altered"


def test_a_graph_with_other_blocks_is_refused(backbone_bytes, backbone_hash):
    short = cut_backbone(backbone_bytes, backbone_hash, "block-11")

    with pytest.raises(Unavailable) as refused:
        cut_backbone(short, hashlib.sha256(short).hexdigest(), "block-9")

    assert refused.value.id == "model-altered"
