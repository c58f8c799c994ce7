"""A network judged: validation music, recordings with their own judge, false events by the hour."""

import csv
import os
import shutil
from pathlib import Path

import numpy as np
import pytest
import soundfile
import torch
from conftest import tone

from timbre_training.evaluate import evaluate
from timbre_training.data.corpus import RATE, Bank
from timbre_training.model.features import FrontEnd, extract
from timbre_training.model.network import Network
from timbre_training.render.render import Renderer, render_shard
from timbre_training.data.taxonomy import CLASSES

JUDGE = Path(os.environ.get("TIMBRE_DATA", "/nowhere")) / "realset" / "score.py"
RECORDINGS = {**{f"flute_{k}": "flute" for k in range(6)}, **{f"cello_{k}": "cello" for k in range(6)}, "noise_fan": None, "speech_one": "voice"}


@pytest.fixture
def realset(tmp_path):
    """A folder like that of the real recordings, with their judge."""
    folder = tmp_path / "realset"
    for name in ("audio", "frames"):
        (folder / name).mkdir(parents=True)
    shutil.copy(JUDGE, folder)
    with open(folder / "labels.csv", "w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["clip", "source", "licence", *CLASSES])
        for number, (clip, name) in enumerate(RECORDINGS.items()):
            writer.writerow([clip, "made by the tests", "none", *(int(c == name) for c in CLASSES)])
            soundfile.write(folder / "audio" / f"{clip}.wav", tone("" if name is None else 60 + number), RATE)
            (folder / "frames" / f"{clip}.csv").write_text("start,end,class\n" + (f"0.0,1.0,{name}\n" if name else ""))
    return folder


@pytest.mark.skipif(not JUDGE.exists(), reason="the judge of the real recordings is not here: set TIMBRE_DATA to the folder that holds realset/")
def test_a_network_is_judged_on_recordings_and_what_it_raised_in_noise_is_counted(
        work, realset, tmp_path, configuration, front_end_command):
    front_end = FrontEnd(configuration["front_end"], front_end_command)
    valid = tmp_path / "valid"
    valid.mkdir()
    for shard, kind in enumerate(["solo", "empty"]):
        render_shard(Renderer(Bank(work / "bank", "valid"), None, 2.0), valid, shard, 6, 1, kind)
    assert extract(valid, front_end) == 2
    torch.manual_seed(6)
    network = Network(configuration["network"]).eval()
    result = evaluate.evaluate(network, front_end, valid, realset, tmp_path / "out")
    r = result["realset"]
    assert r["noise_clips"] == 1 and r["speech_clips"] == 1 and set(r["confusion"]) == {"flute", "cello", "voice"}
    assert (r["noise_events_per_hour"] > 0) == bool(r["noise_with_event"])
    assert np.isnan(result["validation"]["talk_events_per_hour"]) and result["validation"]["talk_clips_with_other"] == [0, 0]
