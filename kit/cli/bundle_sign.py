"""`kit bundle-sign`: make and sign an update, for whoever makes the kit's software."""

from argparse import ArgumentParser, Namespace
from pathlib import Path

from kit import __version__
from kit.i18n import gettext as _


def configure(parser: ArgumentParser) -> None:
    """The options."""
    # Translators: help of the folder that becomes an update.
    parser.add_argument("folder", metavar="FOLDER", type=Path, help=_("what goes into the update"))
    # Translators: help of the option --key; openssl genpkey is a command.
    told = _("private key, as openssl genpkey -algorithm ed25519 makes it")
    parser.add_argument("--key", metavar="FILE", type=Path, required=True, help=told)
    # Translators: help of the option --release.
    told = _("the update's version, such as 0.2.0; else this program's own")
    parser.add_argument("--release", default=__version__, help=told)
    # Translators: help of the option --out.
    told = _("the update's file")
    parser.add_argument("--out", metavar="BUNDLE", type=Path, required=True, help=told)


def run(options: Namespace) -> int:
    """Sign. Raises what `kit.lending.update.sign` raises."""
    from kit.lending import update

    update.sign(options.folder, options.release, options.key, options.out)
    return 0
