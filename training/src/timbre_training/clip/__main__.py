"""The command line of the clip models: python -m timbre_training.clip VERB."""

import sys
from pathlib import Path

from ..errors import TrainingError
from ..verbs import RUN, TIMBRE, WORK, CommandLine, rendered


def features(a) -> None:
    """Spectrograms of the rendered shards, by the daemon's own front end."""
    from .features import LogMel, extract

    for split in rendered(a.work):
        extract(a.work / split, a.work / "clip" / split, LogMel(a.timbre))


def frozen(a) -> None:
    """What a model file's frozen stack makes of all clips, computed once."""
    from .features import LogMel
    from .frozen import extract, extract_recordings

    for split in ("valid", "train"):
        extract(a.model, a.work / "clip" / split, a.frozen / split)
    if a.realset:
        extract_recordings(a.model, a.realset, a.frozen / "realset.npz", LogMel(a.timbre))


def train(a) -> None:
    """Trains a configuration, or a system on the frozen stack; goes on where a killed run stopped."""
    import torch

    from ..published.configuration import read
    from .glimpses import GLIMPSE_ARCHITECTURES
    from .glimpses_train import GlimpseTrainer
    from .train import Trainer

    if a.threads:
        torch.set_num_threads(a.threads)
    if a.system:
        from .frozen_train import train_system

        given = [f"--{key}" for key in ("architecture", "width", "start") if getattr(a, key) is not None]
        if given:
            raise TrainingError(f"{given[0]}: a system of {a.systems} has its own; leave it out, or leave out --system")
        return train_system(overlaid(chosen(a.systems, a.system), a), a.frozen, a.run)
    configuration = overlaid(read(a.configuration), a)
    if a.start and configuration["architecture"] in GLIMPSE_ARCHITECTURES:
        raise TrainingError("--start: networks of glimpses begin with nothing")
    trainer = GlimpseTrainer if configuration["architecture"] in GLIMPSE_ARCHITECTURES else Trainer
    trainer(configuration, a.work / "clip" / "train", a.work / "clip" / "valid", a.run, a.start).fit()


def overlaid(configuration: dict, options) -> dict:
    """The configuration with what the command line gives instead."""
    given = {key: getattr(options, key) for key in ("architecture", "loss", "width", "seed")}
    return configuration | {key: value for key, value in given.items() if value is not None}


def chosen(path: Path, name: str) -> dict:
    """The configuration of one system."""
    from .systems import configurations

    found = configurations(path)
    if name not in found:
        raise TrainingError(f"{path}: no system '{name}'; there are {', '.join(found)}")
    return found[name]


def evaluate(a) -> None:
    """Scores on validation clips and on real recordings."""
    from .evaluate import evaluate as judge
    from .evaluate import summary

    print(summary(judge(a.run, a.work / "clip" / "valid", a.realset, a.timbre)))


def export(a) -> None:
    """The safetensors model file, with the thresholds of the last evaluation."""
    from .export import export as writer

    writer(a.run, a.out)


def glimpses(a) -> None:
    """Where a network that looks in glimpses looked in a recording, as a picture."""
    from .glimpses_draw import draw

    draw(a.run, a.clip, a.start, a.out, a.timbre)


def card(a) -> None:
    """The model card beside the exported file."""
    from .card import write

    a.out.write_text(write(a.run, a.notes.read_text() if a.notes else ""))


def measure(a) -> None:
    """Outputs, model file and cost of trained systems, on the frozen stack or of glimpses."""
    from .glimpses_measure import looks_around
    from .glimpses_measure import measure as judge_glimpses
    from .measure import measure as judge

    for run in a.runs:
        if looks_around(run):
            result = judge_glimpses(run, a.work / "clip" / "valid", a.realset, a.timbre, a.benchmarks)
        else:
            result = judge(run, a.frozen, a.benchmarks)
        print(f"{result['name']}: {result['parameters']} weights, {1000 * result['seconds_per_clip']:.2f} ms a clip")


def table(a) -> None:
    """The page that compares all measured runs."""
    from .frozen import Heard
    from .table import write

    labels = Heard(a.frozen / "valid", "embedding").labels
    a.out.write_text(write(a.runs, labels, a.realset, a.notes.read_text() if a.notes else ""))


def starts(a) -> None:
    """The page of systems that were trained from several starts, with a picture of where families look."""
    from .frozen import Heard
    from .starts import write

    labels = Heard(a.frozen / "valid", "embedding").labels
    a.out.write_text(write(a.runs, labels, a.realset, a.picture, a.notes.read_text() if a.notes else ""))


def main() -> int:
    """Parses the verb; an error of ours is a sentence and status 1."""
    command = CommandLine("timbre_training.clip", __doc__)
    verb, work, run, timbre = command.verb, WORK, RUN, TIMBRE
    verb(features, work, timbre)
    frozen_at = ("--frozen", dict(type=Path, default=Path("training/work/clip/frozen"), help="folder of what the frozen stack made"))
    realset = ("--realset", dict(type=Path, help="folder of real recordings"))
    systems = ("--systems", dict(type=Path, default=Path("training/configs/clip-systems.json"), help="systems on the frozen stack"))
    model = ("--model", dict(type=Path, default=Path("models/clip.safetensors"), help="whose stack is frozen"))
    verb(frozen, work, frozen_at, model, realset, timbre)
    verb(train, work, run,
         ("--configuration", dict(type=Path, default=Path("training/configs/clip-default.json"))),
         ("--architecture", dict(choices=("att_tf", "att_tf_id", "att_t", "fc", "sightreader", "ram_rnn", "ram_gru"))),
         ("--start", dict(type=Path, help="model file whose weights it begins with")),
         systems, frozen_at, ("--system", dict(help="a system on the frozen stack, by its name in --systems")),
         ("--loss", dict(choices=("bce", "focal"))), ("--width", dict(type=int)), ("--seed", dict(type=int)),
         ("--threads", dict(type=int)))
    verb(evaluate, work, run, timbre, ("--realset", dict(type=Path)))
    verb(export, run, ("--out", dict(type=Path, default=Path("models/clip.safetensors"))))
    verb(glimpses, run, timbre,
         ("--clip", dict(type=Path, required=True, help="a recording")),
         ("--start", dict(type=float, default=0.0, help="where its window begins, in seconds")),
         ("--out", dict(type=Path, required=True, help="PNG file")))
    verb(card, run, ("--out", dict(type=Path, default=Path("models/clip.md"))),
         ("--notes", dict(type=Path, help="text that goes into the card as it is")))
    runs = ("--runs", dict(type=Path, nargs="+", required=True, help="folders of trained runs, in the order of the table"))
    verb(measure, runs, frozen_at, work, realset, timbre,
         ("--benchmarks", dict(default=".build/release/benchmarks", help="the benchmarks' program, which measures the time")))
    verb(table, runs, frozen_at, ("--realset", dict(type=Path, required=True, help="folder of real recordings")),
         ("--notes", dict(type=Path, help="text that goes into the page as it is")),
         ("--out", dict(type=Path, default=Path("docs/clip-systems.md"))))
    verb(starts, runs, frozen_at, ("--realset", dict(type=Path, required=True, help="folder of real recordings")),
         ("--notes", dict(type=Path, help="text that goes into the page as it is")),
         ("--picture", dict(type=Path, default=Path("docs/images/family-attention.png"))),
         ("--out", dict(type=Path, default=Path("docs/clip-starts.md"))))
    return command.run()


if __name__ == "__main__":
    sys.exit(main())
