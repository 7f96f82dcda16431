"""The energy of an answer: the maths against made truths, and every reason to throw a block out."""

from dataclasses import replace

import numpy as np
import pytest

from kit.core.calibration import Calibration, calibrate
from kit.core.energy import (
    Block,
    Phase,
    energy_per_unit,
    faults,
    mean_power_mw,
    same_ground,
)
from kit.core.student import crossover_interval, mean_interval
from kit.core.types import MachineState, MeterLabel
from kit.messages import MESSAGES
from tests.support.chips import INA219, INA226

IDLE_MW, ACTIVE_MW, UNIT_S = 2500.0, 5100.0, 0.04
TRUE_MARGINAL_MJ = (ACTIVE_MW - IDLE_MW) * UNIT_S  # 104 mJ
RATE_HZ, BLOCK_S, TRIM_S = 100.0, 20.0, 2.0
EXPERIMENTS = 2000


class Experiment:
    """One kit measured once: blocks in order of time, as the meter's chip saw them.

    Args:
        orders: for each pair, whether idle comes first.
        drift_mw: how much more the board draws at the end than at the beginning, idle or not.
        wander_mw: how much its own doings (network, file system) shift each block.
    """

    def __init__(self, random, chip, orders, *, drift_mw=136.0, wander_mw=15.0):
        self.blocks: list[Block] = []
        whole_s = 2 * len(orders) * BLOCK_S
        offsets = np.arange(BLOCK_S * RATE_HZ) / RATE_HZ
        for pair, idle_first in enumerate(orders, start=1):
            phases = [Phase.IDLE, Phase.ACTIVE] if idle_first else [Phase.ACTIVE, Phase.IDLE]
            for phase in phases:
                begin_s = len(self.blocks) * BLOCK_S
                level = IDLE_MW if phase is Phase.IDLE else ACTIVE_MW
                level += random.normal(0, wander_mw)
                at_s = begin_s + offsets
                power = chip.read(level + drift_mw * at_s / whole_s, random)
                units = 0 if phase is Phase.IDLE else round(BLOCK_S / UNIT_S)
                end_s = begin_s + BLOCK_S
                self.blocks.append(Block(phase, pair, at_s, power, begin_s, end_s, BLOCK_S, units))

    def energy(self):
        return energy_per_unit(self.blocks, label=MeterLabel.INPUT, rate_hz=RATE_HZ, trim_s=TRIM_S)

    def differences(self, idle_from=None):
        """Marginal mJ of each pair; `idle_from`: always the idle block of that pair."""
        means = {
            (block.phase, block.pair): mean_power_mw(
                block.at_s, block.power_mw, block.begin_s + TRIM_S, block.end_s - TRIM_S
            )[0]
            for block in self.blocks
        }
        return [
            (means[Phase.ACTIVE, pair] - means[Phase.IDLE, idle_from or pair]) * UNIT_S
            for phase, pair in means
            if phase is Phase.ACTIVE
        ]


ALTERNATING = [True, False] * 3


def holds(estimate, truth):
    return estimate.low <= truth <= estimate.high


@pytest.mark.parametrize("chip", [INA219, INA226], ids=["INA219", "INA226"])
def test_95_percent_intervals_hold_the_truth_in_93_to_97_of_100_experiments(chip):
    random = np.random.default_rng(20260101)
    held, values = 0, []
    for _ in range(EXPERIMENTS):
        marginal = Experiment(random, chip, ALTERNATING).energy().marginal_mj
        held += holds(marginal, TRUE_MARGINAL_MJ)
        values.append(marginal.value)

    assert 0.93 <= held / EXPERIMENTS <= 0.97
    assert np.mean(values) == pytest.approx(TRUE_MARGINAL_MJ, rel=0.001)  # no bias is left


@pytest.mark.parametrize("pairs", [5, 7])
def test_an_odd_number_of_pairs_is_not_biased_by_drift_either(pairs):
    random = np.random.default_rng(11)
    orders = [pair % 2 == 0 for pair in range(pairs)]

    found = [Experiment(random, INA226, orders).energy().marginal_mj for _ in range(100)]

    assert np.mean([one.value for one in found]) == pytest.approx(TRUE_MARGINAL_MJ, rel=0.002)


def test_a_strong_steady_drift_neither_biases_nor_widens():
    still, drifting = (
        Experiment(np.random.default_rng(2), INA226, ALTERNATING, drift_mw=drift_mw).energy()
        for drift_mw in (0.0, 1000.0)
    )

    assert drifting.marginal_mj.value == pytest.approx(still.marginal_mj.value, rel=0.001)
    assert drifting.marginal_mj.low == pytest.approx(still.marginal_mj.low, rel=0.001)
    assert drifting.marginal_mj.high == pytest.approx(still.marginal_mj.high, rel=0.001)


def test_idle_measured_once_before_makes_every_answer_look_dearer():
    random = np.random.default_rng(7)
    before, paired = [], []
    for _ in range(200):
        experiment = Experiment(random, INA226, ALTERNATING)
        before.append(np.mean(experiment.differences(idle_from=1)))
        paired.append(experiment.energy().marginal_mj.value)

    # 136 mW of warming over the run: half of it, 2.6 %, lies between the first idle and the rest.
    assert np.mean(before) / TRUE_MARGINAL_MJ - 1 == pytest.approx(0.026, abs=0.006)
    assert np.mean(paired) / TRUE_MARGINAL_MJ - 1 == pytest.approx(0.0, abs=0.002)


def test_pairs_that_always_begin_with_idle_are_too_sure_of_themselves_while_a_board_warms():
    random = np.random.default_rng(3)
    drift_mw, held = 136.0 / 12, {"same order": 0, "alternating": 0}  # in one block
    orders = [1, -1] * 3
    for _ in range(EXPERIMENTS):
        noise = random.normal(0, 15.0, 6) - random.normal(0, 15.0, 6)
        same = mean_interval(list(2600 + drift_mw + noise))
        _, turning = crossover_interval(list(2600 + drift_mw * np.array(orders) + noise), orders)
        held["same order"] += same.low <= 2600 <= same.high
        held["alternating"] += turning.low <= 2600 <= turning.high

    assert held["same order"] / EXPERIMENTS < 0.86
    assert 0.93 <= held["alternating"] / EXPERIMENTS <= 0.97


@pytest.mark.parametrize(("pairs", "least", "most"), [(3, 0.70, 0.84), (5, 0.78, 0.88)])
def test_a_percentile_bootstrap_of_so_few_pairs_holds_the_truth_too_seldom(pairs, least, most):
    random = np.random.default_rng(13)
    drawn = random.integers(pairs, size=(1000, pairs))
    held = 0
    for _ in range(EXPERIMENTS):
        differences = np.array(random.normal(TRUE_MARGINAL_MJ, 0.85, pairs))
        means = differences[drawn].mean(axis=1)
        low, high = np.percentile(means, [2.5, 97.5])
        held += low <= TRUE_MARGINAL_MJ <= high

    assert least <= held / EXPERIMENTS <= most


def test_gross_is_all_the_board_drew_and_marginal_what_the_work_added():
    experiment = Experiment(
        np.random.default_rng(1), INA226, ALTERNATING, drift_mw=0.0, wander_mw=5.0
    )

    energy = experiment.energy()

    assert energy.gross_mj.value == pytest.approx(ACTIVE_MW * UNIT_S, rel=0.003)
    assert energy.marginal_mj.value == pytest.approx(TRUE_MARGINAL_MJ, rel=0.005)
    assert energy.idle_mw == pytest.approx(IDLE_MW, rel=0.005)
    assert energy.pairs == 6
    assert energy.label is MeterLabel.INPUT


def test_marginal_below_nothing_is_reported_as_it_is():
    experiment = Experiment(np.random.default_rng(1), INA226, ALTERNATING, drift_mw=0.0)
    swapped = {Phase.IDLE: Phase.ACTIVE, Phase.ACTIVE: Phase.IDLE}
    blocks = [
        replace(block, phase=swapped[block.phase], units=500 - block.units)
        for block in experiment.blocks
    ]

    energy = energy_per_unit(blocks, label=MeterLabel.INPUT, rate_hz=RATE_HZ, trim_s=TRIM_S)

    assert energy.marginal_mj.value == pytest.approx(-TRUE_MARGINAL_MJ, rel=0.02)


def test_edges_are_trimmed():
    experiment = Experiment(np.random.default_rng(1), INA226, ALTERNATING, drift_mw=0.0)
    plain = experiment.energy()
    for block in experiment.blocks:  # the board settles, on the wrong side of each mark
        since_s, left_s = block.at_s - block.begin_s, block.end_s - block.at_s
        block.power_mw[(since_s < 1.9) | (left_s < 1.9)] = 9000.0

    assert experiment.energy() == plain


@pytest.fixture
def block():
    """A block with nothing wrong: idle, ten readings a second."""
    at_s = np.arange(100.0, 120.0, 0.1)
    state = MachineState("ondemand", 50.0, 0, 0.0)
    return Block(
        Phase.IDLE, 2, at_s, np.full(200, 2500.0), 100.0, 120.0, 20.0,
        before=state, after=replace(state, busy_s=1.0),
    )  # fmt: skip


def found(block):
    ids = [fault.id for fault in faults(block, trim_s=2.0, rate_hz=10.0, governor="ondemand")]
    assert all(id in MESSAGES for id in ids)
    return ids


def without(block, first, last):
    keep = np.r_[0:first, last : len(block.at_s)]
    return replace(block, at_s=block.at_s[keep], power_mw=block.power_mw[keep])


def test_a_good_block_has_no_fault(block):
    assert found(block) == []


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (lambda b: replace(b, lost="meter-lost"), "lab-meter-lost"),
        (lambda b: replace(b, flags={"full-scale": 3}), "lab-saturated"),
        (lambda b: replace(b, flags={"incomplete": 40}), "lab-incomplete"),
        (lambda b: replace(b, power_mw=-b.power_mw), "lab-backwards"),
        (lambda b: replace(b, after=replace(b.after, throttled=0x1)), "lab-throttled"),
        (lambda b: replace(b, after=replace(b.after, throttled=0x40000)), "lab-throttled"),
        (
            lambda b: replace(b, after=replace(b.after, governor="powersave")),
            "lab-governor-changed",
        ),
        (lambda b: replace(b, after=replace(b.after, busy_s=8.0)), "lab-idle-not-idle"),
        (lambda b: without(b, 100, 120), "lab-readings-missing"),
        (lambda b: without(b, 40, 170), "lab-too-few-readings"),
        (lambda b: without(b, 0, 200), "lab-too-few-readings"),
        (lambda b: replace(b, at_s=np.r_[b.at_s[:90], b.at_s[90:] - 100.0]), "lab-clock-jumped"),
        (lambda b: replace(b, end_s=3.0), "lab-clock-jumped"),
        (lambda b: replace(b, phase=Phase.ACTIVE), "lab-nothing-done"),
    ],
)
def test_a_block_is_thrown_out_for_each_reason(block, change, fault):
    assert found(change(block)) == [fault]


def test_what_a_board_remembers_from_before_is_no_reason(block):
    warm = replace(block.before, throttled=0x50000), replace(block.after, throttled=0x50000)

    assert found(replace(block, before=warm[0], after=warm[1])) == []


def test_one_bad_block_takes_its_pair_with_it_and_is_named():
    experiment = Experiment(np.random.default_rng(1), INA226, ALTERNATING)
    experiment.blocks[2] = replace(experiment.blocks[2], lost="meter-lost")

    energy = experiment.energy()

    assert energy.pairs == 5
    assert [(one.pair, one.phase, one.id) for one in energy.rejected] == [
        (2, Phase.ACTIVE, "lab-meter-lost")
    ]
    assert energy.to_json()["rejected"][0]["phase"] == "active"


def test_too_few_good_pairs_give_no_figure():
    experiment = Experiment(np.random.default_rng(1), INA226, [True, False])

    energy = experiment.energy()

    assert (energy.pairs, energy.gross_mj, energy.marginal_mj) == (2, None, None)
    assert energy.to_json()["marginal_mj"] is None


def test_pairs_left_of_one_order_only_are_still_a_mean():
    experiment = Experiment(np.random.default_rng(1), INA226, [True] * 4, drift_mw=0.0)

    assert experiment.energy().marginal_mj.value == pytest.approx(TRUE_MARGINAL_MJ, rel=0.02)


def test_an_ina226_with_a_tenth_of_an_ohm_clips_below_a_busy_pi():
    wrong_shunt = replace(INA226, shunt_ohm=0.1)

    [power] = wrong_shunt.read(np.array([6000.0]), np.random.default_rng(0))

    assert power == pytest.approx(0.8192 * 5.1 * 1000, rel=0.002)


def test_a_calibration_is_least_squares():
    points = [(1000.0, 1750.0), (2000.0, 2850.0), (4000.0, 5200.0)]

    line = calibrate(points, "wall meter")

    gain, offset = np.polyfit(*zip(*points, strict=True), 1)
    assert (line.gain, line.offset_mw) == pytest.approx((gain, offset))
    assert Calibration.from_json(line.to_json()) == line


def test_points_close_together_cannot_tell_an_offset():
    line = calibrate([(1000.0, 1100.0), (1010.0, 1111.0)], "a lamp")

    assert (line.gain, line.offset_mw) == (pytest.approx(1.1), 0.0)


@pytest.mark.parametrize("points", [[], [(0.0, 1.0)], [(1.0, -1.0)]])
def test_a_calibration_of_nothing_is_refused(points):
    with pytest.raises(ValueError, match="above 0"):
        calibrate(points, "a lamp")


def test_a_calibration_is_applied_and_shown():
    experiment = Experiment(np.random.default_rng(1), INA226, ALTERNATING, drift_mw=0.0)
    line = Calibration(1.1, 500.0, ((1000.0, 1600.0),), "wall meter")

    energy = energy_per_unit(
        experiment.blocks,
        label=MeterLabel.RAILS,
        rate_hz=RATE_HZ,
        trim_s=TRIM_S,
        calibration=line,
    )

    plain = experiment.energy()
    assert energy.marginal_mj.value == pytest.approx(1.1 * plain.marginal_mj.value)
    assert energy.idle_mw == pytest.approx(1.1 * plain.idle_mw + 500.0)
    assert energy.to_json()["calibration"]["against"] == "wall meter"


def test_figures_of_different_grounds_are_not_ranked():
    assert same_ground([MeterLabel.INPUT] * 3)
    assert not same_ground([MeterLabel.INPUT, MeterLabel.ESTIMATED])
    assert not same_ground([MeterLabel.NONE, MeterLabel.NONE])


@pytest.mark.parametrize("at_s", [[0.0], [0.0, 0.0], [1.0, 0.5]])
def test_a_mean_over_no_time_is_refused(at_s):
    with pytest.raises(ValueError, match="in order"):
        mean_power_mw(np.array(at_s), np.ones(len(at_s)), 0.0, 2.0)
