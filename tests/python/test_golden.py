# SPDX-License-Identifier: Apache-2.0
"""The library's numbers against the reference's, in both precisions (tests/golden/README.md)."""

import golden_cases as golden
import numpy as np
import pytest
from golden_cases import CASES, TRAINED, Case, Difference

import rnnlib_py as rnn

TOLERANCES = {"float64": 1e-9, "float32": 1e-4}
AFTER_TRAINING = {"float64": 1e-7, "float32": 1e-4}
# In float the optimiser's state is that of gradients at weights which differ already.
OPTIMISER = {"float64": 1e-7, "float32": 1e-2}
# Cell states up to 4e5: rounding the first weights to float, and nothing else, changes the last ones by up to 6e-5 and
# the optimiser's state by 3e-3; in float every operation rounds.
SENSITIVE = "mdlstm_2d_transcription"
SENSITIVE_FLOAT = {"weights": 1e-3, "optimiser": 5e-2}
DECISIONS = 1e-12  # a changed decision changes a rate by far more, in either precision

by_case = pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
by_trained_case = pytest.mark.parametrize("case", TRAINED, ids=lambda case: case.name)
by_precision = pytest.mark.parametrize("precision", golden.PRECISIONS)


def check(found: list[Difference], tolerance: float) -> None:
    assert found, "nothing was compared"
    wrong = sorted((d for d in found if not d.size <= (DECISIONS if d.decision else tolerance)), reverse=True)
    assert not wrong, "\n".join(f"{d.size:.1e} {d.what}" for d in wrong[:5])


def find(name: str) -> Case:
    return next(case for case in CASES if case.name == name)


def test_all_cases_are_there() -> None:
    assert len(CASES) == 31
    assert len(TRAINED) == 19
    assert [case.name for case in CASES if case.noisy] == ["mdl_rprop_symmetric", "mdl_steepest"]


# --- the comparison itself ---


@pytest.mark.parametrize(
    ("found", "expected", "size"),
    [
        ([1.0, 2.0], [1.0, 2.0], 0.0),
        ([1.0, 2.002], [1.0, 2.0], 1e-3),
        ([100.0, 0.011], [100.0, 0.01], 0.1),  # not hidden by a large neighbour
        ([0.0, 2e-5], [0.0, 1e-5], 1.0),  # nor by being small
        ([-1e100, 3.3], [-1e100, 3.0], 0.1),  # nor by a log zero
        ([0.0], [0.0], 0.0),
        ([-1e100, -1e100], [-1e100, -5.0], np.inf),
        ([np.nan, 1.0], [0.5, 1.0], np.inf),
        ([1.0, 2.0, 3.0], [1.0, 2.0], np.inf),
        ([[1.0], [2.0]], [[1.0, 2.0]], np.inf),
    ],
)
def test_difference(found: list[float], expected: list[float], size: float) -> None:
    assert golden.difference("x", found, expected, "float64").size == pytest.approx(size)


def test_difference_in_float_is_relative_to_the_largest() -> None:
    assert golden.difference("x", [100.0, 0.02], [100.0, 0.01], "float32").size == pytest.approx(1e-4)
    assert golden.difference("x", [1e-6, 0.0], [2e-6, 0.0], "float32").size == pytest.approx(0.5)
    assert golden.difference("x", [1e-6], [0.0], "float32").size == pytest.approx(1e-4)


def test_differences_sees_missing_and_surplus_names() -> None:
    found = golden.differences("x", {"a": 1.0, "b": 1.0}, {"b": 1.0, "c": 1.0}, "float64")
    assert sorted(d.what for d in found if d.size == np.inf) == ["x a: not in both", "x c: not in both"]


def test_differences_marks_decisions() -> None:
    errors = {"ctcError": 2.0, "labelError": 0.5}
    found = golden.compare_errors("x", errors, errors, "float32")
    assert [(d.what.split(":")[0], d.decision) for d in found] == [("x ctcError", False), ("x labelError", True)]


# --- the cases ---


@by_precision
@by_case
def test_errors(case: Case, precision: str) -> None:
    found = golden.error_differences(case, precision)
    assert any(d.decision for d in found)
    check(found, TOLERANCES[precision])


@by_precision
@by_case
def test_variables(case: Case, precision: str) -> None:
    check(golden.trace_differences(case, precision), TOLERANCES[precision])


@by_precision
@by_case
def test_gradients(case: Case, precision: str) -> None:
    check(golden.gradient_differences(case, precision), TOLERANCES[precision])


@by_case
def test_gradient_is_of_the_summed_error(case: Case) -> None:
    network, data = case.network("float64"), case.data()
    error, _ = network.gradient(data)
    errors, skipped = network.errors(data)
    figure = case.expected["dataset_errors"][next(iter(errors))]
    check([golden.difference("error", error, figure * (len(data) - len(skipped)), "float64")], TOLERANCES["float64"])


@by_precision
@by_trained_case
def test_training(case: Case, precision: str) -> None:
    run = case.train(precision)
    check(golden.running_differences(case, run, precision), AFTER_TRAINING[precision])
    weights, optimiser = AFTER_TRAINING[precision], OPTIMISER[precision]
    if case.name == SENSITIVE and precision == "float32":
        weights, optimiser = SENSITIVE_FLOAT["weights"], SENSITIVE_FLOAT["optimiser"]
    check(golden.weight_differences(case, run, precision), weights)
    check(golden.optimiser_differences(case, run, precision), optimiser)
    if case.noisy:
        check(golden.mdl_differences(case, run, precision), weights)
        check(golden.mdl_optimiser_differences(case, run, precision), optimiser)


def test_target_that_is_too_long_is_warned_about() -> None:
    case = find("target_too_long")
    text = "sequence seq0: its target needs 8 steps, the network's output has 4"
    with pytest.warns(rnn.SkippedTargetWarning, match=text):
        legacy = case.network("float64").evaluate(case.data())
    with pytest.warns(rnn.SkippedTargetWarning, match=text):
        errors = rnn.Network.load(case.folder / "initial.save", precision="float64").evaluate(case.data())
    # The reference's rates are those of the second sequence alone, of 4 labels. Of the first's 6 labels 4 are not read.
    assert errors["skippedTargets"] == 1
    assert errors["ctcError"] == legacy["ctcError"]
    assert errors["labelError"] == pytest.approx((legacy["labelError"] * 4 + 4) / 10)


# --- the reference's saves of training under way ---


def test_going_on_from_the_reference_save_is_never_having_stopped() -> None:
    case = find("lstm_1d_symmetric")
    whole = case.train("float64", totalEpochs=6)
    run = case.train("float64", "trained.save", totalEpochs=6)
    assert [epoch.epoch for epoch in run.history] == [4, 5, 6]
    found = golden.differences("weights of", run.network.weights, whole.network.weights, "float64")
    found += golden.differences("optimiser of", golden.optimiser_state(run), golden.optimiser_state(whole), "float64")
    for epoch, expected in zip(run.history, whole.history[3:], strict=True):
        found += golden.compare_errors("running", epoch["train"], expected["train"], "float64")
    check(found, AFTER_TRAINING["float64"])


def test_going_on_from_the_reference_save_with_mdl_is_never_having_stopped() -> None:
    case = find("mdl_rprop_symmetric")
    whole = case.train("float64", totalEpochs=6)
    run = case.train("float64", "trained.save", totalEpochs=6)
    assert [epoch.epoch for epoch in run.history] == [4, 5, 6]
    found = golden.differences("weights of", run.network.weights, whole.network.weights, "float64")
    for infix in ("_weight_optimiser_", "__mdl_", "_mdl_dev_optimiser_"):
        found += golden.differences(
            infix, golden.saved_vectors(run, infix), golden.saved_vectors(whole, infix), "float64"
        )
    for epoch, expected in zip(run.history, whole.history[3:], strict=True):
        found += golden.compare_errors("running", epoch["train"], expected["train"], "float64")
    check(found, AFTER_TRAINING["float64"])


def test_reference_save_with_mdl_and_rprop_loads_and_goes_on_without_mdl() -> None:
    case = find("mdl_rprop_symmetric")
    network = rnn.Network.load(case.folder / "trained.save", precision="float64")
    weights, trained = network.weights, case.arrays("trained")
    assert weights.keys() == trained.keys()
    assert all(np.array_equal(weights[name].ravel(), trained[name]) for name in trained)

    _, gradient = network.gradient(case.data())
    state = case.arrays("trained_optimiser")
    expected = {n: w.ravel() + rprop_step(gradient[n].ravel(), state, n) for n, w in weights.items()}
    with pytest.warns(rnn.RunWarning, match="no effect: mdl is false"):
        run = case.train("float64", "trained.save", totalEpochs=4, mdl=False)
    assert [epoch.epoch for epoch in run.history] == [4]
    check(golden.differences("weights of", run.network.weights, expected, "float64"), TOLERANCES["float64"])


def rprop_step(gradient: golden.Array, state: golden.Arrays, name: str) -> golden.Array:
    """The first step after a save. Where the sign changes there is none, else it is the delta before it grows."""
    deltas, before = state[f"{name}/deltas"], state[f"{name}/prevDerivs"]
    return np.where(gradient * before < 0, 0.0, -np.sign(gradient) * deltas)
