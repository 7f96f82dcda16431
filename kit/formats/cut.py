"""The frozen backbone cut short: fewer blocks, fewer milliseconds, and perhaps as right.

    verified model.tflite -> the same file up to some block -> one output, that block's map

Made at run time from the one shipped file, so nothing else is shipped, and nothing else can have
been altered. Whoever runs it takes the mean over the map's positions for the embedding.

What is taken after block b is the widened map with which block b + 1 begins (its first 1 x 1
convolution, before the depthwise one): a block hands over few numbers, and many are what a linear
head needs. On hand signs it made some 20 points (docs/decisions/0017).

Source: M. Sandler et al., *MobileNetV2*, CVPR 2018, 6.2: SSDLite is attached to that same layer.
"""

import hashlib
import struct
from collections.abc import Mapping

from kit.formats._graph import Graph
from kit.formats.tflite import _altered, _flatbuffer_tools, pack

BLOCKS = 16
"""Of EfficientNet-Lite0; each has one depthwise convolution."""
CUTS: Mapping[str, int] = {"block-11": 11, "block-9": 9}
"""Name, as it stands in an embedding's key -> blocks that are left.

After 9 of 16 blocks half of the multiplications are done, after 11 two thirds. Which two, was
chosen on 400 hand signs that docs/dial.md does not count.
"""


def cut_backbone(backbone: bytes, backbone_hash: str, cut: str) -> bytes:
    """The backbone up to one of `CUTS`.

    Args:
        backbone: the shipped `model.tflite`, whole.
        backbone_hash: its sha256 in hex. Other bytes are not even parsed.
        cut: a key of `CUTS`.

    Returns:
        A flatbuffer with the backbone's input, and one int8 output (1, h, w, d): at 224 px
        14 x 14 x 672 for either.

    Raises:
        KeyError: no such cut.
        Unavailable: `export-needs-litert`; or `model-altered`, not the bytes of that hash or not a
            backbone with so many blocks.
    """
    blocks = CUTS[cut]
    if hashlib.sha256(backbone).hexdigest() != backbone_hash:
        raise _altered("the backbone's bytes are not those of its hash")
    schema, _ = _flatbuffer_tools()
    try:
        model = schema.ModelT.InitFromObj(schema.Model.GetRootAs(backbone, 0))
        graph = Graph(schema, model)
        graph.inline_buffers(backbone)
        begins = graph.entering("DEPTHWISE_CONV_2D")
        if len(begins) != BLOCKS:
            raise ValueError(f"{len(begins)} blocks, not {BLOCKS}")
        (pixels,) = graph.inputs
        graph.set_ends(pixels, begins[blocks])
    except (LookupError, TypeError, ValueError, AttributeError, struct.error) as error:
        raise _altered(f"not a backbone of this kit: {error!r}") from error
    graph.drop_unused()
    graph.describe(f"after {blocks} of {BLOCKS} blocks")
    return pack(model)
