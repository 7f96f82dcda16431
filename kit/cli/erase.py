"""`kit erase`: forget everything the class has made, here and now."""

import sys
from argparse import ArgumentParser, Namespace

from kit.cli.terminal import add_settings, clean, note, settings_of
from kit.i18n import gettext as _

_YES = {"yes", "oui"}
"""Both, whatever the language: a teacher in a hurry must not be told that oui is no answer."""


def configure(parser: ArgumentParser) -> None:
    """The options."""
    add_settings(parser)
    # Translators: help of the option --yes.
    parser.add_argument("--yes", action="store_true", help=_("do not ask first"))


def run(options: Namespace) -> int:
    """Say what goes, ask, and erase; 1 where the answer was no."""
    from kit.classroom import CLASS_TIME, EPOCH
    from kit.experiments.results import kept_joules
    from kit.lending.loan import Loan
    from kit.storage import Store

    settings = settings_of(options)
    if not (settings.data / "kit.db").exists() and not (settings.data / "media").exists():
        # Translators: {folder} is a path.
        print(clean(_("Nothing to erase in {folder}.", folder=str(settings.data))))
        return 0
    with Store.open(settings.data) as store:
        tally = store.tally()
        # Translators: what will be erased, for good; counts of things. {folder} is a path.
        goes = _(
            "To be erased from {folder}: projects {projects}, samples {samples}, models {models},"
            " {size} MB of pictures.",
            folder=str(settings.data),
            projects=tally.projects,
            samples=tally.samples,
            models=tally.models,
            size=round(tally.bytes / 1e6),
        )
        print(clean(goes), flush=True)
        if not options.yes and not confirmed():
            # Translators: the person did not type yes.
            note(_("Nothing was erased."))
            return 1
        # An erased class was held all the same: its lender counts it.
        loan = Loan(store, lambda: kept_joules(store))
        if loan.whole() != loan.so_far():
            loan.count_class(float((store.get(CLASS_TIME) or {}).get("on_s", 0.0)))
        # First the sessions: a browser that was open then must be a stranger afterwards.
        store.set(EPOCH, int(store.get(EPOCH, 1)) + 1)
        store.erase_all()
    # Translators: after erasing.
    print(_("Everything is erased."))
    return 0


def confirmed() -> bool:
    """Ask for the word; whether it was typed."""
    # Translators: a question; the person types the word yes, in English or French (oui).
    print(_("Type yes to erase it for good:"), end=" ", flush=True)
    return sys.stdin.readline().strip().lower() in _YES
