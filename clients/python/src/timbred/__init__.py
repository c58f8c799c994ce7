"""Client of timbred, the recognizer of musical instruments in live audio and in recordings.

>>> import timbred
>>> timbred.parse('{"seq":3,"type":"on","stream":"main","t":1.5,"frame":66150,'
...               '"instrument":"oboe","family":"woodwinds","confidence":0.7}')
On(seq=3, stream='main', t=1.5, frame=66150, instrument='oboe', family='woodwinds', confidence=0.7, wall=None,
   onset=None)

`listen` and `listen_async` follow a daemon; `annotate`, `activities` and `replay` analyse recordings by running `timbre`.
The client has no dependencies; arrays require NumPy, tables pandas, JAMS jams. `timbred.archive` annotates whole
archives on Dask or Spark.
"""

from __future__ import annotations

from .aio import listen_async
from .client import Listener, listen, socket_path
from .errors import DaemonNotFound, ProtocolError, TimbreFailed, TimbredError
from .events import (
    ActiveInstrument,
    Activity,
    Attention,
    Closing,
    Discontinuity,
    Event,
    Health,
    Hello,
    Lagged,
    Mark,
    Model,
    Off,
    On,
    Recording,
    Reply,
    Snapshot,
    Tag,
    Tags,
    Window,
)
from .lines import parse
from .recordings import Activities, Annotation, ClipTag, Segment, activities, annotate, evaluate, replay

__version__ = "0.2.0"

__all__ = [
    "ActiveInstrument",
    "Activities",
    "Activity",
    "Annotation",
    "Attention",
    "ClipTag",
    "Closing",
    "DaemonNotFound",
    "Discontinuity",
    "Event",
    "Health",
    "Hello",
    "Lagged",
    "Listener",
    "Mark",
    "Model",
    "Off",
    "On",
    "ProtocolError",
    "Recording",
    "Reply",
    "Snapshot",
    "Segment",
    "Tag",
    "Tags",
    "TimbreFailed",
    "TimbredError",
    "Window",
    "activities",
    "annotate",
    "evaluate",
    "listen",
    "listen_async",
    "parse",
    "replay",
    "socket_path",
]
