"""What was made, said so that two builds can be compared and one can be flashed.

`of_root` lists a root's files with mode, owner and hash: two builds of the same inputs give the
same list. `imager_manifest` is what Raspberry Pi Imager reads to offer the image by name.
"""

import datetime
import hashlib
import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

BOARDS = ["pi5-64bit", "pi4-64bit", "pi3-64bit"]
"""The Imager's own names; a Zero 2 W is a "pi3-64bit" there."""


def of_root(root: Path) -> Iterator[str]:
    """One line a file: kind and mode, owner, what it holds (hash, link's target or -), path."""
    for folder, folders, files in os.walk(root):
        folders.sort()
        for name in sorted([*files, *folders]):
            path = Path(folder, name)
            found = path.lstat()
            if stat.S_ISLNK(found.st_mode):
                holds = f"-> {path.readlink()}"
            elif stat.S_ISREG(found.st_mode):
                with path.open("rb") as file:
                    holds = hashlib.file_digest(file, "sha256").hexdigest()
            else:
                holds = "-"
            mode = stat.filemode(found.st_mode)
            yield f"{mode} {found.st_uid}:{found.st_gid} {holds} /{path.relative_to(root)}"


def imager_manifest(
    file: str,
    *,
    why: str,
    extract_size: int,
    extract_sha256: str,
    download_size: int,
    download_sha256: str,
    released: datetime.date,
) -> dict[str, Any]:
    """The image as an entry of a list that the Imager opens.

    Args:
        file: the compressed image's name; who publishes it puts an address before it.
        why: one sentence about it.
        extract_size, extract_sha256: of the image, uncompressed; bytes.
        download_size, download_sha256: of the file.
        released: the day.
    """
    entry = {
        "name": "Mallette",
        "description": why,
        "icon": "",
        "url": file,
        "extract_size": extract_size,
        "extract_sha256": extract_sha256,
        "image_download_size": download_size,
        "image_download_sha256": download_sha256,
        "release_date": released.isoformat(),
        "devices": BOARDS,
        # The Imager's own questions (user, password, Wi-Fi) are not asked: mallette.toml has them.
        "init_format": "none",
    }
    return {"os_list": [entry]}
