"""One standalone `.tflite` out of a frozen backbone and a trained head, with no TensorFlow.

    uint8 pixels -> QUANTIZE -> [backbone, int8] -> DEQUANTIZE -> the head's own steps
                 -> FULLY_CONNECTED -> SOFTMAX -> QUANTIZE -> uint8 probabilities

The backbone's flatbuffer is opened as plain objects, its feature-map output is dropped, the head
is appended, and it is packed again. The head keeps float32: it is a thousandth of the work, and
int8 weights would cost it the agreement with the live answer.

The schema comes with `ai-edge-litert`. Where only `tflite-runtime` is installed there is none,
and exporting is refused in words (`export-needs-litert`); everything else works there.
"""

import hashlib
import struct
from collections.abc import Sequence
from types import ModuleType
from typing import Any

import numpy as np

from kit.core.errors import BadInput, Unavailable
from kit.core.heads import TRANSFORMS, Head
from kit.formats._graph import Graph

INPUT_QUANTISATION = (1.0 / 128.0, 127)
"""uint8 pixels as (pixel - 127) / 128: what the shipped backbones were trained on."""
OUTPUT_QUANTISATION = (1.0 / 256.0, 0)
"""What TFLite's own quantised SOFTMAX gives, so what other tools expect of probabilities."""

_FILE_IDENTIFIER = b"TFL3"


def export_tflite(
    backbone: bytes,
    backbone_hash: str,
    head: Head,
    *,
    size: int,
    description: str = "",
) -> bytes:
    """Backbone and head as one file that any TFLite runtime runs.

    Args:
        backbone: the shipped `model.tflite`, whole.
        backbone_hash: its sha256 in hex. Other bytes are not even parsed.
        head: fitted; the probabilities come in the order of its `classes_`.
        size: side of the model's input, pixels: the one the head was trained at.
        description: one line kept in the file, such as what it tells apart.

    Returns:
        A flatbuffer with input "pixels" (1, size, size, 3) uint8 RGB, an upright centre square,
        and output "probabilities" (1, k) uint8, scale 1/256, zero point 0.

    Raises:
        BadInput: `head-not-exportable`, its answer is not linear in the embedding.
        Unavailable: `export-needs-litert`; or `model-altered`, not the bytes of that hash or not
            a backbone of this kit.
    """
    if not head.exportable:
        raise BadInput(
            "head-not-exportable", f"a {head.name} head has no layer to export", head=head.name
        )
    if hashlib.sha256(backbone).hexdigest() != backbone_hash:
        raise _altered("the backbone's bytes are not those of its hash")
    schema, _ = _flatbuffer_tools()
    weights, biases = (np.asarray(part, np.float32) for part in head.linear())
    try:
        model = schema.ModelT.InitFromObj(schema.Model.GetRootAs(backbone, 0))
        graph = Graph(schema, model)
        graph.inline_buffers(backbone)
        graph.resize_input(size)
        pixels = _take_uint8_pixels(graph, schema)
        embedding = _embedding_of(graph, schema, dimensions=weights.shape[1])
    except (LookupError, TypeError, ValueError, AttributeError, struct.error) as error:
        raise _altered(f"not a backbone of this kit: {error!r}") from error
    # Version 2 is the first DEQUANTIZE that reads int8.
    row = graph.add_tensor("embedding_float", (1, weights.shape[1]), schema.TensorType.FLOAT32)
    features = graph.add_operator("DEQUANTIZE", [embedding], row, version=2)
    probabilities = append_head(graph, schema, features, head.transform, weights, biases)
    graph.set_ends(pixels, probabilities)
    graph.drop_unused()
    graph.describe(description)
    return pack(model)


def pack(model: Any) -> bytes:
    """A model's object form as a flatbuffer."""
    _, flatbuffers = _flatbuffer_tools()
    builder = flatbuffers.Builder(1 << 16)
    builder.Finish(model.Pack(builder), _FILE_IDENTIFIER)
    return bytes(builder.Output())


def labels_txt(labels: Sequence[str]) -> str:
    """`labels.txt` as Teachable Machine writes it: `0 cup` a line, in the order of the output.

    >>> labels_txt(["cup", "spoon"])
    '0 cup\\n1 spoon\\n'
    """
    return "".join(f"{index} {' '.join(label.split())}\n" for index, label in enumerate(labels))


def read_labels_txt(text: str) -> list[str]:
    """The labels of a `labels.txt`, with or without numbers before them.

    >>> read_labels_txt("0 cup\\n1 tea spoon\\n"), read_labels_txt("cup\\nspoon")
    (['cup', 'tea spoon'], ['cup', 'spoon'])
    """
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    numbered = all(line.split(maxsplit=1)[0] == str(i) for i, line in enumerate(lines))
    return [line.split(maxsplit=1)[-1] if numbered else line for line in lines]


def _altered(reason: str) -> Unavailable:
    return Unavailable("model-altered", reason, file="model.tflite")


def _flatbuffer_tools() -> tuple[ModuleType, ModuleType]:
    """The schema and the packer; imported here, because 20,000 lines of schema take a while."""
    try:
        import flatbuffers
        from ai_edge_litert import schema_py_generated
    except ImportError as error:
        raise Unavailable("export-needs-litert", f"{error}; install ai-edge-litert") from error
    return schema_py_generated, flatbuffers


def _take_uint8_pixels(graph: Graph, schema: ModuleType) -> int:
    """Puts a uint8 input before the int8 one: a shift by 128, no pixel is rounded."""
    (inner,) = graph.inputs
    scale, zero_point = INPUT_QUANTISATION
    if graph.kind(inner) != schema.TensorType.INT8:
        raise ValueError("the input is not int8")
    if graph.quantisation(inner) != (scale, zero_point - 128):
        raise ValueError(f"the input is quantised as {graph.quantisation(inner)}")
    pixels = graph.add_tensor(
        "pixels", graph.shape(inner), schema.TensorType.UINT8, quantisation=INPUT_QUANTISATION
    )
    graph.add_operator("QUANTIZE", [pixels], inner, first=True)
    return pixels


def _embedding_of(graph: Graph, schema: ModuleType, *, dimensions: int) -> int:
    """The output that the head was trained on: the only one that is a row of numbers."""
    (embedding,) = (i for i in graph.outputs if graph.shape(i) == (1, dimensions))
    if graph.kind(embedding) != schema.TensorType.INT8:
        raise ValueError("the embedding is not int8")
    return embedding


def append_head(
    graph: Graph,
    schema: ModuleType,
    features: int,
    transform: str,
    weights: np.ndarray,
    biases: np.ndarray,
) -> int:
    """The head's steps after the embedding as floats, for `sound_tflite.py` too.

    Args:
        features: the tensor of the embedding, (1, d) float32.
        transform: a key of `TRANSFORMS`.
        weights, biases: (k, d) and (k,) float32.

    Returns:
        The tensor of the probabilities, uint8.
    """
    kinds = schema.TensorType
    classes, dimensions = weights.shape

    def row(name: str, width: int) -> int:
        return graph.add_tensor(name, (1, width), kinds.FLOAT32)

    for step in TRANSFORMS[transform]:
        features = graph.add_operator(step, [features], row(step.lower(), dimensions))
    layer = [
        graph.add_tensor("head_weights", weights.shape, kinds.FLOAT32, data=weights),
        graph.add_tensor("head_biases", biases.shape, kinds.FLOAT32, data=biases),
    ]
    logits = graph.add_operator("FULLY_CONNECTED", [features, *layer], row("logits", classes))
    shares = graph.add_operator("SOFTMAX", [logits], row("softmax", classes), beta=1.0)
    probabilities = graph.add_tensor(
        "probabilities", (1, classes), kinds.UINT8, quantisation=OUTPUT_QUANTISATION
    )
    return graph.add_operator("QUANTIZE", [shares], probabilities)
