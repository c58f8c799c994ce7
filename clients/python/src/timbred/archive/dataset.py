"""The dataset of results: one Parquet file per recording and table, whose name depends only on the recording."""

from __future__ import annotations

import hashlib
import io
import json
import os
import secrets
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from ..errors import TimbredError
from .plan import place
from .schema import EVENTS, FAILED, RECORDINGS

__all__ = ["Dataset"]

_SCHEMAS = {"events": EVENTS, "recordings": RECORDINGS, "failed": FAILED}
#: The file that records the settings of the dataset.
_MARK = "_timbred.json"


@dataclass(frozen=True)
class Dataset:
    """A dataset at an fsspec URL."""

    url: str

    @property
    def _place(self) -> tuple[Any, str]:
        filesystem, path = place(self.url)
        return filesystem, path.rstrip("/")

    def path(self, table: str, recording: str) -> str:
        """Returns the path of the file with the rows of a recording."""
        digest = hashlib.sha256(recording.encode("utf-8", "surrogateescape")).hexdigest()
        return f"{self._place[1]}/{table}/shard={digest[:2]}/{digest[:32]}.parquet"

    def begin(self, cache_key: dict[str, Any]) -> None:
        """Creates the dataset, or raises an error if that fails, or if it has another model or other settings."""
        filesystem, root = self._place
        wanted = json.dumps(cache_key, sort_keys=True)
        try:
            if not filesystem.exists(f"{root}/{_MARK}"):
                self._put(f"{root}/{_MARK}", wanted.encode())
            found = filesystem.cat_file(f"{root}/{_MARK}").decode()
        except OSError as error:
            raise TimbredError(f"{self.url}: the dataset cannot be created: {error.strerror or error}") from None
        if found != wanted:
            raise TimbredError(
                f"{self.url} was created with {found}, and this job has {wanted}: a dataset has one model and one "
                "configuration; name another folder"
            )

    def done(self) -> dict[str, tuple[int, str]]:
        """Returns the recordings in the dataset, with the size in bytes and the URL of each."""
        filesystem, _ = self._place
        done: dict[str, tuple[int, str]] = {}
        for path in self._files("recordings"):
            with filesystem.open(path, "rb") as file:
                table = pq.read_table(file, columns=["recording", "bytes", "url"])
            names, sizes, urls = (table[name].to_pylist() for name in ("recording", "bytes", "url"))
            done.update(zip(names, zip(sizes, urls, strict=True), strict=True))
        return done

    def _files(self, table: str) -> list[str]:
        # Not a pattern: the letters of the dataset's own path have no meaning.
        filesystem, root = self._place
        return sorted(path for path in filesystem.find(f"{root}/{table}") if path.endswith(".parquet"))

    def write(self, recording: str, events: list[dict[str, Any]], row: dict[str, Any]) -> None:
        """Writes the result; the row of the recording is written last, so that its events exist whenever it does."""
        self._write("events", recording, events)
        self._write("recordings", recording, [row])
        self._remove("failed", recording)

    def fail(self, recording: str, row: dict[str, Any]) -> None:
        """Writes the failure of a recording, and removes its previous results."""
        self._write("failed", recording, [row])
        self._remove("recordings", recording)
        self._remove("events", recording)

    def read(self, table: str) -> pa.Table:
        """Returns a whole table, sorted by recording and time; for datasets that fit into memory."""
        import pyarrow.dataset as ds

        filesystem, _ = self._place
        paths = self._files(table)
        schema = _SCHEMAS[table]
        if not paths:
            return schema.empty_table()
        rows = ds.dataset(paths, filesystem=filesystem, schema=schema, format="parquet").to_table()
        keys = ["recording", "start", "instrument"] if table == "events" else ["recording"]
        return rows.sort_by([(key, "ascending") for key in keys])

    def _write(self, table: str, recording: str, rows: list[dict[str, Any]]) -> None:
        buffer = io.BytesIO()
        pq.write_table(pa.Table.from_pylist(rows, schema=_SCHEMAS[table]), buffer, compression="zstd")
        self._put(self.path(table, recording), buffer.getvalue())

    def _put(self, path: str, content: bytes) -> None:
        """Writes an object atomically: object stores do so by themselves, a file system by renaming."""
        filesystem, _ = self._place
        if "file" not in (filesystem.protocol if isinstance(filesystem.protocol, tuple) else (filesystem.protocol,)):
            filesystem.pipe_file(path, content)
            return
        os.makedirs(os.path.dirname(path), exist_ok=True)
        draft = f"{path}.{secrets.token_hex(6)}.part"
        try:
            with open(draft, "xb") as file:
                file.write(content)
            os.replace(draft, path)
        except OSError:
            if os.path.exists(draft):
                os.unlink(draft)
            raise

    def _remove(self, table: str, recording: str) -> None:
        filesystem, _ = self._place
        try:
            filesystem.rm_file(self.path(table, recording))
        except FileNotFoundError:
            pass
