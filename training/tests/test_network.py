"""The strided, a-trous and streamed forms agree; exported files read back; errors name what is wrong."""

import hashlib
import json

import pytest
import torch

from timbre_training.model import export
from timbre_training import seal
from timbre_training.errors import TrainingError
from timbre_training.model.network import Network
from timbre_training.data.taxonomy import CLASSES


@pytest.fixture
def network(configuration):
    torch.manual_seed(1)
    network = Network(configuration["network"])
    for module in network.modules():
        if isinstance(module, torch.nn.BatchNorm1d):
            module.running_mean.normal_(0, 0.3)
            module.running_var.uniform_(0.5, 2)
            torch.nn.init.normal_(module.weight, 1, 0.2)
            torch.nn.init.normal_(module.bias, 0, 0.2)
    return network.eval()


def test_a_trous_equals_strided_on_the_pooling_grid(network):
    x = torch.rand(2, 24, 90)
    with torch.no_grad():
        strided, full = network(x), network(x, strided=False)
    assert full.shape == (2, 24, 90)
    assert torch.allclose(strided, full[:, :, 8::9], atol=1e-5)


def test_the_a_trous_form_is_causal_and_sees_its_receptive_field_and_no_more(network):
    x = torch.rand(1, 24, 200)
    y = x.clone()
    y[:, :, 150:] = 0
    with torch.no_grad():
        a, b = network(x, strided=False), network(y, strided=False)
        assert torch.allclose(a[:, :, :150], b[:, :, :150])
        field = network.receptive_field()
        late = network(x[:, :, 199 - field:], strided=False)
    assert torch.allclose(a[:, :, -1], late[:, :, -1], atol=1e-5)


def test_an_exported_file_reads_back_to_the_same_outputs(network, configuration, tmp_path):
    settings = {"on": [0.5] * 24, "off": [0.3] * 24, "smoothing_ms": 50, "minimum_on_ms": 0, "minimum_off_ms": 150}
    export.round_kernels(network)
    description = export.describe(network, "tiny", configuration["front_end"], list(CLASSES), settings, {})
    export.write(tmp_path / "m.safetensors", network, description)
    back, read = export.read(tmp_path / "m.safetensors")
    assert read == description and all(row["type"] != "dropout" for row in read["network"]["layers"])
    x = torch.rand(1, 24, 60)
    with torch.no_grad():
        assert torch.equal(back(x), network(x))


def test_an_exported_file_carries_the_checksum_of_its_tensors(network, configuration, tmp_path):
    settings = {"on": [0.5] * 24, "off": [0.3] * 24, "smoothing_ms": 50, "minimum_on_ms": 0, "minimum_off_ms": 150}
    description = export.describe(network, "tiny", configuration["front_end"], list(CLASSES), settings, {})
    export.write(tmp_path / "m.safetensors", network, description)
    content = (tmp_path / "m.safetensors").read_bytes()
    size = int.from_bytes(content[:8], "little")
    assert size % 8 == 0
    metadata = json.loads(content[8:8 + size])["__metadata__"]
    assert metadata["tensors_sha256"] == hashlib.sha256(content[8 + size:]).hexdigest()
    assert seal.sealed(content) == content


def test_a_broken_model_file_is_named(tmp_path):
    (tmp_path / "bad.safetensors").write_bytes(b"nonsense")
    with pytest.raises(TrainingError, match="bad.safetensors"):
        export.read(tmp_path / "bad.safetensors")


def test_an_unknown_layer_is_an_error():
    with pytest.raises(TrainingError, match="unknown type 'lstm'"):
        Network({"inputs": 3, "layers": [{"type": "lstm"}]})


def test_convolutions_over_bins_agree_in_both_forms_and_know_a_pattern_at_every_bin():
    torch.manual_seed(3)
    layers = [{"type": "interleave", "planes": 2},
              {"type": "conv_2d", "name": "a", "bins": 24, "outputs": 3, "span": 5, "kernel": 3},
              {"type": "batch_norm", "name": "b", "repeat": 24}, {"type": "relu"}, {"type": "max_pool", "size": 3},
              {"type": "conv_2d", "name": "c", "bins": 24, "outputs": 4, "span": 3, "kernel": 2, "stride": 2},
              {"type": "max_pool", "size": 3}, {"type": "conv", "name": "d", "outputs": 5, "kernel": 2}]
    network = Network({"inputs": 48, "layers": layers}).eval()
    x = torch.rand(2, 48, 90)
    with torch.no_grad():
        strided, full = network(x), network(x, strided=False)
        assert torch.allclose(strided, full[:, :, 8::9], atol=1e-5)
        low, high = torch.zeros(1, 48, 9), torch.zeros(1, 48, 9)
        low[:, [6, 30]], high[:, [10, 34]] = 1.0, 1.0
        a, b = network.layers[1](network.layers[0](low, 1), 1), network.layers[1](network.layers[0](high, 1), 1)
    assert torch.allclose(a[:, :, 2:12], b[:, :, 6:16], atol=1e-6)


def test_an_even_span_is_refused():
    with pytest.raises(TrainingError, match="odd"):
        Network({"inputs": 4, "layers": [{"type": "conv_2d", "name": "a", "bins": 4, "outputs": 2, "span": 2, "kernel": 1}]})
