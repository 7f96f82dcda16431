"""The recommended meter: a Raspberry Pi Pico with an INA219 or INA226 in the board's supply line.

It stands outside the board, so it does not disturb what it measures, and it has a clock of its own
on which readings and marks stand together. `firmware/power-meter/` says how one is made.

Found by the number that USB gives a Pico with MicroPython, then asked who it is: a Pico that
somebody uses for something else is left alone. After its plug was pulled the same Pico is found
again by its own number, under whatever name the system gives it then.
"""

import contextlib
import secrets
import time
from collections import deque
from collections.abc import Callable

from kit.core.errors import Unavailable
from kit.core.ports import WaitingClock
from kit.core.types import Mark, MeterInfo, MeterLabel, Reading
from kit.devices.meter_base import check_mark
from kit.devices.pico_lines import (
    FIRMWARE,
    PROTOCOL,
    SEQUENCES,
    Hello,
    LineReader,
    Unwrapped,
    frame,
    numbers_of,
    pairs,
    parse_hello,
    parse_reading,
    reading,
)
from kit.devices.serial_port import SerialPort, UsbPort, find_ports

USB_IDS = ((0x2E8A, 0x0005),)
"""A Pico or Pico 2 with MicroPython, as MicroPython's rp2 port has it."""
ANSWER_WITHIN_S = 2.0
"""A Pico that was just plugged in takes a second to start."""
SELF_TEST_WITHIN_S = 60.0
"""Once it has said that it tests itself: a tenth of a second, on an emulated Pico some thirty times
as much."""
SILENT_S = 3.0
"""Of a meter that should say something a hundred times a second."""
NOISE_LINES = 50
"""Damaged lines in a row after which it is no noise any more."""
GAIN_ERROR = {"ina219": 0.02, "ina226": 0.012}
"""Shunt of 1 %, and what the chip may be off at 25 °C: INA219 0.5 % each for current and voltage
(TI SBOS448), INA226 0.1 % each (TI SBOS547)."""
_LOOK_S = 0.02


class SystemClock:
    """`core.ports.WaitingClock` of the machine."""

    monotonic_s = staticmethod(time.monotonic)
    wall_s = staticmethod(time.time)
    sleep = staticmethod(time.sleep)


Find = Callable[[], tuple[UsbPort, ...]]


def usb_ports() -> tuple[UsbPort, ...]:
    """The ports of Picos with MicroPython."""
    return find_ports(USB_IDS)


def find_pico(find: Find = usb_ports) -> tuple[str, ...]:
    """Names of the Picos that may be meters, such as "pico:/dev/ttyACM0". Asks none of them."""
    return tuple(f"pico:{port.path}" for port in find())


class PicoMeter:
    """The meter at the end of a serial port (`core.ports.Meter`).

    Args:
        path: of the port when it is first opened.
        shunt_ohms: the shunt that is really there, where it is not the one stored in the meter.
        find: the ports there are, to find it again after its plug was pulled.
        clock: for waiting on answers; a test has its own.
        rest_s: of the port's thread.
    """

    def __init__(
        self,
        path: str,
        shunt_ohms: float | None = None,
        *,
        find: Find = usb_ports,
        clock: WaitingClock = SystemClock,
        rest_s: float | None = None,
    ) -> None:
        self.name = f"pico:{path}"
        self.lost_readings = 0
        """Readings that were taken and never came, since `start`."""
        self._path, self._serial_number = path, ""
        self._given_ohms = shunt_ohms
        self._find, self._clock = find, clock
        self._port_options = {} if rest_s is None else {"rest_s": rest_s}
        self._port: SerialPort | None = None
        self._heard: deque[str] = deque()
        """Lines that nobody has looked at yet."""
        self._hello: Hello | None = None
        self._measuring = False
        self._trouble: Unavailable | None = None

    # --- who it is ---

    def open(self) -> MeterInfo:
        """Find it and ask who it is.

        Raises:
            Unavailable: "meter-missing", "meter-not-allowed", "meter-busy"; "meter-firmware-none",
                "meter-firmware-wrong"; "meter-sensor-missing", "meter-sensor-two"; "meter-format".
        """
        hello = self.ask()
        if hello.protocol != PROTOCOL:
            self.close()
            raise wrong_firmware(self._path, hello)
        if hello.chip == "none":
            self.close()
            two = hello.trouble == "two-sensors"
            raise Unavailable(
                "meter-sensor-two" if two else "meter-sensor-missing",
                f"{self._path}: the meter says {hello.trouble}",
            )
        self._hello = hello
        return self._info(hello)

    def ask(self) -> Hello:
        """Open the port and say hello; the meter then waits, whatever it did before.

        Raises:
            Unavailable: of the port; "meter-firmware-none"; "meter-format".
        """
        self.close()
        self._path = self._where()
        self._port = SerialPort(self._path, **self._port_options)
        try:
            return self._ask()
        except BaseException:
            self.close()
            raise

    def _where(self) -> str:
        """Its port's present name; the one it had, where USB does not know it."""
        ports = self._find()
        for port in ports:
            if self._serial_number and port.serial_number == self._serial_number:
                return port.path
        for port in ports:
            if port.path == self._path:
                self._serial_number = port.serial_number
        return self._path

    def _ask(self) -> Hello:
        self._lines, self._heard = LineReader(), deque()
        token = secrets.token_hex(4)
        deadline_s = self._clock.monotonic_s() + ANSWER_WITHIN_S
        while self._clock.monotonic_s() < deadline_s:
            self._port.write(b"\n" + frame(f"HELLO {token}"))  # "\n" ends what others half wrote
            answer = self._await(
                lambda text: text.startswith("HELLO ") and pairs(text).get("token") == token,
                within_s=ANSWER_WITHIN_S / 3,
            )
            if answer is not None:
                return self._understand(answer)
        raise Unavailable(
            "meter-firmware-none",
            f"{self._path} does not answer as a power meter; last heard: "
            f"{self._lines.last_damaged!r}",
        )

    def _understand(self, answer: str) -> Hello:
        try:
            hello = parse_hello(answer)
        except ValueError as error:
            raise Unavailable("meter-format", str(error), line=answer[:60]) from error
        if hello is None:
            raise Unavailable("meter-firmware-none", f"{self._path} says {answer!r}")
        return hello

    def _await(self, wanted: Callable[[str], bool], *, within_s: float) -> str | None:
        """The first line that is wanted; those before it are dropped. None: it did not come."""
        deadline_s = self._clock.monotonic_s() + within_s
        while True:
            self._heard += self._lines.feed(self._port.take())
            while self._heard:
                if wanted(text := self._heard.popleft()):
                    return text
            if self._port.lost:
                raise Unavailable("meter-lost", self._port.lost)
            if self._clock.monotonic_s() >= deadline_s:
                return None
            self._clock.sleep(_LOOK_S)

    def _info(self, hello: Hello) -> MeterInfo:
        # At 5 V and 1 A: one step of the current, or one of the voltage, whichever is larger.
        step_mw = max(5 * hello.shunt_lsb_nv / 1e6 / self._shunt_ohms, hello.bus_lsb_uv / 1e3)
        return MeterInfo(
            name=self.name,
            label=MeterLabel.INPUT,
            rate_hz=1e6 / hello.window_us,
            resolution_mw=step_mw,
            gain_error=GAIN_ERROR.get(hello.chip),
            blind_spots=("meter-blind-supply",),
            details={
                "chip": hello.chip,
                "shunt_ohms": self._shunt_ohms,
                "shunt_ohms_stored": hello.shunt_uohm / 1e6,
                "full_scale_ma": hello.full_scale * hello.shunt_lsb_nv / 1e6 / self._shunt_ohms,
                "averages": hello.averages,
                "firmware": hello.firmware,
                "board": hello.board,
            },
        )

    @property
    def _shunt_ohms(self) -> float:
        return self._given_ohms or self._hello.shunt_uohm / 1e6

    # --- what it reads ---

    def start(self) -> None:
        """Begin to take readings. Raises `Unavailable`."""
        if self._port is None or self._hello is None:
            raise self._trouble or Unavailable("meter-lost", f"{self.name} is not open")
        self.stop()
        self._clock_of_meter = Unwrapped(self._hello.wrap_us)
        self._sequence: int | None = None
        self._marks: deque[Mark] = deque()
        self._reaches_back = True
        self._trouble = None
        self.lost_readings = 0
        answer = self._command("START")
        if answer != "OK START":
            self.close()
            raise Unavailable("meter-sensor-missing", f"{self.name}: {answer or 'no answer'}")
        self._heard.clear()  # readings that came together with the answer reach back
        self._measuring = True
        self._heard_at_s = self._clock.monotonic_s()

    def mark(self, text: str) -> None:
        """Send a word to be put in the stream. Raises `Unavailable`, "meter-lost"."""
        check_mark(text)
        if not self._measuring:
            raise self._trouble or Unavailable("meter-lost", f"{self.name} takes no readings")
        self._port.write(frame(f"MARK {text}"))

    def take(self) -> list[Reading | Mark]:
        """What arrived, in the order of the stream. Raises `Unavailable` once it is handed over."""
        if self._trouble is None and not self._measuring:
            raise Unavailable("meter-lost", f"{self.name} takes no readings")
        events = [] if self._trouble else self._events()
        if self._trouble and not events:
            raise self._trouble
        return events

    def _events(self) -> list[Reading | Mark]:
        gone = self._port.lost  # asked first: what came before it is then all there
        data = self._port.take()
        events: list[Reading | Mark] = []
        self._heard += self._lines.feed(data)
        while self._heard:
            text = self._heard.popleft()
            kind, _, rest = text.partition(" ")
            try:
                if kind == "R":
                    self._put_in_order(self._reading(rest), events)
                elif kind == "MARK":
                    ticks_us, word = rest.split(" ")
                    self._marks.append(Mark(self._clock_of_meter.us(int(ticks_us)) / 1e6, word))
                elif kind == "EVENT" and rest.endswith(" sensor-lost"):
                    return self._fail(events, "meter-lost", "its sensor stopped answering")
            except ValueError:
                return self._fail(events, "meter-format", f"it says {text!r}", line=text[:60])
        if self._lines.damaged_in_a_row >= NOISE_LINES:
            line = self._lines.last_damaged
            return self._fail(events, "meter-format", f"nothing but noise: {line!r}", line=line)
        now_s = self._clock.monotonic_s()
        if data:
            self._heard_at_s = now_s
        if gone:
            return self._fail(events, "meter-lost", gone)
        if now_s - self._heard_at_s > SILENT_S:
            return self._fail(events, "meter-lost", f"not a word in {SILENT_S} s")
        return events

    def _put_in_order(self, reading: Reading, events: list[Reading | Mark]) -> None:
        """A reading comes when its time is over, so half of it lies before marks that it follows:
        a mark waits for the first reading that is later, a hundredth of a second.
        """
        if self._reaches_back:  # to before `start`
            self._reaches_back = False
            return
        while self._marks and self._marks[0].at_s <= reading.at_s:
            events.append(self._marks.popleft())
        events.append(reading)

    def _fail(self, events, id: str, developer: str, **values: str) -> list[Reading | Mark]:
        """Stop, and remember why for the next `take`; hand over what came before."""
        events.extend(self._marks)
        self._trouble = Unavailable(id, f"{self.name}: {developer}", **values)
        self._measuring = False  # so that closing does not wait for an answer
        self.close()
        return events

    def _reading(self, rest: str) -> Reading:
        raw = parse_reading(rest)
        if self._sequence is not None:
            self.lost_readings += (raw.sequence - self._sequence - 1) % SEQUENCES
        self._sequence = raw.sequence
        at_us = self._clock_of_meter.us(raw.ticks_us)
        return reading(raw, self._hello, self._shunt_ohms, at_us)

    def stop(self) -> None:
        """Take no more readings. Safe to call twice, and after it was lost."""
        if not self._measuring:
            return
        self._measuring = False
        with contextlib.suppress(Unavailable):  # it is gone: then it is stopped too
            self._command("STOP")

    def close(self) -> None:
        """Let it go. Safe to call twice."""
        port = self._port
        if port is None:
            return
        if not port.lost:
            self.stop()
        self._measuring, self._port = False, None
        port.close()

    # --- what else can be asked of it ---

    def self_test(self) -> dict[str, int | str]:
        """Let it test itself; what it says of its state. After `ask` or `open`.

        Raises `Unavailable`, "meter-lost", where it does not answer.
        """
        answer = self._command("TEST", answers=("OK TEST", "STATUS ", "NO "))
        if answer == "OK TEST":
            answer = self._await(
                lambda line: line.startswith("STATUS "), within_s=SELF_TEST_WITHIN_S
            )
        if answer is None or not answer.startswith("STATUS "):
            raise Unavailable("meter-lost", f"{self.name}: {answer or 'no answer'}")
        return numbers_of(pairs(answer))

    def store_shunt(self, ohms: float) -> None:
        """Let it remember the shunt's resistance, without current too. After `ask` or `open`.

        Raises `Unavailable`, "meter-lost", where it does not answer or refuses.
        """
        answer = self._command(f"SET shunt_uohm={round(ohms * 1e6)}")
        if answer != "OK SET":
            raise Unavailable("meter-lost", f"{self.name}: {answer or 'no answer'}")

    def _command(self, text: str, answers: tuple[str, ...] = ()) -> str | None:
        verb = text.partition(" ")[0]
        answers = answers or (f"OK {verb}", f"NO {verb}")
        self._port.write(frame(text))
        return self._await(lambda line: line.startswith(answers), within_s=ANSWER_WITHIN_S)


def wrong_firmware(path: str, hello: Hello) -> Unavailable:
    """It is a power meter, and of another protocol than ours."""
    return Unavailable(
        "meter-firmware-wrong",
        f"{path} speaks protocol {hello.protocol} (firmware {hello.firmware}); this kit {PROTOCOL}",
        found=hello.firmware or str(hello.protocol),
        needed=".".join(map(str, FIRMWARE)),
    )
