"""One small `.tflite` that tells gestures apart: numbers in, probabilities out, no network inside.

    float32 (1, 42 or 84), as `core.gesture.vector` gives them -> head -> uint8 probabilities

Whoever runs it brings the points of the hands; the passport says how they are counted and divided.
`tflite.py` does the same for pictures.
"""

import numpy as np

from kit.core.errors import BadInput
from kit.core.heads import Head
from kit.formats._graph import Graph
from kit.formats.tflite import _flatbuffer_tools, append_head, pack

INPUT_NAME = "points"


def export_gesture(head: Head, *, description: str = "") -> bytes:
    """A head taught with gestures as one file that any TFLite runtime runs.

    Args:
        head: fitted on `core.gesture.vector`; the probabilities come in the order of `classes_`.
        description: one line kept in the file, such as what it tells apart.

    Returns:
        A flatbuffer with input "points" (1, 42 or 84) float32 and output "probabilities" (1, k)
        uint8, scale 1/256, zero point 0. A few kilobytes.

    Raises:
        BadInput: "head-not-exportable".
        Unavailable: "export-needs-litert".
    """
    if not head.exportable:
        raise BadInput(
            "head-not-exportable", f"a {head.name} head has no layer to export", head=head.name
        )
    weights, biases = (np.asarray(part, np.float32) for part in head.linear())
    schema, _ = _flatbuffer_tools()
    model = schema.ModelT()
    model.version, model.operatorCodes, model.buffers = 3, [], [schema.BufferT()]
    whole = schema.SubGraphT()
    whole.tensors, whole.operators, whole.inputs, whole.outputs = [], [], [], []
    model.subgraphs = [whole]
    graph = Graph(schema, model)
    points = graph.add_tensor(INPUT_NAME, (1, weights.shape[1]), schema.TensorType.FLOAT32)
    probabilities = append_head(graph, schema, points, head.transform, weights, biases)
    graph.set_ends(points, probabilities)
    graph.drop_unused()
    graph.describe(description)
    return pack(model)
