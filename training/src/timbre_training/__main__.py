"""The command line: python -m timbre_training {render,real,teach,features,train,blend,evaluate,calibrate,export,card,demo,together,estimate,published,table,findings,dataset,reproduce}."""

import json
import sys
from pathlib import Path

from .errors import TrainingError
from .verbs import RUN, TIMBRE, WORK, CommandLine, rendered

FONTS = ["/usr/share/sounds/sf2/TimGM6mb.sf2:train", "/usr/share/sounds/sf2/sf_GMbank.sf2:train", "/usr/share/sounds/sf2/FluidR3_GM.sf2:valid"]


def render(a) -> None:
    """Labelled audio in shards."""
    from .data import bank, scores
    from .data.corpus import Bank
    from .data.real import RealBank
    from .render.render import Renderer, render_shard

    if not (a.work / "bank" / "bank.json").exists():
        if not a.corpus:
            raise TrainingError(f"{a.work / 'bank'}: no bank of samples; give the corpus folder with --corpus the first time")
        fonts = [(Path(f.rsplit(":", 1)[0]), f.rsplit(":", 1)[1]) for f in a.font or FONTS]
        bank.build(a.work / "bank", a.corpus, fonts, a.speech, a.utterances, a.never)
    book = a.work / "scores.json"
    if a.scores and not book.exists():
        scores.build(a.scores, book)
    recordings = RealBank(a.work / "bank", a.split) if (a.work / "bank" / "real.json").exists() else None
    renderer = Renderer(Bank(a.work / "bank", a.split), scores.ScoreBook(book) if book.exists() else None, a.seconds, recordings)
    folder = a.work / a.split
    folder.mkdir(exist_ok=True)
    first, last = (int(n) for n in a.shards.split(":"))
    for shard in range(first, last):
        if not (folder / f"{shard:04d}.json").exists():
            render_shard(renderer, folder, shard, a.clips, a.seed, a.kind)


def real(a) -> None:
    """The bank of real recordings that a manifest lists."""
    from .data import real as recordings

    counts = recordings.build(a.work / "bank", a.manifest, a.folder, a.never, a.leave_out_copies)
    print(", ".join(f"{count} {what}" for what, count in sorted(counts.items())))


def teach(a) -> None:
    """Soft targets for the unlabelled recordings of the bank, from a teacher and a model of ours."""
    from .data import teacher
    from .model.export import read
    from .model.features import FrontEnd

    network, description = read(a.model)
    listener = teacher.Listener(teacher.Teacher(a.teacher, a.class_map), network, FrontEnd(description["front_end"], a.timbre))
    print(f"{teacher.teach(listener, a.work)} recordings heard")


def features(a) -> None:
    """Features of the rendered shards, by the daemon's own front end."""
    from .model.features import FRONT_END, FrontEnd, extract
    from .published.configuration import read

    front_end = read(a.configuration)["front_end"] if a.configuration else FRONT_END
    for split in rendered(a.work):
        extract(a.work / split, FrontEnd(front_end, a.timbre), a.out and a.out / split)


def train(a) -> None:
    """Trains a configuration; goes on where a killed run stopped."""
    import torch

    from .published import configuration as configurations
    from .published import systems
    from .train.train import Trainer

    if a.threads:
        torch.set_num_threads(a.threads)
    configuration = configurations.read(a.configuration)
    if a.steps:
        configuration["steps"] = a.steps
    if "system" in configuration:
        systems.SystemTrainer(configuration, a.work, a.run, a.start).fit()
    else:
        Trainer(configuration, a.work / "train", a.work / "valid", a.run, a.start).fit()


def blend(a) -> None:
    """A run whose weights are the mean of another run's and of a model file's."""
    import torch

    from .train.blend import blend as mix
    from .train.resume import loaded
    from .atomic import atomically

    mixed = mix(loaded(a.run / "checkpoint.pt"), a.model, a.share, a.work / "train")
    a.out.mkdir(parents=True, exist_ok=True)
    with atomically(a.out / "checkpoint.pt") as file:
        torch.save(mixed, file)


def load(run: Path):
    """The averaged network of a run as it is shipped, kernels in half precision, and its configuration."""
    from .model.export import round_kernels
    from .model.network import Network
    from .train.resume import loaded

    state = loaded(run / "checkpoint.pt")
    network = Network(state["configuration"]["network"])
    network.load_state_dict(state["average"])
    return round_kernels(network).eval(), state


def evaluate(a) -> None:
    """Scores on validation music and on real recordings."""
    from .evaluate import evaluate as judge
    from .model.features import FrontEnd

    network, state = load(a.run)
    result = judge.evaluate(network, FrontEnd(state["configuration"]["front_end"], a.timbre), a.work / "valid",
                            a.realset, a.run / "evaluation")
    print(judge.summary(result))


def calibrate(a) -> None:
    """Settings of events from held-out real recordings; figures by cross-validation over sources."""
    from .evaluate import calibrate as chooser
    from .model.export import read
    from .model.features import FrontEnd

    if a.run.is_file():
        network, description = read(a.run)
        front_end, old = description["front_end"], description
    else:
        network, state = load(a.run)
        front_end, old = state["configuration"]["front_end"], None
    chooser.calibrate(network, FrontEnd(front_end, a.timbre), a.work, a.realset, a.out or (a.run / "calibration"), old)


def calibrated(run: Path) -> tuple[dict, dict]:
    """The figures and the settings of the last calibration of a run."""
    files = [run / "calibration" / name for name in ("calibration.json", "settings.json")]
    for file in files:
        if not file.exists():
            raise TrainingError(f"{file}: not found; run `calibrate` first, the settings come from it")
    calibration, settings = (json.loads(file.read_text()) for file in files)
    return calibration, settings


def settings_of_file(settings: dict) -> dict:
    """Settings as the model file has them: lists in the order of the classes."""
    from .evaluate.figures import Settings
    from .evaluate.settings import Choice

    chosen = Settings(settings["smoothing"], {name: Choice(**row) for name, row in settings["choices"].items()})
    return {"on": chosen.column("on").tolist(), "off": chosen.column("off").tolist(), "smoothing_ms": chosen.smoothing,
            "minimum_on_ms": chosen.column("minimum_on").tolist(), "minimum_off_ms": chosen.column("minimum_off").tolist(),
            "delay_ms": settings.get("delay_ms")}


def export(a) -> None:
    """The safetensors model file, with the settings of the last calibration."""
    from .model import export as writer
    from .evaluate.card import provenance
    from .data.taxonomy import CLASSES

    network, state = load(a.run)
    if "system" in state["configuration"]:
        raise TrainingError(f"{a.run}: `table` leaves the model file of a published system in {a.run / 'model.safetensors'}")
    calibration, settings = calibrated(a.run)
    configuration = state["configuration"]
    description = writer.describe(network, configuration["name"], configuration["front_end"], list(CLASSES),
                                  settings_of_file(settings), provenance(configuration, state, calibration))
    writer.write(a.out, network, description)
    print(f"{a.out}: {sum(p.numel() for p in network.parameters())} parameters, "
          f"field {network.receptive_field()} hops")


def card(a) -> None:
    """The model card beside the exported file."""
    from .evaluate import card as page

    network, state = load(a.run)
    calibration, settings = calibrated(a.run)
    a.out.write_text(page.write(network, state, calibration, settings, a.notes.read_text() if a.notes else ""))
    if (log := a.run / "log.jsonl").exists():
        page.plot(log, a.run / "curves.png")


def together(a) -> None:
    """Whether tags help events: figures by how far they may move thresholds, on validation music and real recordings."""
    from .evaluate import together as judge

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


def findings(a) -> None:
    """Writes what the pages of systems say beside the findings of the papers."""
    from .evaluate.findings import write

    write(a.page, [a.frames, a.clips, a.starts])


def dataset(a) -> None:
    """Cuts a published dataset into shards, as `render` writes them."""
    from .data.datasets import medleydb, musicnet, slakh
    from .data.datasets.tracks import write_shards

    readers = {"musicnet": musicnet.tracks, "slakh": slakh.tracks, "medleydb": medleydb.tracks}
    print(write_shards(readers[a.name](a.root), a.work))


def reproduce(a) -> None:
    """A paper's table from its dataset."""
    from .published import reproduce as papers

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
    from .render.demo import make

    make(a.font, a.out)


def main() -> int:
    """Parses the verb; an error of ours is a sentence and status 1."""
    command = CommandLine("timbre_training", __doc__)
    verb, work, run, timbre = command.verb, WORK, RUN, TIMBRE
    verb(render, work, ("--corpus", dict(type=Path, help="corpus folder with index.csv (first time)")),
         ("--scores", dict(nargs="+", help="folders of .mxl and .mid files, `music21` for its corpus (first time)")),
         ("--speech", dict(type=Path, help="folder of <voice>/*.g722 prompts (first time)")),
         ("--utterances", dict(type=int, default=100, help="prompts of each voice")),
         ("--never", dict(type=Path, help="folder of recordings to test on: copies of them in the corpus are left out (first time)")),
         ("--font", dict(action="append", default=None, help="soundfont as PATH:train or PATH:valid")),
         ("--split", dict(choices=("train", "valid"), default="train")),
         ("--shards", dict(default="0:10", help="FIRST:LAST, LAST not included")),
         ("--clips", dict(type=int, default=60, help="clips a shard")),
         ("--kind", dict(choices=("solo", "turns", "mix", "score", "band", "empty", "talk", "real", "taught"), help="only this kind of clip")),
         ("--seconds", dict(type=float, default=12.0, help="seconds a clip")), ("--seed", dict(type=int, default=1)))
    verb(real, work, ("--manifest", dict(type=Path, required=True, help="table of recordings, see training/README.md")),
         ("--folder", dict(type=Path, required=True, help="their files, named by the manifest's id")),
         ("--never", dict(type=Path, help="folder of recordings to test on: a copy of one stops the build")),
         ("--leave-out-copies", dict(action="store_true", help="leave copies out instead")))
    verb(teach, work, timbre, ("--teacher", dict(type=Path, required=True, help="LiteRT file with YAMNet's input and output")),
         ("--class-map", dict(type=Path, required=True, help="its class map (CSV with display_name)")),
         ("--model", dict(type=Path, default=Path("models/default.safetensors"), help="our model, which has a say too")))
    verb(features, work, timbre, ("--configuration", dict(type=Path)),
         ("--out", dict(type=Path, help="folder for the features, by split (else beside the audio)")))
    verb(train, work, run, ("--configuration", dict(type=Path, default=Path("training/configs/default.json"))),
         ("--start", dict(type=Path, help="begin with the weights of this run or model file")), ("--steps", dict(type=int)), ("--threads", dict(type=int)))
    verb(blend, work, run, ("--model", dict(type=Path, required=True, help="model file of the same network")),
         ("--share", dict(type=float, default=0.5, help="of the run's own weights")), ("--out", dict(type=Path, required=True, help="folder of the new run")))
    verb(evaluate, work, run, timbre, ("--realset", dict(type=Path)))
    verb(calibrate, work, run, timbre, ("--realset", dict(type=Path)), ("--out", dict(type=Path, help="folder of the figures (else in the run's)")))
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
    verb(findings, ("--page", dict(type=Path, default=Path("docs/systems.md"))),
         ("--frames", dict(type=Path, default=Path("docs/frame-systems.md"))), ("--clips", dict(type=Path, default=Path("docs/clip-systems.md"))),
         ("--starts", dict(type=Path, default=Path("docs/frame-starts.md"), help="the page whose findings take the place of the same of others")))
    root = ("--root", dict(type=Path, required=True, help="folder that the dataset's archive unpacks to"))
    verb(dataset, work, root, ("name", dict(choices=("musicnet", "slakh", "medleydb"))))
    verb(reproduce, work, root, timbre, several[1], ("paper", dict(choices=("hung-yang-2018", "gururani-2019", "watcharasupat-2020", "zhong-2023"))),
         ("--steps", dict(type=int, help="training steps instead of the paper's")), ("--seeds", dict(type=int, default=10)),
         ("--epochs", dict(type=int, help="at most so many epochs of a clip system")),
         ("--out", dict(type=Path, required=True, help="the table, as Markdown")))
    verb(demo, ("--font", dict(type=Path, default=Path("/usr/share/sounds/sf2/FluidR3_GM.sf2"))),
         ("--out", dict(type=Path, default=Path("demo"))))
    return command.run()


if __name__ == "__main__":
    sys.exit(main())
