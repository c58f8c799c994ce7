"""The loaders read the public layouts, on tiny look-alikes, and name what is wrong with a file."""

import dataclasses
import json

import numpy as np
import pretty_midi
import pytest
import soundfile
import yaml

from timbre_training.data.corpus import RATE
from timbre_training.data.datasets import medleydb, musicnet, openmic, slakh
from timbre_training.data.datasets.tracks import are_there, write_shards
from timbre_training.errors import TrainingError
from timbre_training.data.labels import HOP, LOWEST_KEY, PRESENT, UNKNOWN
from timbre_training.data.taxonomy import CLASSES, INDEX


def tone(seconds, start=0.0, end=None, pitch=60):
    """Silence but for a tone between two times."""
    time = np.arange(int(seconds * RATE)) / RATE
    sounding = (time >= start) & (time < (end or seconds))
    return 0.3 * np.sin(2 * np.pi * 440 * 2 ** ((pitch - 69) / 12) * time) * sounding


def put(path, audio):
    path.parent.mkdir(parents=True, exist_ok=True)
    soundfile.write(path, audio, RATE)


@pytest.fixture
def music_net(tmp_path):
    root = tmp_path / "musicnet"
    for split, name in (("train", "1727"), ("test", "2303")):
        put(root / f"{split}_data" / f"{name}.wav", tone(3, 1, 2))
        (root / f"{split}_labels").mkdir()
        (root / f"{split}_labels" / f"{name}.csv").write_text(
            "start_time,end_time,instrument,note,start_beat,end_beat,note_value\n"
            f"{RATE},{2 * RATE},41,60,0.0,1.0,Quarter\n{RATE},{2 * RATE},7,64,0.0,1.0,Quarter\n")
    return tmp_path


def test_musicnet_notes_become_frame_labels_and_pitches(music_net):
    train, test = musicnet.tracks(music_net)
    assert (train.name, train.split, test.name, test.split) == ("1727", "train", "2303", "test")
    labels, pitches = train.truth(258)
    violin = labels[:, INDEX["violin"]]
    assert (violin[87:172] == PRESENT).all() and not violin[:86].any() and not violin[173:].any()
    assert not np.delete(labels, INDEX["violin"], axis=1).any()
    assert set(np.flatnonzero(pitches[100])) == {60 - LOWEST_KEY, 64 - LOWEST_KEY}


def test_musicnet_becomes_shards_like_rendered_ones(music_net):
    work = music_net / "work"
    assert write_shards(musicnet.tracks(music_net), work, seconds=1.0, clips=2) == {"train": 3, "valid": 3}
    audio, labels, pitches = (np.load(work / "valid" / f"0000.{kind}.npy") for kind in ("audio", "labels", "pitches"))
    hops = int(RATE / HOP)
    assert audio.shape == (2, hops * HOP) and labels.shape == (2, hops, 24) and pitches.shape == (2, hops, 88)
    assert audio.dtype == np.int16 and len(np.load(work / "train" / "0001.audio.npy")) == 1
    assert json.loads((work / "train" / "0000.json").read_text())[1]["classes"] == ["violin"]


def test_what_an_interrupted_call_left_is_cut_anew(music_net):
    work, (train, test) = music_net / "work", musicnet.tracks(music_net)
    broken = dataclasses.replace(test, audio=music_net / "gone.wav")
    with pytest.raises(TrainingError, match="gone.wav"):
        write_shards([train, broken], work, seconds=1.0, clips=2)
    assert list((work / "train").glob("*.json")) and not are_there(work)
    assert write_shards([train, test], work, seconds=1.0, clips=2) == {"train": 3, "valid": 3}
    assert are_there(work)
    with pytest.raises(TrainingError, match="there are shards already"):
        write_shards([train, test], work)
    assert are_there(work)


def test_a_strange_label_of_musicnet_is_named_by_its_line(music_net):
    file = music_net / "musicnet" / "train_labels" / "1727.csv"
    text = file.read_text()
    for wrong, message in ((text.replace(",41,", ",99,"), "1727.csv:2: unknown instrument 99"), (text.replace(",41,", ",x,"), "1727.csv:2: not a label")):
        file.write_text(wrong)
        with pytest.raises(TrainingError, match=message):
            musicnet.tracks(music_net)[0].truth(10)
    file.unlink()
    with pytest.raises(TrainingError, match="1727.csv: not found"):
        musicnet.tracks(music_net)
    with pytest.raises(TrainingError, match="no folder train_labels"):
        musicnet.tracks(music_net / "work")


@pytest.fixture
def slakh_root(tmp_path):
    for split in ("train", "validation", "test"):
        where = tmp_path / split / "Track00001"
        stems = {"S00": {"inst_class": "Pipe", "program_num": 73, "is_drum": False, "audio_rendered": True},
                 "S01": {"inst_class": "Drums", "program_num": 128, "is_drum": True, "audio_rendered": True},
                 "S02": {"inst_class": "Strings (continued)", "program_num": 48, "is_drum": False, "audio_rendered": True},
                 "S03": {"inst_class": "Piano", "program_num": 0, "is_drum": False, "audio_rendered": False}}
        put(where / "mix.flac", tone(3))
        put(where / "stems" / "S00.flac", tone(3, 1, 2))
        put(where / "stems" / "S01.flac", tone(3, 0, 1))
        put(where / "stems" / "S02.flac", tone(2, 0, 1))
        (where / "metadata.yaml").write_text(yaml.safe_dump({"UUID": "x", "stems": stems}))
        (where / "MIDI").mkdir()
        for name in ("S00", "S02"):
            midi, part = pretty_midi.PrettyMIDI(), pretty_midi.Instrument(73)
            part.notes.append(pretty_midi.Note(90, 60, 1.0, 2.0))
            midi.instruments.append(part)
            midi.write(str(where / "MIDI" / f"{name}.mid"))
    return tmp_path


def test_slakh_is_labelled_by_its_stems(slakh_root):
    train, valid, test = slakh.tracks(slakh_root)
    assert [t.split for t in (train, valid, test)] == ["train", "valid", "test"]
    labels, pitches = train.truth(258)
    assert (labels[90:170, INDEX["flute"]] == PRESENT).all() and not labels[:80, INDEX["flute"]].any()
    assert (labels[5:80, INDEX["drums"]] == PRESENT).all() and (labels[5:80, INDEX["cymbals"]] == UNKNOWN).all()
    assert (labels[5:80, INDEX["viola"]] == UNKNOWN).all() and not labels[180:, INDEX["viola"]].any()
    assert not labels[:, INDEX["piano"]].any()
    assert np.flatnonzero(pitches[120]).tolist() == [60 - LOWEST_KEY]


def test_without_midi_the_pitches_of_slakh_are_unknown_and_broken_files_are_named(slakh_root):
    track = slakh.tracks(slakh_root)[0]
    where = slakh_root / "train" / "Track00001"
    (where / "MIDI" / "S00.mid").write_bytes(b"MThd nonsense")
    with pytest.raises(TrainingError, match="S00.mid: no MIDI"):
        track.truth(258)
    (where / "MIDI" / "S00.mid").unlink()
    assert (track.truth(258)[1] == UNKNOWN).all()
    (where / "stems" / "S00.flac").write_bytes(b"fLaC nonsense")
    with pytest.raises(TrainingError, match="S00.flac: cannot be decoded"):
        track.truth(258)
    (where / "metadata.yaml").write_text("stems: [1, 2]")
    with pytest.raises(TrainingError, match="metadata.yaml: 'stems' is not a table"):
        track.truth(258)


@pytest.fixture
def medley(tmp_path):
    for artist in ("AClassicEducation", "Phoenix"):
        name = f"{artist}_Song"
        where = tmp_path / "Audio" / name
        put(where / f"{name}_MIX.wav", tone(3))
        stems = {}
        for number, instrument in ((1, "clean electric guitar"), (2, "drum set"), (3, "fx/processed sound"), (4, "erhu")):
            put(where / f"{name}_STEMS" / f"{name}_STEM_{number:02d}.wav", tone(3, number - 1, number))
            stems[f"S{number:02d}"] = {"component": "", "filename": f"{name}_STEM_{number:02d}.wav", "instrument": instrument}
        (where / f"{name}_METADATA.yaml").write_text(yaml.safe_dump({"artist": artist, "stems": stems}))
    return tmp_path


def test_medleydb_is_labelled_by_its_stems_or_by_its_confidences(medley):
    first, second = medleydb.tracks(medley)
    assert (first.split, second.split) == ("valid", "train")
    labels, pitches = first.truth(258)
    assert (labels[5:80, INDEX["guitar"]] == PRESENT).all() and (labels[90:170, INDEX["drums"]] == PRESENT).all()
    assert (labels[180:250] == UNKNOWN).sum(axis=1).min() == len(CLASSES) and (pitches == UNKNOWN).all()
    where = medley / "Annotations" / "Instrument_Activations" / "ACTIVATION_CONF"
    where.mkdir(parents=True)
    (where / "Phoenix_Song_ACTIVATION_CONF.lab").write_text("time,S01,S02\n0.0,0.9,0.1\n1.5,0.2,0.8\n")
    labels, _ = medleydb.tracks(medley)[1].truth(258)
    assert (labels[:128, INDEX["guitar"]] == PRESENT).all() and not labels[130:, INDEX["guitar"]].any()
    assert (labels[130:, INDEX["drums"]] == PRESENT).all() and (labels[130:, INDEX["cymbals"]] == UNKNOWN).all()
    for text, message in (("time,S09\n0,1\n", "stem 'S09'"), ("time,S01\n0,x\n", "not a table")):
        (where / "Phoenix_Song_ACTIVATION_CONF.lab").write_text(text)
        with pytest.raises(TrainingError, match=message):
            medleydb.tracks(medley)[1].truth(258)


@pytest.fixture
def open_mic(tmp_path):
    """Sixty clips of two instruments that are told apart by one feature, the third label of three unknown."""
    rng = np.random.default_rng(1)
    keys = [f"{n:06d}_0" for n in range(60)]
    truth = rng.random((60, 2)) < 0.5
    features = rng.integers(0, 60, (60, 10, 128)).astype(np.uint8)
    features[:, :, 0], features[:, :, 1] = 200 * truth[:, :1], 200 * truth[:, 1:]
    mask = np.ones((60, 2), bool)
    mask[::3, 1] = False
    np.savez(tmp_path / "openmic-2018.npz", X=features, Y_true=np.where(truth, 0.9, 0.1), Y_mask=mask, sample_key=np.array(keys))
    (tmp_path / "class-map.json").write_text('{"violin": 1, "banjo": 0}')
    (tmp_path / "partitions").mkdir()
    (tmp_path / "partitions" / "split01_train.csv").write_text("\n".join(keys[:40]) + "\n")
    (tmp_path / "partitions" / "split01_test.csv").write_text("\n".join(keys[40:]) + "\n")
    return tmp_path


def test_openmic_keeps_unknown_labels_unknown(open_mic):
    train, test = openmic.read(open_mic, "train"), openmic.read(open_mic, "test")
    assert train.features.shape == (40, 10, 128) and len(test.keys) == 20 and train.classes == ["banjo", "violin"]
    assert np.isnan(train.labels[::3, 1]).all() and not np.isnan(train.labels[:, 0]).any()
    assert ((train.features[:, 0, 0] > 0.5) == (train.labels[:, 0] == 1)).all()
    assert test.audio(open_mic)[0] == open_mic / "audio" / "000" / "000040_0.ogg"


def test_what_openmic_lacks_is_named(open_mic, tmp_path_factory):
    with pytest.raises(TrainingError, match="openmic-2018.npz: not found"):
        openmic.read(tmp_path_factory.mktemp("empty"), "train")
    (open_mic / "partitions" / "split01_test.csv").write_text("strange\n")
    with pytest.raises(TrainingError, match="clip strange"):
        openmic.read(open_mic, "test")
    (open_mic / "class-map.json").write_text('{"kazoo": 0, "banjo": 1}')
    with pytest.raises(TrainingError, match="class-map.json: unknown class 'kazoo'"):
        openmic.read(open_mic, "train")
