"""python -m timbred.archive: annotates an archive from the command line."""

from __future__ import annotations

import argparse
import sys

from ..errors import TimbredError
from .job import Settings


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m timbred.archive", description="Annotates recordings at URLs into a Parquet dataset."
    )
    parser.add_argument("inputs", metavar="INPUT", nargs="+", help="files, folders or patterns, as fsspec URLs")
    parser.add_argument("out", metavar="OUT", help="the dataset, as an fsspec URL")
    parser.add_argument("--engine", choices=["dask", "spark"], default="dask")
    parser.add_argument("--scheduler", help="address of a Dask scheduler, or Spark master (default: this machine)")
    parser.add_argument("--workers", type=int, help="number of Dask workers on this machine")
    parser.add_argument("--model", help="use this model instead of the bundled one")
    parser.add_argument("--config", help="read thresholds and times from this configuration")
    parser.add_argument("--channels", help="mix (default), or one channel by number")
    parser.add_argument("--slice-seconds", type=float, default=Settings.slice_seconds)
    parser.add_argument("--timeout", type=float, help="seconds after which the analysis of a recording is aborted")
    arguments = parser.parse_args()
    settings = Settings(
        model=arguments.model,
        config=arguments.config,
        channels=arguments.channels,
        slice_seconds=arguments.slice_seconds,
        timeout=arguments.timeout,
    )
    try:
        if arguments.engine == "dask":
            from . import on_dask

            report = on_dask.annotate(
                arguments.inputs, arguments.out, settings, scheduler=arguments.scheduler, workers=arguments.workers
            )
        else:
            from . import on_spark

            report = on_spark.annotate(arguments.inputs, arguments.out, settings, master=arguments.scheduler)
    except TimbredError as error:
        print(f"timbred.archive: {error}", file=sys.stderr)
        return 64
    print(report)
    return 65 if report.failed else 0


if __name__ == "__main__":
    sys.exit(main())
