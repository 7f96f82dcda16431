"""`kit return`: print what a loan did, erase it, prove it, put the lender's defaults back."""

from argparse import ArgumentParser, Namespace
from pathlib import Path

from kit.cli.erase import confirmed
from kit.cli.terminal import Bar, add_settings, clean, note, settings_of
from kit.core.errors import BadInput
from kit.i18n import gettext as _


def configure(parser: ArgumentParser) -> None:
    """The options."""
    add_settings(parser)
    # Translators: help of the option --out; a bilan is what a loan did, in counts.
    told = _("write what the loan did there, to be printed from a browser")
    parser.add_argument("--out", metavar="FILE.html", type=Path, help=told)
    # Translators: help of the option --defaults; keep the file names.
    told = _("put lender.toml, kit.toml and activities/ from this folder back afterwards")
    parser.add_argument("--defaults", metavar="DIR", type=Path, help=told)
    # Translators: help of the option --search.
    told = _("search this device, or an image of it, too; may be given more than once")
    parser.add_argument("--search", metavar="DEVICE", type=Path, action="append", help=told)
    # Translators: help of the option --count.
    told = _("only count and write the sheet; erase nothing")
    parser.add_argument("--count", action="store_true", help=told)
    # Translators: help of the option --yes.
    parser.add_argument("--yes", action="store_true", help=_("do not ask first"))


def run(options: Namespace) -> int:
    """Print, ask, erase, prove, restore; with --count, print alone.

    The status is 1 where the answer was no, or something was found.

    Raises:
        BadInput: "return-sheet-inside": the sheet would be erased with the rest.
        NotFound: "return-defaults-missing", "return-nowhere-to-search"; nothing was erased.
        Conflict: "data-folder-busy": a server uses the data folder.
    """
    from kit.classroom import CLASS_TIME
    from kit.experiments.results import kept_joules
    from kit.lending import lender as lenders
    from kit.lending import reset, sheets
    from kit.lending.loan import Loan
    from kit.storage import Store

    settings = settings_of(options)
    data = settings.data.resolve()
    for place in (options.out, options.defaults):
        if place is not None and place.resolve().is_relative_to(data):
            raise BadInput("return-sheet-inside", f"{place} is in {data}", file=str(place))
    reset.check_places(options.defaults, options.search or [])
    lender = lenders.read(data / lenders.NAME)
    if not (data / "kit.db").exists():
        # Translators: {folder} is a path.
        print(clean(_("Nothing to erase in {folder}.", folder=str(data))))
        return 0
    with Store.open(data) as store:
        on_s = float((store.get(CLASS_TIME) or {}).get("on_s", 0.0))
        counts = Loan(store, lambda: kept_joules(store)).whole(on_s)
    for term, count in sheets.count_rows(counts):
        # Translators: one line of a list: what is counted, how many.
        print(clean(_("{term}: {count}", term=term, count=count)))
    if options.out is not None:
        options.out.write_text(sheets.bilan(lender, counts), encoding="utf-8")
        # Translators: {file} is a path; the sheet is to be printed.
        note(_("The sheet is in {file}: open it in a browser and print.", file=options.out))
    if options.count:
        return 0
    if not options.yes and not confirmed():
        # Translators: the person did not type yes.
        note(_("Nothing was erased."))
        return 1
    wanted = reset.needles(data)
    # Translators: beside a progress bar, while a returned kit is erased.
    with Bar(100, _("Erasing")) as bar:
        shown = 0

        def done(part: float) -> None:
            nonlocal shown
            bar.advance(round(part * 100) - shown)
            shown = round(part * 100)

        overwritten = reset.reset(data, done)
    found = [
        line for place in (data, *(options.search or [])) for line in reset.search(place, wanted)
    ]
    for line in found:
        note(line)
    if options.defaults is not None and not found:
        restored = ", ".join(reset.restore(options.defaults, data))
        # Translators: {names} are files, such as "kit.toml, lender.toml".
        print(clean(_("Restored: {names}", names=restored)))
    if found:
        # Translators: the search after a return found bytes of the loan.
        note(_("Something of the loan is still there. Do not lend this kit: flash its card anew."))
        return 1
    # Translators: after a return; {size} in megabytes, {needles} is how many places of the old
    # files were searched for.
    proof = _(
        "Erased: {size} MB overwritten; of {needles} pieces of the loan, none was found again.",
        size=round(overwritten / 1e6, 1),
        needles=len(wanted.blocks) + len(wanted.words),
    )
    print(clean(proof))
    return 0
