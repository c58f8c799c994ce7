"""Truth from the stems of a multitrack recording: who sounds, by energy, as for rendered clips."""

from pathlib import Path

import numpy as np
import yaml

from ..corpus import decode
from ...errors import TrainingError
from ..labels import ABSENT, HOP, UNKNOWN, hop_power, label_part, merge
from ..taxonomy import INDEX

FITS = 1e-20


def read_metadata(file: Path) -> dict:
    """The stems of a metadata file: name -> what is known of it."""
    try:
        stems = yaml.safe_load(file.read_text())["stems"]
    except (OSError, yaml.YAMLError, KeyError, TypeError) as error:
        raise TrainingError(f"{file}: no stems can be read from it ({error!r})") from error
    if not isinstance(stems, dict) or not all(isinstance(row, dict) for row in stems.values()):
        raise TrainingError(f"{file}: 'stems' is not a table of stems")
    return stems


def powers(stems: dict[str, Path], hops: int) -> dict[str, np.ndarray]:
    """Power of every stem at each hop, zero where a stem ends early."""
    result = {}
    for name, file in stems.items():
        audio = decode(file)
        padded = np.zeros(hops * HOP, np.float32)
        padded[:min(len(audio), len(padded))] = audio[:len(padded)]
        result[name] = hop_power(padded, hops)
    return result


def label(labels: np.ndarray, sounding: dict[str, np.ndarray], classes: dict[str, tuple[str | None, tuple[str, ...]]]) -> None:
    """Labels of all stems into `labels`.

    `classes` says for each stem its class, if it surely has one, and the classes that are unknown while it sounds.
    """
    total = np.sum(list(sounding.values()), axis=0) + FITS
    unknown = []
    for name, power in sounding.items():
        sure, vague = classes[name]
        truth = label_part(power, total, None)
        if sure:
            labels[:, INDEX[sure]] = merge(labels[:, INDEX[sure]], truth)
        unknown += [(INDEX[other], truth != ABSENT) for other in vague]
    for column, where in unknown:
        labels[where & (labels[:, column] == ABSENT), column] = UNKNOWN
