"""Copies are found through gain, noise and cuts; other music is not; a bank built against test recordings lacks them."""

import json

import numpy as np
import pytest
import soundfile

from timbre_training.data import bank
from timbre_training.data.corpus import RATE
from timbre_training.errors import TrainingError
from timbre_training.data.landmarks import Recordings, recordings


def tune(seed: int, seconds: int = 6) -> np.ndarray:
    """Notes of random pitch and strength."""
    rng, result = np.random.default_rng(seed), np.zeros(seconds * RATE, np.float32)
    for start in range(0, len(result), RATE // 5):
        time = np.arange(min(RATE // 2, len(result) - start)) / RATE
        pitch = 110 * 2 ** (rng.integers(0, 36) / 12)
        note = sum(np.sin(2 * np.pi * pitch * k * time) / k for k in range(1, 6)) * np.exp(-4 * time)
        result[start:start + len(time)] += rng.uniform(0.2, 1) * note
    return result


def test_a_copy_is_found_in_another_level_in_noise_and_in_part():
    known = Recordings()
    for seed in range(5):
        known.add(f"tune{seed}", tune(seed))
    rng = np.random.default_rng(9)
    part = tune(3)[2 * RATE + 1000:5 * RATE] * 0.05
    assert known.copy_of(part + rng.normal(0, 1e-3, len(part))) == "tune3"


def test_other_music_and_silence_are_no_copies():
    known = Recordings()
    known.add("tune", tune(1))
    assert known.copy_of(tune(2)) is None
    assert known.copy_of(np.zeros(RATE)) is None and known.copy_of(np.zeros(10)) is None


def test_a_bank_lacks_what_is_tested_on(tmp_path, capsys):
    corpus, tested = tmp_path / "corpus", tmp_path / "tested"
    corpus.mkdir()
    tested.mkdir()
    lines = ["path,class,source,kind,midi,articulation,dynamics,seconds,licence,split"]
    for seed in range(2):
        soundfile.write(corpus / f"{seed}.wav", 0.1 * tune(seed), RATE)
        lines.append(f"{seed}.wav,piano,source{seed},phrase,,,,6,none,train")
    (corpus / "index.csv").write_text("\n".join(lines) + "\n")
    soundfile.write(tested / "heard.wav", 0.1 * tune(1)[RATE:], RATE)
    bank.build(tmp_path / "bank", corpus, [], None, 0, tested)
    assert [row["source"] for row in json.loads((tmp_path / "bank" / "bank.json").read_text())] == ["source0"]
    assert "1.wav: left out, it is a copy of heard" in capsys.readouterr().out


def test_a_folder_without_recordings_is_refused(tmp_path):
    with pytest.raises(TrainingError, match="no recordings"):
        recordings(tmp_path)
