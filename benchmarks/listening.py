"""Live listening, played to the kit's microphone: words heard, words missed, false alarms an hour.

    python benchmarks/listening.py DIGITS [--shots 10] [--draws 2]

DIGITS holds one folder a word; a file's name begins with its speaker's ("lucas_3.wav"). Each
speaker in turn is never taught. The kit is taught 0 to 4 by the three others, and a background:
the room alone, or the room and some of the words 5 to 9. Then the one held out says, into the fake
microphone and through the kit's own owner thread,

    the words      every recording of 0 to 4, in any order, 0.8 to 1.6 s apart
    talk           every recording of 5 to 9 the same way: whatever is heard is a false alarm
    the room       its noise alone, ten minutes for each speaker

Preparation, network, head, smoothing and refractory time are the kit's own. The table is that of
docs/listening.md.
"""

import argparse
import os
import sys
import time
from pathlib import Path
from typing import NamedTuple

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # before NumPy

import numpy as np

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from kit import resources  # noqa: E402
from kit.codecs.sound import decode_sound  # noqa: E402
from kit.core import sound  # noqa: E402
from kit.core.heads import SoftmaxRegression  # noqa: E402
from kit.core.listening import (  # noqa: E402
    PerHour,
    Said,
    Score,
    Told,
    false_alarms,
    hear_all,
    score,
    windows,
)
from kit.core.sound import SAMPLE_RATE_HZ, Hearing  # noqa: E402
from kit.core.threshold import default_threshold  # noqa: E402
from kit.core.types import MicrophoneSettings  # noqa: E402
from kit.devices.microphone_fake import FakeMicrophone  # noqa: E402
from kit.devices.microphone_owner import MicrophoneOwner  # noqa: E402
from kit.engine.sound_runtime import load_hearing  # noqa: E402

WORDS, TALK = ("0", "1", "2", "3", "4"), ("5", "6", "7", "8", "9")
BACKGROUND = "background"
PAUSE_S = (0.8, 1.6)
NOISE_DB = -50.0
"""Of the room, effective value: a classroom that is waiting. Voices reach -8 dB at their peaks."""
ROOM_S = 600.0
FASTER = 50
"""The fake microphone hears fifty seconds in one."""
THRESHOLDS = (default_threshold(len(WORDS) + 1), 0.75, 0.9)


class Clip(NamedTuple):
    """One recording."""

    word: str
    speaker: str
    waveform: np.ndarray


class Heard(NamedTuple):
    """A recording as the model answers it, window by window."""

    ends_s: np.ndarray
    answers: np.ndarray
    seconds: float


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--shots", type=int, default=10, help="clips taught a label")
    parser.add_argument("--draws", type=int, default=2, help="draws of them, for each speaker")
    options = parser.parse_args()
    if not options.folder.is_dir():
        parser.error(f"no folder {options.folder}")
    clips = [
        Clip(file.parent.name, file.name.split("_")[0], decode_sound(file.read_bytes()).waveform)
        for file in sorted(options.folder.glob("*/*.wav"))
    ]
    bench = Bench(clips, options.shots, options.draws)
    print(f"{len(clips)} clips; {options.shots} a label taught; speaker never heard")
    print(
        f"{'background taught':24}{'threshold':>10}{'heard':>8}{'as another':>12}{'missed':>8}"
        f"{'alarms/h in talk':>22}{'alarms/h in the room':>24}{'delay':>16}"
    )
    for with_talk in (False, True):
        bench.listen(with_talk)
        for threshold in THRESHOLDS:
            bench.show("room and other words" if with_talk else "room", threshold)
    print(f"one window to its answer: {bench.window_ms:.2f} ms (median, this machine)")
    return 0


class Bench:
    """What is played, and what is taught, for every speaker and draw."""

    def __init__(self, clips: list[Clip], shots: int, draws: int) -> None:
        self._clips, self._shots, self._draws = clips, shots, draws
        self._ear = load_hearing(Hearing.WORDS, resources.models_dir())
        self._window_s: list[float] = []
        self._runs: list[tuple[list[Said], dict[str, Heard], list[str]]] = []
        self._played = {
            speaker: self._play(speaker) for speaker in sorted({clip.speaker for clip in clips})
        }

    @property
    def window_ms(self) -> float:
        """Median of preparing, embedding and answering one window."""
        return float(np.median(self._window_s)) * 1000.0

    def listen(self, with_talk: bool) -> None:
        """Teach and listen to everything, for every speaker and draw."""
        self._runs = []
        for speaker, (said, recordings) in self._played.items():
            for seed in range(self._draws):
                head = self._teach(speaker, seed, with_talk)
                heard = {name: self._answers(head, each) for name, each in recordings.items()}
                self._runs.append((said, heard, [str(label) for label in head.classes_]))

    def show(self, background: str, threshold: float) -> None:
        """One line of the table."""
        total = Score(0, 0, 0, 0, ())
        alarms = {"talk": [0, 0.0], "room": [0, 0.0]}
        for said, heard, labels in self._runs:
            told = self._heard(heard["words"], labels, threshold)
            total = Score(*(a + b for a, b in zip(total, score(told, said), strict=True)))
            for name, counted in alarms.items():
                counted[0] += len(self._heard(heard[name], labels, threshold))
                counted[1] += heard[name].seconds
        words = total.hits + total.confused + total.missed
        shares = [100 * each / words for each in (total.hits, total.confused, total.missed)]
        # Every draw hears the same recordings, so together they prove as much as one of them.
        talk, room = (
            false_alarms(round(count / self._draws), seconds / self._draws)
            for count, seconds in alarms.values()
        )
        delays = np.percentile(total.delays_s, [50, 90])
        print(
            f"{background:24}{threshold:10.2f}{shares[0]:7.1f}%{shares[1]:11.1f}%{shares[2]:7.1f}%"
            f"{_said(talk):>22}{_said(room):>24}{delays[0]:9.2f}{delays[1]:5.2f} s",
            flush=True,
        )

    def _play(self, speaker: str) -> tuple[list[Said], dict[str, np.ndarray]]:
        """What was said when, and the recordings that the kit's microphone made of it all."""
        random = np.random.default_rng(sum(speaker.encode()))
        recordings, said = {}, []
        for name, chosen in (("words", WORDS), ("talk", TALK)):
            mine = [each for each in self._clips if each.speaker == speaker and each.word in chosen]
            pieces, length = [np.zeros(SAMPLE_RATE_HZ, np.float32)], SAMPLE_RATE_HZ
            for place in random.permutation(len(mine)):
                pause = np.zeros(round(random.uniform(*PAUSE_S) * SAMPLE_RATE_HZ), np.float32)
                pieces += [mine[place].waveform, pause]
                length += len(mine[place].waveform)
                if name == "words":
                    said.append(Said(mine[place].word, length / SAMPLE_RATE_HZ))
                length += len(pause)
            whole = np.concatenate(pieces)
            recordings[name] = _recorded(whole + _room(random, len(whole)))
        recordings["room"] = _recorded(_room(random, round(ROOM_S * SAMPLE_RATE_HZ)))
        return said, recordings

    def _teach(self, speaker: str, seed: int, with_talk: bool) -> SoftmaxRegression:
        random = np.random.default_rng(seed)
        taught = [(word, clip) for word in WORDS for clip in self._draw(random, speaker, (word,))]
        room = [(BACKGROUND, np.zeros(SAMPLE_RATE_HZ, np.float32))] * self._shots
        talk = [(BACKGROUND, clip) for clip in self._draw(random, speaker, TALK)]
        rows, labels = [], []
        for label, clip in taught + room + (talk if with_talk else []):
            heard = clip + _room(random, len(clip), random.uniform(-60.0, -40.0))
            prepared = sound.prepare(heard, Hearing.WORDS)
            for number in range(Hearing.WORDS.views):
                rows.append(self._ear.embed(sound.view(prepared, number)))
                labels.append(label)
        return SoftmaxRegression(transform="length").fit(np.array(rows), np.array(labels))

    def _draw(self, random, speaker: str, words: tuple[str, ...]) -> list[np.ndarray]:
        others = [e.waveform for e in self._clips if e.word in words and e.speaker != speaker]
        return [others[place] for place in random.permutation(len(others))[: self._shots]]

    def _answers(self, head: SoftmaxRegression, waveform: np.ndarray) -> Heard:
        ends, answers = [], []
        for window in windows(waveform):
            began = time.perf_counter()
            embedding = self._ear.embed(sound.prepare(window.samples, Hearing.WORDS))
            answers.append(head.predict_proba(embedding[np.newaxis])[0])
            self._window_s.append(time.perf_counter() - began)
            ends.append(window.end_s)
        return Heard(np.array(ends), np.array(answers), len(waveform) / SAMPLE_RATE_HZ)

    def _heard(self, heard: Heard, labels: list[str], threshold: float) -> list[Told]:
        answers = (
            (end_s, dict(zip(labels, answer, strict=True)))
            for end_s, answer in zip(heard.ends_s.tolist(), heard.answers.tolist(), strict=True)
        )
        return hear_all(answers, threshold=threshold, background={BACKGROUND})


def _recorded(waveform: np.ndarray) -> np.ndarray:
    """What the kit's microphone and its owner make of it."""
    microphone = FakeMicrophone(speed=FASTER)

    def open_microphone(settings: MicrophoneSettings) -> FakeMicrophone:
        microphone.say(waveform)
        microphone.open(settings)
        return microphone

    owner = MicrophoneOwner(
        MicrophoneSettings("fake"), open_microphone=open_microphone, find=lambda: ()
    )
    try:
        return owner.record(len(waveform) / SAMPLE_RATE_HZ, "kit").waveform
    finally:
        owner.close()


def _room(random, length: int, level_db: float = NOISE_DB) -> np.ndarray:
    """Noise that is duller than white, as rooms' is."""
    noise = np.convolve(random.normal(size=length + 7), np.ones(8) / 8, "valid")
    return (noise * (10 ** (level_db / 20) / noise.std())).astype(np.float32)


def _said(rate: PerHour) -> str:
    return f"{rate.value:.0f} ({rate.low:.0f} to {rate.high:.0f})"


if __name__ == "__main__":
    sys.exit(main())
