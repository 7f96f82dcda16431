"""Editing a TFLite graph as plain objects: cut outputs, append operators, drop what is unused.

Private to `formats/tflite.py`. Works on the object form (`ModelT`) that the schema module of
`ai-edge-litert` gives; holds no bytes and runs nothing.
"""

from collections.abc import Iterable
from typing import Any

import numpy as np

_PADDING_SAME = 0
_LARGEST_OLD_CODE = 127  # older readers only know `deprecatedBuiltinCode`, an int8

Quantisation = tuple[float, int]
"""(scale, zero point): real = scale * (stored - zero point)."""


class Graph:
    """The one subgraph of a model, with the few edits an export needs.

    Args:
        schema: the module `ai_edge_litert.schema_py_generated`.
        model: a `ModelT` with one subgraph.

    Raises:
        ValueError: more or fewer than one subgraph.
    """

    def __init__(self, schema: Any, model: Any) -> None:
        (self._graph,) = model.subgraphs
        self._schema = schema
        self._model = model

    # -- reading -----------------------------------------------------------------------------------

    @property
    def inputs(self) -> list[int]:
        """Tensor numbers of the inputs."""
        return [int(i) for i in self._graph.inputs]

    @property
    def outputs(self) -> list[int]:
        """Tensor numbers of the outputs."""
        return [int(i) for i in self._graph.outputs]

    def shape(self, tensor: int) -> tuple[int, ...]:
        """The shape stored for a tensor."""
        return tuple(int(n) for n in self._graph.tensors[tensor].shape)

    def kind(self, tensor: int) -> int:
        """The `TensorType` of a tensor."""
        return int(self._graph.tensors[tensor].type)

    def quantisation(self, tensor: int) -> Quantisation:
        """Scale and zero point of a tensor that has one pair for all channels."""
        of = self._graph.tensors[tensor].quantization
        ((scale,), (zero_point,)) = of.scale, of.zeroPoint
        return float(scale), int(zero_point)

    def entering(self, code: str) -> list[int]:
        """The first input tensor of each operator of a kind, in the order they run."""
        return [
            int(operator.inputs[0])
            for operator in self._graph.operators
            if self._code_name(operator) == code
        ]

    # -- editing -----------------------------------------------------------------------------------

    def inline_buffers(self, source: bytes) -> None:
        """Fetch buffers stored after the flatbuffer (`Buffer.offset`): packing would lose them."""
        for buffer in self._model.buffers:
            if buffer.offset:
                buffer.data = np.frombuffer(source, np.uint8, buffer.size, buffer.offset)
            buffer.offset = buffer.size = 0

    def add_tensor(
        self,
        name: str,
        shape: Iterable[int],
        kind: int,
        *,
        quantisation: Quantisation | None = None,
        data: np.ndarray | None = None,
    ) -> int:
        """A new tensor; with `data` a constant. Returns its number."""
        tensor = self._schema.TensorT()
        tensor.name = name.encode()
        tensor.shape = np.array(list(shape), np.int32)
        tensor.type = kind
        tensor.buffer = 0  # the empty one: computed at run time
        if data is not None:
            buffer = self._schema.BufferT()
            buffer.data = np.frombuffer(data.tobytes(), np.uint8)
            tensor.buffer = len(self._model.buffers)
            self._model.buffers.append(buffer)
        if quantisation is not None:
            scale, zero_point = quantisation
            tensor.quantization = self._schema.QuantizationParametersT()
            tensor.quantization.scale = np.array([scale], np.float32)
            tensor.quantization.zeroPoint = np.array([zero_point], np.int64)
        self._graph.tensors.append(tensor)
        return len(self._graph.tensors) - 1

    def add_operator(
        self,
        code: str,
        inputs: list[int],
        output: int,
        *,
        version: int = 1,
        first: bool = False,
        **options: Any,
    ) -> int:
        """Append (or put first) one operator, such as "SOFTMAX". Returns its output tensor.

        `options` are the fields of `<name>Options` in the schema, camel case; none leaves them at
        their defaults.
        """
        operator = self._schema.OperatorT()
        operator.opcodeIndex = self._operator_code(
            getattr(self._schema.BuiltinOperator, code), version
        )
        operator.inputs = np.array(inputs, np.int32)
        operator.outputs = np.array([output], np.int32)
        name = _OPTIONS.get(code)
        if name:
            operator.builtinOptionsType = getattr(self._schema.BuiltinOptions, name)
            operator.builtinOptions = getattr(self._schema, f"{name}T")()
            for key, value in options.items():
                setattr(operator.builtinOptions, key, value)
        self._graph.operators.insert(0 if first else len(self._graph.operators), operator)
        return output

    def set_ends(self, input_tensor: int, output_tensor: int) -> None:
        """One input, one output, in the graph and in its one signature."""
        self._graph.inputs = np.array([input_tensor], np.int32)
        self._graph.outputs = np.array([output_tensor], np.int32)
        signature = self._schema.SignatureDefT()
        signature.signatureKey = b"serving_default"
        signature.subgraphIndex = 0
        signature.inputs = [self._signature_entry(input_tensor)]
        signature.outputs = [self._signature_entry(output_tensor)]
        self._model.signatureDefs = [signature]

    def resize_input(self, size: int) -> None:
        """Write a new input side, and the sizes that follow from it, into the stored shapes.

        Raises:
            ValueError: an operator whose output size is not known here.
        """
        (entry,) = self.inputs
        if self.shape(entry)[1:3] == (size, size):
            return
        self._set_spatial(entry, (size, size))
        for operator in self._graph.operators:
            before, output = self.shape(int(operator.inputs[0])), int(operator.outputs[0])
            name = self._code_name(operator)
            if name in ("CONV_2D", "DEPTHWISE_CONV_2D"):
                kernel = self.shape(int(operator.inputs[1]))[1:3]
                self._set_spatial(output, _convolved(before[1:3], kernel, operator.builtinOptions))
            elif name in ("ADD", "MUL"):
                self._set_spatial(output, before[1:3])
            elif name != "MEAN":  # a mean over the positions has no size left to follow
                raise ValueError(f"cannot follow the size through {name}")

    def describe(self, description: str) -> None:
        """Set the model's one-line description; metadata of the tools that built it goes."""
        self._model.description = description.encode()
        self._model.metadata = self._model.metadataBuffer = None

    def drop_unused(self) -> None:
        """Forget tensors, buffers and operator codes that nothing reaches from the outputs."""
        self._graph.operators = self._reached_operators()
        used = set(self.inputs) | set(self.outputs)
        for operator in self._graph.operators:
            used.update(int(i) for i in [*operator.inputs, *operator.outputs] if i >= 0)
        tensors = _Renumbering(used)
        buffers = _Renumbering({0} | {int(self._graph.tensors[i].buffer) for i in used})
        codes = _Renumbering({int(o.opcodeIndex) for o in self._graph.operators})
        for operator in self._graph.operators:
            operator.inputs = tensors.renumber(operator.inputs)
            operator.outputs = tensors.renumber(operator.outputs)
            operator.opcodeIndex = codes[operator.opcodeIndex]
        self._graph.inputs = tensors.renumber(self._graph.inputs)
        self._graph.outputs = tensors.renumber(self._graph.outputs)
        for signature in self._model.signatureDefs:
            for entry in [*signature.inputs, *signature.outputs]:
                entry.tensorIndex = tensors[entry.tensorIndex]
        self._graph.tensors = tensors.keep(self._graph.tensors)
        for tensor in self._graph.tensors:
            tensor.buffer = buffers[tensor.buffer]
        self._model.buffers = buffers.keep(self._model.buffers)
        self._model.operatorCodes = codes.keep(self._model.operatorCodes)

    # -- inside ------------------------------------------------------------------------------------

    def _reached_operators(self) -> list[Any]:
        wanted, reached = set(self.outputs), []
        for operator in reversed(self._graph.operators):
            if wanted & {int(i) for i in operator.outputs}:
                wanted.update(int(i) for i in operator.inputs)
                reached.append(operator)
        return reached[::-1]

    def _operator_code(self, code: int, version: int) -> int:
        for number, known in enumerate(self._model.operatorCodes):
            if (known.builtinCode, known.version) == (code, version):
                return number
        added = self._schema.OperatorCodeT()
        added.builtinCode = code
        added.deprecatedBuiltinCode = min(code, _LARGEST_OLD_CODE)
        added.version = version
        self._model.operatorCodes.append(added)
        return len(self._model.operatorCodes) - 1

    def _code_name(self, operator: Any) -> str:
        code = self._model.operatorCodes[operator.opcodeIndex].builtinCode
        names = vars(self._schema.BuiltinOperator).items()
        return next((name for name, value in names if value == code), f"operator {code}")

    def _signature_entry(self, tensor: int) -> Any:
        entry = self._schema.TensorMapT()
        entry.name, entry.tensorIndex = self._graph.tensors[tensor].name, tensor
        return entry

    def _set_spatial(self, tensor: int, sides: tuple[int, int]) -> None:
        batch, _, _, channels = self.shape(tensor)
        self._graph.tensors[tensor].shape = np.array([batch, *sides, channels], np.int32)
        self._graph.tensors[tensor].shapeSignature = None


_OPTIONS = {
    "QUANTIZE": "QuantizeOptions",
    "DEQUANTIZE": "DequantizeOptions",
    "L2_NORMALIZATION": "L2NormOptions",
    "FULLY_CONNECTED": "FullyConnectedOptions",
    "SOFTMAX": "SoftmaxOptions",
    "MEAN": "ReducerOptions",
    "REDUCE_MAX": "ReducerOptions",
    "SQUARED_DIFFERENCE": "SquaredDifferenceOptions",
    "CONCATENATION": "ConcatenationOptions",
    "RESHAPE": "ReshapeOptions",
}


class _Renumbering:
    """Old numbers to new ones once some are dropped; a missing optional input (-1) stays."""

    def __init__(self, kept: set[int]) -> None:
        self._kept = sorted(kept)
        self._new = {old: new for new, old in enumerate(self._kept)} | {-1: -1}

    def __getitem__(self, old: int) -> int:
        return self._new[int(old)]

    def renumber(self, numbers: Iterable[int]) -> np.ndarray:
        return np.array([self[number] for number in numbers], np.int32)

    def keep(self, things: list[Any]) -> list[Any]:
        return [things[old] for old in self._kept]


def _convolved(sides: tuple[int, ...], kernel: tuple[int, ...], options: Any) -> tuple[int, int]:
    """Height and width after a convolution, as TFLite computes them."""
    strides = (options.strideH, options.strideW)
    dilations = (options.dilationHFactor, options.dilationWFactor)
    if options.padding == _PADDING_SAME:
        height, width = (-(-n // stride) for n, stride in zip(sides, strides, strict=True))
    else:
        height, width = (
            (n - (k - 1) * dilation - 1) // stride + 1
            for n, k, stride, dilation in zip(sides, kernel, strides, dilations, strict=True)
        )
    return height, width
