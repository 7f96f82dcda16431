"""What hearing costs: the front end, the speech network, and a second of audio to its answer.

    python benchmarks/sound.py [--rounds 400] [--json]

Everything takes turns in one run. Promised: the front end (loudest second, log-mel, floor) at most
2 x one batched `numpy.fft.rfft` of the same frames; a second of audio, from a WAV's bytes to the
answer, at most 10 ms, with the bare invoke beside it. The second is made: a voice's pitch and
formants, no recording, at 16 and at 44.1 kHz (then resampling is in it too).
"""

import argparse
import json
import os
import sys
from dataclasses import asdict
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # before NumPy

import numpy as np

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE)]

from measuring import ratio, take_turns  # noqa: E402

from kit import resources  # noqa: E402
from kit.codecs.sound import as_kept, decode_sound, encode_wav  # noqa: E402
from kit.core import sound  # noqa: E402
from kit.core.heads import SoftmaxRegression  # noqa: E402
from kit.core.sound import Hearing  # noqa: E402
from kit.engine.runtime import find_runtime  # noqa: E402
from kit.engine.sound_runtime import SPEECH, load_hearing  # noqa: E402

PROMISED_RATIO = 2.0
PROMISED_MS = 10.0
LABELS = 5


def voice(rate_hz: int = sound.SAMPLE_RATE_HZ, seed: int = 0) -> np.ndarray:
    """(rate_hz,) one second: harmonics of a falling pitch under two formants, and breath."""
    random = np.random.default_rng(seed)
    time = np.arange(rate_hz) / rate_hz
    phase = 2 * np.pi * np.cumsum(140 - 40 * time) / rate_hz
    harmonics = sum(
        np.sin(n * phase) / (1 + ((120 * n - 600) / 300) ** 2) + np.sin(n * phase) / (4 * n)
        for n in range(1, 30)
    )
    swell = np.hanning(rate_hz) ** 2
    waveform = harmonics * swell + random.normal(0, 0.01, rate_hz)
    return (0.5 * waveform / np.abs(waveform).max()).astype(np.float32)


def run(rounds: int) -> dict:
    """Every figure, as plain numbers."""
    waveform = voice()
    clip = sound.loudest_second(waveform)
    spare = (sound.FFT_SAMPLES + (sound.FRAMES - 1) * sound.HOP_SAMPLES - len(clip)) // 2
    padded = np.pad(clip, spare)
    frames = np.lib.stride_tricks.sliding_window_view(padded, sound.FFT_SAMPLES)
    frames = np.ascontiguousarray(frames[:: sound.HOP_SAMPLES])

    ears = {hearing: load_hearing(hearing, resources.models_dir()) for hearing in Hearing}
    prepared = {hearing: sound.prepare(waveform, hearing) for hearing in Hearing}
    random = np.random.default_rng(0)
    heads = {}
    for hearing, ear in ears.items():
        rows = random.normal(size=(20 * LABELS, ear.dimensions)).astype(np.float32)
        head = SoftmaxRegression(transform="length")
        heads[hearing] = head.fit(rows, [str(i % LABELS) for i in range(len(rows))])

    interpreter_class, runtime = find_runtime()
    bare = interpreter_class(model_path=str(resources.model_path(SPEECH)), num_threads=1)
    bare.allocate_tensors()
    entry, out = bare.get_input_details()[0]["index"], bare.get_output_details()[0]["index"]
    model_input = sound.to_model_input(prepared[Hearing.WORDS])[np.newaxis, ..., np.newaxis]

    def infer() -> np.ndarray:
        bare.set_tensor(entry, model_input)
        bare.invoke()
        return bare.get_tensor(out)

    def answer(data: bytes, hearing: Hearing) -> np.ndarray:
        heard = sound.prepare(as_kept(decode_sound(data).waveform), hearing)
        return heads[hearing].predict_proba(ears[hearing].embed(heard)[np.newaxis])

    here = encode_wav(waveform)
    fast = _wav_at(44_100)
    times = take_turns(
        {
            "rfft": lambda: np.fft.rfft(frames),
            "front_end": lambda: sound.prepare(waveform, Hearing.WORDS),
            "front_end_all_bands": lambda: sound.prepare(waveform, Hearing.SOUNDS),
            "bare": infer,
            "embedding": lambda: ears[Hearing.WORDS].embed(prepared[Hearing.WORDS]),
            "words": lambda: answer(here, Hearing.WORDS),
            "words_from_44100": lambda: answer(fast, Hearing.WORDS),
            "sounds": lambda: answer(here, Hearing.SOUNDS),
        },
        rounds,
    )
    return {
        "runtime": runtime,
        "rounds": rounds,
        "median_ms": {name: round(float(np.median(ms)), 3) for name, ms in times.items()},
        "ratio_to_rfft": {
            name: asdict(ratio(times[name], times["rfft"]))
            for name in ("front_end", "front_end_all_bands")
        },
        "ratio_to_bare": {
            name: asdict(ratio(times[name], times["bare"]))
            for name in ("embedding", "words", "words_from_44100", "sounds")
        },
    }


def _wav_at(rate_hz: int) -> bytes:
    """The voice as a WAV at another rate: the same bytes but for the header's rate."""
    data = bytearray(encode_wav(voice(rate_hz)))
    data[24:32] = np.array([rate_hz, 2 * rate_hz], "<u4").tobytes()
    return bytes(data)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=400)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    figures = run(options.rounds)
    if options.json:
        print(json.dumps(figures))
    else:
        print(f"{figures['runtime']}, one thread; median ms: {figures['median_ms']}")
        for to in ("ratio_to_rfft", "ratio_to_bare"):
            for name, found in figures[to].items():
                print(
                    f"{name + ' / ' + to.split('_')[-1]:34}{found['value']:7.2f}"
                    f"  ({found['low']:.2f} to {found['high']:.2f})"
                )
    kept = (
        figures["ratio_to_rfft"]["front_end"]["value"] <= PROMISED_RATIO
        and figures["median_ms"]["words_from_44100"] <= PROMISED_MS
    )
    print("kept" if kept else "NOT KEPT", file=sys.stderr)
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
