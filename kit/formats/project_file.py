"""`.kit.zip`: a whole project in one file that any kit opens, now and later.

    manifest.json          version, project, labels, samples (facets, bursts), models
    pictures/<sha256>.jpg  each picture once, however many samples show it
    sounds/<sha256>.wav    of a project of sounds: each clip
    hands/<sha256>.json    of a project of gestures: where the points were
    models/<number>.npz    a head's weights, plain numbers, no pickle
    passport.json          the newest model's card, where there is a model

Version 1 is `tests/fixtures/project-v1.kit.zip`, which every later version must open; a project of
pictures is still written as version 1, the others are version 2. Ids inside
are names for this file only: whoever imports gives new ones. What comes in is not trusted: sizes
before unpacking (`kit.codecs.archive`), every field before use, every picture by its hash, and a
picture that is not plain stored JPEG is encoded anew, so that no metadata rides along.
"""

import hashlib
import io
import json
import re
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO, NoReturn, Self

import numpy as np

from kit.codecs.archive import Archive
from kit.codecs.picture import StoredPicture, check_picture, store_form
from kit.core.errors import BadInput, KitError
from kit.core.gesture import MOST_HANDS
from kit.core.sound import Hearing
from kit.core.types import BlurFaces, Kind

FORMAT = "mallette-project"
VERSION = 2
PICTURES_VERSION = 1
"""What a project of pictures is written as: an older kit opens it."""
MANIFEST = "manifest.json"
MOST_CHARACTERS = 200
"""Of a name, a facet or a source: a label is a word, not an essay."""
MOST_LABELS = 1000

_HASH = re.compile(r"[0-9a-f]{64}")
_LONG_AGO = (1980, 1, 1, 0, 0, 0)  # no clock: the same project gives the same bytes
_NUMBERS = "fiubU"  # dtype kinds of a head's arrays: numbers, and text for its classes


@dataclass(frozen=True, slots=True)
class FileLabel:
    """A label as the file names it."""

    id: str
    name: str
    style: int
    is_nothing: bool = False


@dataclass(frozen=True, slots=True)
class FileSample:
    """A sample as the file names it; samples keep their order of arrival."""

    id: str
    label_id: str
    burst_id: str
    media_hash: str
    """sha256 of its bytes, hex."""
    source: str
    facets: Mapping[str, str] = field(default_factory=dict)
    sent_bytes: int | None = None


@dataclass(frozen=True, slots=True)
class FileModel:
    """A trained head: what JSON says of it, and its numbers."""

    number: int
    record: Mapping[str, Any]
    arrays: Mapping[str, np.ndarray]


@dataclass(frozen=True, slots=True)
class ProjectContents:
    """A project without its pictures, clips or hands. `blur_faces` is None where nobody chose."""

    name: str
    labels: tuple[FileLabel, ...]
    samples: tuple[FileSample, ...]
    models: tuple[FileModel, ...] = ()
    kind: Kind = Kind.IMAGE
    activity: str | None = None
    threshold: float | None = None
    passport: Mapping[str, Any] | None = None
    hearing: Hearing | None = None
    hands: int | None = None
    blur_faces: BlurFaces | None = None


def write_project(
    file: BinaryIO, contents: ProjectContents, media: Callable[[str], bytes], *, kit: str
) -> None:
    """Write a project file, one sample at a time.

    Args:
        file: open for writing; a socket's or a temporary file's will do.
        contents: what to write.
        media: sha256 -> the stored bytes.
        kit: version of the kit that writes, for whoever reads the manifest.
    """
    with zipfile.ZipFile(file, "w") as archive:
        _write(archive, MANIFEST, _json_bytes(_manifest(contents, kit)), zipfile.ZIP_DEFLATED)
        if contents.passport is not None:
            _write(archive, "passport.json", _json_bytes(contents.passport), zipfile.ZIP_DEFLATED)
        for model in contents.models:
            arrays = io.BytesIO()
            np.savez(arrays, **{k: np.asarray(v) for k, v in sorted(model.arrays.items())})
            _write(archive, f"models/{model.number}.npz", arrays.getvalue())
        for media_hash in dict.fromkeys(sample.media_hash for sample in contents.samples):
            _write(archive, _media_name(contents.kind, media_hash), media(media_hash))


class ProjectFile:
    """A project file opened for reading: `contents` at once, samples when asked for.

    Args:
        file: its bytes, its path, or a seekable binary file (left open).

    Raises:
        BadInput: "project-file-not-ours", "project-file-newer" (values found, known),
            "project-file-damaged", or what `Archive` refuses.
    """

    def __init__(self, file: bytes | Path | BinaryIO) -> None:
        self._archive = Archive(file)
        try:
            self.contents = self._read()
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let the archive go."""
        self._archive.close()

    def media(self, sample: FileSample) -> bytes:
        """One sample's bytes, those of its hash; what they are is not looked at.

        Raises:
            BadInput: "project-file-damaged".
        """
        name = _media_name(self.contents.kind, sample.media_hash)
        data = self._archive.read(name)
        if hashlib.sha256(data).hexdigest() != sample.media_hash:
            _damaged(f"{name} does not hold what its name says")
        return data

    def picture(self, sample: FileSample) -> StoredPicture:
        """One sample's picture in stored form: JPEG with no metadata.

        Raises:
            BadInput: "project-file-damaged", not the picture of that hash; or a picture that the
                kit cannot read (`kit.codecs.picture`).
        """
        data = self.media(sample)
        header = check_picture(data)
        if is_plain_jpeg(data):
            return StoredPicture(data, header.width, header.height)
        return store_form(data)

    def _read(self) -> ProjectContents:
        if not is_project(self._archive):
            raise BadInput("project-file-not-ours", f"no {MANIFEST} of {FORMAT}")
        manifest = _json(self._archive, MANIFEST)
        version = manifest.get("version")
        if type(version) is not int or version < 1:
            _damaged(f"version {version!r}")
        if version > VERSION:
            raise BadInput(
                "project-file-newer",
                f"version {version}, this kit knows {VERSION}",
                found=version,
                known=VERSION,
            )
        try:
            contents = self._contents(manifest)
        except KitError:
            raise
        except (LookupError, TypeError, ValueError, AttributeError) as error:
            _damaged(f"{MANIFEST}: {error!r}", error)
        return contents

    def _contents(self, manifest: dict[str, Any]) -> ProjectContents:
        project = manifest["project"]
        labels = tuple(_label(entry) for entry in manifest["labels"])
        label_ids = {label.id for label in labels}
        if len(label_ids) != len(labels) or len(labels) > MOST_LABELS:
            _damaged(f"{len(labels)} labels, {len(label_ids)} different")
        kind = Kind(project["kind"])
        samples = tuple(_sample(entry, label_ids) for entry in manifest["samples"])
        if len({sample.id for sample in samples}) != len(samples):
            _damaged("two samples of one id")
        absent = {_media_name(kind, s.media_hash) for s in samples}.difference(self._archive)
        if absent:
            _damaged(f"{len(absent)} samples are not in the file, such as {min(absent)}")
        threshold = project.get("threshold")
        if threshold is not None and not 0.0 <= float(threshold) <= 1.0:
            _damaged(f"threshold {threshold!r}")
        return ProjectContents(
            name=_text(project["name"]),
            labels=labels,
            samples=samples,
            models=tuple(self._model(entry) for entry in manifest.get("models", [])),
            kind=kind,
            activity=None if project.get("activity") is None else _text(project["activity"]),
            threshold=None if threshold is None else float(threshold),
            passport=_json(self._archive, "passport.json")
            if "passport.json" in self._archive
            else None,
            **_chosen(project, kind),
        )

    def _model(self, entry: dict[str, Any]) -> FileModel:
        number = _whole(entry["number"])
        return FileModel(
            number, dict(entry["record"]), _arrays(self._archive.read(f"models/{number}.npz"))
        )


def is_project(archive: Archive) -> bool:
    """Whether an archive says of itself that it is a project of ours, of any version."""
    try:
        return MANIFEST in archive and _json(archive, MANIFEST).get("format") == FORMAT
    except BadInput:
        return False


# -- writing ---------------------------------------------------------------------------------------


def _manifest(contents: ProjectContents, kit: str) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "version": PICTURES_VERSION if contents.kind is Kind.IMAGE else VERSION,
        "kit": kit,
        "project": {
            "name": contents.name,
            "kind": contents.kind.value,
            "activity": contents.activity,
            "threshold": contents.threshold,
            "hearing": contents.hearing and contents.hearing.value,
            "hands": contents.hands,
            "blur_faces": contents.blur_faces and contents.blur_faces.value,
        },
        "labels": [
            {"id": la.id, "name": la.name, "style": la.style, "is_nothing": la.is_nothing}
            for la in contents.labels
        ],
        "samples": [
            {
                "id": sample.id,
                "label": sample.label_id,
                "burst": sample.burst_id,
                _media_key(contents.kind): sample.media_hash,
                "source": sample.source,
                "facets": dict(sample.facets),
                **({"sent_bytes": sample.sent_bytes} if sample.sent_bytes is not None else {}),
            }
            for sample in contents.samples
        ],
        "models": [{"number": m.number, "record": dict(m.record)} for m in contents.models],
    }


def _json_bytes(value: Mapping[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1, allow_nan=False).encode()


def _write(
    archive: zipfile.ZipFile, name: str, data: bytes, method: int = zipfile.ZIP_STORED
) -> None:
    entry = zipfile.ZipInfo(name, _LONG_AGO)
    entry.compress_type = method
    entry.external_attr = 0o644 << 16  # else some unzips give a file nobody may read
    archive.writestr(entry, data)


# -- reading ---------------------------------------------------------------------------------------


def _damaged(reason: str, cause: BaseException | None = None) -> NoReturn:
    raise BadInput("project-file-damaged", reason) from cause


def _json(archive: Archive, name: str) -> dict[str, Any]:
    try:
        value = json.loads(archive.read(name))
    except (ValueError, RecursionError) as error:
        if isinstance(error, KitError):
            raise
        _damaged(f"{name}: {error}", error)
    if not isinstance(value, dict):
        _damaged(f"{name} is not an object")
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str) or not 0 < len(value) <= MOST_CHARACTERS:
        _damaged(f"expected a text of at most {MOST_CHARACTERS} characters, got {value!r:.60}")
    return value


def _whole(value: Any) -> int:
    if type(value) is not int or value < 0:
        _damaged(f"expected a whole number, got {value!r:.60}")
    return value


def _label(entry: dict[str, Any]) -> FileLabel:
    return FileLabel(
        _text(entry["id"]),
        _text(entry["name"]),
        _whole(entry["style"]),
        entry["is_nothing"] is True,
    )


def _sample(entry: dict[str, Any], label_ids: set[str]) -> FileSample:
    if entry["label"] not in label_ids:
        _damaged(f"a sample of an unknown label {entry['label']!r:.60}")
    media_hash = entry["picture"] if "picture" in entry else entry["media"]
    if not _HASH.fullmatch(media_hash):
        _damaged(f"a sample called {media_hash!r:.60}")
    sent_bytes = entry.get("sent_bytes")
    return FileSample(
        _text(entry["id"]),
        entry["label"],
        _text(entry["burst"]),
        media_hash,
        _text(entry["source"]),
        {_text(facet): _text(value) for facet, value in entry.get("facets", {}).items()},
        None if sent_bytes is None else _whole(sent_bytes),
    )


def _chosen(project: dict[str, Any], kind: Kind) -> dict[str, Any]:
    """The options of its kind; of another kind's, or of what an older kit wrote, there are none."""
    hearing, hands, blur_faces = (project.get(name) for name in ("hearing", "hands", "blur_faces"))
    if kind is Kind.SOUND:
        return {"hearing": Hearing(hearing)}
    if kind is Kind.GESTURE:
        if hands not in (1, MOST_HANDS):
            _damaged(f"{hands!r:.20} hands")
        return {"hands": hands}
    return {"blur_faces": None if blur_faces is None else BlurFaces(blur_faces)}


_FOLDERS = {Kind.SOUND: ("sounds", "wav"), Kind.GESTURE: ("hands", "json")}


def _media_name(kind: Kind, media_hash: str) -> str:
    folder, ending = _FOLDERS.get(kind, ("pictures", "jpg"))
    return f"{folder}/{media_hash}.{ending}"


def _media_key(kind: Kind) -> str:
    return "media" if kind in _FOLDERS else "picture"


def _arrays(data: bytes) -> dict[str, np.ndarray]:
    """An `.npz` read by hand: capped as a zip, and no array larger than the bytes behind it."""
    with Archive(data) as archive:
        return {name.removesuffix(".npy"): _array(archive.read(name)) for name in archive}


def _array(data: bytes) -> np.ndarray:
    stream = io.BytesIO(data)
    if np.lib.format.read_magic(stream) != (1, 0):
        raise ValueError("an array of another version")
    shape, fortran, dtype = np.lib.format.read_array_header_1_0(stream)
    if dtype.kind not in _NUMBERS or dtype.hasobject:
        raise ValueError(f"an array of {dtype}")
    if 0 in shape:
        return np.empty(shape, dtype)
    body = memoryview(data)[stream.tell() :]
    # frombuffer refuses what is too short; reshape what does not fit. Nothing is allocated first.
    return np.frombuffer(body, dtype).reshape(shape, order="F" if fortran else "C")


def is_plain_jpeg(data: bytes) -> bool:
    """Whether a JPEG holds no more than its picture: no EXIF, no comment, nothing but JFIF.

    Source: ITU-T T.81, B.1.1: segments up to the start of scan.
    """
    allowed = {0xE0, 0xDB, 0xC0, 0xC1, 0xC2, 0xC4, 0xDD}  # JFIF, tables, frames, restart
    position = 2
    if data[:2] != b"\xff\xd8" or data[-2:] != b"\xff\xd9":
        return False
    while data[position : position + 1] == b"\xff" and position + 4 <= len(data):
        marker = data[position + 1]
        if marker == 0xDA:
            return True
        if marker not in allowed:
            return False
        position += 2 + int.from_bytes(data[position + 2 : position + 4], "big")
    return False
