"""What each kind of project is: from a file's bytes to an embedding, from a head to a file.

    sight.py      `Sight`: pictures, and the faces covered in them
    hearing.py    `Ear`: sounds, heard in one of two ways
    signs.py      `Signs`: hands, kept as points
    chosen.py     `Senses`: the one for a project, made when it is first asked for
    hands_file.py · drawing.py: how points are kept, and what a clip and a sign look like

All answer to `core.ports.Sense`. The studio, the command line and the lab use the same objects, so
that a file means the same wherever it is dropped. The rule of the room: networks are handed in,
behind `core.ports.Networks`, and none is loaded before it is first needed.
"""

from kit.senses.chosen import Senses
from kit.senses.hearing import Ear
from kit.senses.sight import Sight
from kit.senses.signs import HandLooker, Signs

__all__ = ["Ear", "HandLooker", "Senses", "Sight", "Signs"]
