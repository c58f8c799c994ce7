"""The findings that are looked for, and the fixed words of docs/clip-systems.md."""

#: What a paper claims, the better system, the worse one, and at which level.
FINDINGS = [
    ("attention over none (AttTF over FC, 2020)", "att_tf", "fc", "instruments"),
    ("attention over none (ATT over FC, 2019)", "embedding_att", "embedding_fc", "instruments"),
    ("ATT over FC_T", "embedding_att", "embedding_fc_t", "instruments"),
    ("ATT over RNN", "embedding_att", "embedding_rnn", "instruments"),
    ("ATT over RF_BR", "embedding_att", "embedding_rf_br", "instruments"),
    ("time and frequency over time alone (AttTF over AttT)", "att_tf", "att_t", "instruments"),
    ("time, frequency and row over time alone (AttTFid over AttT)", "att_tf_id", "att_t", "instruments"),
    ("focal loss below cross-entropy (AttTFid)", "att_tf_id", "att_tf_id-focal", "instruments"),
    ("focal loss below cross-entropy (Sightreader)", "sightreader-bce", "sightreader-focal", "instruments"),
    ("GRU over RNN (RAM)", "ram-gru-bce", "ram-rnn-bce", "instruments"),
    ("Sightreader over RAM with GRU", "sightreader-bce", "ram-gru-bce", "instruments"),
    ("AttentionMIC over Sightreader", "att_tf_id", "sightreader-bce", "instruments"),
    ("joint by rule over separate", "hierarchical_rule", "hierarchical_separate", "instruments"),
    ("joint by rule over separate", "hierarchical_rule", "hierarchical_separate", "families"),
    ("joint by attention over separate", "hierarchical_attention", "hierarchical_separate", "instruments"),
    ("joint by attention over separate", "hierarchical_attention", "hierarchical_separate", "families"),
    ("both ways over causal (RNN; no paper's claim)", "embedding_rnn", "embedding_rnn_causal", "instruments"),
]

HEAD = """# The clip systems of the papers, side by side

Written by `python -m timbre_training.clip table`; not edited by hand. What each system is stands in the doc comments of
`ClipArchitecture`; how each was trained in `training/configs/clip-systems.json`; every one of them is a model file for `[tags] model`.

**One frozen stack.** The papers put their systems on VGGish, frozen; all systems here but those of glimpses stand on the convolutional stack of the
bundled clip model, frozen, computed once for all clips. AttTF, AttTFid, AttT and FC of 2020 train everything behind it; the systems of 2019 and the hierarchical
ones take one embedding of 128 numbers for each patch, the mean of the patch's 24 instances behind the bundled model's own dense layers, so they hear
less, and it was made by layers that had seen all labels. The stack was trained inside AttTFid, which may favour that system and its relatives.

**Labels.** Training clips keep as few labels as OpenMIC-2018 has (of the present 36 %, of the absent 5.5 %), the same for every system. Validation clips keep all of
theirs. So known training labels are present far more often than validation labels are, probabilities come out too high, and F1 at the papers' threshold of
0.5 mostly measures that; F1 at thresholds chosen on the other half of the clips does not suffer from it.

**Figures.** {clips} rendered clips, the first 9.6 s of each; no training clip shares their sources. F1 is that of presence; two-class F1 is the mean of the F1 of presence and of
absence, which Gururani et al. call macro F1; both are plain means over 24 instruments. "F1" and "two-class F1" without further words are at thresholds from the
other half of the clips. Intervals are the middle 95 % of a bootstrap over clips, with one training run for each system: the spread between runs is
not in them. The epoch of the best validation score was kept, so all scores here are a little too good, and alike so.
"""

REAL_HEAD = """{recordings} short real recordings; means over the instruments with at least five. A recording has the highest probability of its windows. Systems
that take full windows alone hear silence behind a shorter recording."""

FAMILIES_HEAD = """The eight families of `InstrumentFamily`. A family is present when a member is. Systems that say nothing of families are judged by their most probable member."""

FINDINGS_HEAD = """The better system of each claim minus the worse, with the paired bootstrap interval: "yes" when all of it lies above zero, "not decided" when zero lies within. The
interval knows what other clips would have changed, not what another start of the training would have: a small difference with a "yes"
may still be one of chance."""
