"""Annotates archives of recordings on Dask or Spark, into a partitioned Parquet dataset.

Inputs are fsspec URLs (local paths, s3://, gs://, memory://, ...): files, folders, or patterns. Every recording is a task,
and every slice of a very long recording. Slices overlap and are checked against each other, so that they produce the
same events as the whole recording. The dataset has three tables, `events`, `recordings` and `failed` (see `schema`), each
with one file per recording under `shard=XX`. The name and content of a file depend only on the recording, and it is
written completely or not at all: a task that runs twice leaves one result, a job that was killed continues where it
stopped, and a recording that cannot be analysed is a row of `failed` and does not stop the job.

`annotate_with_dask` and `annotate_with_spark` run such a job, and so does

    python -m timbred.archive --engine dask INPUT... OUT
"""

from __future__ import annotations

from .dataset import Dataset
from .job import Job, Report, Settings
from .plan import Recording, Slice, find
from .schema import EVENTS, FAILED, RECORDINGS

__all__ = [
    "EVENTS",
    "FAILED",
    "RECORDINGS",
    "Dataset",
    "Job",
    "Recording",
    "Report",
    "Settings",
    "Slice",
    "annotate_with_dask",
    "annotate_with_spark",
    "find",
]


def annotate_with_dask(
    inputs: list[str] | str, out: str, *, scheduler: str | None = None, workers: int | None = None, **settings: object
) -> Report:
    """Annotates `inputs` into the dataset `out` on Dask; see `timbred.archive.on_dask.annotate`."""
    from . import on_dask

    return on_dask.annotate(inputs, out, Settings(**settings), scheduler=scheduler, workers=workers)  # type: ignore[arg-type]


def annotate_with_spark(
    inputs: list[str] | str, out: str, *, master: str | None = None, **settings: object
) -> Report:
    """Annotates `inputs` into the dataset `out` on Spark; see `timbred.archive.on_spark.annotate`."""
    from . import on_spark

    return on_spark.annotate(inputs, out, Settings(**settings), master=master)  # type: ignore[arg-type]
