"""The animals a group may be known by: never a name, never an insult.

Chosen with care in both languages: none that is said of a person to hurt them (so no pig, donkey,
goose or badger, no *dinde*, *phoque* or *manchot*), of a body, of a skin or of whom one loves, and
none that one sits above another in the usual stories. Each has its two phrases in the catalogue,
`animal-KEY` ("Squirrel") and `group-KEY` ("the Squirrel group"), as whole sentences: no language
has to glue an article to a noun.
"""

ANIMALS = (
    "butterfly",
    "dolphin",
    "dragonfly",
    "firefly",
    "flamingo",
    "fox",
    "hedgehog",
    "heron",
    "hummingbird",
    "kangaroo",
    "kingfisher",
    "koala",
    "ladybird",
    "lynx",
    "narwhal",
    "otter",
    "owl",
    "panda",
    "puffin",
    "robin",
    "seahorse",
    "squirrel",
    "swan",
    "tiger",
)
