"""Showing to the kit's own camera, or saying to its microphone: bursts."""

import secrets
from functools import partial

from kit.core import shapes
from kit.core.errors import BadInput, Conflict, KitError, Unavailable
from kit.core.types import (
    Actor,
    BlurFaces,
    DeviceState,
    Frame,
    Media,
    Stored,
)
from kit.studio.bursts import Burst, CameraBurst
from kit.studio.recordings import LONGEST_S, SHORTEST_S, USUAL_S, SoundBurst
from kit.studio.show import ShowCard


class TakeCard(ShowCard):
    """Bursts."""

    def start_burst(
        self, actor: Actor, label_id: str, *, seconds: float | None = None
    ) -> shapes.BurstShape:
        """Begin taking with the kit's camera or microphone; it ends by itself, or by `stop_burst`.

        Args:
            actor: who asks.
            label_id: what is shown or said.
            seconds: of sounds, how long: 0.5 to 20; two where nobody says.

        Raises:
            NotFound: "label-missing".
            BadInput: "burst-seconds".
            Conflict: "burst-running": one at a time; "microphone-taken": another group records.
            Unavailable: the device's own reason, where it is known to be gone.
        """
        self._enter(actor)
        make = self._new_recording(seconds) if self._hears else self._new_camera_burst()
        with self._lock:
            self._label(label_id)
            if self._burst is not None:
                raise Conflict("burst-running", f"burst {self._burst.id} is being taken")
            self._burst = make(
                secrets.token_hex(6), label_id, keep=self._keep_batch, ended=self._burst_ended
            )
            self._last_burst = self._burst_shape(self._burst)
            self._burst.start(self._parts.working("burst"))
            self._tell()
            return self._burst_shape(self._burst)

    def stop_burst(self, actor: Actor) -> shapes.BurstShape | None:
        """End the burst, its last batch kept; one that has ended is no error.

        Returns:
            The burst as it ended; None where none was taken since the kit was started.
        """
        self._enter(actor)
        burst = self._burst
        if burst is not None:
            burst.stop()
        with self._lock:
            return self._last_burst

    @property
    def _hears(self) -> bool:
        return self._sense.media is Media.SOUND

    def _new_camera_burst(self) -> "partial[CameraBurst]":
        status = self._parts.feed.status()
        if status.state is DeviceState.LOST:
            raise Unavailable(status.message_id or "camera-lost", status.reason)
        return partial(CameraBurst, feed=self._parts.feed, store=self._stored)

    def _new_recording(self, seconds: float | None) -> "partial[SoundBurst]":
        seconds = USUAL_S if seconds is None else seconds
        if not SHORTEST_S <= seconds <= LONGEST_S:
            raise BadInput(
                "burst-seconds", f"{seconds} s", least_s=SHORTEST_S, most_s=int(LONGEST_S)
            )
        feed = self._microphone()
        status = feed.status()
        if status.taken_by is not None:
            raise Conflict("microphone-taken", f"{status.taken_by} records", animal=status.taken_by)
        if status.state is DeviceState.LOST:
            raise Unavailable(status.message_id or "microphone-lost", status.reason)
        return partial(
            SoundBurst,
            feed=feed,
            store=self._sense.keep_raw,
            seconds=seconds,
            who=self._project.space_id,
        )

    def _stored(self, frame: Frame) -> Stored:
        cover = self._project.blur_faces is BlurFaces.ALWAYS
        return self._sense.keep_raw(frame.pixels, cover_faces=cover)

    def _keep_batch(self, burst: Burst, stored: list[Stored]) -> None:
        self._keep(burst.label_id, [burst.id] * len(stored), stored, burst.source)

    def _burst_ended(self, burst: Burst, trouble: KitError | None) -> None:
        with self._lock:
            self._last_burst = self._burst_shape(burst)
            self._burst = None
            if trouble is not None:
                self._notice(trouble.id, **trouble.values)
            elif burst.advice is not None:
                self._notice(burst.advice)
            elif burst.without_hand and not burst.samples:
                self._notice("no-hand")
            self._tell()
