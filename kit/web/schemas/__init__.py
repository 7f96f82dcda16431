"""The shapes that go over the wire, said once: they read, they write, they make the OpenAPI.

A file for each subject; `base` has what all are made of. What a route names is named here, so that
a route says `schemas.Project`.

Names are those of `kit/core/types.py`. What comes in is checked here for its type only; whether
it makes sense (a label's length, a threshold's range) is the verbs' to say, in the pupil's words.
"""

from kit.web.schemas.activities import Activities, Activity
from kit.web.schemas.appliance import (
    Appliance,
    Health,
    LastReport,
    Power,
    Report,
    SetClock,
    SwitchWifi,
    WifiAtClassEnd,
)
from kit.web.schemas.base import Error
from kit.web.schemas.classes import (
    Class,
    EndClass,
    GiveCode,
    Groups,
    PickGroup,
    Prolong,
    Screen,
    Session,
)
from kit.web.schemas.devices import Camera, Microphone, SetCamera, SetMicrophone
from kit.web.schemas.lab import Lab, Meters, MetersQuery, PlaceBet, StartMeasuring, StoppedMeasuring
from kit.web.schemas.outputs import Outputs, PutWire, TestingWire
from kit.web.schemas.projects import (
    ChangeLabel,
    ChangeProject,
    Duplicate,
    Label,
    NewLabel,
    NewProject,
    Project,
    Projects,
)
from kit.web.schemas.samples import (
    Added,
    Burst,
    EndedBurst,
    MoveSamples,
    PictureQuery,
    Sample,
    SampleIds,
    SampleQuery,
    Samples,
    SoundQuery,
    StartBurst,
    Trim,
)
from kit.web.schemas.state import EventsQuery, ProjectState
from kit.web.schemas.training import (
    Cell,
    CellQuery,
    Check,
    Explanation,
    FoundHands,
    Job,
    Prediction,
    StartedJob,
)

__all__ = [
    "Activities",
    "Activity",
    "Added",
    "Appliance",
    "Burst",
    "Camera",
    "Cell",
    "CellQuery",
    "ChangeLabel",
    "ChangeProject",
    "Check",
    "Class",
    "Duplicate",
    "EndClass",
    "EndedBurst",
    "Error",
    "EventsQuery",
    "Explanation",
    "FoundHands",
    "GiveCode",
    "Groups",
    "Health",
    "Job",
    "Lab",
    "Label",
    "LastReport",
    "Meters",
    "MetersQuery",
    "Microphone",
    "MoveSamples",
    "NewLabel",
    "NewProject",
    "Outputs",
    "PickGroup",
    "PictureQuery",
    "PlaceBet",
    "Power",
    "Prediction",
    "Project",
    "ProjectState",
    "Projects",
    "Prolong",
    "PutWire",
    "Report",
    "Sample",
    "SampleIds",
    "SampleQuery",
    "Samples",
    "Screen",
    "Session",
    "SetCamera",
    "SetClock",
    "SetMicrophone",
    "SoundQuery",
    "StartBurst",
    "StartMeasuring",
    "StartedJob",
    "StoppedMeasuring",
    "SwitchWifi",
    "TestingWire",
    "Trim",
    "WifiAtClassEnd",
]
