"""The networks of Hung & Yang 2018 as descriptions, equal to Sources/PublishedModels/Frame/PublishedArchitecture.swift."""

from ..model.harmonics import PARTIALS

BINS = 88
#: Bins a key of the pitch estimator sees above and below itself: its partials 2...8, and what it could be a partial of.
SPAN = 73


def block(name: str, outputs: int, kernel: int) -> list[dict]:
    """Convolution, batch normalisation, ReLU."""
    return [{"type": "conv", "name": f"{name}.conv", "outputs": outputs, "kernel": kernel, "dilation": 1},
            {"type": "batch_norm", "name": f"{name}.batch", "repeat": 1}, {"type": "relu"}]


def plain(classes: int) -> dict:
    """"CQT only [31]", figure 1(a), after Liu & Yang: 33 frames wide."""
    pool = [{"type": "max_pool", "size": 3}]
    layers = block("head.0", 32, 7) + pool + block("head.2", 32, 7) + pool + block("head.4", 512, 1) + block("head.5", 512, 1)
    return {"inputs": BINS, "layers": [{"type": "standardize", "name": "norm"}, *layers,
                                       {"type": "conv", "name": "head.6", "outputs": classes, "kernel": 1, "dilation": 1},
                                       {"type": "sigmoid"}]}


def residual(classes: int, planes: int, shared: bool = True) -> dict:
    """"CQT only [10]", figure 1(b, c), over one plane or two; `shared` planes have one set of input statistics.

    Two planes whose statistics are shared lie on a third axis, as HSF-n and Pitch (C) do; Pitch (F) stands behind the
    constant-Q on the axis of frequency, with statistics of its own.
    """
    def stage(name: str, outputs: int) -> dict:
        return {"type": "residual", "name": name, "outputs": outputs, "dilation": 1}
    dropout, pool = {"type": "dropout", "rate": 0.2}, {"type": "max_pool", "size": 3}
    return {"inputs": planes * BINS, "layers": [
        {"type": "standardize", "name": "norm"}, {"type": "batch_norm", "name": "head.0", "repeat": planes if shared else 1},
        {"type": "conv", "name": "head.1", "outputs": BINS, "kernel": 3, "dilation": 1},
        stage("head.2", 176), dropout, pool, stage("head.5", 264), dropout, pool, stage("head.8", 264),
        {"type": "batch_norm", "name": "head.9", "repeat": 1}, {"type": "relu"},
        {"type": "conv", "name": "head.11", "outputs": classes, "kernel": 3, "dilation": 1}, {"type": "sigmoid"}]}


def pitch_estimator() -> dict:
    """The salience of 88 keys from 88 bins by the same weights at every key, after Thickstun et al. 2018.

    Theirs learns on 512 log-spaced filters over 25 frames of 16384 samples, with 128 and then 4096 channels (114 million
    parameters, centred windows), and its last layer is dense. This one takes the published constant-Q itself, stays
    convolutional along frequency to the end, sees nine frames (104 ms) and looks at no later one. Its first layer sees a
    key's partials 2 to 8 and the keys whose partial it could be, the others weigh the keys of an octave against each
    other and what they were before.
    """
    def over_bins(name: str, span: int, kernel: int) -> list[dict]:
        return [{"type": "conv_2d", "name": name, "bins": BINS, "outputs": 32, "span": span, "kernel": kernel, "stride": 1},
                {"type": "batch_norm", "name": f"{name}.batch", "repeat": BINS}, {"type": "relu"}]
    last = {"type": "conv_2d", "name": "pitch.4", "bins": BINS, "outputs": 1, "span": 13, "kernel": 1, "stride": 1}
    return {"inputs": BINS, "layers": [
        {"type": "interleave", "planes": 1}, *over_bins("pitch.0", SPAN, 3), *over_bins("pitch.1", 1, 4),
        *over_bins("pitch.2", 13, 1), *over_bins("pitch.3", 1, 4), last, {"type": "sigmoid"}]}


def describe(system: dict, classes: int) -> dict:
    """The trained network of a configuration's `system`: its planes come ready made."""
    if system["network"] == "plain":
        return plain(classes)
    if system["network"] == "pitch":
        return pitch_estimator()
    return residual(classes, 1 if system["pitch"] == "none" else 2, system["network"] == "residual")


def with_estimator(description: dict, harmonics: int) -> dict:
    """The same network for the constant-Q alone: the estimator and the harmonic series make the second plane."""
    series = {"type": "harmonic_series", "shifts": list(PARTIALS[:harmonics]), "layers": pitch_estimator()["layers"]}
    return {"inputs": BINS, "layers": [series, *description["layers"]]}
