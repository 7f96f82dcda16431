"""`kit import FILE`: a project file of any kit, or a zip of pictures, as a new project."""

import json
from argparse import ArgumentParser, Namespace
from pathlib import Path

from kit.cli.senses import HANDS, IMAGE, KINDS
from kit.cli.terminal import Bar, add_settings, clean, line_of, note, settings_of
from kit.i18n import gettext as _


def configure(parser: ArgumentParser) -> None:
    """The options."""
    # Translators: help of an argument; keep .kit.zip.
    told = _("a .kit.zip, or a folder or zip with one folder for each label")
    parser.add_argument("file", metavar="FILE", type=Path, help=told)
    # Translators: help of the option --kind; keep image, words, sounds and gesture.
    told = _("what it holds, where it is no project of the kit: image, words, sounds or gesture")
    parser.add_argument("--kind", choices=KINDS, default=IMAGE, help=told)
    # Translators: help of the option --hands.
    told = _("for gestures: how many hands a gesture may have; 1 if nothing is said")
    parser.add_argument("--hands", type=int, choices=HANDS, help=told)
    # Translators: help of the option --json.
    parser.add_argument("--json", action="store_true", help=_("print JSON"))
    add_settings(parser)


def run(options: Namespace) -> int:
    """Read the file to its end before anything of it is kept."""
    from kit.cli.senses import kind_of, senses
    from kit.core.errors import NotFound
    from kit.core.shapes import LOCAL_SPACE
    from kit.portable import import_dataset
    from kit.storage import Store

    if not options.file.exists():
        raise NotFound("dataset-missing", f"no file {options.file}", path=str(options.file))
    kind, hearing = kind_of(options.kind)
    done = 0
    # Translators: what a progress bar counts: percent of a file that is read.
    with Store.open(settings_of(options).data) as store, Bar(100, _("Reading")) as bar:

        def progress(part: float) -> None:
            nonlocal done
            bar.advance(max(0, int(part * 100) - done))
            done = max(done, int(part * 100))

        space = store.add_space(LOCAL_SPACE)
        imported = import_dataset(
            store,
            options.file,
            options.file.name,
            space_id=space.id,
            sense_of=senses().of,
            kind=kind,
            hearing=hearing,
            hands=options.hands,
            progress=progress,
        )
    info = imported.project
    for name, error in imported.passed_over:
        note(f"{name}: {line_of(error)}")
    for was, now in imported.renamed:
        # Translators: a label of the file could not be kept as it was written there.
        note(_("the label “{was}” is now “{now}”", was=was, now=now))
    if options.json:
        figures = {
            "project_id": info.id,
            "name": info.name,
            "labels": info.labels,
            "samples": info.samples,
            "passed_over": len(imported.passed_over),
            "renamed": dict(imported.renamed),
        }
        print(json.dumps(figures, ensure_ascii=False))
        return 0
    # Translators: a project was brought in; {id} is its technical name.
    told = _(
        "{name}: {samples} samples, {labels} labels ({id})",
        name=info.name,
        samples=info.samples,
        labels=info.labels,
        id=info.id,
    )
    print(clean(told))
    if imported.passed_over:
        # Translators: files that could not be read; each was named before.
        print(_("passed over: {count}", count=len(imported.passed_over)))
    return 0
