# SPDX-License-Identifier: Apache-2.0
"""Batches as PyTorch's users have them: padded, packed, lists of different shapes, channels first."""

from __future__ import annotations

from typing import Any

import pytest

import rnnlib_py as rnn

torch = pytest.importorskip("torch", reason="PyTorch is not installed; ci/test.sh installs it where that is cheap")

from torch.nn.utils.rnn import pack_sequence, pad_packed_sequence, unpack_sequence  # noqa: E402

from rnnlib_py.integrations.torch import MDLSTM, NetworkModule  # noqa: E402

SHAPES = [(4, 3), (1, 1), (2, 6)]


@pytest.fixture
def images() -> list[Any]:
    torch.manual_seed(5)
    return [torch.randn(*shape, 2, requires_grad=True) for shape in SHAPES]


@pytest.fixture
def module() -> Any:
    return MDLSTM(2, 3)


def test_one_by_one_or_as_a_list(module: Any, images: list[Any]) -> None:
    for one, together in zip(map(module, images), module(images), strict=True):
        assert one.shape == together.shape == (*one.shape[:2], 12)
        torch.testing.assert_close(one, together, rtol=0, atol=1e-6)


def test_padded_with_sizes(module: Any, images: list[Any]) -> None:
    padded = torch.full((3, 4, 6, 2), 9.0)
    for i, image in enumerate(images):
        padded[i, : SHAPES[i][0], : SHAPES[i][1]] = image
    made = module(padded, torch.tensor(SHAPES))
    assert made.shape == (3, 4, 6, 12)
    assert torch.equal(module(padded, SHAPES), made)
    for i, one in enumerate(module(images)):
        width, height = SHAPES[i]
        assert torch.equal(made[i, :width, :height], one)
        assert not made[i, width:].any() and not made[i, :, height:].any()
    found = torch.autograd.grad(made.square().sum(), images)
    expected = torch.autograd.grad(sum(one.square().sum() for one in module(images)), images)
    for one, other in zip(found, expected, strict=True):
        torch.testing.assert_close(one, other)


def test_channels_first(module: Any, images: list[Any]) -> None:
    first = MDLSTM(2, 3, channels_first=True)
    first.load_state_dict(module.state_dict())
    turned = [image.movedim(-1, 0) for image in images]
    for one, other in zip(first(turned), module(images), strict=True):
        assert torch.equal(one.movedim(0, -1), other)
    batch = torch.randn(2, 2, 5, 4)
    assert torch.equal(first(batch).movedim(1, -1), module(batch.movedim(1, -1)))
    assert first(batch[0]).shape == (12, 5, 4)
    padded = first(batch, [(5, 3), (2, 4)])
    assert padded.shape == (2, 12, 5, 4) and not padded[1, :, 2:].any()
    with pytest.raises(rnn.DataError, match=r"\(batch, 2, size 0, size 1\)"):
        first(torch.zeros(2, 5, 4, 2))


def test_packed_sequences() -> None:
    module = MDLSTM(2, [3, 2], 1)
    signals = [torch.randn(length, 2) for length in (3, 7, 1, 5)]
    packed = pack_sequence(signals, enforce_sorted=False)
    made = module(packed)
    for one, other in zip(unpack_sequence(made), module(signals), strict=True):
        assert torch.equal(one, other)
    assert pad_packed_sequence(made)[1].tolist() == [3, 7, 1, 5]
    with pytest.raises(rnn.DataError, match="PackedSequence holds sequences of 1 dimension"):
        MDLSTM(2, 3)(packed)
    with pytest.raises(rnn.DataError, match="sizes are for a padded tensor"):
        module(packed, [3, 7, 1, 5])


def test_lengths_of_one_dimension() -> None:
    module = MDLSTM(2, 3, 1)
    signals = torch.randn(2, 6, 2)
    made = module(signals, torch.tensor([6, 4]))
    assert torch.equal(made[1, :4], module([signals[0], signals[1, :4]])[1])


@pytest.mark.parametrize(
    ("sizes", "message"),
    [
        ([(4, 3)], r"expected whole numbers of the shape \(2, 2\), found torch.int64 of the shape \(1, 2\)"),
        ([(4.0, 3.0), (2.0, 2.0)], "expected whole numbers"),
        ([(4, 3), (5, 1)], r"sizes of sequence 1: \(5, 1\), expected 1 to \(4, 3\)"),
        ([(4, 3), (0, 1)], "sizes of sequence 1"),
    ],
)
def test_wrong_sizes(module: Any, sizes: Any, message: str) -> None:
    with pytest.raises(rnn.DataError, match=message):
        module(torch.zeros(2, 4, 3, 2), sizes)


def test_sizes_for_one_sequence(module: Any) -> None:
    with pytest.raises(rnn.DataError, match="sizes are given for a batch"):
        module(torch.zeros(4, 3, 2), [(4, 3)])


def test_outputs_with_fewer_points_and_ctc() -> None:
    config = rnn.Config(task="transcription", hiddenSize=[2, 3], hiddenBlock=[2, 3], subsampleSize=[4])
    network = rnn.Network.build(config, rnn.DataHeader(2, 2, labels=["a", "b"]))
    module = NetworkModule(network, "net_inputs")
    images = torch.randn(3, 8, 4, 2)
    sizes = torch.tensor([(8, 4), (4, 4), (7, 2)])
    logits = module(images, sizes)
    lengths = module.output_sizes(sizes)
    assert logits.shape == (3, 4, 3) and lengths.tolist() == [[4], [2], [4]]
    log_probabilities = logits.log_softmax(-1).transpose(0, 1)
    targets = torch.tensor([[0, 1], [0, 0], [1, 0]])
    loss = torch.nn.functional.ctc_loss(
        log_probabilities, targets, lengths[:, 0], torch.tensor([2, 1, 2]), blank=2, reduction="sum"
    )
    loss.backward()
    sequences = [
        rnn.Sequence(images[i, : sizes[i, 0], : sizes[i, 1]].numpy(), target=list("ab") if i == 0 else None)
        for i in range(3)
    ]
    sequences[1].target, sequences[2].target = ["a"], ["b", "a"]
    error, gradient = network.gradient(sequences, clip=False)
    assert loss.item() == pytest.approx(error, rel=1e-5)
    for name, expected in gradient.items():
        torch.testing.assert_close(module.weights[name].grad.double(), torch.from_numpy(expected), rtol=1e-3, atol=1e-5)


def test_one_output_per_sequence() -> None:
    config = rnn.Config(task="sequence_classification", hiddenSize=[3])
    module = NetworkModule(rnn.Network.build(config, rnn.DataHeader(1, 2, labels=["a", "b", "c"])))
    signals = [torch.randn(length, 2) for length in (3, 7)]
    assert [made.shape for made in module(signals)] == [(3,), (3,)]
    assert module(torch.randn(4, 5, 2)).shape == (4, 3)
    assert module(torch.randn(4, 5, 2), [5, 4, 3, 2]).shape == (4, 3)
    with pytest.raises(rnn.DataError, match="one row per sequence"):
        module(pack_sequence(signals, enforce_sorted=False))


@pytest.mark.parametrize("sizes", [None, torch.zeros(0, 2, dtype=torch.int64)])
def test_an_empty_batch(module: Any, sizes: Any) -> None:
    with pytest.raises(rnn.DataError, match="the batch has no sequence"):
        module(torch.zeros(0, 4, 3, 2), sizes)
