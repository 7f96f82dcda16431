"""Builds `kit/web/static/icons/icons.svg`, the one file that holds every icon of the page.

    npm pack lucide-static && tar xzf lucide-static-*.tgz
    python scripts/sprite.py package/icons

Only the icons listed here are taken: a new one is a new line in `ICONS` and a new run. The licence
(ISC) travels in the file as a comment, and in NOTICE.
"""

import re
import sys
from pathlib import Path

TARGET = Path(__file__).parent.parent / "kit/web/static/icons/icons.svg"

ICONS = """
    audio-lines bird book-open bot bug camera camera-off check chevron-down chevron-left
    chevron-right circle-dot circle-off clock copy download ear ellipsis-vertical eye file-audio
    file-up files fish flip-horizontal-2 folder-open gauge graduation-cap hand hard-drive house
    image-plus images languages lightbulb list-checks loader-circle lock log-out mic mic-off
    moon move package-open paw-print pencil play plus power printer rabbit rotate-cw scissors
    search shield sliders-horizontal snail sparkles square squirrel tablet-smartphone timer
    trash-2 triangle-alert turtle undo-2 upload users video volume-2 wifi wifi-off x
""".split()  # noqa: SIM905, a table of words reads better than a list of strings


def sprite(folder: Path) -> str:
    """One SVG of `<symbol id="NAME">`, from a folder of Lucide's own files."""
    symbols = []
    for name in ICONS:
        drawing = re.search(r"<svg[^>]*>(.*)</svg>", (folder / f"{name}.svg").read_text(), re.S)
        if drawing is None:
            raise ValueError(f"{name}.svg holds no <svg>")
        strokes = " ".join(drawing.group(1).split())
        symbols.append(f'<symbol id="{name}" viewBox="0 0 24 24">{strokes}</symbol>')
    return "\n".join(
        [
            '<svg xmlns="http://www.w3.org/2000/svg">',
            "<!-- Lucide 1.62.0, https://lucide.dev, ISC License, "
            "(c) Lucide Icons and Contributors;",
            "     parts from Feather, MIT License, (c) Cole Bemis. Built by scripts/sprite.py. -->",
            *symbols,
            "</svg>",
            "",
        ]
    )


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python scripts/sprite.py FOLDER_OF_LUCIDE_ICONS")
    TARGET.write_text(sprite(Path(sys.argv[1])))
