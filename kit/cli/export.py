"""`kit export PROJECT --out FILE`: write a project to a file that any kit opens."""

from argparse import ArgumentParser, Namespace
from pathlib import Path

from kit.cli.terminal import add_settings, clean, settings_of
from kit.i18n import gettext as _


def configure(parser: ArgumentParser) -> None:
    """The options."""
    # Translators: help of an argument.
    parser.add_argument("project", metavar="PROJECT", help=_("its name, or its id"))
    # Translators: help of the option --out.
    told = _("file to write, such as lesson.kit.zip")
    parser.add_argument("--out", metavar="FILE", type=Path, required=True, help=told)
    add_settings(parser)


def run(options: Namespace) -> int:
    """Write the file, whole or not at all; a server may be using the data folder meanwhile."""
    from kit.portable import export
    from kit.storage import Store, atomic_file

    with Store.open(settings_of(options).data, read_only=True) as store:
        info = _find(store, options.project)
        with atomic_file(options.out) as file:
            export(store, info, file)
    # Translators: {name} is a project, {file} where it was written.
    print(clean(_("{name} is in {file}", name=info.name, file=str(options.out))))
    return 0


def _find(store, asked: str):
    """The one project of that id or, letter case aside, of that name."""
    from kit.core.errors import Conflict, NotFound

    projects = store.projects()
    for info in projects:
        if info.id == asked:
            return info
    named = [info for info in projects if info.name.casefold() == asked.casefold()]
    if not named:
        names = ", ".join(info.name for info in projects) or "-"
        raise NotFound("project-not-named", f"no project {asked!r}", name=asked, names=names)
    if len(named) > 1:
        ids = ", ".join(info.id for info in named)
        raise Conflict("project-name-twice", f"{len(named)} projects", name=asked, ids=ids)
    return named[0]
