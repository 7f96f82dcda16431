"""What the Pico's light says. Pure: a state and a time -> on or off.

Read by people, so each state has its own pattern:

    one short flash every two seconds    well, waiting for the kit
    five flashes a second                measuring
    2 flashes, pause                     no sensor answers
    3 flashes, pause                     two sensors answer, and only one is wanted
    4 flashes, pause                     more current than the sensor can tell
    5 flashes, pause                     the self-test failed
"""

WAITING, MEASURING = "waiting", "measuring"
FLASHES = {"no-sensor": 2, "two-sensors": 3, "full-scale": 4, "self-test": 5}
_FLASH_MS, _PAUSE_MS = 200, 1200


def is_on(state, now_ms):
    """Whether the light is on at this moment."""
    if state == MEASURING:
        return now_ms % 200 < 100
    if state == WAITING:
        return now_ms % 2000 < 60
    flashes = FLASHES[state]
    now_ms %= 2 * flashes * _FLASH_MS + _PAUSE_MS
    return now_ms < 2 * flashes * _FLASH_MS and now_ms % (2 * _FLASH_MS) < _FLASH_MS
