"""DATASET: pictures or sounds with labels, in the layouts that classes bring, as one stream.

    with open_dataset(path) as dataset:
        for found in dataset:      # Item(label, name, burst, data) or Refused(name, error)

    a folder of folders          one sub-folder a label; or its zip (Teachable Machine's samples)
    a Teachable Machine project  `.tm`: `<label>-!-<n>.jpg` and manifest.json
    an Edge Impulse export       training/ and testing/; the label is the name before the first dot
    our own project file         with its bursts and facets

The layout is told by what is inside, never by the file's extension. Whether pictures or sounds are
wanted is said by whoever opens it, and never guessed. A file that is none of them is
listed with its reason and costs nothing else; a label left with no picture is an error that names
it. Order is natural ("2" before "10") and the same everywhere; names are NFC, so that "é" typed on
a Mac and on Linux is one label. A picture that comes as a file is its own burst: its name does not
say which were taken in one showing (`kit.core.split.join_near_copies` finds the evident ones).
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from functools import partial
from pathlib import Path
from typing import BinaryIO, Self

from kit.codecs.archive import Archive
from kit.codecs.picture import check_picture
from kit.codecs.sound import check_sound, looks_like_sound
from kit.core.errors import BadInput, KitError, NotFound
from kit.core.types import Kind, Media
from kit.formats._layouts import Layout, find_layout, natural, nfc
from kit.formats._tree import Folder, Tree, Zip
from kit.formats.project_file import FileSample, ProjectFile, is_project


class Contents(Enum):
    """What a dataset must hold."""

    PICTURES = "pictures"
    SOUNDS = "sounds"
    HANDS = "hands"
    """Pictures of hands, or their points as a project file keeps them."""

    @classmethod
    def of(cls, media: Media) -> "Contents":
        """What a dataset must hold for a project whose samples are kept as that."""
        return {Media.PICTURE: cls.PICTURES, Media.SOUND: cls.SOUNDS, Media.HANDS: cls.HANDS}[media]

    def check(self, data: bytes) -> None:
        """Refuse a file that is not of this kind, or not bearable, from its first bytes."""
        if self is Contents.SOUNDS:
            check_sound(data)
        elif self is Contents.PICTURES or data[:1] != b"{":
            check_picture(data)

    def mixed_up(self, data: bytes) -> bool:
        """Whether a refused file is one of the other kind."""
        if self is not Contents.SOUNDS:
            return looks_like_sound(data)
        try:
            check_picture(data)
        except KitError:
            return False
        return True


@dataclass(frozen=True, slots=True)
class Item:
    """One picture or sound of a dataset.

    Attributes:
        label: its label, NFC.
        name: where it was found, unique in the dataset.
        burst: samples of one showing share it.
        data: the file's bytes; already seen to be of the wanted kind and of bearable size.
    """

    label: str
    name: str
    burst: str
    data: bytes = field(repr=False)
    source: str = "file"
    facets: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Refused:
    """One file that could not be taken, with its reason."""

    name: str
    error: KitError


@dataclass(frozen=True, slots=True)
class _Entry:
    """A file that its layout gives to a label; read when its turn comes."""

    label: str
    name: str
    burst: str
    read: Callable[[], bytes]
    source: str = "file"
    facets: Mapping[str, str] = field(default_factory=dict)


class Dataset:
    """A dataset opened for reading. Iterate as often as needed; bytes are read one at a time.

    Attributes:
        layout: "folders", "teachable-machine", "edge-impulse" or "kit-project".
        labels: names, NFC, in natural order (a project's own order in a project file).
    """

    def __init__(
        self,
        layout: str,
        labels: list[str],
        entries: list[_Entry],
        refused: list[Refused],
        close: Callable[[], None],
        contents: Contents = Contents.PICTURES,
    ) -> None:
        self.contents = contents
        self.layout = layout
        self.labels = labels
        self._entries = entries
        self._refused = refused
        self._close = close

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of what was opened."""
        self._close()

    def __len__(self) -> int:
        """Files that may turn out to be what is wanted: the length of a progress bar."""
        return len(self._entries) + len(self._refused)

    def __iter__(self) -> Iterator[Item | Refused]:
        """Every file, as an item or as refused.

        Raises:
            BadInput: at the end, "dataset-label-empty" or "dataset-label-silent": of that label,
                not one file was a picture or a sound; "dataset-holds-sounds" or
                "dataset-holds-pictures": there is nothing but the other kind.
        """
        yield from self._refused
        taken = dict.fromkeys(self.labels, 0)
        # Files of the other kind wait until one of the wanted kind has shown that they are strays:
        # a whole folder of them is one mistake, to be named once.
        strays: list[Refused] = []
        for entry in self._entries:
            data = b""
            try:
                data = entry.read()
                self.contents.check(data)
            except KitError as error:
                refused = Refused(entry.name, error)
                if not any(taken.values()) and self.contents.mixed_up(data):
                    strays.append(refused)
                else:
                    yield refused
                continue
            yield from strays
            strays.clear()
            taken[entry.label] += 1
            yield Item(entry.label, entry.name, entry.burst, data, entry.source, entry.facets)
        pictures = self.contents is not Contents.SOUNDS
        if strays:
            raise BadInput(
                "dataset-holds-sounds" if pictures else "dataset-holds-pictures",
                f"{strays[0].name} and {len(strays) - 1} more",
            )
        for label, count in taken.items():
            if not count:
                raise BadInput(
                    "dataset-label-empty" if pictures else "dataset-label-silent",
                    f"no {'picture' if pictures else 'sound'} for the label {label!r}",
                    label=label,
                )


def open_dataset(
    source: Path | BinaryIO | bytes, contents: Contents = Contents.PICTURES
) -> Dataset:
    """Open a folder or an archive and find out how it is laid out.

    Args:
        source: a folder, a zip file, or the open bytes of one (left open).
        contents: what it must hold.

    Raises:
        NotFound: "dataset-missing".
        BadInput: "dataset-empty", "dataset-no-folders", "dataset-nested" (values folder),
            "dataset-other-kind" (values kind), or what `Archive` and `ProjectFile` refuse.
        TooLarge: "archive-too-large".
    """
    if isinstance(source, Path) and not source.exists():
        raise NotFound("dataset-missing", f"no such folder or file: {source}", path=str(source))
    if isinstance(source, Path) and source.is_dir():
        return _of_tree(Folder(source), contents)
    archive = Archive(source)
    try:
        ours = is_project(archive)
        if not ours:
            return _of_tree(Zip(archive), contents)
    except BaseException:
        archive.close()
        raise
    archive.close()
    return _of_project(ProjectFile(source), contents)


def _of_tree(tree: Tree, contents: Contents) -> Dataset:
    layout: Layout = find_layout(tree)
    entries = [
        _Entry(nfc(label), name, burst=name, read=partial(tree.read, name))
        for name, label in layout.labels.items()
    ]
    entries.sort(key=lambda entry: (natural(entry.label), natural(entry.name)))
    labels = {entry.label for entry in entries} | {nfc(folder) for folder in layout.empty_labels}
    refused = [Refused(name, error) for name, error in layout.refused.items()]
    return Dataset(layout.name, sorted(labels, key=natural), entries, refused, tree.close, contents)


def _of_project(file: ProjectFile, contents: Contents) -> Dataset:
    kind = file.contents.kind
    if kind is not _KINDS[contents]:
        file.close()
        raise BadInput("dataset-other-kind", f"a project of kind {kind}", kind=kind.value)
    names = {label.id: nfc(label.name) for label in file.contents.labels}
    entries = [
        _Entry(
            names[sample.label_id],
            f"{names[sample.label_id]}/{sample.id}",
            sample.burst_id,
            partial(_bytes, file, sample),
            sample.source,
            sample.facets,
        )
        for sample in file.contents.samples
    ]
    labels = list(dict.fromkeys(names.values()))
    return Dataset("kit-project", labels, entries, [], file.close, contents)


def _bytes(file: ProjectFile, sample: FileSample) -> bytes:
    picture = file.contents.kind is Kind.IMAGE
    return file.picture(sample).bytes if picture else file.media(sample)


_KINDS = {
    Contents.PICTURES: Kind.IMAGE, Contents.SOUNDS: Kind.SOUND, Contents.HANDS: Kind.GESTURE,
}  # fmt: skip
