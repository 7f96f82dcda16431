"""What only a kit that starts by itself does: read its card, be somebody, open a door.

    boot file -> wishes -> kit.toml, a Wi-Fi of its own, a host name, keys

The image's units call this room as `python -m kit.appliance VERB`, as root and before anything
else of the kit runs; nobody imports it. Reading, deciding and wording are pure functions here, so
that they are tested without a card; `boot.py` is the one file that touches the machine, and it is
handed the places and the way to run a command. What stands in the image is in image-build/.
"""
