"""`kit export PROJECT --out FILE`: write a project to a file that any kit opens; or all of them."""

from argparse import ArgumentParser, Namespace
from pathlib import Path

from kit.cli.terminal import add_settings, clean, settings_of
from kit.i18n import gettext as _


def configure(parser: ArgumentParser) -> None:
    """The options."""
    # Translators: help of an argument.
    parser.add_argument("project", metavar="PROJECT", nargs="?", help=_("its name, or its id"))
    # Translators: help of the option --all.
    told = _("all projects but the ready example, each to a file of its own in the folder --out")
    parser.add_argument("--all", action="store_true", help=told)
    # Translators: help of the option --out.
    told = _("file to write, such as lesson.kit.zip")
    parser.add_argument("--out", metavar="FILE", type=Path, required=True, help=told)
    add_settings(parser)


def run(options: Namespace) -> int:
    """Write each file, whole or not at all; a server may be using the data folder meanwhile.

    Raises:
        BadInput: "export-what": neither a project nor --all, or both.
    """
    from kit.core.errors import BadInput
    from kit.portable import export, file_names
    from kit.storage import Store, atomic_file

    if options.all == (options.project is not None):
        raise BadInput("export-what", "name one project, or say --all")
    with Store.open(settings_of(options).data, read_only=True) as store:
        if options.all:
            wanted = [info for info in store.projects() if not info.is_example]
            wanted.sort(key=lambda info: info.name.casefold())
            places = [options.out / name for name in file_names(wanted)]
            options.out.mkdir(parents=True, exist_ok=True)
        else:
            wanted, places = [_find(store, options.project)], [options.out]
        for info, place in zip(wanted, places, strict=True):
            with atomic_file(place) as file:
                export(store, info, file)
            # Translators: {name} is a project, {file} where it was written.
            print(clean(_("{name} is in {file}", name=info.name, file=str(place))))
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
