"""A small kit for tests of the verbs: real store, library, jobs and events, small devices."""

from pathlib import Path

from kit.core import shapes
from kit.events import Events
from kit.jobs import Jobs
from kit.library import Library
from kit.storage import Store
from kit.studio import Parts
from tests.support.small import (
    HandClock,
    HandFanout,
    HandFeed,
    HandMicrophone,
    HandSounds,
    SmallEngine,
    small_senses,
)


class House:
    """Everything behind the page but the page. Opening it again on its folder is a restart."""

    def __init__(self, folder: Path, *, example=None):
        self.clock = HandClock()
        self.engine = SmallEngine()
        self.senses = small_senses(self.engine)
        self.feed = HandFeed()
        self.fanout = HandFanout()
        self.microphone, self.sounds = HandMicrophone(), HandSounds()
        self.store = Store.open(folder)
        self.events = Events()
        self.jobs = Jobs(
            self.store,
            lambda job: self.events.publish(job.project_id or "", "job", shapes.job(job)),
        )
        parts = Parts(
            store=self.store,
            sense_of=self.senses.of,
            feed=self.feed,
            fanout=self.fanout,
            microphone=self.microphone,
            sounds=self.sounds,
            jobs=self.jobs,
            events=self.events,
        )
        self.library = Library(parts, self.clock, examples=lambda language: example)

    def close(self):
        self.jobs.close()
        self.library.close()
        self.events.close()
        self.store.close()
