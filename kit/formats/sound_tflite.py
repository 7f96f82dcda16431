"""One standalone `.tflite` that tells sounds apart, with no TensorFlow; `tflite.py` for pictures.

    words   float log-mel -> QUANTIZE -> [speech network, int8] -> DEQUANTIZE -> head -> uint8
    sounds  float log-mel -> mean, maximum, spread in time                  -> head -> uint8

The input is what `core.sound.prepare` gives, as floats: the passport says how it is made. Waveforms
stay outside, because a Fourier transform is no operator that every TFLite runtime has.
"""

import hashlib
import struct
from types import ModuleType

import numpy as np

from kit.core import sound
from kit.core.errors import BadInput
from kit.core.heads import Head
from kit.formats._graph import Graph
from kit.formats.tflite import _altered, _flatbuffer_tools, append_head, pack

INPUT_NAME = "log_mel"


def export_words(
    backbone: bytes, backbone_hash: str, head: Head, *, description: str = ""
) -> bytes:
    """The speech network and a head as one file that any TFLite runtime runs.

    Args:
        backbone: the shipped `model.tflite`, whole.
        backbone_hash: its sha256 in hex. Other bytes are not even parsed.
        head: fitted; the probabilities come in the order of its `classes_`.
        description: one line kept in the file.

    Returns:
        A flatbuffer with input "log_mel" (1, 100, 32, 1) float32 and output "probabilities" (1, k)
        uint8, scale 1/256, zero point 0.

    Raises:
        As `tflite.export_tflite`.
    """
    weights = _weights(head)
    if hashlib.sha256(backbone).hexdigest() != backbone_hash:
        raise _altered("the backbone's bytes are not those of its hash")
    schema, _ = _flatbuffer_tools()
    try:
        model = schema.ModelT.InitFromObj(schema.Model.GetRootAs(backbone, 0))
        graph = Graph(schema, model)
        (inner,) = graph.inputs
        (embedding,) = graph.outputs
        if graph.kind(inner) != schema.TensorType.INT8 or graph.kind(embedding) != graph.kind(
            inner
        ):
            raise ValueError("its ends are not int8")
        if graph.shape(embedding) != (1, weights[0].shape[1]):
            raise ValueError(f"its embedding is {graph.shape(embedding)}")
        entry = graph.add_tensor(INPUT_NAME, graph.shape(inner), schema.TensorType.FLOAT32)
        graph.add_operator("QUANTIZE", [entry], inner, first=True)
    except (LookupError, TypeError, ValueError, AttributeError, struct.error) as error:
        raise _altered(f"not the speech network of this kit: {error!r}") from error
    # Version 2 is the first DEQUANTIZE that reads int8.
    features = graph.add_operator(
        "DEQUANTIZE", [embedding], _row(graph, schema, "embedding_float", weights), version=2
    )
    return _finished(graph, model, head, weights, entry, features, description)


def export_pooled(head: Head, *, description: str = "") -> bytes:
    """Pooling and a head as one file: `core.sound.pool` in TFLite's own operators.

    Args:
        head: fitted on pooled log-mel.
        description: one line kept in the file.

    Returns:
        As `export_words`, with input "log_mel" (1, 100, 42, 1) float32.

    Raises:
        BadInput: `head-not-exportable`.
        Unavailable: `export-needs-litert`.
    """
    weights = _weights(head)
    schema, _ = _flatbuffer_tools()
    model = schema.ModelT()
    model.version, model.operatorCodes, model.buffers = 3, [], [schema.BufferT()]
    whole = schema.SubGraphT()
    whole.tensors, whole.operators, whole.inputs, whole.outputs = [], [], [], []
    model.subgraphs = [whole]
    graph = Graph(schema, model)
    kinds = schema.TensorType
    bands = weights[0].shape[1] // 3

    def tensor(name: str, *shape: int) -> int:
        return graph.add_tensor(name, shape, kinds.FLOAT32)

    entry = tensor(INPUT_NAME, 1, sound.FRAMES, bands, 1)
    time = graph.add_tensor("time", (1,), kinds.INT32, data=np.array([1], np.int32))
    mean = graph.add_operator("MEAN", [entry, time], tensor("mean", 1, 1, bands, 1), keepDims=True)
    highest = graph.add_operator(
        "REDUCE_MAX", [entry, time], tensor("maximum", 1, 1, bands, 1), keepDims=True
    )
    squares = graph.add_operator(
        "SQUARED_DIFFERENCE", [entry, mean], tensor("squares", 1, sound.FRAMES, bands, 1)
    )
    variance = graph.add_operator(
        "MEAN", [squares, time], tensor("variance", 1, 1, bands, 1), keepDims=True
    )
    spread = graph.add_operator("SQRT", [variance], tensor("spread", 1, 1, bands, 1))
    joined = graph.add_operator(
        "CONCATENATION", [mean, highest, spread], tensor("joined", 1, 1, 3 * bands, 1), axis=2
    )
    shape = graph.add_tensor("shape", (2,), kinds.INT32, data=np.array([1, 3 * bands], np.int32))
    features = graph.add_operator(
        "RESHAPE", [joined, shape], _row(graph, schema, "pooled", weights)
    )
    return _finished(graph, model, head, weights, entry, features, description)


def _weights(head: Head) -> tuple[np.ndarray, np.ndarray]:
    if not head.exportable:
        raise BadInput(
            "head-not-exportable", f"a {head.name} head has no layer to export", head=head.name
        )
    weights, biases = (np.asarray(part, np.float32) for part in head.linear())
    return weights, biases


def _row(graph: Graph, schema: ModuleType, name: str, weights: tuple[np.ndarray, ...]) -> int:
    return graph.add_tensor(name, (1, weights[0].shape[1]), schema.TensorType.FLOAT32)


def _finished(
    graph: Graph,
    model: object,
    head: Head,
    weights: tuple[np.ndarray, np.ndarray],
    entry: int,
    features: int,
    description: str,
) -> bytes:
    schema, _ = _flatbuffer_tools()
    probabilities = append_head(graph, schema, features, head.transform, *weights)
    graph.set_ends(entry, probabilities)
    graph.drop_unused()
    graph.describe(description)
    return pack(model)
