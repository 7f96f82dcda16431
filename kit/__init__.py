"""Mallette, the classroom kit: show, train, check, and see what each answer costs.

The rooms are laid out in DESIGN order: `core` is pure, the edges (`codecs`, `engine`, `devices`,
`storage`, `formats`) import only `core`, the verbs (`studio`, `library`, `lab`) import those they
are handed, and `web` and `cli` stand outside. `tests/test_architecture.py` reads the imports and
refuses an arrow that points the wrong way.
"""

__version__ = "0.1.0"
