"""ONE project's walk: show, train, check. A file for each card, and the parts they lean on.

    add_label -> add_files | start_burst -> train -> check -> predict -> explain

    walk.py      `Studio`, the three cards together, and how it opens and closes
    show.py      labels and samples: kept, moved, removed, brought back
    take.py      showings to the kit's own camera, recordings by its microphone
    clips.py     what only sounds have: heard again, trimmed
    train.py     the long work, and the model it leaves
    check.py     answers: the second showing, live, one file, what counted
    listen.py    the same for sounds: heard live, two hearings compared, false alarms
    desk.py      what every card leans on: the project in memory, who may enter, the state told
    options.py · bursts.py · recordings.py · embeddings.py · memory.py · models.py · answers.py ·
    second_showing.py: the parts

A project's kind makes no other studio: what differs is in its `core.ports.Sense`.

The rule of the room: a studio is handed its devices and engine and never looks for them; it knows
nothing of Flask, so a lesson, a test and the web page call the same few verbs. **Every verb's first
argument is the actor**, and to a stranger the project does not exist. What a verb answers is on the
disk. One lock guards a project's memory and the order in which it is told; the engine is never
waited for under it.
"""

from kit.studio.desk import Parts
from kit.studio.show import Kept, SamplePage
from kit.studio.walk import Studio

__all__ = ["Kept", "Parts", "SamplePage", "Studio"]
