"""How tablets join, in letters: for a kit whose screen no browser draws on.

The Wi-Fi's QR code is made of half blocks, which every text screen has: twenty-one lines of
forty-one letters, so that all of it fits on the smallest, 25 lines of 80.
"""

import json
from collections.abc import Callable
from pathlib import Path

from kit.codecs.qr import qr_lines
from kit.core.appliance import join_code

WIFI = Path("/run/mallette/for-kit/wifi.json")
"""What the start says of it (`boot.py`)."""


def show(say: Callable[[str], None], wifi: Path = WIFI) -> None:
    """Put it on the screen; nothing where the kit has no Wi-Fi of its own."""
    try:
        told = json.loads(wifi.read_text(encoding="utf-8"))
        name, password = str(told["name"]), str(told["password"])
        addresses = [f"http://{told[key]}" for key in ("host", "address") if told[key]]
    except (OSError, ValueError, KeyError, TypeError):
        return
    if not name:
        return
    say("")
    for line in qr_lines(join_code(name, password)):
        say(f"  {line}")
    say("")
    say(f"  Wi-Fi  {name}   {password}")
    say(f"         {'   '.join(addresses)}")
