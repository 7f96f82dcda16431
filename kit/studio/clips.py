"""Clips, for who shows sounds: heard again, and trimmed to another second than the loudest."""

import numpy as np

from kit.codecs.sound import decode_sound, encode_wav
from kit.core.errors import BadInput, NotFound
from kit.core.sound import CLIP_SAMPLES, SAMPLE_RATE_HZ
from kit.core.types import Actor, Media, Sample
from kit.studio.show import ShowCard


class ClipCard(ShowCard):
    """What only samples of sound have."""

    def sound(self, actor: Actor, sample_id: str, *, whole: bool = False) -> bytes:
        """A clip as it is kept, WAV; `whole`: as it was before it was trimmed.

        Raises:
            NotFound: "sample-missing", also for what is no clip.
        """
        self._enter(actor)
        sample = self._clip(sample_id)
        return (
            self._store.whole(sample_id) if whole else self._store.media(self.id, sample.media_hash)
        )

    def trim(self, actor: Actor, sample_id: str, start_ms: int | None) -> Sample:
        """Keep one second of a clip, from `start_ms` of the whole; None brings the whole back.

        The whole stays for ten minutes, as what was removed does.

        Raises:
            NotFound: "sample-missing".
            BadInput: "trim-outside"; "sound-silent": nothing is heard in that second.
            Unavailable: "disk-full": it is as it was.
        """
        self._enter(actor)
        self._clip(sample_id)
        second = None if start_ms is None else self._cut(sample_id, start_ms)
        with self._lock:
            before = self._clip(sample_id)
            self._forget([before])
            after = before
            try:
                if second is None:
                    after = self._store.untrim_sample(sample_id)
                else:
                    after, mark = self._store.trim_sample(sample_id, second)
                    self._parts.removed(self.id, mark)
            finally:
                self._unlearnt[sample_id] = after
            self._tell()
        self._embed([after], [self._store.media(self.id, after.media_hash)])
        return after

    def _cut(self, sample_id: str, start_ms: int) -> bytes:
        waveform = decode_sound(self._store.whole(sample_id)).waveform
        start = start_ms * SAMPLE_RATE_HZ // 1000
        if not 0 <= start <= len(waveform) - CLIP_SAMPLES:
            most_ms = max(0, (len(waveform) - CLIP_SAMPLES) * 1000 // SAMPLE_RATE_HZ)
            raise BadInput("trim-outside", f"{start_ms} ms, at most {most_ms}", most_ms=most_ms)
        second = waveform[start : start + CLIP_SAMPLES]
        if np.ptp(second) == 0.0:
            raise BadInput("sound-silent", "every sample of that second is the same")
        return encode_wav(second)

    def _clip(self, sample_id: str) -> Sample:
        sample = self._sample(sample_id)
        if sample.media is not Media.SOUND:
            raise NotFound("sample-missing", f"{sample_id!r} is no clip")
        return sample
