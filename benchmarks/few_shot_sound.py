"""How often sounds are told apart by a model that never heard that speaker, or that drum kit.

    python benchmarks/few_shot_sound.py words DIGITS [--draws 10]
    python benchmarks/few_shot_sound.py drums [DRUMKITS] [--draws 10]

*words*: DIGITS holds one folder a word; a file's name begins with its speaker's ("lucas_3.wav"),
which this benchmark knows and the kit never does. *drums*: DRUMKITS are those of Debian's
hydrogen-drumkits (apt install hydrogen-drumkits), by default where it puts them.

Each speaker (kit) in turn is held out whole; N clips a label are drawn from the others and taught;
all clips of the one held out are answered. Drums come in unequal numbers, so their share is the
mean over labels. Decoding, preparation, engine and heads are the kit's own. Both ways of hearing
answer everything: the table of docs/decisions/0010.
"""

import argparse
import html
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # before NumPy

import numpy as np

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from kit import resources  # noqa: E402
from kit.codecs.sound import as_kept, decode_sound  # noqa: E402
from kit.core import sound  # noqa: E402
from kit.core.errors import KitError  # noqa: E402
from kit.core.heads import SoftmaxRegression  # noqa: E402
from kit.core.sound import Hearing  # noqa: E402
from kit.engine.sound_runtime import load_hearing  # noqa: E402

DRUMKITS = Path("/usr/share/hydrogen/data/drumkits")
WORD_SETS = {  # name -> (words, clips a label, promised % of the words mode)
    "five words": (("0", "1", "2", "3", "4"), (5, 20), (93.0, 95.0)),
    "the other five": (("5", "6", "7", "8", "9"), (5, 20), None),
    "the even ones": (("0", "2", "4", "6", "8"), (5, 20), None),
    "the odd ones": (("1", "3", "5", "7", "9"), (5, 20), None),
    "ten words": (tuple("0123456789"), (5, 10, 20), (None, 89.0, None)),
}
DRUMS = {  # label -> what its instrument is called in drumkit.xml
    "kick": r"kick|bass ?drum|\bbd",
    "snare": r"snare",
    "closed hat": r"closed|hat cl|chh",
    "open hat": r"open|hat op|ohh",
    "tom": r"\btom",
    "cymbal": r"crash|ride",
}
NOT_DRUMS = r"stick|rim|pedal|semi|empty"


class Clip(NamedTuple):
    """One recording: what it is, who made it, and its file's bytes."""

    label: str
    source: str
    data: bytes


class Heard(NamedTuple):
    """All clips as one way of hearing has them."""

    embeddings: np.ndarray
    """(n, views, d)."""
    labels: np.ndarray
    sources: np.ndarray


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("what", choices=("words", "drums"))
    parser.add_argument("folder", type=Path, nargs="?", default=DRUMKITS)
    parser.add_argument("--draws", type=int, default=10)
    options = parser.parse_args()
    if not options.folder.is_dir():
        parser.error(f"no folder {options.folder}")
    if options.what == "words":
        return words(options.folder, options.draws)
    return drums(options.folder, options.draws)


def words(folder: Path, draws: int) -> int:
    """Speakers never heard; exit status 1 where a promise is not kept."""
    clips = [
        Clip(word.name, file.name.split("_")[0], file.read_bytes())
        for word in sorted(path for path in folder.iterdir() if path.is_dir())
        for file in sorted(word.glob("*.wav"))
    ]
    kept = True
    heard = {hearing: listen(clips, hearing) for hearing in Hearing}
    print(f"{len(clips)} clips, speakers {', '.join(sorted({clip.source for clip in clips}))}")
    heads = f"{'a label':>8}{'words':>8}{'one view':>10}{'sounds':>8}"
    print(f"{'% right, speaker never heard':32}{heads}")
    for name, (chosen, shots, promised) in WORD_SETS.items():
        for place, n in enumerate(shots):
            mine = [within(heard[hearing], chosen) for hearing in Hearing]
            plain = mine[0]._replace(embeddings=mine[0].embeddings[:, :1])
            shares = [held_out(each, n, draws) for each in (mine[0], plain, mine[1])]
            limit = promised[place] if promised else None
            good = limit is None or 100 * shares[0] >= limit
            kept &= good
            print(
                f"{name:32}{n:8}{100 * shares[0]:8.1f}{100 * shares[1]:10.1f}{100 * shares[2]:8.1f}"
                + (f"   promised {limit:g}{'' if good else ': NOT KEPT'}" if limit else ""),
                flush=True,
            )
    return 0 if kept else 1


def drums(folder: Path, draws: int) -> int:
    """Drum kits never heard; exit status 1 where *sounds* does not beat *words*."""
    clips = list(drum_clips(folder))
    heard = {hearing: listen(clips, hearing) for hearing in Hearing}
    print(f"{len(clips)} strokes, {len({clip.source for clip in clips})} kits")
    print(
        f"{'% right (mean of labels), kit never heard':44}{'a label':>8}{'words':>8}{'sounds':>8}"
    )
    kept = True
    for n in (5, 10, 20):
        by_words, by_sounds = (
            held_out(heard[hearing], n, draws, by_label=True) for hearing in Hearing
        )
        kept &= by_sounds > by_words
        print(f"{'six drums':44}{n:8}{100 * by_words:8.1f}{100 * by_sounds:8.1f}", flush=True)
    return 0 if kept else 1


def drum_clips(folder: Path) -> Iterator[Clip]:
    """The strokes of each kit whose instrument has one of the six names.

    Kits of one maker count as one: they share recordings.
    """
    for kit in sorted(path for path in folder.iterdir() if (path / "drumkit.xml").is_file()):
        maker = re.split(r"[-_ ]", kit.name)[0]
        told = (kit / "drumkit.xml").read_text(errors="replace")
        seen = set()
        for instrument in told.split("<instrument>")[1:]:
            found = re.search(r"<name>(.*?)</name>", instrument)
            name = html.unescape(found[1]).lower() if found else ""
            label = next((drum for drum, like in DRUMS.items() if re.search(like, name)), None)
            if label is None or re.search(NOT_DRUMS, name):
                continue
            for file in map(html.unescape, re.findall(r"<filename>(.*?)</filename>", instrument)):
                path = kit / file
                if file not in seen and path.suffix in (".wav", ".flac") and path.is_file():
                    seen.add(file)
                    yield Clip(label, maker, path.read_bytes())


def listen(clips: list[Clip], hearing: Hearing) -> Heard:
    """Embed every clip that can be read, in all its views."""
    ear = load_hearing(hearing, resources.models_dir())
    rows, labels, sources = [], [], []
    for clip in clips:
        try:
            waveform = as_kept(decode_sound(clip.data).waveform)
        except KitError:
            continue  # an empty sample that fills a kit's slot
        prepared = sound.prepare(waveform, hearing)
        rows.append([ear.embed(sound.view(prepared, view)) for view in range(hearing.views)])
        labels.append(clip.label)
        sources.append(clip.source)
    return Heard(np.array(rows), np.array(labels), np.array(sources))


def within(heard: Heard, labels: tuple[str, ...]) -> Heard:
    """The clips of some labels."""
    mine = np.isin(heard.labels, labels)
    return Heard(*(part[mine] for part in heard))


def held_out(heard: Heard, shots: int, draws: int, *, by_label: bool = False) -> float:
    """The share right, averaged over who is held out and over draws."""
    shares = []
    views = heard.embeddings.shape[1]
    for source in np.unique(heard.sources):
        asked = heard.sources == source
        for seed in range(draws):
            generator = np.random.default_rng(seed)
            taught = np.concatenate(
                [
                    generator.permutation(np.flatnonzero((heard.labels == label) & ~asked))[:shots]
                    for label in np.unique(heard.labels)
                ]
            )
            rows = heard.embeddings[taught].reshape(len(taught) * views, -1)
            head = SoftmaxRegression(transform="length")
            head.fit(rows, np.repeat(heard.labels[taught], views))
            right = head.predict(heard.embeddings[asked, 0]) == heard.labels[asked]
            truth = heard.labels[asked]
            each = [right[truth == label].mean() for label in np.unique(truth)]
            shares.append(np.mean(each) if by_label else right.mean())
    return float(np.mean(shares))


if __name__ == "__main__":
    sys.exit(main())
