#!/usr/bin/env python3
"""The bundled network in PyTorch and onnxruntime, one thread each, to print beside "benchmarks network".

  peers.py [--yamnet FILE.tflite]

Needs the Python of training/, and in it onnx, onnxscript and onnxruntime (training/.venv/bin/pip install onnx onnxscript onnxruntime);
no command of the README installs these. Nothing here is used by timbred. Both evaluate a block of hops at once,
in the form that gives a vector at every hop, and have no memory between blocks: to follow a stream hop by hop, each hop is evaluated with the
hops before it that it depends on. CPU seconds per second of audio, median of several runs.
"""

import argparse
import io
import logging
import os
import statistics
import sys
import time
import warnings
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")
ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "training" / "src"))

import numpy as np  # noqa: E402
import onnxruntime  # noqa: E402
import torch  # noqa: E402
from timbre_training.model import export  # noqa: E402

HOP_SECONDS = 512 / 44_100
PAST = 292  # hops before a vector that it depends on


class EveryHop(torch.nn.Module):
    """The network at every hop, [1, channels, hops] to [1, classes, hops]."""

    def __init__(self, network):
        super().__init__()
        self.network = network

    def forward(self, features):
        return self.network(features, strided=False)


def measure(name: str, seconds_of_audio: float, run) -> None:
    for _ in range(3):
        run()
    times = []
    end = time.monotonic() + 3
    while time.monotonic() < end or len(times) < 5:
        begin = time.process_time()
        run()
        times.append(time.process_time() - begin)
    print(f"{name:60s} {statistics.median(times) / seconds_of_audio:9.5f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--yamnet", help="the YAMNet of TensorFlow Lite, for a tagger of another kind")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    # The exporter speaks of what is not installed and of its own future.
    warnings.filterwarnings("ignore")
    logging.disable(logging.WARNING)
    network, _ = export.read(ROOT / "models" / "default.safetensors")
    network = EveryHop(network).eval()
    print(f"{'CPU seconds per second of audio':60s}")
    for hops, past in ((512, 0), (1, PAST)):
        features = torch.rand(1, 224, hops + past)
        about = f"{hops} hops at once" if hops > 1 else "1 hop at a time, each with its past"
        with torch.no_grad():
            measure(f"PyTorch, {about}", hops * HOP_SECONDS, lambda features=features: network(features))
            file = io.BytesIO()
            torch.onnx.export(network, (features,), file, dynamo=True, verbose=False)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        session = onnxruntime.InferenceSession(file.getvalue(), options)
        feed = {session.get_inputs()[0].name: features.numpy()}
        expected = network(features).detach().numpy()
        found = session.run(None, feed)[0]
        assert np.abs(found - expected).max() < 1e-4, "onnxruntime computes something else"
        measure(f"onnxruntime, {about}", hops * HOP_SECONDS, lambda session=session, feed=feed: session.run(None, feed))
    if arguments.yamnet:
        from ai_edge_litert.interpreter import Interpreter

        tagger = Interpreter(arguments.yamnet, num_threads=1)
        tagger.allocate_tensors()
        place = tagger.get_input_details()[0]
        samples = np.random.default_rng(1).uniform(-0.5, 0.5, place["shape"]).astype(np.float32)
        for hop in (0.975, 0.48, 0.1):

            def call():
                tagger.set_tensor(place["index"], samples)
                tagger.invoke()

            measure(f"YAMNet (LiteRT), a window every {hop} s", hop, call)


if __name__ == "__main__":
    main()
