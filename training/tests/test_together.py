"""Tags and events together: what counts when, and for how much."""

import json

import numpy as np

from timbre_training.evaluate.events import EventSettings, believed
from timbre_training.data.labels import ABSENT, PRESENT, UNKNOWN
from timbre_training.data.taxonomy import CLASSES
from timbre_training.evaluate.together import PATIENCE, frame_truth, read, table


def activity(level: float) -> str:
    return json.dumps({"type": "activity", "levels": dict.fromkeys(CLASSES, level)})


def tags(probability: float) -> str:
    return json.dumps({"type": "tags", "tags": [{"instrument": name, "probability": probability} for name in CLASSES]})


def test_tags_count_from_the_hop_behind_them_until_they_are_too_old():
    heard = read([activity(0.1), tags(0.5), *[activity(0.2)] * (PATIENCE + 1)], np.full(len(CLASSES), -1.0))
    assert heard.activity.shape == (PATIENCE + 2, len(CLASSES))
    assert heard.evidence[0, 0] == 0 and heard.evidence[1, 0] == 1 and heard.evidence[PATIENCE, 0] == 1
    assert heard.evidence[PATIENCE + 1, 0] == 0


def test_support_is_a_lower_threshold():
    settings = EventSettings(np.array([0.5]), np.array([0.3]), 0, 0, 0)
    level = np.full((4, 1), 0.3)
    assert not believed(level, settings).any()
    # Odds of 0.5 divided by e: 0.269.
    assert believed(level, settings, np.array([[0], [0.8], [1], [-1]])).ravel().tolist() == [False, False, True, False]


def test_frames_of_a_real_recording_are_known_where_there_is_truth(tmp_path):
    (tmp_path / "a.csv").write_text("start,end,class\n0.1,0.2,cello\n")
    row = {name: "" for name in CLASSES} | {"cello": "1", "voice": "0"}
    truth = frame_truth(tmp_path / "a.csv", row, 40)
    assert [truth[k, CLASSES.index("cello")] for k in (0, 10, 39)] == [ABSENT, PRESENT, ABSENT]
    assert (truth[:, CLASSES.index("voice")] == ABSENT).all() and (truth[:, CLASSES.index("drums")] == UNKNOWN).all()
    assert frame_truth(tmp_path / "none.csv", row, 40) is None


def test_the_table_has_a_row_for_each_limit():
    assert table({0.0: {"F1": 0.5, "clips": 12}, 1.0: {"F1": 0.25, "clips": 3}}).splitlines()[2:] == ["| 0 | 0.500 | 12 |", "| 1 | 0.250 | 3 |"]
