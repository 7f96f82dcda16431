"""What a teacher does to the machine under the kit, and who may not."""

import pytest

from kit.booking import Booking
from kit.core.appliance import Word
from kit.core.errors import BadInput, NotAllowed, NotFound, Unavailable
from kit.core.types import Actor, Job, JobState, Role
from kit.devices.appliance import NoAppliance
from kit.devices.appliance_fake import FakeAppliance
from kit.system import LOOK_EVERY_S, System
from tests.support.small import HandClock
from tests.support.waiting import wait_until

TEACHER, OWL = Actor(Role.TEACHER), Actor(Role.GROUP, "owl")
NOON_S = 1_795_521_600


class Shelf(dict):
    """Settings that outlive a restart."""

    def set(self, key, value):
        self[key] = value


class Kit:
    """A system over a fake appliance, and all that stands around it."""

    def __init__(self, appliance=None, shelf=None, **settings):
        self.appliance = appliance or FakeAppliance()
        self.shelf = Shelf() if shelf is None else shelf
        self.clock, self.booking = HandClock(), Booking()
        self.jobs, self.zones, self.said = [], [], []
        self.system = System(
            self.appliance,
            self.shelf,
            self.clock,
            self.booking,
            under_way=lambda: self.jobs,
            use_zone=self.zones.append,
            tell=self.said.append,
            **settings,
        )

    def words(self):
        return [word for word, _wall_s in self.appliance.asked]


@pytest.fixture
def kit():
    return Kit()


DEEDS = [
    lambda system, who: system.state(who),
    lambda system, who: system.wifi(who, False),
    lambda system, who: system.wifi(who, True),
    lambda system, who: system.wifi(who, False, at_the_kit=True),
    lambda system, who: system.choose_wifi_at_class_end(who, False),
    lambda system, who: system.set_clock(who, NOON_S, "Europe/Paris"),
    lambda system, who: system.switch_off(who),
]


@pytest.mark.parametrize("deed", DEEDS)
@pytest.mark.parametrize("who", [OWL, None])
def test_a_group_and_a_stranger_do_none_of_it(kit, deed, who):
    with pytest.raises(NotAllowed) as refused:
        deed(kit.system, who)

    assert refused.value.id == "teachers-only"
    assert kit.appliance.asked == []


@pytest.mark.parametrize("deed", DEEDS[:3])
def test_on_a_computer_of_ones_own_nothing_is_done(deed):
    kit = Kit(NoAppliance())

    with pytest.raises(NotFound) as refused:
        deed(kit.system, TEACHER)

    assert refused.value.id == "appliance-none"
    assert kit.zones == []  # its time zone is its owner's
    assert kit.system.left_the_room() is None


def test_wifi_off_and_on_by_the_teacher(kit):
    kit.system.wifi(TEACHER, False)
    assert kit.system.state(TEACHER)["wifi_on"] is False

    kit.system.wifi(TEACHER, True)
    assert kit.system.state(TEACHER)["wifi_on"] is True


def test_whoever_stands_before_the_kit_switches_it_on_again_without_a_code(kit):
    kit.system.wifi(TEACHER, False)

    kit.system.wifi(None, True, at_the_kit=True)

    assert kit.words() == [Word.WIFI_OFF, Word.WIFI_ON]


def test_the_class_ends_and_its_wifi_with_it(kit):
    kit.system.class_ended()

    wait_until(lambda: kit.words() == [Word.WIFI_OFF])


def test_the_class_ends_and_no_screen_is_remembered_where_the_wifi_stays():
    kit = Kit(wifi_off_at_class_end=False)

    kit.system.class_ended()

    wait_until(lambda: kit.words() == [Word.ERASE_LEASES])


def test_a_class_ends_where_nobody_answers_behind_the_door(kit):
    kit.appliance.fall_silent()

    kit.system.class_ended()  # what could be erased is; the log says the rest

    assert kit.words() == []


def test_what_the_page_chose_holds_until_the_file_says_otherwise_again():
    shelf = Shelf()
    Kit(shelf=shelf).system.choose_wifi_at_class_end(TEACHER, False)

    assert Kit(shelf=shelf).system.wifi_off_at_class_end is False
    assert Kit(shelf=shelf, wifi_off_at_class_end=False).system.wifi_off_at_class_end is False
    assert Kit(shelf=shelf, wifi_off_at_class_end=True).system.wifi_off_at_class_end is False


def test_the_clock_and_the_zone_are_the_teachers(kit):
    kit.system.set_clock(TEACHER, NOON_S, "America/Cayenne")

    assert kit.appliance.asked == [(Word.SET_CLOCK, NOON_S)]
    assert kit.zones == ["Europe/Paris", "America/Cayenne"]
    assert kit.system.state(TEACHER)["zone"] == "America/Cayenne"
    # Switched off and on, it is still there.
    assert Kit(shelf=kit.shelf).system.zone == "America/Cayenne"


def test_a_clock_that_is_right_is_left_alone(kit):
    kit.system.set_clock(TEACHER, int(kit.clock.wall_s()) + 1, "Europe/Paris")

    assert kit.appliance.asked == []


@pytest.mark.parametrize(
    ("wall_s", "zone", "id"),
    [
        (0, "Europe/Paris", "clock-implausible"),
        (1_767_225_599, "Europe/Paris", "clock-implausible"),
        (2_208_988_800, "Europe/Paris", "clock-implausible"),
        (NOON_S, "Mars/Olympus", "zone-unknown"),
        (NOON_S, "../../etc/passwd", "zone-unknown"),
        (NOON_S, "", "zone-unknown"),
    ],
)
def test_a_time_or_a_zone_that_cannot_be_is_refused_and_nothing_is_set(kit, wall_s, zone, id):
    with pytest.raises(BadInput) as refused:
        kit.system.set_clock(TEACHER, wall_s, zone)

    assert refused.value.id == id
    assert kit.appliance.asked == []
    assert kit.zones == ["Europe/Paris"]


def test_no_clock_is_set_under_a_measurement(kit):
    with kit.booking.hold(20), pytest.raises(Unavailable) as refused:
        kit.system.set_clock(TEACHER, NOON_S, "Europe/Paris")

    assert refused.value.id == "kit-measuring"
    assert refused.value.values["wait_s"] > 0
    assert kit.appliance.asked == []


def test_switching_off_says_what_is_under_way_and_tells_every_page(kit):
    kit.jobs = [
        Job(str(n), verb, "p", "owl", JobState.RUNNING) for n, verb in enumerate(["train", "train"])
    ]
    with kit.booking.hold(20):
        assert kit.system.state(TEACHER)["under_way"] == ["measure", "train"]

    kit.system.switch_off(TEACHER)
    kit.system.switch_off(TEACHER, restart=True)

    assert kit.words() == [Word.POWER_OFF, Word.RESTART]
    assert kit.said == ["kit-switching-off", "kit-restarting"]


def test_a_switch_that_nobody_answers_is_not_announced(kit):
    kit.appliance.fall_silent()

    with pytest.raises(Unavailable) as silent:
        kit.system.switch_off(TEACHER)

    assert silent.value.id == "appliance-silent"
    assert kit.said == []


def test_counters_are_read_once_a_minute_while_a_page_shows_them_and_nobody_measures(kit):
    kit.clock.pass_s(1000)
    kit.system.look()
    assert kit.words() == []  # nobody has a page open

    kit.system.left_the_room()
    kit.system.look()
    kit.system.look()
    assert kit.words() == [Word.LOOK]

    kit.clock.pass_s(LOOK_EVERY_S)
    with kit.booking.hold(20):
        kit.system.look()
    assert kit.words() == [Word.LOOK]
    kit.system.look()
    assert kit.words() == [Word.LOOK, Word.LOOK]


def test_what_left_is_shown_and_what_was_not_counted_is_not_nought(kit):
    assert kit.system.left_the_room().left_bytes == 0
    kit.appliance.leak(76, "time")
    assert kit.system.left_the_room().left_bytes == 76

    kit.appliance.lose_the_counters()

    assert kit.system.left_the_room() is None


def test_a_zone_that_this_machine_does_not_know_is_left_alone():
    kit = Kit(time_zone="Mars/Olympus")

    assert (kit.system.zone, kit.zones) == ("", [])
