"""The one owner of the interpreters: samples in, embeddings out, in an order that is fair.

    runtime.py         a verified model file and the runtime that runs it, for one thread
    sound_runtime.py   the same for sounds: the speech network, or pooling without one
    hands_runtime.py   palms, then points of hands; faces_runtime.py: faces, to be covered
    queue.py           `Engine`: that thread, and the three lanes in which others wait for it
    rounds.py          one thread for any number of watchers
    fanout.py          each live frame looked at once; sound_fanout.py: each second heard once
    alone.py           the engine of a program that has it for itself

Only files that ship with the kit are loaded here, and only after their sha256 was checked: a model
is a program, and an unknown one can bring the process down. Imports `core` only; others see the
room as `core.ports.Embedder`, `LiveFanout` and `LiveSounds`.
"""
