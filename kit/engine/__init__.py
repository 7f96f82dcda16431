"""The one owner of the interpreters: pictures in, embeddings out, in an order that is fair.

    runtime.py   a verified model file and the runtime that runs it, for one thread
    sound_runtime.py   the same for sounds: the speech network, or pooling without one
    queue.py     `Engine`: that thread, and the three lanes in which others wait for it
    fanout.py    each live frame embedded once, for everyone who watches

Only files that ship with the kit are loaded here, and only after their sha256 was checked: a model
is a program, and an unknown one can bring the process down. Imports `core` only; others see the
room as `core.ports.Embedder` and `LiveFanout`.
"""
