"""Lines wait here while the computer does not listen. Fixed in size, oldest first.

Readings that find it full are counted and lost; marks keep a few places to themselves, because an
experiment without its marks is worth nothing.
"""

KEPT_FOR_MARKS = 32


class Ring:
    """Holds `places` entries; what an entry is, is the caller's affair."""

    def __init__(self, places=1024):
        self._entries = [None] * places
        self._first = 0
        self._used = 0

    def __len__(self):
        return self._used

    def put(self, entry, keep=False):
        """Put it last. False where there is no room: `keep` may use the places kept for marks."""
        room = len(self._entries) - (0 if keep else KEPT_FOR_MARKS)
        if self._used >= room:
            return False
        self._entries[(self._first + self._used) % len(self._entries)] = entry
        self._used += 1
        return True

    def take(self):
        """Take the first. Raises IndexError where there is none."""
        if not self._used:
            raise IndexError("empty")
        entry = self._entries[self._first]
        self._entries[self._first] = None
        self._first = (self._first + 1) % len(self._entries)
        self._used -= 1
        return entry

    def clear(self):
        """Forget them all."""
        while self._used:
            self.take()
