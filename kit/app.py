"""The one place where the parts meet.

    Settings -> Kit: store · engine · camera · fan-out · jobs · events -> library · classroom

Nothing here is global, and nothing starts by being imported: a `Kit` is built inside the server's
one worker (a thread started before the fork is dead in it), or by a test, and put away by `close`
in the reverse order, so that what still writes always finds what it writes to.
"""

import logging
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from kit import activities, resources
from kit.activities import Activity, Listed
from kit.booking import Booking
from kit.classroom import Classroom
from kit.cli import machine
from kit.cli.doctor import doctor
from kit.cli.senses import shipped_senses
from kit.codecs.picture import STORED_SIDE, decode_picture, preview
from kit.codecs.sound import decode_sound
from kit.core import shapes
from kit.core.errors import BadInput, KitError, NotAllowed
from kit.core.panel import Lamp
from kit.core.ports import Clock
from kit.core.types import (
    Actor,
    CameraSettings,
    DeviceState,
    Job,
    MicrophoneSettings,
    Role,
)
from kit.devices.appliance import find_appliance
from kit.devices.appliance_fake import FakeAppliance
from kit.devices.board import find_board
from kit.devices.camera import open_camera
from kit.devices.camera_owner import CameraOwner
from kit.devices.meter import list_meters, open_meter
from kit.devices.microphone import open_microphone
from kit.devices.microphone_owner import MicrophoneOwner
from kit.engine.fanout import Fanout
from kit.engine.queue import Engine
from kit.engine.runtime import CUT, Backbone, CutBackbone, verified_bytes
from kit.engine.sound_fanout import SoundFanout
from kit.events import Events
from kit.experiments import Bench, Experiments
from kit.experiments.results import measured_joules
from kit.formats.cut import cut_backbone
from kit.jobs import Jobs
from kit.lab import Calibrations
from kit.lending import fleet, sheets
from kit.lending import lender as lenders
from kit.lending.loan import Loan
from kit.library import Library
from kit.outputs import Outputs
from kit.panel import Panel, deeds_of, lamp_of
from kit.portable import Example
from kit.self_test import SelfTest
from kit.settings import Settings
from kit.storage import Notice, Store
from kit.storage.watch import Trouble, Watch
from kit.studio import Parts
from kit.system import System, use_zone
from kit.web import Rooms
from kit.web.rooms import Join

_log = logging.getLogger(__name__)

STARTS = "kit.starts"
NUMBERS_A_START = 2**32
"""Event numbers of one start lie below those of the next; JavaScript counts exactly to 2^53."""

CHORES_EVERY_S = 30.0
CARD_EVERY_S = 5.0
DEVICES_EVERY_S = 1.0
"""How soon the pages hear that a camera or a microphone came or went."""
EXAMPLE_OF = "sort-it"
OWN_ACTIVITIES = "activities"
"""Folder in the data folder with the lender's own; the class's end leaves it alone."""


class SystemClock:
    """The machine's own clocks (`core.ports.Clock`)."""

    def monotonic_s(self) -> float:
        """Seconds since the machine was switched on, those asleep included where it can say."""
        return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))

    def wall_s(self) -> float:
        """Seconds since 1970, as far as this machine knows."""
        return time.time()


class Kit:
    """One running kit.

    Args:
        settings: what was set.
        open_one: opens a camera; the test gives its own fake.
        bench: what the lab measures with; the test gives its own.
        example_soon: whether the ready example may come after the first page.

    Attributes:
        notices: what whoever starts the kit must be told.

    Raises:
        Conflict: the data folder is in use, or newer than this kit.
        Unavailable: the model is missing or altered; the disk is full or cannot be written.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        open_one: Callable | None = None,
        bench: Bench | None = None,
        example_soon: bool = False,
    ) -> None:
        cv2.setNumThreads(1)  # MODELS: two threads on a loaded board are slower than one
        self.settings = settings
        self.notices: list[Notice] = []
        self._away = ExitStack()
        try:
            self._assemble(settings, open_one, bench, example_soon)
        except BaseException:
            self._away.close()
            raise

    def _assemble(
        self,
        settings: Settings,
        open_one: Callable | None,
        bench: Bench | None,
        example_soon: bool,
    ) -> None:
        clock = SystemClock()
        self.panel = self._own_panel(settings, clock)  # first: the lamp says "starting"
        self.store = Store.open(settings.data)
        self._away.callback(self.store.close)
        starts = int(self.store.get(STARTS, 0)) + 1
        self.store.set(STARTS, starts)
        self.events = Events(after=starts * NUMBERS_A_START)
        self._away.callback(self.events.close)

        model = resources.model_dir(settings.backbone)
        self.engine = Engine(Backbone.load(model, settings.input_size))
        self._away.callback(self.engine.close)
        self.senses = shipped_senses(self.engine, partial(verified_bytes, model))
        decode = partial(decode_picture, max_side=STORED_SIDE)
        self.feed = CameraOwner(
            CameraSettings(name=settings.camera, mirror=settings.mirror, rotate=settings.rotate),
            open_camera=open_one or partial(open_camera, decode=decode),
            encode_preview=preview,
        )
        self._away.callback(self.feed.close)
        self._microphone_told: dict | None = None
        self._telling = threading.Lock()
        self.microphone = MicrophoneOwner(
            MicrophoneSettings(settings.microphone),
            open_microphone=partial(open_microphone, decode=_waveform),
            when_changed=self._tell_microphone,
        )
        self._away.callback(self.microphone.close)
        self.booking = Booking(
            lambda held: self.events.publish_everywhere("booking", {"measuring": held})
        )
        self.fanout = Fanout(self.feed, may_go_on=self.booking.wait_until_free)
        self._away.callback(self.fanout.close)
        self.sounds = SoundFanout(self.microphone, may_go_on=self.booking.wait_until_free)
        self._away.callback(self.sounds.close)

        self.jobs = Jobs(self.store, self._tell_job)
        parts = Parts(
            store=self.store,
            sense_of=self.senses.of,
            feed=self.feed,
            fanout=self.fanout,
            microphone=self.microphone,
            sounds=self.sounds,
            jobs=self.jobs,
            events=self.events,
            energy=lambda *what: self.experiments.energy_of(*what),
            working=self.booking.work,
            board=machine.board() or "",
        )
        self.library = Library(parts, clock, examples=ready_example, language=settings.language)
        self._away.callback(self.library.close)
        self._away.callback(self.jobs.close)  # before the library: a job may wait for a studio
        self.experiments = Experiments(
            self.library,
            self.store,
            self.jobs,
            self.events,
            self.booking,
            bench
            or Bench(
                clock=machine.MachineClock(),
                look=machine.look,
                describe=machine.describe,
                open_meter=partial(open_meter, settings.meter),
                list_meters=list_meters,
                calibration=Calibrations(settings.data).of,
                runner=partial(load_runner, model),
                feed=self.feed,
                hush=self._hush,
            ),
            busy_with=self._busy_with,
        )
        self._away.callback(self.experiments.close)
        self.outputs = Outputs(
            self.library,
            self.store,
            self.events,
            clock,
            board=partial(find_board, settings.board),
            kept=self.panel.pins,
        )
        self._away.callback(self.outputs.close)
        self.self_test = SelfTest(
            doctor(settings, serving=True), machine.identity, clock, self.booking
        )
        self.appliance = find_appliance(settings.appliance)
        # The fake has a card of its own, that a test can break.
        card = self.appliance.card if isinstance(self.appliance, FakeAppliance) else os.statvfs
        self.watch = Watch(settings.data, self._tell_trouble, card)
        self.system = System(
            self.appliance,
            self.store,
            clock,
            self.booking,
            under_way=self.jobs.under_way,
            wifi_off_at_class_end=settings.wifi_off_at_class_end,
            time_zone=settings.time_zone,
            use_zone=use_zone,
            tell=self._say,
        )
        self._loan = Loan(self.store, self._joules)
        self.classroom = Classroom(
            self.store,
            self.library,
            clock,
            is_class=settings.is_class,
            evening_hour=settings.evening_hour,
            tell=self._say,
            count=self._loan.count_class,
        )
        if not self.store.spaces():  # a fresh data folder
            library = self.library
            (library.put_example_back_soon if example_soon else library.put_example_back)()
        self.classroom.when_ended(self.system.class_ended)
        self.notices += [*self.store.notices, *self.classroom.notices]
        slow = Chores(
            CHORES_EVERY_S,
            [
                self.classroom.look_at_the_clock,
                self.library.forget_removed,
                self.system.look,
            ],
        )
        self._away.callback(slow.close)
        # By itself: a card that hangs must keep nobody else waiting.
        card_chores = Chores(CARD_EVERY_S, [self.watch.look])
        self._away.callback(card_chores.close)
        self._camera_told: dict | None = None
        devices = Chores(DEVICES_EVERY_S, [self._tell_camera, self._tell_microphone])
        self._away.callback(devices.close)
        self.panel.serve(self._lamp, deeds_of(self.system))

    def rooms(self) -> Rooms:
        """What the web may call."""
        return Rooms(
            self.library,
            self.classroom,
            self.jobs,
            self.feed,
            partial(found_activities, self.settings.data / OWN_ACTIVITIES),
            self.experiments,
            self.booking,
            self.microphone,
            self.outputs,
            self.self_test,
            self._loan_told,
            machine.identity()["name"],
            self._hand_over,
            self._fleet_report,
            system=self.system,
            watch=self.watch,
            join=self._joining,
        )

    def close(self) -> None:
        """Put everything away, the last assembled first. Safe to call twice."""
        self._away.close()

    def _busy_with(self) -> set[str]:
        """What the lab's power line should bear marks of."""
        busy = self.booking.busy_with() | {job.verb for job in self.jobs.under_way()}
        return busy | ({"camera"} if self.feed.status().state is DeviceState.LIVE else set())

    def _hush(self) -> None:
        """Let camera and microphone rest: they would be heard in a measurement."""
        self.feed.rest()
        self.microphone.rest()

    def _loan_told(self, actor: Actor) -> list[tuple[str, str]]:
        """What the loan did, in words, for whoever runs the class."""
        if not actor.runs_the_class:
            raise NotAllowed("teachers-only", f"a {actor.role} may not see the loan")
        counts = self._loan.whole(self.classroom.on_s)
        try:
            number = lenders.read(self.settings.data / lenders.NAME).number
        except BadInput:  # the hand-over sheet names what is wrong; these counts are as good
            number = 0
        return sheets.number_row(number) + sheets.count_rows(counts)

    def _hand_over(self, actor: Actor) -> str:
        """The sheet that goes with a lent kit, with the last self-test, or one made now."""
        report = self.self_test.last(actor) or self.self_test.examine(actor)
        lender = lenders.read(self.settings.data / lenders.NAME)
        photo = self.settings.data / lender.photo if lender.photo else None
        return sheets.hand_over(lender, report, photo)

    def _fleet_report(self, actor: Actor) -> dict[str, Any]:
        """The same self-test for the lender's list."""
        report = self.self_test.last(actor) or self.self_test.examine(actor)
        return fleet.report_of(lenders.read(self.settings.data / lenders.NAME).number, report)

    def _joining(self) -> Join:
        """For the kit's own screen."""
        from kit.cli.joining import joining  # which knows the server, and that knows this

        return joining(self.settings, self.appliance.status())

    def _own_panel(self, settings: Settings, clock: Clock) -> Panel:
        """The kit's own lamp and button; pins that cannot be are told, and there is none."""
        board = partial(find_board, settings.board)
        try:
            panel = Panel(
                board, clock, lamp_pin=settings.lamp_pin, button_pin=settings.shutdown_pin
            )
        except KitError as error:
            self.notices.append(Notice(error.id, error.values))
            panel = Panel(board, clock)
        self._away.callback(panel.close)
        panel.start()
        return panel

    def _lamp(self) -> Lamp:
        return lamp_of(
            self.system, measuring=self.booking.is_held, trouble=self.watch.trouble is not None
        )

    def _joules(self) -> float:
        """What the lab measured in the projects there are; what was estimated does not count."""
        everyone = Actor(Role.LOCAL, shapes.LOCAL_SPACE)
        return measured_joules(
            row
            for project in self.library.list(Actor(Role.TEACHER))
            for row in self.experiments.results(everyone, project.id)["results"]
        )

    def _say(self, message_id: str) -> None:
        """A sentence for every page that hears news."""
        self.events.publish_everywhere("notice", {"id": message_id, "values": {}})

    def _tell_trouble(self, trouble: Trouble | None) -> None:
        """The banner of every page, or its end; what only a teacher can help stays on his page."""
        for_all = [trouble] if trouble is not None and not trouble.teachers_only else []
        told = [{"id": one.id, "values": dict(one.values)} for one in for_all]
        self.events.publish_everywhere("trouble", {"troubles": told})

    def _tell_job(self, job: Job) -> None:
        if job.project_id is not None:
            self.events.publish(job.project_id, "job", shapes.job(job))

    def _tell_camera(self) -> None:
        if not self.events.anyone:
            self._camera_told = None  # whoever listens next is told anew
            return
        told = shapes.camera(self.feed.status())
        if self._camera_told is None or told | {"frames_per_s": 0} != self._camera_told:
            self._camera_told = told | {"frames_per_s": 0}
            self.events.publish_everywhere("camera", told)

    def _tell_microphone(self) -> None:
        with self._telling:  # its owner's thread and the chores' tell in the order of what is so
            if not self.events.anyone:
                self._microphone_told = None
                return
            told = shapes.microphone(self.microphone.status())
            if told != self._microphone_told:
                self._microphone_told = told
                self.events.publish_everywhere("microphone", told)


def _waveform(data: bytes) -> np.ndarray:
    """A sound file as the fake microphone hears it."""
    return decode_sound(data).waveform


def load_runner(folder: Path, input_size: int, *, cut: str, threads: int) -> Backbone:
    """A backbone for the lab alone: of that size, whole or cut, on so many processors."""
    content = verified_bytes(folder)
    if cut == CUT:
        return Backbone(content, folder.name, input_size, threads=threads)
    whole_hash = sha256(content).hexdigest()
    shorter = cut_backbone(content, whole_hash, cut)
    return CutBackbone(shorter, folder.name, input_size, whole_hash=whole_hash, cut=cut)


def build(settings: Settings) -> Kit:
    """A running kit of these settings; see `Kit` for what is raised."""
    return Kit(settings)


class Chores:
    """What is looked at every so often, by one thread. A chore that fails is tried again.

    Args:
        every_s: seconds between two looks.
        chores: called in turn; their results are not used.
    """

    def __init__(self, every_s: float, chores: list[Callable[[], object]]) -> None:
        self._every_s = every_s
        self._chores = chores
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="chores", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """End the thread, a chore under way first."""
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stop.wait(self._every_s):
            for chore in self._chores:
                try:
                    chore()
                except Exception:
                    _log.exception("a chore failed; it is tried again")


def found_activities(own: Path | None = None) -> list[Listed]:
    """The shipped activity folders, then a lender's own; broken ones with their reasons."""
    theirs = activities.find(own) if own is not None and own.is_dir() else []
    return [*activities.find(resources.activities_dir()), *theirs]


def ready_example(language: str) -> Example | None:
    """The first activity's own pictures as a project; None where it is not shipped, or broken."""
    for listed in found_activities():
        if listed.name == EXAMPLE_OF and listed.activity is not None:
            return _example_of(listed.activity, language)
    return None


def _example_of(activity: Activity, language: str) -> Example:
    def pictures() -> Iterator[tuple[str, str, bytes]]:
        for one in activity.examples(language):
            if one.shown:  # the others are the basket: objects that the model has not seen
                yield one.label, one.burst, one.path.read_bytes()

    labels = [(label[language], False) for label in activity.example_labels]
    return Example(activity.title[language], labels, pictures, activity.name)
