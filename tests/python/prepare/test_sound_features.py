# SPDX-License-Identifier: Apache-2.0
"""Features of signals against what they should be: by hand, or by simple twins."""

from __future__ import annotations

import math

import numpy as np
import pytest
from recordings import tone

import rnnlib_py as rnn
from rnnlib_py.prepare import AudioRecipe
from rnnlib_py.prepare.sound_features import FLOOR, cosines, features_of, with_slopes
from rnnlib_py.prepare.sound_rate import to_rate
from rnnlib_py.prepare.spectrum import band_edges, band_powers, emphasise, frame_count, frames

PLAIN = AudioRecipe(normalise="none", rate=8000)


def decibels(signal: np.ndarray) -> float:
    return float(10 * np.log10(np.mean(signal.astype(np.float64) ** 2) + 1e-30))


@pytest.mark.parametrize("hertz", [150.0, 440.0, 1000.0, 2100.0, 3300.0])
def test_a_tone_is_loudest_in_the_band_around_it(hertz: float) -> None:
    found = features_of(tone(hertz).astype(np.float32), 8000, PLAIN).mean(axis=0)
    edges = band_edges(40, 20, 4000)
    assert int(found.argmax()) == int(np.abs(edges[1:-1] - hertz).argmin())


def test_white_noise_of_variance_1_has_power_1_in_every_band() -> None:
    block = np.random.default_rng(1).normal(size=(2000, 200))
    np.testing.assert_allclose(band_powers(block, 8000, 10, 0, 4000).mean(axis=0), 1, atol=0.1)


def test_powers_are_those_of_the_definition() -> None:
    """The Fourier transform as a sum, and Parseval's theorem for it."""
    block = np.random.default_rng(2).normal(size=(1, 64))
    shaped = block[0] * (0.54 - 0.46 * np.cos(2 * np.pi * np.arange(64) / 63))
    found = band_powers(block, 8000, 3, 500, 3500)[0]
    size = 64
    sums = np.array([sum(x * np.exp(-2j * np.pi * k * n / size) for n, x in enumerate(shaped)) for k in range(33)])
    scale = np.sum((0.54 - 0.46 * np.cos(2 * np.pi * np.arange(64) / 63)) ** 2)
    power = np.abs(sums) ** 2 / scale
    both_sides = power[0] + power[32] + 2 * power[1:32].sum()
    assert both_sides * scale / size == pytest.approx(np.sum(shaped**2))
    edges = band_edges(3, 500, 3500)
    for band in range(3):
        low, middle, high = edges[band : band + 3]
        weights = [
            max(0.0, min((f - low) / (middle - low), (high - f) / (high - middle))) for f in 125.0 * np.arange(33)
        ]
        assert found[band] == pytest.approx(np.dot(weights, power) / np.sum(weights))


def test_frames_stand_around_their_samples_and_the_ends_are_mirrored() -> None:
    signal = np.arange(7.0)
    found = np.concatenate(list(frames(signal, 5, 3)))
    np.testing.assert_array_equal(found, [[0, 0, 1, 2, 3], [2, 3, 4, 5, 6], [5, 6, 6, 5, 4]])
    assert frame_count(7, 3) == 3
    np.testing.assert_array_equal(next(frames(np.array([4.0, 5.0]), 9, 1))[0], [4, 5, 5, 4, 4, 5, 5, 4, 4])
    long = np.arange(7001.0)
    assert np.array_equal(np.concatenate(list(frames(long, 1, 1)))[:, 0], long)


def test_emphasis() -> None:
    signal = np.array([1.0, 2.0, 4.0])
    emphasise(signal, 0.5)
    np.testing.assert_array_equal(signal, [0.5, 1.5, 3.0])
    long = np.random.default_rng(1).normal(size=2**17 + 5)
    expected = long - 0.97 * np.concatenate([long[:1], long[:-1]])
    emphasise(long, 0.97)
    np.testing.assert_array_equal(long, expected)


def test_slopes_of_a_ramp_and_of_a_parabola() -> None:
    t = np.arange(12.0)[:, np.newaxis]
    found = with_slopes(np.concatenate([3 * t, t**2], axis=1), 2)
    assert found.shape == (12, 6)
    np.testing.assert_allclose(found[2:-2, 2], 3)
    np.testing.assert_allclose(found[2:-2, 3], 2 * t[2:-2, 0])
    np.testing.assert_allclose(found[4:-4, 4], 0, atol=1e-12)
    np.testing.assert_allclose(found[4:-4, 5], 2)
    assert found[0, 2] == pytest.approx((1 * 3 + 2 * 6) / 10)  # the first frame is repeated before itself


def test_cepstral_coefficients_are_cosines_of_the_logarithms_and_the_energy_is_last() -> None:
    signal = np.random.default_rng(3).normal(0, 0.1, 4000).astype(np.float32)
    mel = features_of(signal, 8000, AudioRecipe(normalise="none", rate=8000, bands=26)).astype(np.float64)
    recipe = AudioRecipe(normalise="none", rate=8000, bands=26, features="mfcc", deltas=2)
    found = features_of(signal, 8000, recipe)
    assert found.shape == (50, 39) == (50, recipe.size)
    for k in (1, 5, 12):
        expected = math.sqrt(2 / 26) * sum(mel[:, j] * math.cos(math.pi * k * (j + 0.5) / 26) for j in range(26))
        np.testing.assert_allclose(found[:, k - 1], expected, atol=1e-4)
    middle = signal[20 * 80 - 60 : 20 * 80 + 140].astype(np.float64)
    assert found[20, 12] == pytest.approx(math.log(np.mean(middle**2)), abs=1e-5)
    np.testing.assert_allclose(cosines(8, 7).T @ cosines(8, 7), np.eye(7), atol=1e-12)


def test_silence_and_a_single_sample_are_finite() -> None:
    silent = features_of(np.zeros(100, np.float32), 8000, PLAIN)
    np.testing.assert_allclose(silent, math.log(FLOOR))
    assert features_of(np.ones(1, np.float32), 8000, AudioRecipe(rate=8000, normalise="file")).shape == (1, 40)
    assert np.isfinite(features_of(np.ones(1, np.float32), 16000, AudioRecipe(rate=8000, normalise="file"))).all()


def test_each_file_by_itself() -> None:
    signal = np.random.default_rng(4).normal(0, 0.1, 8000).astype(np.float32)
    found = features_of(signal, 8000, AudioRecipe(rate=8000, normalise="file"))
    np.testing.assert_allclose(found.mean(axis=0), 0, atol=1e-5)
    np.testing.assert_allclose(found.std(axis=0), 1, atol=1e-5)
    louder = features_of(3 * signal, 8000, AudioRecipe(rate=8000, normalise="file"))
    np.testing.assert_allclose(louder, found, atol=1e-3)


@pytest.mark.parametrize(("old", "new"), [(16000, 8000), (44100, 16000), (8000, 16000), (11025, 8000)])
def test_a_tone_is_the_same_at_another_rate(old: int, new: int) -> None:
    found = to_rate(tone(1234.5, 0.5, old).astype(np.float32), old, new)
    expected = tone(1234.5, 0.5, new)
    assert len(found) == math.ceil(len(tone(1234.5, 0.5, old)) * new / old)
    inner = slice(new // 10, -new // 10)
    assert decibels(found[: len(expected)][inner] - expected[inner]) < decibels(expected) - 70


def test_what_the_new_rate_cannot_hold_is_gone() -> None:
    found = to_rate(tone(6000, 0.5, 16000).astype(np.float32), 16000, 8000)
    assert decibels(found[400:-400]) < decibels(tone(6000, 0.5, 16000)) - 70
    np.testing.assert_allclose(to_rate(np.ones(4000, np.float32), 44100, 16000)[200:-200], 1, atol=1e-5)


def test_bands_that_are_narrow_get_a_longer_transform_and_too_narrow_ones_are_an_error() -> None:
    assert (
        features_of(tone(500).astype(np.float32), 8000, AudioRecipe(rate=8000, bands=200, normalise="none")).shape[1]
        == 200
    )
    with pytest.raises(rnn.ConfigError, match="200 bands from 100 to 101 Hz are too narrow"):
        band_powers(np.ones((1, 200)), 8000, 200, 100, 101)
