"""`kit update`: install a signed update, from a USB stick say."""

from argparse import ArgumentParser, Namespace
from pathlib import Path

from kit import __version__
from kit.cli.terminal import Bar, clean
from kit.i18n import gettext as _

ROOT = Path("/data/software")


def configure(parser: ArgumentParser) -> None:
    """The options."""
    # Translators: help of the update's file.
    parser.add_argument("bundle", metavar="BUNDLE", type=Path, help=_("the update's file"))
    # Translators: help of the option --key.
    told = _("public key of whoever may sign updates")
    parser.add_argument("--key", metavar="FILE", type=Path, help=told)
    # Translators: help of the option --root; keep the words releases/ and current.
    told = _("folder with releases/ and the link current")
    parser.add_argument("--root", metavar="DIR", type=Path, default=ROOT, help=told)
    # Translators: help of the option --check.
    parser.add_argument("--check", action="store_true", help=_("only say whether it would do"))


def run(options: Namespace) -> int:
    """Check, and install.

    Raises:
        NotFound, BadInput, Conflict, Unavailable: as `kit.lending.update` says; nothing changed.
    """
    from kit.appliance.software import Places
    from kit.lending import update

    key = options.key or Places().trusted_key  # the form's, else the image's
    running = update.newest_of(__version__, options.root)
    version = update.check(options.bundle, key, running)
    if options.check:
        # Translators: {version} is a version number.
        print(clean(_("This update is whole and signed: version {version}.", version=version)))
        return 0
    # Translators: beside a progress bar, while an update is unpacked.
    with Bar(100, _("Unpacking")) as bar:
        shown = 0

        def done(part: float) -> None:
            nonlocal shown
            bar.advance(round(part * 100) - shown)
            shown = round(part * 100)

        update.install(options.bundle, key, running, options.root, done=done)
    # Translators: {version} is a version number.
    print(
        clean(_("Version {version} is installed. It runs from the next start on.", version=version))
    )
    return 0
