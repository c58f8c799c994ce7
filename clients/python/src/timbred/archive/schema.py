"""The tables of an archive. All are partitioned by `shard`, two hexadecimal digits of the hash of the recording's name."""

from __future__ import annotations

import pyarrow as pa

__all__ = ["EVENTS", "FAILED", "RECORDINGS"]

#: A row for every segment of an instrument.
EVENTS = pa.schema(
    [
        # The recording's name: its path below the input.
        pa.field("recording", pa.string(), nullable=False),
        pa.field("instrument", pa.string(), nullable=False),
        pa.field("family", pa.string(), nullable=False),
        # Seconds of the recording.
        pa.field("start", pa.float64(), nullable=False),
        pa.field("end", pa.float64(), nullable=False),
        pa.field("duration", pa.float64(), nullable=False),
        # 0 to 1: the mean activity of the segment.
        pa.field("confidence", pa.float32(), nullable=False),
    ]
)

#: A row for every recording that was annotated.
RECORDINGS = pa.schema(
    [
        pa.field("recording", pa.string(), nullable=False),
        pa.field("url", pa.string(), nullable=False),
        pa.field("bytes", pa.int64(), nullable=False),
        pa.field("sha256", pa.string(), nullable=False),
        # Seconds.
        pa.field("duration", pa.float64(), nullable=False),
        pa.field("software", pa.string(), nullable=False),
        pa.field("model", pa.string()),
        pa.field("model_sha256", pa.string()),
        # How the model was computed: full or int8.
        pa.field("precision", pa.string()),
        pa.field("tag_model_sha256", pa.string()),
        # Total seconds of each instrument; instruments without segments are left out.
        pa.field(
            "instruments",
            pa.list_(
                pa.struct(
                    [
                        pa.field("instrument", pa.string(), nullable=False),
                        pa.field("seconds", pa.float64(), nullable=False),
                    ]
                )
            ),
        ),
        # Tags by the clip model: mean and highest probability over its windows.
        pa.field(
            "tags",
            pa.list_(
                pa.struct(
                    [
                        pa.field("instrument", pa.string(), nullable=False),
                        pa.field("family", pa.string(), nullable=False),
                        pa.field("mean", pa.float64(), nullable=False),
                        pa.field("highest", pa.float64(), nullable=False),
                    ]
                )
            ),
        ),
    ]
)

#: A row for every recording that could not be annotated.
FAILED = pa.schema(
    [
        pa.field("recording", pa.string(), nullable=False),
        pa.field("url", pa.string(), nullable=False),
        pa.field("bytes", pa.int64(), nullable=False),
        pa.field("problem", pa.string(), nullable=False),
    ]
)
