"""`python -m kit.appliance VERB`: what the image's units call; not for people.

start, door, fault, captive, join, choose, update FOLDER
"""

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

MOST_S = 30
"""No command of the start takes seconds; one that hangs must not keep the kit from serving."""


def run(command: Sequence[str]) -> None:
    """Run it; one that fails is told to the log, and the start goes on."""
    try:
        subprocess.run(command, check=True, timeout=MOST_S, stdin=subprocess.DEVNULL)
    except (OSError, subprocess.SubprocessError) as error:
        print(f"{command[0]}: {error}", file=sys.stderr)


def say(line: str) -> None:
    """On the screen: the unit leads standard output there, and standard error to the log."""
    print(line, flush=True)


def main(verb: str, folder: str = "") -> int:
    """Run one verb; the exit status says to systemd whether the server may start.

    Each imports what it needs: of 512 MB, the answers to other sites shall take half as much.
    """
    match verb:
        case "start":
            from kit.appliance import boot
            from kit.core.errors import KitError
            from kit.i18n import LANGUAGES, sentence

            try:
                return boot.start(boot.Places(), run, say)
            except KitError as error:
                from kit.appliance import fault

                fault.tell(boot.Places().run / "mallette" / "fault.json", error.id, error.values)
                for language in LANGUAGES:
                    say(sentence(error.id, error.values, language))
                print(error, file=sys.stderr)
                return 1
        case "door":
            from kit.appliance import door

            door.answer(door.Doorway(), door.Root())
            return 0
        case "fault":
            from kit.appliance import fault

            fault.server(Path("/run/mallette/fault.json")).serve_forever()
            return 0
        case "captive":
            from kit.appliance import captive, network

            captive.server(f"http://{network.ADDRESS}/").serve_forever()
            return 0
        case "join":
            from kit.appliance import letters

            letters.show(say)
            return 0
        case "choose" | "update":
            from kit.appliance import software

            places = software.Places()
            if verb == "update":
                software.update_from(Path(folder), places, say)
            else:
                software.update_from(places.firmware, places, say)
                software.choose(places, say)
            return 0
        case _:
            print(__doc__, file=sys.stderr)
            return 2


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:3]) if len(sys.argv) > 1 else main(""))
