"""The meter: fetches readings, puts the kit's marks between them, sends both in order.

One loop, no interrupts, nothing that waits for long:

    hear the kit -> fetch a reading when one is ready -> send what waits -> show how it goes

Everything outside (wires, clock, USB, light, watchdog) is handed in by main.py.
"""

import light
import protocol
import settings
from ring import Ring
from sensors import NoSensor, find

LOOK_AGAIN_MS = 500
"""How often a missing sensor is looked for."""
CHECK_MS = 1000
"""How often a present one is asked whether it is still set as it was."""
EARLY_US = 150
"""How long before a reading is due it is looked for: one look takes about as long."""
STUCK_AFTER_US = 200_000
"""A sensor that answers and has nothing new for so long is begun afresh."""
SHOW_FULL_SCALE_MS = 3000
LINES_AT_ONCE = 8
"""Sent before the sensor is looked at again: 8 lines take a millisecond or two."""


class Meter:
    """One sensor, one computer.

    Args:
        new_i2c: () -> the wires, made afresh; called again after the sensor was lost.
        clock: module or object with MicroPython's ticks_us, ticks_ms, ticks_diff and sleep_us.
        port: the computer: `wait(ms) -> bool` (bytes came in), `read() -> bytes`,
            `can_write() -> bool`, `write(bytes)`, `disturb(bool)` (whether Ctrl-C may stop us).
        show: called with True or False, for the light.
        feed: () -> None, tells the watchdog that all is well; from START on.
        board: a word for this board and its number, for HELLO.
    """

    def __init__(self, new_i2c, clock, port, show, feed, board):
        self._new_i2c, self._clock, self._port = new_i2c, clock, port
        self._show, self._feed, self._board = show, feed, board
        self._ring = Ring()
        self._lines = protocol.Lines()
        self._sensor = None
        self._trouble = "no-sensor"
        self._shunt_uohm = settings.shunt_uohm()
        self._test = "none"
        self._measuring = self._watched = False
        self._sequence = self._readings = self._lost = self._i2c_errors = 0
        self._lost_just_now = self._period_known = self._waited = False
        now_ms = clock.ticks_ms()
        self._looked_at_ms = self._checked_at_ms = now_ms
        self._full_scale_at_ms = None
        self._ready_at_us = self._period_us = 0
        self._look_for_sensor()

    def run(self):
        """For ever."""
        while True:
            self.step()

    def step(self):
        """Once round. Takes 9 ms at most while measuring, 50 ms otherwise."""
        if self._watched:
            self._feed()
        if self._port.wait(self._rest_ms()):
            for text in self._lines.feed(self._port.read()):
                self._obey(text)
        self._mind_sensor()
        if self._measuring and self._sensor:
            self._fetch()
        self._send()
        now_ms = self._clock.ticks_ms()
        self._show(light.is_on(self._state(now_ms), now_ms))

    # --- the sensor ---

    def _look_for_sensor(self):
        self._looked_at_ms = self._checked_at_ms = self._clock.ticks_ms()
        try:
            self._sensor = find(self._new_i2c())
            self._trouble = None
        except NoSensor as error:
            self._sensor, self._trouble = None, error.args[0]
        except OSError:
            self._sensor, self._trouble = None, "no-sensor"
            self._i2c_errors += 1
        if self._sensor:
            self._begin_period()

    def _begin_period(self):
        self._ready_at_us = self._clock.ticks_us()
        self._period_us = self._sensor.window_us()
        self._period_known = self._waited = False  # the next reading follows none

    def _lose_sensor(self):
        self._i2c_errors += 1
        self._sensor, self._trouble = None, "no-sensor"
        self._event("sensor-lost")

    def _mind_sensor(self):
        now_ms = self._clock.ticks_ms()
        if self._sensor is None:
            if self._clock.ticks_diff(now_ms, self._looked_at_ms) >= LOOK_AGAIN_MS:
                self._look_for_sensor()
                if self._sensor:
                    self._event("sensor-back")
        elif self._clock.ticks_diff(now_ms, self._checked_at_ms) >= CHECK_MS:
            self._checked_at_ms = now_ms
            try:
                if not self._sensor.is_configured():
                    self._sensor.configure()
                    self._begin_period()
                    self._event("sensor-reset")
            except OSError:
                self._lose_sensor()

    def _rest_ms(self):
        """How long nothing needs to be done but to listen."""
        if not self._measuring or self._sensor is None:
            return 0 if len(self._ring) else 50
        return max(0, (self._until_due_us() - 200) // 1000)

    def _until_due_us(self):
        return self._period_us - self._clock.ticks_diff(self._clock.ticks_us(), self._ready_at_us)

    def _fetch(self):
        """Fetch the reading if there is one; its time is when the chip had finished it."""
        until_due_us = self._until_due_us()
        if until_due_us > 1200:
            return  # woken by the kit, not by the sensor
        if until_due_us > EARLY_US:
            self._clock.sleep_us(until_due_us - EARLY_US)
        try:
            if not self._sensor.ready():
                self._waited = True
                if until_due_us < -STUCK_AFTER_US:
                    self._lose_sensor()
                return
            now_us = self._clock.ticks_us()
            shunt, bus, overflow = self._sensor.fetch()
        except OSError:
            self._lose_sensor()
            return
        self._follow(now_us)
        self._put_reading(now_us, shunt, bus, overflow)

    def _follow(self, now_us):
        """Keep step with the chip, whose clock is up to a tenth off.

        A reading that had to be waited for was seen the moment it was there. One that was there
        at the first look may be old: look sooner next time.
        """
        period_us = self._clock.ticks_diff(now_us, self._ready_at_us)
        self._ready_at_us = now_us
        if not self._waited:
            self._period_us -= self._period_us // 64
        elif not self._period_known:
            self._period_known = True
        elif 2 * period_us < 3 * self._period_us:
            self._period_us += (period_us - self._period_us) // 8
        if self._period_known and 2 * period_us >= 3 * self._period_us:
            self._lose_readings(period_us // self._period_us - 1 or 1)
        self._waited = False

    def _put_reading(self, now_us, shunt, bus, overflow):
        flags = protocol.OVERFLOW if overflow else ""
        if abs(shunt) >= self._sensor.full_scale:
            flags += protocol.FULL_SCALE
            self._full_scale_at_ms = self._clock.ticks_ms()
        if self._lost_just_now:
            flags += protocol.LOST
        sequence = self._sequence
        self._sequence = (sequence + 1) % protocol.SEQUENCES
        ticks_us = now_us % protocol.WRAP_US
        if self._ring.put((protocol.reading, (sequence, ticks_us, shunt, bus, flags))):
            self._readings += 1
            self._lost_just_now = False
        else:
            self._lose_readings(1)

    def _lose_readings(self, number):
        self._lost += number
        self._lost_just_now = True

    def _event(self, word):
        entry = (protocol.event, (self._clock.ticks_us() % protocol.WRAP_US, word))
        self._ring.put(entry, True)

    # --- the computer ---

    def _send(self):
        for _ in range(LINES_AT_ONCE):
            if not len(self._ring) or not self._port.can_write():
                return
            line, values = self._ring.take()
            self._port.write(line(*values))

    def _say(self, line, *values):
        self._ring.put((line, values), True)

    def _obey(self, text):
        command, _, rest = text.partition(" ")
        if command == "MARK" and protocol.is_mark(rest):
            self._say(protocol.mark, self._clock.ticks_us() % protocol.WRAP_US, rest)
        elif command == "HELLO":
            self._hello(rest)
        elif command == "START" and self._sensor:
            self._start()
            self._say(protocol.frame, "OK START")
        elif command == "START":
            self._say(protocol.frame, "NO START " + self._trouble)
        elif command == "STOP":
            self._stop()
            self._say(protocol.frame, "OK STOP")
        elif command == "STATUS":
            self._say(protocol.pairs, "STATUS", self._status())
        elif command == "TEST" and not self._measuring:
            self._say(protocol.frame, "OK TEST")
            self._send()  # now: the test may take longer than whoever asked waits for a word
            self._test = self._self_test()
            self._say(protocol.pairs, "STATUS", self._status())
        elif command == "SET" and not self._measuring:
            self._set(rest)
        else:
            self._say(protocol.frame, f"NO {command} unknown-or-not-now")

    def _start(self):
        """Measure. From the first time on, a hang ends in a restart: the watchdog has no off."""
        self._port.disturb(False)
        self._watched = self._measuring = True
        self._begin_period()

    def _stop(self):
        self._measuring = False
        self._port.disturb(True)

    def _hello(self, token):
        """Whoever says hello begins anew: what waits is for somebody who has gone."""
        self._stop()
        self._ring.clear()
        sensor = self._sensor
        fields = [("board", self._board), ("wrap_us", protocol.WRAP_US)]
        fields += [("shunt_uohm", self._shunt_uohm), ("chip", sensor.name if sensor else "none")]
        if sensor:
            fields += [("address", sensor.address), ("averages", sensor.averages)]
            fields += [("shunt_us", sensor.shunt_us), ("bus_us", sensor.bus_us)]
            fields += [("shunt_lsb_nv", sensor.shunt_lsb_nv), ("bus_lsb_uv", sensor.bus_lsb_uv)]
            fields += [("full_scale", sensor.full_scale)]
        else:
            fields += [("trouble", self._trouble)]
        fields.append(("token", token or "none"))
        self._say(protocol.hello, fields)

    def _status(self):
        return [
            ("ticks_us", self._clock.ticks_us() % protocol.WRAP_US),
            ("state", self._state(self._clock.ticks_ms())),
            ("readings", self._readings),
            ("lost", self._lost),
            ("waiting", len(self._ring)),
            ("damaged", self._lines.damaged),
            ("i2c_errors", self._i2c_errors),
            ("self_test", self._test),
        ]

    def _set(self, text):
        key, _, value = text.partition("=")
        if key == "shunt_uohm" and value.isdigit() and settings.is_shunt(int(value)):
            try:
                settings.store_shunt(int(value))
            except OSError:
                self._say(protocol.frame, "NO SET not-stored")
                return
            self._shunt_uohm = int(value)
            self._say(protocol.frame, "OK SET")
        else:
            self._say(protocol.frame, "NO SET not-a-shunt")

    # --- how it goes ---

    def _state(self, now_ms):
        if self._trouble:
            return self._trouble
        if self._test not in ("none", "ok"):
            return "self-test"
        if self._full_scale_at_ms is not None:
            if self._clock.ticks_diff(now_ms, self._full_scale_at_ms) < SHOW_FULL_SCALE_MS:
                return "full-scale"
            self._full_scale_at_ms = None
        return light.MEASURING if self._measuring else light.WAITING

    def _self_test(self):
        """ "ok", or what is not: no-sensor, registers, product, no-supply, rate."""
        if self._sensor is None:
            return self._trouble
        try:
            self._sensor.configure()
            if not self._sensor.is_configured():
                return "registers"
            begin_us = None
            deadline_ms = self._clock.ticks_ms()
            readings = 0
            while readings < 11:
                if self._sensor.ready():
                    _, bus, _ = self._sensor.fetch()
                    readings += 1
                    if readings == 1:
                        begin_us = self._clock.ticks_us()
                elif self._clock.ticks_diff(self._clock.ticks_ms(), deadline_ms) > 500:
                    return "rate"
                self._clock.sleep_us(200)
            took_us = self._clock.ticks_diff(self._clock.ticks_us(), begin_us)
            if took_us > 10 * 10_500:
                return "rate"
            if not self._sensor.product_agrees():
                return "product"
            # The load must be on, or there is nothing to measure: 4.5 V is the least a Pi runs on.
            if bus * self._sensor.bus_lsb_uv < 4_500_000:
                return "no-supply"
        except OSError:
            self._lose_sensor()
            return "no-sensor"
        return "ok"
