"""Which power meters there are, and opening the one that was asked for.

Names: "pico" or "pico:/dev/ttyACM0", "hwmon" or "hwmon:hwmon2", "pmic", "rapl", "estimate", "fake",
"none", and "auto": the best that answers, in that order, the estimate last and labelled as one.
"auto" never takes the fake. Nothing is guessed: each kind is asked, and what it says of itself,
or why it does not answer, is shown.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from kit.core.errors import BadInput, KitError, Unavailable
from kit.core.ports import Meter
from kit.core.types import MeterInfo, MeterLabel
from kit.devices.meter_base import PolledMeter
from kit.devices.meter_estimate import EstimateProbe
from kit.devices.meter_fake import FakeMeter
from kit.devices.meter_hwmon import HwmonProbe, check_shunt, find_hwmon
from kit.devices.meter_pico import PicoMeter, find_pico
from kit.devices.meter_pmic import PmicProbe
from kit.devices.meter_rapl import RaplProbe, find_rapl


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of meter.

    Attributes:
        find: names that are worth asking; asks nobody, so it disturbs nobody.
        make: a name -> that meter, not yet opened; the shunt's ohms where somebody gave them.
    """

    find: Callable[[], tuple[str, ...]]
    make: Callable[[str, float | None], Meter]


def _hwmon(name: str, shunt_ohms: float | None) -> Meter:
    return PolledMeter(HwmonProbe(name.partition(":")[2], shunt_ohms))


def _pico(name: str, shunt_ohms: float | None) -> Meter:
    return PicoMeter(name.partition(":")[2], shunt_ohms)


# Best first: the whole board at its plug, then its inner supplies, then a formula.
KINDS: Mapping[str, Kind] = {
    "pico": Kind(find_pico, _pico),
    "hwmon": Kind(find_hwmon, _hwmon),
    "pmic": Kind(lambda: ("pmic",), lambda _name, _ohms: PolledMeter(PmicProbe())),
    "rapl": Kind(find_rapl, lambda _name, _ohms: PolledMeter(RaplProbe())),
    "estimate": Kind(lambda: ("estimate",), lambda _name, _ohms: PolledMeter(EstimateProbe())),
}


@dataclass(frozen=True, slots=True)
class Found:
    """A meter that was asked: what it says of itself, or why it does not answer."""

    name: str
    info: MeterInfo | None
    refusal: KitError | None = None


def list_meters(kinds: Mapping[str, Kind] = KINDS) -> list[Found]:
    """Every meter worth asking, best first, each asked once and let go."""
    return [found for name in kinds for found in _ask(kinds[name])]


def open_meter(
    name: str = "auto", shunt_ohms: float | None = None, kinds: Mapping[str, Kind] = KINDS
) -> tuple[Meter, MeterInfo]:
    """Open the meter of that name.

    Args:
        name: a kind, one meter of it, or "auto".
        shunt_ohms: the shunt that is really there, for the kinds that have one.

    Raises:
        Unavailable: "meter-none", "meter-missing", or what the one that was asked for says; its
            developer line gives the reason of each that was tried.
        BadInput: "meter-unknown", "meter-shunt-wrong".
    """
    if shunt_ohms is not None:
        check_shunt(shunt_ohms)
    if name == "none":
        raise Unavailable("meter-none", "no meter is chosen")
    if name == "fake":
        # Nothing was measured, so it must not say so; a test that knows better makes its own.
        fake = FakeMeter(label=MeterLabel.ESTIMATED)
        return fake, fake.open()
    refusals: list[KitError] = []
    for one in _names(name, kinds):
        meter = kinds[one.partition(":")[0]].make(one, shunt_ohms)
        try:
            return meter, meter.open()
        except Unavailable as refusal:
            refusals.append(refusal)
    if len(refusals) == 1:
        raise refusals[0]
    reasons = "; ".join(map(str, refusals)) or "none is there"
    raise Unavailable("meter-missing", f"no meter {name!r} answered: {reasons}")


def _names(name: str, kinds: Mapping[str, Kind]) -> Iterator[str]:
    kind, _, detail = name.partition(":")
    if name == "auto":
        for one in kinds.values():
            yield from one.find()
    elif kind not in kinds:
        raise BadInput("meter-unknown", f"no meter {name!r}", name=name)
    elif detail:
        yield name
    else:
        yield from kinds[kind].find()


def _ask(kind: Kind) -> Iterator[Found]:
    for name in kind.find():
        meter = kind.make(name, None)
        try:
            yield Found(name, meter.open())
        except KitError as refusal:
            yield Found(name, None, refusal)
        finally:
            meter.close()
