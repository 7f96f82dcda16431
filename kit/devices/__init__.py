"""The edges of the house: one outside thing a file, its fake beside it.

A fake is a back end like the others: chosen by name, moved by verbs of the physical world, held to
the same contract suite (`tests/contract/`), and never picked by "auto". Nobody imports this room
but `app` and `cli`; the rest of the kit knows a device by its Protocol in `core/ports.py`.
"""
