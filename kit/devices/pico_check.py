"""Whether a Pico that was just flashed is a meter to rely on: who it is, how its self-test went."""

from dataclasses import dataclass, field

from kit.core.errors import Unavailable
from kit.core.ports import WaitingClock
from kit.devices.meter_pico import Find, PicoMeter, SystemClock, usb_ports, wrong_firmware
from kit.devices.pico_lines import FIRMWARE, PROTOCOL, Hello

SELF_TEST_MESSAGES = {
    "no-sensor": "meter-sensor-missing",
    "two-sensors": "meter-sensor-two",
    "no-supply": "meter-test-no-supply",
}


@dataclass(frozen=True, slots=True)
class FirmwareCheck:
    """What `kit meter flash-check` found at one port.

    Attributes:
        name: of the meter.
        right: whether it can be measured with.
        id, values: the sentence for whoever flashed it.
        reason: the same for the log.
        hello: who it says it is, where it says so.
        status: what its self-test says, where there was one.
    """

    name: str
    right: bool
    id: str
    values: dict[str, str] = field(default_factory=dict)
    reason: str = ""
    hello: Hello | None = None
    status: dict[str, int | str] = field(default_factory=dict)


def check_firmware(
    path: str | None = None,
    *,
    store_ohms: float | None = None,
    find: Find = usb_ports,
    clock: WaitingClock = SystemClock,
) -> list[FirmwareCheck]:
    """Ask every Pico with MicroPython, or the one at `path`, who it is and how it fares.

    Args:
        store_ohms: a shunt that it shall remember, before it is asked.

    Returns:
        One finding for each; empty where no such Pico is plugged in.
    """
    paths = [path] if path else [port.path for port in find()]
    return [_check(PicoMeter(one, find=find, clock=clock), store_ohms) for one in paths]


def _check(meter: PicoMeter, store_ohms: float | None) -> FirmwareCheck:
    hello = None
    try:
        hello = meter.ask()
        if hello.protocol != PROTOCOL:
            raise wrong_firmware(meter.name, hello)
        if store_ohms is not None:
            meter.store_shunt(store_ohms)
            hello = meter.ask()
        status = meter.self_test()
    except Unavailable as trouble:
        return FirmwareCheck(meter.name, False, trouble.id, trouble.values, str(trouble), hello)
    finally:
        meter.close()
    test = str(status.get("self_test", "none"))
    if test != "ok":
        id = SELF_TEST_MESSAGES.get(test, "meter-test-failed")
        return FirmwareCheck(meter.name, False, id, {"test": test}, test, hello, status)
    versions = {"found": hello.firmware, "needed": ".".join(map(str, FIRMWARE))}
    id = "meter-firmware-older" if hello.version < FIRMWARE else "meter-firmware-right"
    return FirmwareCheck(meter.name, True, id, versions, "", hello, status)
