"""How other screens come to this kit, put together for its own screen (`kit.web.rooms.Join`)."""

from pathlib import Path

from kit.cli.machine import SOFTWARE, software_notices
from kit.cli.serve import addresses
from kit.codecs.qr import qr_path, qr_squares
from kit.core.appliance import Status, join_code
from kit.settings import Settings
from kit.web.rooms import Drawn, Join

_HTTP = 80


def joining(settings: Settings, status: Status | None, *, software: Path = SOFTWARE) -> Join:
    """Wi-Fi and addresses.

    Args:
        settings: those that the server was started with.
        status: what the appliance tells; None: this machine is none.
        software: where the image says what runs.
    """
    found = [_plain(address) for address in addresses(settings.host, settings.port)]
    if status is None:
        return Join(found, address_code=_drawn(found[0]), notices=software_notices(software))
    own = status.wifi == "own"
    if own:  # on its own Wi-Fi it has one address, and the others lead nowhere from there
        found = [f"http://{name}" for name in (status.host, status.address) if name] or found
    code = join_code(status.wifi_name, status.wifi_password) if status.wifi_name else ""
    return Join(
        found,
        status.wifi,
        status.wifi_on,
        status.wifi_name,
        status.wifi_password,
        _drawn(code) if code else None,
        # In figures: not every tablet knows names that end in .local.
        _drawn(found[-1] if own else found[0]),
        software_notices(software),
    )


def _plain(address: str) -> str:
    """Without the port that browsers take by themselves.

    >>> _plain("http://10.42.0.1:80"), _plain("http://10.42.0.1:8000")
    ('http://10.42.0.1', 'http://10.42.0.1:8000')
    """
    return address.removesuffix(f":{_HTTP}")


def _drawn(text: str) -> Drawn:
    return Drawn(qr_path(text), len(qr_squares(text)))
