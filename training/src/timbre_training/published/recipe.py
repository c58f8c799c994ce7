"""Says in words what the systems of a page were trained with."""

from ..data.corpus import RATE
from ..data.labels import HOP
from .planes import BLOCK

#: Clips in the authors' 55 epochs of MusicNet, some 40,000 segments each.
PUBLISHED_CLIPS = 2_200_000


def in_words(recipe: dict, seeds: list[int] | None = None) -> str:
    """Sentences on budget, loss, optimizer and number format, for the head of the page; `seeds` are those of all runs."""
    seed = f"the seed {recipe['seed']}" if not seeds or len(seeds) == 1 else f"the seeds {', '.join(map(str, seeds[:-1]))} and {seeds[-1]}"
    seconds = recipe["outputs"] * BLOCK * HOP / RATE
    music = f"the first {recipe['shards']} shards of the rendered music" if recipe["shards"] else "all of the music"
    share = recipe["steps"] * recipe["batch"] / PUBLISHED_CLIPS
    words = [f"Every system was trained on {music} for {recipe['steps']} steps of {recipe['batch']} clips of {seconds:.1f} s, with {seed}",
             f"the published loss (cross-entropy, positives weighted to the power 0.3) and {optimizer(recipe['optimizer'])}"]
    if recipe["average"]:
        words.append(f"averaged weights ({recipe['average']} of the old ones at a step)")
    if recipe["bfloat16"]:
        words.append("bfloat16 where PyTorch's autocast allows it")
    return (", ".join(words) + f". That is {100 * share:.1f} % of the clips of the authors' 55 epochs of MusicNet, some 220,000 steps of 10. "
            "The numbers compare the systems with each other at an equal budget; they say nothing about what MusicNet would give.")


def optimizer(settings: dict) -> str:
    """The optimizer, its decay and its schedule."""
    if settings["schedule"] == "published":
        schedule = (f"learning rate 0.01^(1+e/50), e from 0 to {settings.get('epochs', 100)} over these steps; "
                    "the authors go to 100 and evaluate epoch 55")
    else:
        rise = f"rising over the first {100 * settings.get('warm_up', 0.1):.0f} % of the steps to {settings['rate']}"
        schedule = f"learning rate {rise}" + (", then falling to nothing along a cosine" if settings["schedule"] == "one_cycle" else "")
    if settings["kind"] == "sgd":
        return f"SGD as published (momentum 0.9, weight decay {settings['decay']}, {schedule})"
    return f"AdamW in place of the published SGD (weight decay {settings['decay']}, {schedule})"
