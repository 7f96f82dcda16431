"""Made-up sounds that a model can tell apart."""

from pathlib import Path

import numpy as np

from kit.codecs.sound import encode_wav


def sound(label: str, seed: int) -> np.ndarray:
    """A sound that its label names, higher or lower and longer or shorter each time, at 16 kHz."""
    random = np.random.default_rng([seed, len(label), ord(label[0])])
    time = np.arange(int(random.uniform(0.3, 0.5) * 16_000)) / 16_000
    pitch = random.uniform(0.9, 1.1)
    if label == "clap":
        waveform = random.normal(size=len(time)) * np.exp(-30 * time)
    elif label == "whistle":
        waveform = np.sin(2 * np.pi * (1_500 * pitch * time + 400 * time**2))
    else:
        waveform = sum(np.sin(2 * np.pi * 120 * pitch * n * time) / n for n in range(1, 12))
        waveform = waveform * np.exp(-5 * time)
    room = random.normal(0, 0.002, 16_000)
    begin = random.integers(0, 16_000 - len(time))
    room[begin : begin + len(time)] += 0.5 * waveform / np.abs(waveform).max()
    return room


def sounds(folder: Path, labels: tuple[str, ...], count: int, first: int = 0) -> Path:
    """A folder with one sub-folder for each label."""
    for label in labels:
        (folder / label).mkdir(parents=True, exist_ok=True)
        for seed in range(first, first + count):
            (folder / label / f"{seed}.wav").write_bytes(encode_wav(sound(label, seed)))
    return folder
