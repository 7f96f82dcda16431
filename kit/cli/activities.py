"""`kit activities [list|check]`: the lessons that are there, and what is wrong with one."""

import json
from argparse import ArgumentParser, Namespace
from pathlib import Path

from kit.cli.terminal import clean
from kit.i18n import current_language
from kit.i18n import gettext as _


def configure(parser: ArgumentParser) -> None:
    """The options."""
    # Translators: help of an argument; keep "list" and "check", they are typed.
    told = _("list them (as when nothing is said), or check that every folder is in order")
    parser.add_argument("action", nargs="?", choices=("list", "check"), default="list", help=told)
    # Translators: help of an argument.
    told = _("a folder of activities other than the kit's own")
    parser.add_argument("folder", metavar="FOLDER", nargs="?", type=Path, help=told)
    # Translators: help of the option --json.
    parser.add_argument("--json", action="store_true", help=_("print JSON"))


def run(options: Namespace) -> int:
    """List or check; 1 where a checked folder is not in order."""
    from kit import activities, resources

    folder = options.folder or resources.activities_dir()
    listed = activities.find(folder)
    if options.json:
        print(json.dumps({"activities": [_as_json(each) for each in listed]}, ensure_ascii=False))
    else:
        for each in listed:
            print(clean(_line(each)))
            for problem in each.problems:
                print(clean(f"    {problem}"))
        if not listed:
            # Translators: {folder} is a path.
            print(clean(_("No activity in {folder}.", folder=str(folder))))
    broken = any(each.activity is None for each in listed)
    return 1 if options.action == "check" and (broken or not listed) else 0


def _line(listed) -> str:
    if listed.activity is None:
        # Translators: an activity's folder has something wrong; the reasons follow below.
        return _("{name}: not in order", name=listed.name)
    activity = listed.activity
    # Translators: one lesson: its folder's name, its title, how long it takes a class.
    return _(
        "{name}: {title} ({minutes} minutes)",
        name=activity.name,
        title=activity.title[current_language()],
        minutes=activity.minutes_together,
    )


def _as_json(listed) -> dict:
    if listed.activity is None:
        return {"name": listed.name, "title": None, "problems": list(listed.problems)}
    return {"name": listed.name, "title": dict(listed.activity.title), "problems": []}
