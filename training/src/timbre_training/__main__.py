"""The command line: python -m timbre_training {render,features,train,evaluate,export,card,demo,together,estimate,published,table,dataset,reproduce}."""

import argparse
import json
import sys
from pathlib import Path

from .errors import TrainingError

FONTS = ["/usr/share/sounds/sf2/TimGM6mb.sf2:train", "/usr/share/sounds/sf2/sf_GMbank.sf2:train", "/usr/share/sounds/sf2/FluidR3_GM.sf2:valid"]


def render(a) -> None:
    """Labelled audio in shards."""
    from . import bank, scores
    from .corpus import Bank
    from .render import Renderer, render_shard

    if not (a.work / "bank" / "bank.json").exists():
        fonts = [(Path(f.rsplit(":", 1)[0]), f.rsplit(":", 1)[1]) for f in a.font]
        bank.build(a.work / "bank", a.corpus, fonts, a.speech, a.utterances, a.never)
    book = a.work / "scores.json"
    if a.scores and not book.exists():
        scores.build(a.scores, book)
    renderer = Renderer(Bank(a.work / "bank", a.split), scores.ScoreBook(book) if book.exists() else None, a.seconds)
    folder = a.work / a.split
    folder.mkdir(exist_ok=True)
    first, last = (int(n) for n in a.shards.split(":"))
    for shard in range(first, last):
        if not (folder / f"{shard:04d}.json").exists():
            render_shard(renderer, folder, shard, a.clips, a.seed, a.kind)


def features(a) -> None:
    """Features of the rendered shards, by the daemon's own front end."""
    from .features import FRONT_END, FrontEnd, extract
    from .published.configuration import read

    front_end = read(a.configuration)["front_end"] if a.configuration else FRONT_END
    for split in ("train", "valid"):
        if (a.work / split).exists():
            extract(a.work / split, FrontEnd(front_end, a.timbre), a.out and a.out / split)


def train(a) -> None:
    """Trains a configuration; goes on where a killed run stopped."""
    import torch

    from .published import configuration as configurations
    from .published import systems
    from .train import Trainer

    if a.threads:
        torch.set_num_threads(a.threads)
    configuration = configurations.read(a.configuration)
    if a.steps:
        configuration["steps"] = a.steps
    if "system" in configuration:
        systems.SystemTrainer(configuration, a.work, a.run, a.start).fit()
    else:
        Trainer(configuration, a.work / "train", a.work / "valid", a.run, a.start).fit()


def load(run: Path):
    """The averaged network of a run as it is shipped, kernels in half precision, and its configuration."""
    import torch

    from .export import round_kernels
    from .network import Network

    file = run / "checkpoint.pt"
    if not file.exists():
        raise TrainingError(f"{file}: no checkpoint; train first")
    state = torch.load(file, weights_only=True, map_location="cpu")
    network = Network(state["configuration"]["network"])
    network.load_state_dict(state["average"])
    return round_kernels(network).eval(), state


def evaluate(a) -> None:
    """Scores on validation music and on real recordings."""
    from . import evaluate as judge
    from .features import FrontEnd

    network, state = load(a.run)
    result = judge.evaluate(network, FrontEnd(state["configuration"]["front_end"], a.timbre), a.work / "valid",
                            a.realset, a.run / "evaluation")
    print(judge.summary(result))


def export(a) -> None:
    """The safetensors model file, with the thresholds of the last evaluation."""
    from . import export as writer
    from .card import provenance
    from .taxonomy import CLASSES

    network, state = load(a.run)
    if "system" in state["configuration"]:
        raise TrainingError(f"{a.run}: `table` leaves the model file of a published system in {a.run / 'model.safetensors'}")
    file = a.run / "evaluation" / "result.json"
    if not file.exists():
        raise TrainingError(f"{file}: not found; run `evaluate` first, the thresholds come from it")
    result = json.loads(file.read_text())
    configuration = state["configuration"]
    description = writer.describe(network, configuration["name"], configuration["front_end"], list(CLASSES),
                                  result["settings"], provenance(configuration, state, result))
    writer.write(a.out, network, description)
    print(f"{a.out}: {sum(p.numel() for p in network.parameters())} parameters, "
          f"field {network.receptive_field()} hops")


def card(a) -> None:
    """The model card beside the exported file."""
    from . import card as page

    network, state = load(a.run)
    result = json.loads((a.run / "evaluation" / "result.json").read_text())
    a.out.write_text(page.write(network, state, result, a.notes.read_text() if a.notes else ""))
    page.plot(a.run / "log.jsonl", a.run / "curves.png")


def together(a) -> None:
    """Whether tags help events: figures by how far they may move thresholds, on validation music and real recordings."""
    from . import together as judge

    daemon = judge.Daemon(a.model, a.clip, a.tool)
    print(judge.table(judge.rendered(daemon, a.work / "valid")))
    if a.realset:
        print(judge.table(judge.real(daemon, a.realset)))


def estimate(a) -> None:
    """The pitch that the published estimator hears, beside the features of all shards in use."""
    from .published import systems

    print(f"{systems.estimate(a.work, a.run)} shards estimated")


def published(a) -> None:
    """Trains all published systems one after another; goes on where a killed run stopped."""
    import torch

    from .published import systems

    if a.threads:
        torch.set_num_threads(a.threads)
    systems.train_all(a.configurations, a.work, a.runs, a.systems, a.steps, a.seed, a.recipe)


def table(a) -> None:
    """Measures all trained published systems and writes the page that compares them."""
    from .published import measure
    from .published import table as page

    names = measure.measure_all(a.configurations, a.work, a.runs, a.systems, a.realset, a.timbre)
    a.out.write_text(page.write(a.runs, names, a.realset, a.notes.read_text() if a.notes else ""))


def dataset(a) -> None:
    """Cuts a published dataset into shards, as `render` writes them."""
    from .datasets import medleydb, musicnet, slakh
    from .datasets.tracks import write_shards

    readers = {"musicnet": musicnet.tracks, "slakh": slakh.tracks, "medleydb": medleydb.tracks}
    print(write_shards(readers[a.name](a.root), a.work))


def reproduce(a) -> None:
    """A paper's table from its dataset."""
    from . import reproduce as papers

    if a.paper == "hung-yang-2018":
        papers.hung_yang(a.root, a.work, a.out, a.configurations, a.timbre, a.steps)
    elif a.paper == "gururani-2019":
        papers.gururani(a.root, a.out, a.seeds)
    else:
        from .clip import reproduce as clips

        paper = clips.watcharasupat if a.paper == "watcharasupat-2020" else clips.zhong
        paper(a.root, a.work, a.out, a.configurations.parent, a.timbre, {"epochs": a.epochs} if a.epochs else None)


def demo(a) -> None:
    """The demo recording and its truth."""
    from .demo import make

    make(a.font, a.out)


def main() -> int:
    """Parses the verb; an error of ours is a sentence and status 1."""
    parser = argparse.ArgumentParser(prog="timbre_training", description=__doc__)
    verbs = parser.add_subparsers(required=True, metavar="verb")

    def verb(function, *options) -> None:
        sub = verbs.add_parser(function.__name__, help=function.__doc__)
        for name, settings in options:
            sub.add_argument(name, **settings)
        sub.set_defaults(function=function)

    work = ("--work", dict(type=Path, default=Path("training/work"), help="folder of bank, shards and features"))
    run = ("--run", dict(type=Path, required=True, help="folder of this training run"))
    timbre = ("--timbre", dict(help="feature command (else $TIMBRE, else .build/release/timbre features)"))
    verb(render, work, ("--corpus", dict(type=Path, help="corpus folder with index.csv (first time)")),
         ("--scores", dict(nargs="+", help="folders of .mxl and .mid files, `music21` for its corpus (first time)")),
         ("--speech", dict(type=Path, help="folder of <voice>/*.g722 prompts (first time)")),
         ("--utterances", dict(type=int, default=100, help="prompts of each voice")),
         ("--never", dict(type=Path, help="folder of recordings to test on: copies of them in the corpus are left out (first time)")),
         ("--font", dict(action="append", default=None, help="soundfont as PATH:train or PATH:valid")),
         ("--split", dict(choices=("train", "valid"), default="train")),
         ("--shards", dict(default="0:10", help="FIRST:LAST, LAST not included")),
         ("--clips", dict(type=int, default=60, help="clips a shard")),
         ("--kind", dict(choices=("solo", "turns", "mix", "score", "band", "empty", "talk"), help="only this kind of clip")),
         ("--seconds", dict(type=float, default=12.0, help="seconds a clip")), ("--seed", dict(type=int, default=1)))
    verb(features, work, timbre, ("--configuration", dict(type=Path)),
         ("--out", dict(type=Path, help="folder for the features, by split (else beside the audio)")))
    verb(train, work, run, ("--configuration", dict(type=Path, default=Path("training/configs/default.json"))),
         ("--start", dict(type=Path, help="begin with the weights of this run")), ("--steps", dict(type=int)), ("--threads", dict(type=int)))
    verb(evaluate, work, run, timbre, ("--realset", dict(type=Path)))
    verb(export, run, ("--out", dict(type=Path, default=Path("models/default.safetensors"))))
    verb(card, run, ("--out", dict(type=Path, default=Path("models/default.md"))),
         ("--notes", dict(type=Path, help="text that goes into the card as it is")))
    verb(together, work, ("--realset", dict(type=Path)), ("--model", dict(type=Path, default=Path("models/default.safetensors"))),
         ("--clip", dict(type=Path, default=Path("models/clip.safetensors"))),
         ("--tool", dict(help="the tool (else $TIMBRE_TOOL, else .build/release/timbre)")))
    verb(estimate, work, run)
    several = [("--runs", dict(type=Path, default=Path("training/work/runs/published"), help="folder of the published systems' runs")),
               ("--configurations", dict(type=Path, default=Path("training/configs/published"))),
               ("--systems", dict(nargs="+", help="only these, by the name of their configuration"))]
    verb(published, work, *several, ("--steps", dict(type=int)), ("--threads", dict(type=int)),
         ("--seed", dict(type=int, help="train from another start, into folders that end in -seed-N")),
         ("--recipe", dict(type=Path, help="what the configurations extend instead of recipe.json")))
    verb(table, work, *several, timbre, ("--realset", dict(type=Path)), ("--notes", dict(type=Path, help="text that goes under the head as it is")),
         ("--out", dict(type=Path, default=Path("docs/frame-systems.md"))))
    root = ("--root", dict(type=Path, required=True, help="folder that the dataset's archive unpacks to"))
    verb(dataset, work, root, ("name", dict(choices=("musicnet", "slakh", "medleydb"))))
    verb(reproduce, work, root, timbre, several[1], ("paper", dict(choices=("hung-yang-2018", "gururani-2019", "watcharasupat-2020", "zhong-2023"))),
         ("--steps", dict(type=int, help="training steps instead of the paper's")), ("--seeds", dict(type=int, default=10)),
         ("--epochs", dict(type=int, help="at most so many epochs of a clip system")),
         ("--out", dict(type=Path, required=True, help="the table, as Markdown")))
    verb(demo, ("--font", dict(type=Path, default=Path("/usr/share/sounds/sf2/FluidR3_GM.sf2"))),
         ("--out", dict(type=Path, default=Path("demo"))))
    a = parser.parse_args()
    if getattr(a, "font", "") is None:
        a.font = FONTS
    try:
        a.function(a)
    except TrainingError as error:
        print(f"timbre_training: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
