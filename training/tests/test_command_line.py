"""What is wrong with a command is said in a sentence with status 1, not in a traceback."""

import sys
from pathlib import Path

import pytest
import torch

from timbre_training import __main__ as training
from timbre_training.clip import __main__ as clip
from timbre_training.train import blend

TOP = Path(__file__).parent.parent.parent


@pytest.mark.parametrize("program, words, said", [
    (clip, "train --configuration gone.json --run run", "gone.json: no configuration can be read from it"),
    (clip, "train --systems gone.json --system fc --run run", "gone.json: no configuration can be read from it"),
    (clip, f"frozen --work . --model {TOP}/models/default.safetensors --frozen f", "default.safetensors: a clip model of att_tf"),
    (clip, "frozen --work . --model gone.safetensors --frozen f", "gone.safetensors: no model can be read from it"),
    (clip, "export --run broken", "best.pt: no checkpoint can be read from it"),
    (clip, "export --run gone", "best.pt: no checkpoint; train first"),
    (clip, "features --work gone", "gone: no shards in it; run `render` first"),
    (training, "features --work gone", "gone: no shards in it; run `render` first"),
    (training, "render --work new", "new/bank: no bank of samples; give the corpus folder with --corpus"),
    (training, "blend --run broken --model m --out o", "checkpoint.pt: no checkpoint can be read from it")])
def test_a_mistake_is_named_in_a_sentence(program, words, said, tmp_path, monkeypatch, capsys):
    (tmp_path / "broken").mkdir()
    for name in ("best.pt", "checkpoint.pt"):
        (tmp_path / "broken" / name).write_bytes(b"PK torn off")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", ["timbre_training", *words.split()])
    assert program.main() == 1
    assert said in capsys.readouterr().err


def test_a_blend_is_written_whole_or_not_at_all(tmp_path, monkeypatch, torn):
    (tmp_path / "run").mkdir()
    torch.save({}, tmp_path / "run" / "checkpoint.pt")
    monkeypatch.setattr(blend, "blend", lambda *arguments: {})
    monkeypatch.setattr(sys, "argv", ["timbre_training", "blend", "--run", str(tmp_path / "run"), "--model", "m", "--out", str(tmp_path / "out")])
    torn("checkpoint.pt")
    with pytest.raises(KeyboardInterrupt):
        training.main()
    assert not (tmp_path / "out" / "checkpoint.pt").exists()
