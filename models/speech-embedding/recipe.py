"""Builds `model.tflite`: Google's speech embedding, one second in, int8.

    published float .tflite + sounds -> ranges -> int8, averaged over the second -> one flatbuffer

Run it by hand or by `make models`; it needs the `[models]` extra and the sounds named in
`calibration.txt`, and nothing from the network. The same pins give the same bytes:

    recipe.py --check          build; is the committed file the same?
    recipe.py --out FILE       build it there
    recipe.py --compare FILE   int8 against float, for card.md

Of the kit it imports `kit.core.sound` only, so that calibration and classroom prepare sounds alike.
The Debian sounds may be unpacked anywhere: `--sounds DIR` is put before their path.

The network is a chain of four kinds of layers, so it is quantised here, in eighty lines, rather
than by a tool that knows neither its leaky rectifier nor the maximum behind it.
"""

import argparse
import hashlib
import importlib.util
import os
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

# One thread everywhere: sums in another order round otherwise, and the hash would differ.
for _variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[_variable] = "1"

import numpy as np  # noqa: E402

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1]))  # `kit` of this checkout, whether installed or not

from kit.core import sound  # noqa: E402

# Beside it in the package lie wake-word models under a licence that forbids commerce: not for us.
PUBLISHED = "models/embedding_model.tflite"
PUBLISHED_SHA256 = "c0aea21eb84a4ce90a08c870da41b7a7173b45269e6a3207c71d67c40f3a59d8"
# Its front end, kept beside our model as it is: what `kit.core.sound.log_mel` is tested against.
FRONT_END = "models/melspectrogram.tflite"
LEAST = -0.4  # what the network's MAXIMUM after each leaky rectifier lets through
LEAK = 0.2
DIMENSIONS = 96
SOUND_PACKAGES = {
    "klettres-data": Path("usr/share/klettres"),
    "sonic-pi-samples": Path("usr/share/sonic-pi/samples"),
}


class RecipeError(Exception):
    """Something the recipe needs is missing or not what it was; the message says what to do."""


def main(arguments: list[str] | None = None) -> int:
    """Runs the recipe; returns the exit status (0 good, 1 failed)."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    action = parser.add_mutually_exclusive_group(required=True)
    action.add_argument("--out", type=Path, help="write the built model to this file")
    action.add_argument("--check", action="store_true", help="build, compare with SHA256SUMS")
    action.add_argument("--compare", type=Path, metavar="TFLITE", help="int8 against float")
    parser.add_argument("--sounds", type=Path, default=Path("/"), help="root of the Debian sounds")
    options = parser.parse_args(arguments)
    try:
        inputs = list(calibration_inputs(options.sounds))
        published = published_model()
        if options.compare:
            print(compare(published, options.compare.read_bytes(), inputs))
            return 0
        model = quantise(published, ranges(published, inputs))
    except RecipeError as error:
        print(error, file=sys.stderr)
        return 1
    digest = hashlib.sha256(model).hexdigest()
    print(f"{digest}  model.tflite  ({len(model):,} bytes)")
    if options.check:
        sums = (HERE / "SHA256SUMS").read_text().split()
        expected = dict(zip(sums[1::2], sums[::2], strict=True))
        same = digest == expected["model.tflite"]
        print("same as SHA256SUMS" if same else f"SHA256SUMS says {expected['model.tflite']}")
        front_end = hashlib.sha256(in_package(FRONT_END)).hexdigest() == expected["mel.tflite"]
        print("mel.tflite is the published one" if front_end else "mel.tflite is another one")
        return 0 if same and front_end else 1
    options.out.write_bytes(model)
    return 0


# -- sounds ----------------------------------------------------------------------------------------


def calibration_inputs(debian_root: Path) -> Iterator[np.ndarray]:
    """Prepares each sound of `calibration.txt` as the classroom would.

    Yields:
        (100, 32) float32 log-mel.

    Raises:
        RecipeError: sounds are missing (naming the packages) or are not the listed ones.
    """
    missing, changed, inputs = set(), [], []
    for line in (HERE / "calibration.txt").read_text().splitlines():
        if not line or line.startswith("#"):
            continue
        digest, package, name = line.split(maxsplit=2)
        path = debian_root / SOUND_PACKAGES[package] / name
        if not path.is_file():
            missing.add(f"Debian package {package} (apt install {package})")
            continue
        if hashlib.sha256(path.read_bytes()).hexdigest()[:16] != digest:
            changed.append(f"{package} {name}")
            continue
        inputs.append(prepared(path))
    if missing:
        raise RecipeError("calibration sounds are missing; install: " + "; ".join(sorted(missing)))
    if changed:
        raise RecipeError(
            "these calibration sounds are of another version of their package, so the hash would "
            "differ; calibration.txt names the versions: " + ", ".join(changed)
        )
    yield from inputs


def prepared(path: Path) -> np.ndarray:
    """A sound file as the network is shown it."""
    try:
        import soundfile
    except ImportError as error:
        raise RecipeError(f"{error}; install the extra: pip install 'mallette[models]'") from error
    samples, rate_hz = soundfile.read(path, dtype="float32", always_2d=True)
    waveform = sound.resample(samples.mean(axis=1), rate_hz)
    return sound.prepare(waveform, sound.Hearing.WORDS)


# -- model -----------------------------------------------------------------------------------------


def published_model() -> bytes:
    """The published float network.

    Raises:
        RecipeError: the package is missing, or holds another network.
    """
    content = in_package(PUBLISHED)
    if hashlib.sha256(content).hexdigest() != PUBLISHED_SHA256:
        raise RecipeError(f"{PUBLISHED} is not the published network (sha256 {PUBLISHED_SHA256})")
    return content


def in_package(name: str) -> bytes:
    """A file that lies in the package; the package itself is not run."""
    found = importlib.util.find_spec("pyopen_wakeword")
    if found is None or found.origin is None:
        raise RecipeError(
            "pyopen-wakeword is missing; install the extra: pip install 'mallette[models]'"
        )
    return (Path(found.origin).parent / name).read_bytes()


def ranges(model: bytes, inputs: list[np.ndarray]) -> dict[int, tuple[float, float]]:
    """Least and largest value of each tensor of the float network over the calibration sounds.

    To three digits: another processor's last bits do not change the file.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that keeping all tensors takes memory: it is meant to
        interpreter, entry, _ = _float_network(model, keep_all=True)
    seen: dict[int, tuple[float, float]] = {}
    numbers = [d["index"] for d in interpreter.get_tensor_details() if d["dtype"] == np.float32]
    for mel in inputs:
        interpreter.set_tensor(entry, mel[np.newaxis, :, :, np.newaxis])
        interpreter.invoke()
        for number in numbers:
            values = interpreter.get_tensor(number)
            low, high = seen.get(number, (np.inf, -np.inf))
            seen[number] = min(low, float(values.min())), max(high, float(values.max()))
    return {n: (float(f"{low:.3g}"), float(f"{high:.3g}")) for n, (low, high) in seen.items()}


def quantise(published: bytes, seen: dict[int, tuple[float, float]]) -> bytes:
    """The float network as int8, its embeddings averaged over the second.

    Each MAXIMUM is left out: the rectifier before it gets a range that begins at -0.4, so int8
    saturates where the maximum would have cut. Likewise the convolution before the rectifier needs
    nothing below -0.4 / 0.2. Weights are symmetric, a scale for each channel.
    """
    import flatbuffers
    from ai_edge_litert import schema_py_generated as schema

    model = schema.ModelT.InitFromObj(schema.Model.GetRootAs(published, 0))
    network = _Network(schema, model, seen)
    for operator in network.graph.operators:
        network.add(operator)
    network.end()
    builder = flatbuffers.Builder(len(published))
    builder.Finish(model.Pack(builder), b"TFL3")
    return bytes(builder.Output())


class _Network:
    """The graph while it is turned, layer by layer, from float to int8."""

    def __init__(self, schema: Any, model: Any, seen: dict[int, tuple[float, float]]) -> None:
        (self.graph,) = model.subgraphs
        self._schema, self._model, self._seen = schema, model, seen
        self._code_names = {
            value: name
            for name, value in vars(schema.BuiltinOperator).items()
            if isinstance(value, int)
        }
        self._operators: list[Any] = []
        self._codes: list[Any] = []
        self._became: dict[int, int] = {}  # a dropped MAXIMUM's output -> what was its input
        (entry,) = self.graph.inputs
        self._set_int8(entry, sound.INPUT_SCALE, sound.INPUT_ZERO_POINT)
        self._set_shape(entry, (1, sound.FRAMES, sound.SPEECH_BANDS, 1))

    def add(self, operator: Any) -> None:
        """One layer of the float network."""
        code = self._model.operatorCodes[operator.opcodeIndex]
        name = self._code_names[max(code.builtinCode, code.deprecatedBuiltinCode)]
        (output,) = operator.outputs
        operator.inputs = np.array([self._became.get(i, i) for i in operator.inputs], np.int32)
        first = int(operator.inputs[0])
        if name == "MAXIMUM":
            self._became[output] = first
            return
        if name == "CONV_2D":
            self._convolution(operator)
        elif name == "LEAKY_RELU":
            self._set_range(output, LEAST, self._seen[output][1])
        elif name in ("PAD", "MAX_POOL_2D"):  # these move numbers and change none
            entry = self.graph.tensors[first].quantization
            self._set_int8(output, entry.scale[0], entry.zeroPoint[0])
        else:
            raise RecipeError(f"the published network has a layer that nobody foresaw: {name}")
        self._set_shape(output, self._shape_after(name, operator))
        self._append(name, operator, {"CONV_2D": 3}.get(name, 2))

    def end(self) -> None:
        """The mean over the second, names, and nothing left that is not used."""
        schema, (last,) = self._schema, self.graph.outputs
        axes = self._tensor("axes", (2,), schema.TensorType.INT32, np.array([1, 2], np.int32))
        out = self._tensor("embedding", (1, DIMENSIONS), schema.TensorType.INT8)
        self._set_range(out, *self._seen[last])
        mean = schema.OperatorT()
        mean.inputs, mean.outputs = np.array([last, axes], np.int32), np.array([out], np.int32)
        mean.builtinOptionsType = schema.BuiltinOptions.ReducerOptions
        mean.builtinOptions = schema.ReducerOptionsT()
        self._append("MEAN", mean, 2)
        self.graph.operators, self._model.operatorCodes = self._operators, self._codes
        self.graph.outputs = np.array([out], np.int32)
        self._drop_unused()
        self.graph.tensors[self.graph.inputs[0]].name = b"log_mel"
        self._sign()
        self._model.description = b"Google speech embedding int8, mean of one second (Mallette)"
        self._model.metadata = self._model.metadataBuffer = None

    def _convolution(self, operator: Any) -> None:
        entry, weights, bias = (self.graph.tensors[i] for i in operator.inputs)
        (output,) = operator.outputs
        low, high = self._seen[output]
        last = output in self.graph.outputs
        self._set_range(output, low if last else max(low, LEAST / LEAK), high)
        values = self._data(weights).reshape(weights.shape)
        largest = np.abs(values).reshape(len(values), -1).max(axis=1).astype(np.float64)
        scales = np.maximum(largest, 1e-9) / 127.0
        rounded = np.rint(values / scales[:, np.newaxis, np.newaxis, np.newaxis])
        bias_scales = scales * float(entry.quantization.scale[0])
        whole = np.rint(self._data(bias) / bias_scales)
        if np.abs(whole).max() > 2**30:
            raise RecipeError("a bias does not fit in int32")
        self._set_constant(weights, rounded.astype(np.int8), scales)
        self._set_constant(bias, whole.astype(np.int32), bias_scales)

    def _shape_after(self, name: str, operator: Any) -> tuple[int, ...]:
        """An output's shape once the input holds a second."""
        before = tuple(int(n) for n in self.graph.tensors[operator.inputs[0]].shape)
        if name == "LEAKY_RELU":
            return before
        if name == "PAD":
            widths = self._data(self.graph.tensors[operator.inputs[1]], np.int32).reshape(4, 2)
            return tuple(n + int(a) + int(b) for n, (a, b) in zip(before, widths, strict=True))
        options = operator.builtinOptions
        if name == "CONV_2D":
            channels, *kernel = (int(n) for n in self.graph.tensors[operator.inputs[1]].shape[:3])
        else:
            channels, kernel = before[3], [options.filterHeight, options.filterWidth]
        same = options.padding == self._schema.Padding.SAME
        strides = options.strideH, options.strideW
        sides = (
            -(-n // stride) if same else (n - k) // stride + 1
            for n, k, stride in zip(before[1:3], kernel, strides, strict=True)
        )
        return (1, *sides, channels)

    def _append(self, name: str, operator: Any, version: int) -> None:
        builtin = getattr(self._schema.BuiltinOperator, name)
        known = [code.builtinCode for code in self._codes]
        if builtin not in known:
            code = self._schema.OperatorCodeT()
            code.builtinCode = code.deprecatedBuiltinCode = builtin
            code.version = version
            self._codes.append(code)
            known.append(builtin)
        operator.opcodeIndex = known.index(builtin)
        self._operators.append(operator)

    def _tensor(
        self, name: str, shape: tuple[int, ...], kind: int, data: np.ndarray | None = None
    ) -> int:
        tensor = self._schema.TensorT()
        tensor.name, tensor.type, tensor.buffer = name.encode(), kind, 0
        tensor.shape = np.array(shape, np.int32)
        if data is not None:
            tensor.buffer = len(self._model.buffers)
            self._model.buffers.append(self._schema.BufferT())
            self._model.buffers[-1].data = np.frombuffer(data.tobytes(), np.uint8)
        self.graph.tensors.append(tensor)
        return len(self.graph.tensors) - 1

    def _data(self, tensor: Any, kind: type = np.float32) -> np.ndarray:
        return np.frombuffer(bytes(self._model.buffers[tensor.buffer].data), kind)

    def _set_shape(self, tensor: int, shape: tuple[int, ...]) -> None:
        self.graph.tensors[tensor].shape = np.array(shape, np.int32)
        self.graph.tensors[tensor].shapeSignature = None

    def _set_range(self, tensor: int, low: float, high: float) -> None:
        """Scale and zero point for low..high; 0 is always hit."""
        low, high = min(low, 0.0), max(high, 0.0)
        scale = (high - low) / 255.0
        self._set_int8(tensor, scale, int(np.clip(np.rint(-128 - low / scale), -128, 127)))

    def _set_int8(self, tensor: int, scale: float, zero_point: int) -> None:
        of = self.graph.tensors[tensor]
        of.type = self._schema.TensorType.INT8
        of.quantization = self._schema.QuantizationParametersT()
        of.quantization.scale = np.array([scale], np.float32)
        of.quantization.zeroPoint = np.array([zero_point], np.int64)

    def _set_constant(self, tensor: Any, values: np.ndarray, scales: np.ndarray) -> None:
        kinds = {np.dtype(np.int8): "INT8", np.dtype(np.int32): "INT32"}
        tensor.type = getattr(self._schema.TensorType, kinds[values.dtype])
        self._model.buffers[tensor.buffer].data = np.frombuffer(values.tobytes(), np.uint8)
        tensor.quantization = self._schema.QuantizationParametersT()
        tensor.quantization.scale = scales.astype(np.float32)
        tensor.quantization.zeroPoint = np.zeros(len(scales), np.int64)
        tensor.quantization.quantizedDimension = 0

    def _drop_unused(self) -> None:
        """Renumber tensors and buffers, those of float days left out; plain names."""
        used = {int(i) for i in self.graph.inputs}
        for operator in self._operators:
            used.update(int(i) for i in [*operator.inputs, *operator.outputs])
        place = {old: new for new, old in enumerate(sorted(used))}
        buffers, kept = [self._schema.BufferT()], []
        for old in place:
            tensor = self.graph.tensors[old]
            data = self._model.buffers[tensor.buffer].data
            tensor.buffer = len(buffers) if data is not None and len(data) else 0
            if tensor.buffer:
                buffers.append(self._schema.BufferT())
                buffers[-1].data = data
            if tensor.name != b"embedding":
                tensor.name = f"t{len(kept)}".encode()
            kept.append(tensor)
        for operator in self._operators:
            operator.inputs = np.array([place[int(i)] for i in operator.inputs], np.int32)
            operator.outputs = np.array([place[int(i)] for i in operator.outputs], np.int32)
        self.graph.inputs = np.array([place[int(i)] for i in self.graph.inputs], np.int32)
        self.graph.outputs = np.array([place[int(i)] for i in self.graph.outputs], np.int32)
        self.graph.tensors, self._model.buffers = kept, buffers

    def _sign(self) -> None:
        signature = self._schema.SignatureDefT()
        signature.signatureKey, signature.subgraphIndex = b"serving_default", 0
        signature.inputs = [self._entry(i) for i in self.graph.inputs]
        signature.outputs = [self._entry(i) for i in self.graph.outputs]
        self._model.signatureDefs = [signature]

    def _entry(self, tensor: int) -> Any:
        entry = self._schema.TensorMapT()
        entry.name, entry.tensorIndex = self.graph.tensors[tensor].name, int(tensor)
        return entry


# -- checks ----------------------------------------------------------------------------------------


def compare(published: bytes, int8_model: bytes, inputs: list[np.ndarray]) -> str:
    """Cosine of the two embeddings over `inputs`, and whether each finds the same neighbour."""
    whole, small = float_embeddings(published, inputs), int8_embeddings(int8_model, inputs)
    whole /= np.linalg.norm(whole, axis=1, keepdims=True)
    small /= np.linalg.norm(small, axis=1, keepdims=True)
    cosine = np.sum(whole * small, axis=1)
    neighbours = [np.argmax(e @ e.T - 2 * np.eye(len(e)), axis=1) for e in (whole, small)]
    agree = np.count_nonzero(neighbours[0] == neighbours[1])
    return (
        f"{len(inputs)} sounds: cosine mean {cosine.mean():.4f}, least {cosine.min():.4f}; "
        f"same nearest neighbour {agree} of {len(inputs)}"
    )


def float_embeddings(model: bytes, inputs: list[np.ndarray]) -> np.ndarray:
    """(n, 96) of the published network: the mean of its windows over the second."""
    interpreter, entry, out = _float_network(model)
    rows = []
    for mel in inputs:
        interpreter.set_tensor(entry, mel[np.newaxis, :, :, np.newaxis])
        interpreter.invoke()
        rows.append(interpreter.get_tensor(out).reshape(-1, DIMENSIONS).mean(axis=0))
    return np.array(rows, np.float64)


def int8_embeddings(model: bytes, inputs: list[np.ndarray]) -> np.ndarray:
    """(n, 96) of the built network, as real numbers."""
    from ai_edge_litert.interpreter import Interpreter

    interpreter = Interpreter(model_content=model, num_threads=1)
    interpreter.allocate_tensors()
    (entry,), (out,) = interpreter.get_input_details(), interpreter.get_output_details()
    scale, zero_point = out["quantization"]
    rows = []
    for mel in inputs:
        model_input = sound.to_model_input(mel)[np.newaxis, :, :, np.newaxis]
        interpreter.set_tensor(entry["index"], model_input)
        interpreter.invoke()
        rows.append((interpreter.get_tensor(out["index"])[0].astype(float) - zero_point) * scale)
    return np.array(rows)


def _float_network(model: bytes, *, keep_all: bool = False) -> tuple[Any, int, int]:
    """The published network on whole seconds; the indices of its input and its output."""
    from ai_edge_litert.interpreter import Interpreter

    interpreter = Interpreter(
        model_content=model, num_threads=1, experimental_preserve_all_tensors=keep_all
    )
    (entry,), (out,) = interpreter.get_input_details(), interpreter.get_output_details()
    interpreter.resize_tensor_input(entry["index"], [1, sound.FRAMES, sound.SPEECH_BANDS, 1])
    interpreter.allocate_tensors()
    return interpreter, entry["index"], out["index"]


if __name__ == "__main__":
    sys.exit(main())
