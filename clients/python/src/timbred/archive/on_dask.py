"""The job as a graph of Dask."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

from distributed import Client, LocalCluster, as_completed

from . import job as work
from .job import Job, Report, Settings
from .plan import Recording

__all__ = ["annotate"]

#: Maximum number of tasks at a scheduler: it need not hold a hundred thousand recordings at once.
WAITING = 2000


def annotate(
    inputs: list[str] | str,
    out: str,
    settings: Settings,
    *,
    scheduler: str | None = None,
    workers: int | None = None,
    client: Any = None,
) -> Report:
    """Annotates recordings on Dask.

    `scheduler` is the address of a running scheduler; without it a cluster of `workers` processes of one thread each is
    created on this machine. The tasks of a worker that dies are run by others; a recording that kills several workers is
    reported as failed.
    """
    plan = Job(inputs, out, settings)
    with contextlib.ExitStack() as stack:
        if client is None:
            client = stack.enter_context(_client(scheduler, workers))
        todo = iter(plan.recordings)
        names: dict[str, Recording] = {}
        running = as_completed([])
        for recording in todo:
            _add(running, names, client, recording, out, settings)
            if len(names) >= WAITING:
                break
        for future in running:
            recording = names.pop(future.key)
            plan.report.take(_outcome(future, recording, out))
            following = next(todo, None)
            if following is not None:
                _add(running, names, client, following, out, settings)
    return plan.finish()


@contextlib.contextmanager
def _client(scheduler: str | None, workers: int | None) -> Iterator[Any]:
    if scheduler is not None:
        with Client(scheduler) as client:
            yield client
        return
    # Every worker runs one timbre, which keeps a core busy.
    with LocalCluster(n_workers=workers, threads_per_worker=1, dashboard_address=None) as cluster:
        with Client(cluster) as client:
            yield client


def _add(
    running: Any, names: dict[str, Recording], client: Any, recording: Recording, out: str, settings: Settings
) -> None:
    slices = work.cut(recording, settings)
    if len(slices) == 1:
        future = client.submit(work.hear_whole, recording, out, settings, pure=False)
    else:
        parts = [client.submit(work.hear_part, recording, part, settings, pure=False) for part in slices]
        future = client.submit(work.merge_parts, recording, out, settings, parts, pure=False)
    names[future.key] = recording
    running.add(future)


def _outcome(future: Any, recording: Recording, out: str) -> work.Outcome:
    try:
        outcome: work.Outcome = future.result()
        return outcome
    except Exception as error:  # noqa: BLE001 - whatever a task dies of, the others go on
        return work.fail(recording, out, f"the task failed: {type(error).__name__}: {error}".splitlines()[0])
