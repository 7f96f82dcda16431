"""The world around a Pico that is not there: time, a load, and a test that leads.

Runs under MicroPython. Time is virtual: it passes only where the firmware waits or talks to a chip,
and only as far as the test has allowed. So a minute of measuring takes a second, and the same test
gives the same readings.

The test speaks over two pipes, a line each (`BOARD_CONTROL` holds their numbers):

    go US                                  let so much time pass; answered by `at US` when it has,
                                           or by the watchdog's bite
    draw IDLE_MA BURST_MA BURST_US PERIOD_US   from now on; the bursts come on top of idle
    unplug, plug, brown-out                the sensor
    deaf 1, deaf 0                         whether the computer takes what is sent
    hang                                   the firmware's next wait does not end
    light                                  answered by how often the light has gone on
"""

import math
import os
import random

SUPPLY_MV = 5100.0


def option(name, default):
    """A number of the board's making, such as BOARD_NOISE_MA, from the environment."""
    return float(os.getenv("BOARD_" + name) or default)


class Load:
    """Something that draws current: idle, bursts on top of it, a slow drift of idle.

    Kept as its integral over time, so that a chip's average is exact however long it looks.
    """

    def __init__(self):
        self.drift_per_s, self.sway = option("DRIFT_PER_S", 0), option("SWAY", 0)
        self._since_us, self._before = 0, [(0, 0.0, 0.0, 0, 1)]

    def draw(self, now_us, idle_ma, burst_ma, burst_us, period_us):
        """From now on. What was drawn before is remembered for averages that reach back."""
        self._before.append((now_us, idle_ma, burst_ma, burst_us, period_us))
        self._before = self._before[-4:]

    def mean_ma(self, begin_us, end_us):
        """The mean current between two times."""
        total = 0.0
        until = end_us
        for since_us, idle_ma, burst_ma, burst_us, period_us in reversed(self._before):
            since = max(since_us, begin_us)
            if since < until:
                total += idle_ma * (self._drifted(until) - self._drifted(since))
                on = burst_on(until - since_us, burst_us, period_us)
                total += burst_ma * (on - burst_on(since - since_us, burst_us, period_us))
                until = since
        return total / (end_us - begin_us)

    def _drifted(self, t_us):
        """Integral over microseconds of 1 + drift + sway."""
        t = t_us * 1e-6
        turn = 2 * math.pi / 37  # seconds: no multiple of anything a test does
        return 1e6 * (t + self.drift_per_s * t * t / 2 - self.sway * math.cos(turn * t) / turn)


def burst_on(t_us, burst_us, period_us):
    """How long bursts were on in the first t_us of a train of them."""
    return t_us // period_us * burst_us + min(t_us % period_us, burst_us)


class World:
    def __init__(self):
        self.now_us = 0
        self.clock_offset_us = int(option("CLOCK_US", 0))
        self.chips = {}
        self.plugged, self.deaf, self.hung = True, False, False
        self.load = Load()
        self.noise_ma = option("NOISE_MA", 0)
        self.supply_ohm = option("SUPPLY_OHM", 0.15)
        self.times_on, self._light = 0, False
        self.watchdog_us = None
        random.seed(int(option("SEED", 1)))
        incoming, outgoing = os.getenv("BOARD_CONTROL").split(",")
        self._in = open(int(incoming))  # noqa: SIM115 (for as long as the board has power)
        self._out = open(int(outgoing), "w")  # noqa: SIM115
        self._allowed_us = 0

    def pass_time(self, us, interrupted=None):
        """Let time pass, asking the test for more whenever it has used what it was given.

        Args:
            interrupted: () -> bool, asked after the test has spoken; True ends the wait.
        """
        until = self.now_us + us
        while self.now_us < until or self.hung:
            if self.now_us >= self._allowed_us:
                self._ask()
                if interrupted and interrupted():
                    return
            self.now_us = self._allowed_us if self.hung else min(until, self._allowed_us)
            if self.watchdog_us is not None and self.now_us > self.watchdog_us:
                self._answer("the watchdog has bitten")
                raise SystemExit(3)

    def _ask(self):
        if self._allowed_us:
            self._answer(f"at {self.now_us}")
        while True:
            words = self._in.readline().split()
            if not words:
                raise SystemExit(0)  # the test has gone
            if words[0] == "go":
                self._allowed_us = self.now_us + int(words[1])
                return
            self._do(*words)

    def _do(self, verb, *values):
        if verb == "draw":
            idle_ma, burst_ma, burst_us, period_us = values
            values = float(idle_ma), float(burst_ma), int(burst_us), int(period_us)
            self.load.draw(self.now_us, *values)
        elif verb in ("plug", "unplug"):
            self.plugged = verb == "plug"
            for chip in self.chips.values():
                chip.reset(self.now_us)
        elif verb == "brown-out":
            for chip in self.chips.values():
                chip.reset(self.now_us)
        elif verb == "hang":
            self.hung = True
        elif verb == "deaf":
            self.deaf = values[0] == "1"
        elif verb == "light":
            self._answer(f"light {self.times_on}")
        else:
            raise ValueError(verb)

    def _answer(self, line):
        self._out.write(line + "\n")

    def show(self, on):
        self.times_on += on and not self._light
        self._light = on

    def analogue(self, begin_us, end_us):
        """(mean current in mA with noise, mean volts left for the load in mV) between two times."""
        current_ma = self.load.mean_ma(begin_us, end_us)
        voltage_mv = SUPPLY_MV - self.supply_ohm * current_ma
        if self.noise_ma:
            # Twelve equal chances, less their mean, are as good as a normal one.
            current_ma += self.noise_ma * (sum(random.random() for _ in range(12)) - 6)
        return current_ma, voltage_mv


world = World()
