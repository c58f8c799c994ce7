"""The job on Spark."""

from __future__ import annotations

import os
import sys
from typing import Any

from pyspark.sql import SparkSession

from . import job as work
from .job import Job, Report, Settings

__all__ = ["annotate"]

#: Attempts per task, including those that end with the death of the worker, before the job fails.
ATTEMPTS = 4


def annotate(
    inputs: list[str] | str, out: str, settings: Settings, *, master: str | None = None, session: Any = None
) -> Report:
    """Annotates recordings on Spark.

    `master` is that of `spark-submit`; without it all cores of this machine are used. Each recording is a task, and
    each slice of a long one; a second stage merges the slices. The tasks of a worker that dies are run again.
    """
    plan = Job(inputs, out, settings)
    ours = session is None
    if session is None:
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
        builder = (
            SparkSession.builder.master(master or f"local[{os.cpu_count() or 1},{ATTEMPTS}]")
            .appName("timbred archive")
            .config("spark.ui.enabled", "false")
            .config("spark.sql.session.timeZone", "UTC")
        )
        # Workers have the environment of this process's first session; the program may have been named since.
        if named := os.environ.get("TIMBRE"):
            builder = builder.config("spark.executorEnv.TIMBRE", named)
        session = builder.getOrCreate()
    try:
        context = session.sparkContext
        cuts = [(each, work.cut(each, settings)) for each in plan.recordings]
        whole = [each for each, parts in cuts if len(parts) == 1]
        if whole:
            tasks = context.parallelize(whole, len(whole))
            # collect runs all tasks at once; toLocalIterator would wait for each before the next.
            for outcome in tasks.map(lambda each: work.hear_whole(each, out, settings)).collect():
                plan.report.take(outcome)
        parts = [(each, part) for each, parts in cuts if len(parts) > 1 for part in parts]
        if parts:
            slices = context.parallelize(parts, len(parts)).map(
                lambda pair: (pair[0].name, (pair[0], pair[1].start, work.hear_part(pair[0], pair[1], settings)))
            )

            def merge(entries: Any) -> work.Outcome:
                ordered = sorted(entries, key=lambda entry: entry[1])
                return work.merge_parts(ordered[0][0], out, settings, [entry[2] for entry in ordered])

            for outcome in slices.groupByKey().values().map(merge).collect():
                plan.report.take(outcome)
    finally:
        if ours:
            session.stop()
    return plan.finish()
