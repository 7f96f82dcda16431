"""The counts of a growing check, against the check that counts a whole list."""

import random

from kit.core.evaluate import Outcome
from kit.studio.second_showing import SecondShowing

LABELS = {"l1": "cup", "l2": "pen", "l3": "key"}


def test_figures_counted_as_they_come_are_those_of_the_whole_list():
    chance = random.Random(3)
    second = SecondShowing(4)
    for step in range(300):
        sample_id = f"s{chance.randrange(60)}"
        if chance.random() < 0.3:
            second.take_off(sample_id)
        else:
            second.add(
                Outcome(
                    sample_id,
                    chance.choice(["l1", "l2"]),
                    f"b{chance.randrange(8)}",
                    chance.choice(list(LABELS)),
                    chance.choice([0.4, 0.5, 0.75, 0.9]),
                )
            )
        if len(second):
            whole = second.check(LABELS, LABELS).summary(0.75)
            assert second.summary(LABELS, LABELS, 0.75) == whole, step

    assert len(second) > 10
