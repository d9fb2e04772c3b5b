# SPDX-License-Identifier: Apache-2.0
"""MDLSTM and NetworkModule: gradients, the life of a module, and what is refused."""

from __future__ import annotations

import copy
import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import rnnlib_py as rnn

torch = pytest.importorskip("torch", reason="PyTorch is not installed; ci/test.sh installs it where that is cheap")

from torch_cells import lstm_2d  # noqa: E402

from rnnlib_py.data.normalisation import Scale  # noqa: E402
from rnnlib_py.integrations.torch import MDLSTM, NetworkModule  # noqa: E402


def make_network(precision: str = "float32", **keys: object) -> rnn.Network:
    config = rnn.Config(task="classification", hiddenSize=[3, 4], initWeightRange=0.8, randSeed=1, **keys)
    return rnn.Network.build(config, rnn.DataHeader(2, 3, labels=["a", "b", "c"]), precision)


def random(*shape: int, dtype: Any = torch.float64, grad: bool = False) -> Any:
    return torch.randn(*shape, dtype=dtype, requires_grad=grad)


@pytest.fixture(autouse=True)
def _seed() -> None:
    torch.manual_seed(3)


class TestGradients:
    @pytest.mark.parametrize("cell", ["lstm", "gru", "tanh"])
    def test_gradcheck_of_weights_and_inputs(self, cell: str) -> None:
        module = MDLSTM(2, [2, 3], cell=cell, dtype=torch.float64)
        module.reset_parameters(0.8)
        names = list(dict(module.named_parameters()))

        def run(inputs: Any, *weights: Any) -> Any:
            return torch.func.functional_call(module, dict(zip(names, weights, strict=True)), inputs)

        weights = [weight.detach().clone().requires_grad_() for weight in module.parameters()]
        assert torch.autograd.gradcheck(run, (random(1, 3, 2, 2, grad=True), *weights))

    @pytest.mark.parametrize("rows", ["outputs", "net_inputs", "hidden"])
    def test_gradcheck_of_a_network(self, rows: Any) -> None:
        module = NetworkModule(make_network("float64"), rows)
        assert torch.autograd.gradcheck(module, (random(1, 3, 2, 3, grad=True),))

    def test_a_plain_loop_agrees(self) -> None:
        module = MDLSTM(3, 4, dtype=torch.float64)
        module.reset_parameters(0.8)
        inputs = random(4, 5, 3, grad=True)
        made = module(inputs)
        d_made = random(*made.shape)
        found = torch.autograd.grad(made, [inputs, *module.parameters()], d_made)
        parts = [lstm_2d(inputs, module.weights, 3 - i, signs) for i, signs in enumerate(module.directions)]
        expected = torch.cat(parts, -1)
        assert module.directions == [(1, 1), (1, -1), (-1, 1), (-1, -1)]
        torch.testing.assert_close(made, expected, rtol=0, atol=1e-12)
        wanted = torch.autograd.grad(expected, [inputs, *module.parameters()], d_made)
        for one, other in zip(found, wanted, strict=True):
            torch.testing.assert_close(one, other, rtol=1e-9, atol=1e-11)

    def test_only_what_requires_a_gradient_gets_one(self) -> None:
        module = MDLSTM(2, 3)
        assert not module.requires_grad_(False)(random(1, 3, 2, 2, dtype=torch.float32)).requires_grad
        inputs = random(1, 3, 2, 2, dtype=torch.float32, grad=True)
        module(inputs).sum().backward()
        assert inputs.grad is not None and all(weight.grad is None for weight in module.parameters())
        module.requires_grad_(True)
        module(inputs.detach()).sum().backward()
        assert all(weight.grad is not None for weight in module.parameters())
        with torch.no_grad():
            assert not module(inputs).requires_grad

    def test_several_forward_passes_before_one_backward(self) -> None:
        module = MDLSTM(2, 3, dtype=torch.float64)
        batches = [random(2, 3, 2, 2), random(1, 5, 4, 2)]
        (module(batches[0]).sum() + module(batches[1]).square().sum()).backward()
        together = [weight.grad.clone() for weight in module.parameters()]
        module.zero_grad()
        module(batches[0]).sum().backward()
        module(batches[1]).square().sum().backward()
        for one, weight in zip(together, module.parameters(), strict=True):
            torch.testing.assert_close(one, weight.grad, rtol=1e-12, atol=1e-14)

    def test_a_second_backward_pass_of_the_same_graph(self) -> None:
        module = MDLSTM(2, 3)
        made = module(random(2, 3, 2, 2, dtype=torch.float32)).square().sum()
        first = torch.autograd.grad(made, list(module.parameters()), retain_graph=True)
        second = torch.autograd.grad(made, list(module.parameters()))
        assert all(torch.equal(one, other) for one, other in zip(first, second, strict=True))

    def test_checkpoints(self) -> None:
        from torch.utils.checkpoint import checkpoint

        module = MDLSTM(2, 3)
        inputs = random(2, 3, 2, 2, dtype=torch.float32, grad=True)
        plain = torch.autograd.grad(module(inputs).square().sum(), [inputs, *module.parameters()])
        made = checkpoint(module, inputs, use_reentrant=False)
        again = torch.autograd.grad(made.square().sum(), [inputs, *module.parameters()])
        assert all(torch.equal(one, other) for one, other in zip(plain, again, strict=True))

    def test_weights_changed_between_forward_and_backward_are_refused(self) -> None:
        module = MDLSTM(2, 3)
        made = module(random(2, 3, 2, 2, dtype=torch.float32)).sum()
        module.reset_parameters()
        with pytest.raises(RuntimeError, match="modified by an inplace operation"):
            made.backward()

    def test_the_second_derivative_is_refused(self) -> None:
        module = MDLSTM(2, 3)
        inputs = random(1, 3, 2, 2, dtype=torch.float32, grad=True)
        (gradient,) = torch.autograd.grad(module(inputs).sum(), inputs, create_graph=True)
        assert gradient.requires_grad
        with pytest.raises(RuntimeError, match="second derivative of a network that runs in the engine"):
            gradient.square().sum().backward()

    def test_same_bits_for_any_number_of_threads(self) -> None:
        inputs = random(20, 8, 6, 3, dtype=torch.float32, grad=True)
        found = []
        for threads in (1, 2, 3):
            torch.manual_seed(1)
            module = MDLSTM(3, [8, 20], threads=threads)
            made = module(inputs)
            found.append([made, *torch.autograd.grad(made.square().sum(), [inputs, *module.parameters()])])
        for other in found[1:]:
            assert all(torch.equal(one, two) for one, two in zip(found[0], other, strict=True))


class TestModules:
    def test_a_network_gives_its_own_outputs(self) -> None:
        network = make_network()
        shapes = [(4, 3), (1, 1), (6, 2)]
        inputs = [random(*shape, 3, dtype=torch.float32) for shape in shapes]
        expected = network.predict([tensor.numpy() for tensor in inputs])
        for one, prediction in zip(NetworkModule(network)(inputs), expected, strict=True):
            assert np.array_equal(one.detach().numpy(), prediction.outputs.astype(np.float32))
        logits = NetworkModule(network, "net_inputs")(inputs)
        assert torch.allclose(logits[0].softmax(-1), NetworkModule(network)(inputs)[0], atol=1e-6)

    def test_raw_inputs_are_normalised(self) -> None:
        network = make_network()
        scale = Scale(np.array([1.0, 2.0, 3.0]), np.array([2.0, 0.0, 0.5]))
        network.normalisation = {"inputs": scale}
        inputs = random(2, 4, 3, 3, dtype=torch.float32)
        module = NetworkModule(network, raw=True)
        expected = network.predict(list(inputs.numpy()), raw=True)
        assert np.array_equal(module(inputs)[1].detach().numpy(), expected[1].outputs.astype(np.float32))
        assert module.network.normalisation == network.normalisation

    def test_training_reaches_a_better_loss_and_the_network_can_be_saved(self, tmp_path: Path) -> None:
        inputs = random(6, 5, 4, 3, dtype=torch.float32)
        targets = (inputs[..., 0] > 0).long() + (inputs[..., 1] > 0).long()
        module = NetworkModule(make_network(), "net_inputs")
        optimiser = torch.optim.Adam(module.parameters(), lr=0.05)
        losses = []
        for _ in range(30):
            optimiser.zero_grad()
            loss = torch.nn.functional.cross_entropy(module(inputs).flatten(0, 2), targets.flatten())
            loss.backward()
            optimiser.step()
            losses.append(loss.item())
        assert losses[-1] < 0.3 * losses[0]
        module.network.save(tmp_path / "x.save")
        loaded = rnn.Network.load(tmp_path / "x.save")
        probabilities = module(inputs).softmax(-1).detach().numpy()
        for one, prediction in zip(probabilities, loaded.predict(list(inputs.numpy())), strict=True):
            assert np.allclose(one, prediction.outputs, atol=1e-6)

    def test_inside_another_model(self) -> None:
        model = torch.nn.Sequential(
            torch.nn.Conv2d(1, 4, 3),
            MDLSTM(4, 5, channels_first=True),
            torch.nn.AdaptiveAvgPool2d(1),
            torch.nn.Flatten(),
            torch.nn.Linear(20, 2),
        )
        images = random(8, 1, 9, 7, dtype=torch.float32)
        targets = (images.mean((1, 2, 3)) > 0).long()
        optimiser = torch.optim.SGD(model.parameters(), lr=0.5, momentum=0.9)
        losses = []
        for _ in range(40):
            optimiser.zero_grad()
            loss = torch.nn.functional.cross_entropy(model(images), targets)
            loss.backward()
            optimiser.step()
            losses.append(loss.item())
        assert losses[-1] < 0.5 * losses[0]

    @pytest.mark.parametrize("how", ["deepcopy", "pickle", "torch.save", "state_dict"])
    def test_copies(self, how: str, tmp_path: Path) -> None:
        module = NetworkModule(make_network())
        inputs = random(2, 4, 3, 3, dtype=torch.float32)
        expected = module(inputs)
        if how == "deepcopy":
            other = copy.deepcopy(module)
        elif how == "pickle":
            other = pickle.loads(pickle.dumps(module))
        elif how == "torch.save":
            torch.save(module, tmp_path / "x.pt")
            other = torch.load(tmp_path / "x.pt", weights_only=False)
        else:
            network = make_network()
            network.set_weights({name: np.zeros_like(weight) for name, weight in network.weights.items()})
            other = NetworkModule(network)
            torch.save(module.state_dict(), tmp_path / "x.pt")
            other.load_state_dict(torch.load(tmp_path / "x.pt"))
        assert torch.equal(other(inputs), expected)
        with torch.no_grad():
            next(other.parameters()).add_(1)
        assert torch.equal(module(inputs), expected)

    def test_the_other_precision(self) -> None:
        module = MDLSTM(2, 3)
        inputs = random(2, 3, 2, 2)
        single = module(inputs.float())
        torch.testing.assert_close(module.double()(inputs), single.double(), rtol=0, atol=1e-6)
        assert module.network.precision == "float64"

    def test_dropout_while_training_only(self) -> None:
        module = MDLSTM(2, [4, 3], dropout=0.5)
        inputs = random(3, 4, 3, 2, dtype=torch.float32)
        first = module(inputs)
        assert not torch.equal(module(inputs), first)
        torch.manual_seed(3)
        again = MDLSTM(2, [4, 3], dropout=0.5)
        assert torch.equal(again(random(3, 4, 3, 2, dtype=torch.float32)), first)
        module.eval()
        assert torch.equal(module(inputs), module(inputs))

    def test_the_network_of_a_layer(self) -> None:
        module = MDLSTM(2, [2, 3], 1, bidirectional=False)
        network = module.network
        assert [layer.size for layer in network.layers if layer.kind == "hidden"] == [2, 3]
        assert np.array_equal(network.weights["bias_to_hidden_0_0"], module.weights["bias_to_hidden_0_0"].detach())
        assert not network.weights["hidden_1_0_to_output"].any()

    def test_weights_are_not_copied(self) -> None:
        from rnnlib_py.integrations.torch_parts.tensors import as_array

        for weight in MDLSTM(2, 3).parameters():
            assert as_array(weight).ctypes.data == weight.data_ptr()

    def test_what_it_says_of_itself(self) -> None:
        assert "on the CPU" in repr(MDLSTM(2, 3))
        assert "classification" in repr(NetworkModule(make_network()))


class TestRefused:
    def test_devices(self) -> None:
        with pytest.raises(rnn.ConfigError, match="the CPU only, not on a GPU"):
            MDLSTM(2, 3, device="cuda")
        module = MDLSTM(2, 3)
        with pytest.raises(rnn.ConfigError, match="'meta'"):
            module.to("meta")
        with pytest.raises(rnn.DataError, match="inputs are on the device 'meta'"):
            module(torch.empty(1, 2, 2, 2, device="meta"))

    def test_a_gpu_that_is_there_is_mentioned(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
        with pytest.warns(UserWarning, match="MDLSTM runs on the CPU only"):
            MDLSTM(2, 3)

    @pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16])
    def test_half_precision(self, dtype: Any) -> None:
        with pytest.raises(rnn.DataError, match="no half precision"):
            MDLSTM(2, 3)(random(1, 2, 2, 2, dtype=dtype))
        with pytest.raises(rnn.DataError, match="no half precision"):
            MDLSTM(2, 3).to(dtype)(random(1, 2, 2, 2, dtype=torch.float32))
        with pytest.raises(rnn.ConfigError, match="expected torch"):
            MDLSTM(2, 3, dtype=dtype)

    @pytest.mark.parametrize(
        ("inputs", "message"),
        [
            (torch.zeros(1, 2, 2, 2, dtype=torch.float64), "torch.float64, the module's weights are torch.float32"),
            (torch.zeros(1, 2, 2, 2, dtype=torch.int64), "expected torch.float32 or torch.float64"),
            (np.zeros((1, 2, 2, 2), np.float32), "expected a tensor, found ndarray"),
            (torch.zeros(1, 2, 2, 3), r"expected the shape \(batch, size 0, size 1, 2\), or .* found \(1, 2, 2, 3\)"),
            (torch.zeros(2), "expected the shape"),
            (torch.zeros(1, 1, 2, 2, 2), "expected the shape"),
            (torch.zeros(1, 0, 2, 2), "sequence number 0: the shape is 0x2"),
            (torch.zeros(1, 2, 2, 2).to_sparse(), "nested or sparse"),
            ([torch.zeros(2, 2, 2), torch.zeros(2, 2)], "inputs of sequence 1: expected the shape"),
            ([], "the list has no sequence"),
            ([None], "inputs of sequence 0: expected a tensor, found NoneType"),
        ],
    )
    def test_inputs(self, inputs: Any, message: str) -> None:
        with pytest.raises(rnn.DataError, match=message):
            MDLSTM(2, 3)(inputs)

    def test_numbers_that_are_not_finite(self) -> None:
        inputs = torch.zeros(2, 2, 2, 2)
        inputs[1, 0, 1, 0] = torch.nan
        with pytest.raises(rnn.NumericError, match="sequence number 1: input 0 of point 1 is nan"):
            MDLSTM(2, 3)(inputs)

    def test_settings(self) -> None:
        with pytest.raises(rnn.ConfigError, match="hiddenSize"):
            MDLSTM(2, 0)
        with pytest.raises(rnn.ConfigError, match="hiddenType"):
            MDLSTM(2, 3, cell="nothing")
        with pytest.raises(rnn.ConfigError, match="rows 'all'"):
            NetworkModule(make_network(), "all")  # type: ignore[arg-type]
        with pytest.raises(rnn.ConfigError, match="threads is 0"):
            MDLSTM(2, 3, threads=0)
