"""The Wi-Fi that the wishes come to, as NetworkManager's keyfile; pure text.

It is written to /run at each start and never to the card: nm-settings-keyfile(5) reads it there.
"""

import uuid

from kit.appliance.boot_file import Wishes
from kit.appliance.identity import Identity

ADDRESS = "10.42.0.1"
"""The kit's own, on its own Wi-Fi: what NetworkManager takes for a shared connection."""

ELSEWHERE = "192.0.2.1"
"""What every other name leads to (RFC 5737: no machine anywhere has it); see captive.py."""

_CHANNELS = (1, 6, 11)
"""The three of 2.4 GHz that do not overlap, free in every country."""

# WPA2 with AES: nothing older, and nothing newer. Left to itself, NetworkManager offers WPA3 and
# protected management frames (1 is "disable"), with which the Pi's radio opens no network at all
# or lets nobody in (raspberrypi/linux#7247, #3619); and joining by button or PIN (1, too), which
# Windows then asks for instead of the passphrase.
_WPA2 = {"proto": "rsn;", "pairwise": "ccmp;", "group": "ccmp;", "pmf": "1", "wps-method": "1"}


def own_name(wishes: Wishes, identity: Identity) -> str:
    """The name under which the kit's own Wi-Fi is seen."""
    return wishes.wifi_name or identity.wifi_name


def keyfile(wishes: Wishes, identity: Identity) -> str | None:
    """The connection to make, or None where Wi-Fi is off."""
    if wishes.wifi == "off":
        return None
    own = wishes.wifi == "own"
    name, password = (
        (own_name(wishes, identity), identity.wifi_password)
        if own
        else (wishes.wifi_name, wishes.wifi_password)
    )
    machine = uuid.UUID(identity.machine_id)
    # Several kits in a room spread over the channels by who they are.
    channel = _CHANNELS[machine.int % len(_CHANNELS)]
    sections: dict[str, dict[str, str]] = {
        "connection": {
            "id": f"mallette-{wishes.wifi}",
            "uuid": str(uuid.uuid5(machine, wishes.wifi)),
            "type": "wifi",
            "interface-name": "wlan0",
            "autoconnect": "true",
        },
        "wifi": {"ssid": _bytes(name), "mode": "ap" if own else "infrastructure"}
        # Each start would else show a joined network another device.
        | ({"band": "bg", "channel": str(channel)} if own else {"cloned-mac-address": "permanent"}),
        "wifi-security": {"key-mgmt": "wpa-psk", "psk": _escaped(password)}
        | (_WPA2 if own else {}),
        "ipv4": {"method": "shared", "address1": f"{ADDRESS}/24"} if own else {"method": "auto"},
        "ipv6": {"method": "disabled" if own else "auto"},
    }
    return "\n".join(
        f"[{section}]\n" + "".join(f"{key}={value}\n" for key, value in keys.items())
        for section, keys in sections.items()
    )


def _bytes(name: str) -> str:
    """A Wi-Fi's name as a list of bytes: as text, ';' and spaces would have to be escaped.

    >>> _bytes("Ab")
    '65;98;'
    """
    return "".join(f"{byte};" for byte in name.encode())


def _escaped(value: str) -> str:
    r"""As GLib's key files want it: a backslash, and a space at the start, are written otherwise.

    >>> _escaped("\\ a")
    '\\\\ a'
    """
    text = value.replace("\\", "\\\\")
    return "\\s" + text[1:] if text.startswith(" ") else text
