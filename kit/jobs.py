"""Long work: one worker, its progress, a way to stop it.

    start(verb, work)  ->  Job  ->  waiting, running, then done | failed | cancelled

One worker, because a kit has one engine and little memory: two trainings side by side would each
take twice as long. A job's state is kept, so that after a power cut a page that still asks for its
job hears "interrupted" instead of nothing; progress is only in memory and in the events.

The work is any callable; it is given a `Progress`, calls it with 0..1, and by that call learns that
it should stop. Whoever starts a job says whose it is; nobody else hears of it.
"""

import logging
import secrets
import threading
from collections import OrderedDict, deque
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Protocol

from kit.core.errors import Cancelled, Conflict, KitError, NotFound
from kit.core.types import Actor, Job, JobState

_log = logging.getLogger(__name__)

REMEMBERED = 200
"""Ended jobs that can still be asked for without opening the database."""

WAITING_AT_MOST = 100
"""Thirty groups press Train at once and then again; more than this is somebody's mistake."""


class JobShelf(Protocol):
    """Where jobs are kept: `storage.Store`, or a dictionary in a test."""

    def save_job(self, job: Job) -> None: ...

    def job(self, id: str) -> Job: ...

    def jobs_left_running(self) -> list[Job]: ...


class Progress:
    """What a work is given: says how far it is, learns whether to go on."""

    def __init__(self, say: Callable[[float], None]) -> None:
        self._say = say
        self._stop = threading.Event()

    def __call__(self, fraction: float) -> None:
        """Say how far the work is, 0..1.

        Raises:
            Cancelled: "job-cancelled": somebody asked it to stop. Let it through.
        """
        self.check()
        self._say(min(1.0, max(0.0, fraction)))

    def check(self) -> None:
        """Raise `Cancelled` if somebody asked the work to stop."""
        if self._stop.is_set():
            raise Cancelled("job-cancelled", "asked to stop")

    def stop(self) -> None:
        """Ask the work to stop at its next word."""
        self._stop.set()


Work = Callable[[Progress], Mapping[str, Any] | None]


class Jobs:
    """The worker and its list. Thread-safe.

    Args:
        shelf: where states are kept.
        tell: called with every change of a job, progress included. It must neither wait nor ask
            for a lock under which somebody calls this room.
    """

    def __init__(self, shelf: JobShelf, tell: Callable[[Job], None] = lambda job: None) -> None:
        self._shelf = shelf
        self._tell = tell
        self._lock = threading.Condition()
        self._jobs: OrderedDict[str, Job] = OrderedDict()
        self._waiting: deque[tuple[str, Work]] = deque()
        self._progress: dict[str, Progress] = {}
        self._ended: dict[str, Callable[[], None]] = {}
        self._worker: threading.Thread | None = None
        self._closing = False
        for job in shelf.jobs_left_running():
            self._put(replace(job, state=JobState.INTERRUPTED))

    def start(
        self,
        verb: str,
        work: Work,
        *,
        project_id: str | None,
        space_id: str,
        ended: Callable[[], None] = lambda: None,
    ) -> Job:
        """Queue a work and give its job back at once.

        The same verb on the same project, waiting or running, is that very job: pressing Train
        twice trains once.

        Args:
            verb: what is done.
            work: does it.
            project_id: of the project it is done to, if there is one yet.
            space_id: whose it is.
            ended: called when the job has ended, also one that never began; must not raise.

        Raises:
            Conflict: "too-many-jobs", or "kit-closing".
        """
        with self._lock:
            if self._closing:
                raise Conflict("kit-closing", "the kit is being switched off")
            running = self.running(project_id, verb) if project_id is not None else None
            if running is not None:
                return running
            if len(self._waiting) >= WAITING_AT_MOST:
                raise Conflict("too-many-jobs", f"{len(self._waiting)} jobs wait already")
            job = Job(secrets.token_hex(8), verb, project_id, space_id, JobState.WAITING)
            self._ended[job.id] = ended
            self._progress[job.id] = Progress(lambda fraction: self._say(job.id, fraction))
            self._put(job)
            self._waiting.append((job.id, work))
            if self._worker is None:
                self._worker = threading.Thread(target=self._run, name="jobs", daemon=True)
                self._worker.start()
            self._lock.notify_all()
            return job

    def job(self, actor: Actor, job_id: str) -> Job:
        """One job of a space that the actor may enter.

        Raises:
            NotFound: "job-missing": no such job, or somebody else's.
        """
        with self._lock:
            job = self._jobs.get(job_id)
        job = job or self._shelf.job(job_id)
        if job.space_id is None or not actor.may_enter(job.space_id):
            raise NotFound("job-missing", f"no job {job_id!r}")
        return job

    def cancel(self, actor: Actor, job_id: str) -> Job:
        """Ask a job to stop. One that has ended stays as it ended.

        Raises:
            NotFound: as `job`.
        """
        with self._lock:
            job = self.job(actor, job_id)
            return self._stop(job)

    def running(self, project_id: str, verb: str | None = None) -> Job | None:
        """The project's job that waits or runs, if any; of this verb only, if one is given."""
        with self._lock:
            for job_id in reversed(self._progress):
                job = self._jobs[job_id]
                if job.project_id == project_id and verb in (None, job.verb):
                    return job
        return None

    def under_way(self) -> list[Job]:
        """The jobs that run just now: one, or none."""
        with self._lock:
            jobs = [self._jobs[job_id] for job_id in self._progress]
        return [job for job in jobs if job.state is JobState.RUNNING]

    def newest(self, project_id: str) -> Job | None:
        """The job last started for the project, ended or not."""
        with self._lock:
            for job in reversed(self._jobs.values()):
                if job.project_id == project_id:
                    return job
        return None

    def forget(self, project_id: str) -> None:
        """Stop and forget every job of a project that goes; wait for the one that runs."""
        self._forget(lambda job: job.project_id == project_id)

    def forget_all(self) -> None:
        """Stop and forget every job: the class is over. Waits for the one that runs."""
        self._forget(lambda job: True)

    def wait(self, job_id: str, timeout_s: float = 60.0) -> Job | None:
        """Wait until a job has ended; for the command line, and for tests.

        Returns:
            The job as it ended, or as it stands at the time-out; None once it is forgotten.
        """
        with self._lock:
            self._lock.wait_for(lambda: job_id not in self._progress, timeout_s)
            return self._jobs.get(job_id)

    def close(self) -> None:
        """Stop the running job, leave the waiting ones "interrupted", let the worker go."""
        with self._lock:
            self._closing = True
            for progress in self._progress.values():
                progress.stop()
            self._lock.notify_all()
            worker = self._worker
        if worker is not None and worker is not threading.current_thread():
            worker.join()
        with self._lock:
            for job_id in list(self._progress):
                self._end(job_id, JobState.INTERRUPTED)

    # --- inside ---

    def _run(self) -> None:
        while True:
            with self._lock:
                self._lock.wait_for(lambda: self._waiting or self._closing)
                if self._closing:
                    return
                job_id, work = self._waiting.popleft()
                if job_id not in self._progress:
                    continue  # cancelled or forgotten while it waited
                progress = self._progress[job_id]
                self._put(replace(self._jobs[job_id], state=JobState.RUNNING))
            try:
                progress.check()
                given = work(progress)
                result = None if given is None else dict(given)
            except Cancelled:
                stopped = JobState.INTERRUPTED if self._closing else JobState.CANCELLED
                self._end(job_id, stopped)
            except KitError as error:
                _log.warning("job %s failed: %s", job_id, error)
                self._end(job_id, JobState.FAILED, error=_said(error))
            except Exception:
                _log.exception("job %s failed", job_id)
                self._end(job_id, JobState.FAILED, error={"id": "job-failed", "values": {}})
            else:
                self._end(job_id, JobState.DONE, progress=1.0, result=result)

    def _stop(self, job: Job) -> Job:
        progress = self._progress.get(job.id)
        if progress is None:
            return job
        progress.stop()
        if job.state is JobState.WAITING:
            self._end(job.id, JobState.CANCELLED)
        return self._jobs[job.id]

    def _forget(self, goes: Callable[[Job], bool]) -> None:
        def going() -> list[Job]:
            return [job for job in self._jobs.values() if goes(job)]

        with self._lock:
            for job in going():
                self._stop(job)
            if threading.current_thread() is not self._worker:
                self._lock.wait_for(lambda: all(job.id not in self._progress for job in going()))
            for job in going():
                del self._jobs[job.id]

    def _say(self, job_id: str, fraction: float) -> None:
        with self._lock:
            job = self._jobs[job_id] = replace(self._jobs[job_id], progress=fraction)
        self._tell(job)

    def _end(self, job_id: str, state: JobState, **last_words: Any) -> None:
        with self._lock:
            self._ended.pop(job_id)()
            self._put(replace(self._jobs[job_id], state=state, **last_words))
            del self._progress[job_id]
            self._lock.notify_all()

    def _put(self, job: Job) -> None:
        """Remember a change of state, keep it, tell it."""
        with self._lock:
            self._jobs[job.id] = job
            for old in [id for id in self._jobs if id not in self._progress][:-REMEMBERED]:
                del self._jobs[old]
            try:
                self._shelf.save_job(job)
            except (
                KitError
            ) as error:  # a full disk must not end the worker; the work itself goes on
                _log.warning("the state of job %s could not be kept: %s", job.id, error)
        self._tell(job)


def _said(error: KitError) -> dict[str, Any]:
    return {"id": error.id, "values": dict(error.values)}
