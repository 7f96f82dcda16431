"""`.kit.zip`: a whole project in one file that any kit opens, now and later.

    manifest.json          version, project, labels, samples (facets, bursts), models
    pictures/<sha256>.jpg  each picture once, however many samples show it
    models/<number>.npz    a head's weights, plain numbers, no pickle
    passport.json          the newest model's card, where there is a model

Version 1 is `tests/fixtures/project-v1.kit.zip`, which every later version must open. Ids inside
are names for this file only: whoever imports gives new ones. What comes in is not trusted: sizes
before unpacking (`kit.codecs.archive`), every field before use, every picture by its hash, and a
picture that is not plain stored JPEG is encoded anew, so that no metadata rides along.
"""

import hashlib
import io
import json
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO, NoReturn, Self

import numpy as np

from kit.codecs.archive import Archive
from kit.codecs.picture import StoredPicture, check_picture, store_form
from kit.core.errors import BadInput, KitError
from kit.core.types import Kind

FORMAT = "mallette-project"
VERSION = 1
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
    picture: str
    """sha256 of the picture's bytes, hex."""
    source: str
    facets: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FileModel:
    """A trained head: what JSON says of it, and its numbers."""

    number: int
    record: Mapping[str, Any]
    arrays: Mapping[str, np.ndarray]


@dataclass(frozen=True, slots=True)
class ProjectContents:
    """A project without its pictures."""

    name: str
    labels: tuple[FileLabel, ...]
    samples: tuple[FileSample, ...]
    models: tuple[FileModel, ...] = ()
    kind: Kind = Kind.IMAGE
    activity: str | None = None
    threshold: float | None = None
    passport: Mapping[str, Any] | None = None


def write_project(
    file: BinaryIO, contents: ProjectContents, picture: Callable[[str], bytes], *, kit: str
) -> None:
    """Write a project file, one picture at a time.

    Args:
        file: open for writing; a socket's or a temporary file's will do.
        contents: what to write.
        picture: sha256 -> the stored bytes.
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
        for media_hash in dict.fromkeys(sample.picture for sample in contents.samples):
            _write(archive, f"pictures/{media_hash}.jpg", picture(media_hash))


class ProjectFile:
    """A project file opened for reading: `contents` at once, pictures when asked for.

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

    def picture(self, sample: FileSample) -> StoredPicture:
        """One sample's picture in stored form: JPEG with no metadata.

        Raises:
            BadInput: "project-file-damaged", not the picture of that hash; or a picture that the
                kit cannot read (`kit.codecs.picture`).
        """
        data = self._archive.read(_picture_name(sample.picture))
        if hashlib.sha256(data).hexdigest() != sample.picture:
            _damaged(f"{_picture_name(sample.picture)} is not the picture of its name")
        header = check_picture(data)
        if _is_plain_jpeg(data):
            return StoredPicture(data, header.width, header.height)
        return store_form(data)

    def pictures(self) -> Iterator[tuple[FileSample, StoredPicture]]:
        """Every sample with its picture, in order of arrival."""
        for sample in self.contents.samples:
            yield sample, self.picture(sample)

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
        samples = tuple(_sample(entry, label_ids) for entry in manifest["samples"])
        if len({sample.id for sample in samples}) != len(samples):
            _damaged("two samples of one id")
        absent = {s.picture for s in samples if _picture_name(s.picture) not in self._archive}
        if absent:
            _damaged(f"{len(absent)} pictures are not in the file, such as {min(absent)}")
        threshold = project.get("threshold")
        if threshold is not None and not 0.0 <= float(threshold) <= 1.0:
            _damaged(f"threshold {threshold!r}")
        return ProjectContents(
            name=_text(project["name"]),
            labels=labels,
            samples=samples,
            models=tuple(self._model(entry) for entry in manifest.get("models", [])),
            kind=Kind(project["kind"]),
            activity=None if project.get("activity") is None else _text(project["activity"]),
            threshold=None if threshold is None else float(threshold),
            passport=_json(self._archive, "passport.json")
            if "passport.json" in self._archive
            else None,
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
        "version": VERSION,
        "kit": kit,
        "project": {
            "name": contents.name,
            "kind": contents.kind.value,
            "activity": contents.activity,
            "threshold": contents.threshold,
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
                "picture": sample.picture,
                "source": sample.source,
                "facets": dict(sample.facets),
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
    if not _HASH.fullmatch(entry["picture"]):
        _damaged(f"a picture called {entry['picture']!r:.60}")
    return FileSample(
        _text(entry["id"]),
        entry["label"],
        _text(entry["burst"]),
        entry["picture"],
        _text(entry["source"]),
        {_text(facet): _text(value) for facet, value in entry.get("facets", {}).items()},
    )


def _picture_name(media_hash: str) -> str:
    return f"pictures/{media_hash}.jpg"


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


def _is_plain_jpeg(data: bytes) -> bool:
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
