"""The engine, as pybind11 shows it. Private: use the names of rnnlib_py."""

from collections.abc import Callable, Mapping
from collections.abc import Sequence as _Seq
from os import PathLike
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

__version__: str

class Error(Exception):
    """Every error of rnnlib_py."""

class ConfigError(Error, ValueError):
    """A config key or value is wrong."""

class DataError(Error, ValueError):
    """Data do not fit: shapes, sizes, classes, files that do not match."""

class FormatError(Error, ValueError):
    """A file is not what its format says."""

class IoError(Error, OSError):
    """The operating system refused: missing file, no permission, disk full."""

class NumericError(Error, ArithmeticError):
    """NaN or infinite numbers came up."""

class OutOfMemoryError(Error, MemoryError):
    """There is less memory than a sequence needs."""

def read_file(path: str | bytes | PathLike[str]) -> bytes:
    """A regular file's content. Raises IoError (a folder, a FIFO, a device, too), OutOfMemoryError."""

def replace_file(path: str | bytes | PathLike[str], text: bytes) -> None:
    """Gives a file a new content: all of it, or none. Raises IoError."""

class Replacement:
    """A new content for a file, written under a temporary name beside it. Raises IoError."""

    def __init__(self, path: str | bytes | PathLike[str]) -> None: ...
    @property
    def temporary(self) -> bytes: ...
    def commit(self) -> None: ...
    def discard(self) -> None: ...

class KeyInfo:
    @property
    def name(self) -> str: ...
    @property
    def type(self) -> str: ...  # "string" "bool" "int" "real" "string list" "bool list" "int list" "int lists"
    @property
    def default_value(self) -> str: ...
    @property
    def range(self) -> str: ...
    @property
    def choices(self) -> list[str]: ...
    @property
    def group(self) -> str: ...
    @property
    def meaning(self) -> str: ...
    @property
    def available(self) -> bool: ...
    @property
    def unavailable_choices(self) -> list[str]: ...

def key_table() -> list[KeyInfo]: ...
def task_table() -> list[dict[str, Any]]:
    """The tasks that there are, each as the fields of rnnlib_py.data.tasks.Task."""

def ignored_words(text: str, source: str) -> dict[str, str]:
    """Words after a value that are passed over: key -> a sentence that names source and line."""

def unknown_key_hint(name: str) -> str: ...
def build_info() -> dict[str, Any]:
    """{"version", "compiler", "threads": bool, "isa", "eigen"}"""

def product_rate(size: int = 1024, precision: str = "float32", seconds: float = 0.2) -> float:
    """Multiply-accumulates per second of the engine's own product of square matrices in one thread."""

class Random:
    """The generator of all random numbers: the same ones for a seed on every machine."""

    def __init__(self, seed: int = 0) -> None: ...
    def next(self) -> int: ...
    def uniform(self, low: float = 0.0, high: float = 1.0) -> float: ...
    def below(self, n: int) -> int: ...
    def normal(self) -> float: ...
    def permutation(self, n: int) -> NDArray[np.int64]: ...
    state: str  # read and write

class Recipe:
    """How a network's inputs are made of files."""

    @staticmethod
    def parse(json: str, source: str) -> Recipe: ...
    def line_ink(self, pixels: NDArray[np.uint8]) -> NDArray[np.uint8]: ...  # [height, width], 0 is the ground
    def line_input(self, pixels: NDArray[np.uint8]) -> NDArray[np.float32]: ...  # [x, y, 1]

class Config:
    def __init__(self) -> None: ...
    @staticmethod
    def parse(text: str, source: str) -> Config: ...
    def set(self, name: str, value: str, where: str = "") -> None: ...
    def remove(self, name: str) -> None: ...
    def has(self, name: str) -> bool: ...
    def get_string(self, name: str) -> str: ...
    def get_bool(self, name: str) -> bool: ...
    def get_int(self, name: str) -> int: ...
    def get_real(self, name: str) -> float: ...
    def get_string_list(self, name: str) -> list[str]: ...
    def get_bool_list(self, name: str) -> list[bool]: ...
    def get_int_list(self, name: str) -> list[int]: ...
    def get_int_lists(self, name: str) -> list[list[int]]: ...
    def items(self) -> dict[str, str]: ...
    def text(self) -> str: ...
    def unused_warnings(self) -> list[str]: ...
    def copy(self) -> Config: ...

class DataHeader:
    """What a network must know of its data: dimensions, inputs per point, regression targets, label names."""

    def __init__(self, num_dims: int, input_size: int, target_size: int = 0, labels: list[str] = ...) -> None: ...
    num_dims: int
    input_size: int
    target_size: int
    labels: list[str]
    def __eq__(self, other: object) -> bool: ...
    def _repr_html_(self) -> str: ...

class SequenceBatch:
    """Sequences as the engine sees them; keeps their arrays alive. Arrays must be C-contiguous of the stated type."""
    def __init__(self) -> None: ...
    def add(
        self,
        inputs: NDArray[np.float32],  # (*shape, input_size)
        target: NDArray[np.int32] | None = None,  # 1-D: classes per target point (row-major), one class, or labels
        target_patterns: NDArray[np.float32] | None = None,  # (target points, target_size)
        target_shape: _Seq[int] | None = None,  # when it differs from the inputs' shape
        importance: NDArray[np.float32] | None = None,
        tag: str = "",
        words: _Seq[str] = (),  # the target's
    ) -> None: ...
    def __len__(self) -> int: ...

class Connection:
    @property
    def name(self) -> str: ...
    @property
    def offset(self) -> int: ...
    @property
    def rows(self) -> int: ...
    @property
    def cols(self) -> int: ...
    @property
    def size(self) -> int: ...
    @property
    def kind(self) -> str: ...  # "full", "bias", "peephole", "recurrent", "convolution"
    @property
    def source(self) -> str: ...
    @property
    def target(self) -> str: ...
    @property
    def delay(self) -> list[int]: ...
    @property
    def owner(self) -> str: ...
    @property
    def gates(self) -> list[str]: ...

class LayerInfo:
    @property
    def name(self) -> str: ...
    @property
    def type(self) -> str: ...
    @property
    def directions(self) -> list[int]: ...
    @property
    def size(self) -> int: ...
    @property
    def num_weights(self) -> int: ...
    @property
    def kind(self) -> str: ...
    @property
    def level(self) -> int: ...
    @property
    def direction(self) -> int: ...
    @property
    def block(self) -> list[int]: ...
    @property
    def kernel(self) -> list[int]: ...
    @property
    def sources(self) -> list[str]: ...

class Graph:
    @property
    def layers(self) -> list[LayerInfo]: ...
    @property
    def connections(self) -> list[Connection]: ...

class Decoder:
    def decode(self, outputs: NDArray[np.float64]) -> Prediction: ...  # (points, units); the blank is the last unit

class BestPathDecoder(Decoder):
    def __init__(self, temperature: float = 1.0) -> None: ...

class BeamOptions:
    """How wide a beam search is, and what it gives up; rnnlib/beam.h says what each number means."""

    def __init__(self) -> None: ...
    width: int
    n_best: int
    min_probability: float
    beam_threshold: float
    blank_threshold: float
    temperature: float
    max_delay: int

class BeamDecoder(Decoder):
    """Raises ConfigError for options that make no sense."""

    def __init__(self, options: BeamOptions = ..., scorer: Scorer | None = None) -> None: ...

class Reading:
    @property
    def labels(self) -> list[int]: ...
    @property
    def positions(self) -> NDArray[np.int64]: ...  # (labels, 2) first and last output point
    @property
    def confidences(self) -> NDArray[np.float64]: ...  # (labels,)
    @property
    def words(self) -> list[int]: ...  # of the dictionary
    @property
    def log_probability(self) -> float: ...
    @property
    def score(self) -> float: ...

# Of the labels, of the words, and of the line. Outputs: (points, units), the last unit is the blank.
def lattice_posteriors(
    labels: _Seq[int], outputs: NDArray[np.float64], temperature: float = 1.0, separator: int = -1
) -> tuple[NDArray[np.float64], NDArray[np.float64], float]: ...
def reading_posteriors(
    labels: _Seq[_Seq[int]], scores: _Seq[float], temperature: float = 1.0, separator: int = -1
) -> tuple[NDArray[np.float64], NDArray[np.float64], float]: ...
def labelling_log_probability(labels: _Seq[int], outputs: NDArray[np.float64], temperature: float = 1.0) -> float: ...

class Alignment:
    @property
    def labels(self) -> list[int]: ...
    @property
    def positions(self) -> NDArray[np.int64]: ...  # (labels, 2) first and last output point
    @property
    def input_positions(self) -> NDArray[np.int64]: ...  # (labels, 2)
    @property
    def scores(self) -> NDArray[np.float64]: ...  # (labels,)
    @property
    def points(self) -> int: ...  # of the output
    @property
    def path_log_probability(self) -> float: ...
    @property
    def log_probability(self) -> float: ...

class Prediction:
    @property
    def labels(self) -> list[int]: ...
    # Transcription only: (labels, 2) first and last point, of the output and of the input.
    @property
    def positions(self) -> NDArray[np.int64]: ...
    @property
    def input_positions(self) -> NDArray[np.int64]: ...
    @property
    def confidences(self) -> NDArray[np.float64]: ...  # (labels,) in [0, 1]
    @property
    def readings(self) -> list[Reading]: ...  # of decoders that search, the best first
    @property
    def outputs(self) -> NDArray[np.float64]: ...  # (*shape, size)

class NamedError:
    @property
    def name(self) -> str: ...
    @property
    def value(self) -> float: ...
    @property
    def norm(self) -> float: ...
    @property
    def figure(self) -> float: ...

Metrics = list[NamedError]  # the training criterion first

def prints_as_percent(name: str) -> bool: ...

_c_table: object  # PyCapsules for rnnlib_py.runner

def _c_network(network: Network) -> object: ...

class SkippedTarget:
    def __init__(self, tag: str, needed: int, available: int) -> None: ...
    @property
    def tag(self) -> str: ...
    @property
    def needed(self) -> int: ...
    @property
    def available(self) -> int: ...

class WeightSnapshot:
    """A network's weights as they were at Network.snapshot(), for calls that must see the same."""

class Network:
    def __init__(self, config: Config, header: DataHeader, precision: str = "float32") -> None:
        """Weights are 0; precision "float32" or "float64"."""
    @property
    def precision(self) -> str: ...
    @property
    def num_weights(self) -> int: ...
    @property
    def header(self) -> DataHeader: ...
    @property
    def task(self) -> str: ...
    @property
    def output_size(self) -> int: ...
    def connections(self) -> list[Connection]: ...
    def shared_connections(self) -> dict[str, str]: ...  # name -> owner
    def weights(self) -> NDArray[np.float64]: ...
    def snapshot(self) -> WeightSnapshot: ...
    def set_weights(self, weights: NDArray[np.float64], names: _Seq[str] | None = None) -> None:
        """All weights, or only those of the connections named."""
    def randomise(self, random: Random, range: float) -> None: ...
    def normalisation(self) -> dict[str, tuple[list[float], list[float]]]: ...  # "inputs" -> (means, stds)
    recipe: str  # read and write; "" for none
    def set_normalisation(self, scales: Mapping[str, tuple[_Seq[float], _Seq[float]]]) -> None: ...
    def denormalise(self, outputs: NDArray[np.float64]) -> NDArray[np.float64]: ...  # (points, units)
    @property
    def graph(self) -> Graph: ...
    def layers(self) -> list[LayerInfo]: ...
    def layer_shapes(self, shape: _Seq[int]) -> list[list[int]]: ...
    def output_shape(self, shape: _Seq[int]) -> list[int]: ...
    def output_step(self) -> list[int]: ...
    def memory(
        self, shape: _Seq[int], sequences: int = 1, target_length: int = 0, threads: int = 1
    ) -> dict[str, int]: ...  # "weights", "update", "predict", "train" in bytes; "batch", "workspaces"
    def evaluate(
        self,
        batch: SequenceBatch,
        threads: int = 1,
        verbose: bool = False,
        confusion_matrix: bool = False,
        legacy_errors: bool = False,
        raw: bool = False,
        snapshot: WeightSnapshot | None = None,
        decoder: Decoder | None = None,
    ) -> tuple[Metrics, list[SkippedTarget]]: ...
    def gradient(
        self,
        batch: SequenceBatch,
        threads: int = 1,
        clip: bool = True,
        raw: bool = False,
        snapshot: WeightSnapshot | None = None,
    ) -> tuple[float, NDArray[np.float64], Metrics]: ...
    def predict(
        self,
        batch: SequenceBatch,
        threads: int = 1,
        raw: bool = False,
        snapshot: WeightSnapshot | None = None,
        decoder: Decoder | None = None,
    ) -> list[Prediction]: ...
    def align(
        self, batch: SequenceBatch, threads: int = 1, raw: bool = False, snapshot: WeightSnapshot | None = None
    ) -> tuple[list[Alignment], list[SkippedTarget]]: ...  # the alignment of a target that does not fit is empty
    def trace(self, batch: SequenceBatch, index: int, raw: bool = False) -> dict[str, NDArray[np.float64]]: ...
    def jacobian(
        self, batch: SequenceBatch, index: int, point: _Seq[int], unit: int | None = None, raw: bool = False
    ) -> dict[str, NDArray[np.float64]]: ...
    def check_gradient(
        self,
        batch: SequenceBatch,
        index: int,
        perturbation: float = 1e-5,
        significant_figures: int = 6,
        break_on_error: bool = True,
        threads: int = 1,
        raw: bool = False,
    ) -> GradientCheckReport: ...

class GradientCheckConnection:
    @property
    def name(self) -> str: ...
    @property
    def checked(self) -> int: ...
    @property
    def largest_difference(self) -> float: ...

class GradientMismatch:
    @property
    def connection(self) -> str: ...
    @property
    def index(self) -> int: ...
    @property
    def exact(self) -> float: ...
    @property
    def numeric(self) -> float: ...

class GradientCheckReport:
    @property
    def passed(self) -> bool: ...
    @property
    def connections(self) -> list[GradientCheckConnection]: ...
    @property
    def mismatches(self) -> list[GradientMismatch]: ...

class Backpropagation:
    """A forward pass, and a backward pass from given errors; rnnlib/backpropagation.h says more.

    Arrays are C-contiguous and of the network's precision; they are read and written where they lie."""

    def __init__(
        self,
        network: Network,
        rows: str = "outputs",
        with_gradient: bool = True,
        with_input_gradient: bool = True,
        threads: int = 1,
        dropout: float = 0.0,
        seeds: _Seq[int] = ...,
    ) -> None:
        """rows: "outputs", "net_inputs" of the output layer, or "hidden", what it reads."""
    @property
    def row_size(self) -> int: ...
    def row_shape(self, shape: _Seq[int]) -> list[int]: ...
    def forward(
        self,
        weights: _Seq[NDArray[Any] | None],
        shapes: _Seq[_Seq[int]],
        inputs: NDArray[Any],
        rows: NDArray[Any],
    ) -> None:
        """Weights by connection, None for 0; writes rows (points of all sequences, row_size)."""
    def backward(
        self,
        d_weights: _Seq[NDArray[Any] | None],
        d_inputs: NDArray[Any] | None,
        d_rows: NDArray[Any],
    ) -> None:
        """Once after forward; writes d_weights and d_inputs, but for those that are None."""

class Stream:
    def __init__(self, network: Network) -> None: ...
    # Both: first point, outputs (points, units), labels, points where labels begin.
    def push(self, inputs: NDArray[np.float32]) -> tuple[int, NDArray[np.float64], list[int], list[int]]: ...
    def finish(self) -> tuple[int, NDArray[np.float64], list[int], list[int]]: ...
    def reset(self) -> None: ...
    def set_raw(self, raw: bool) -> None: ...
    def set_decoder(self, decoder: Decoder | None) -> None: ...

def has_augmentation(config: Config) -> bool:
    """Whether the config switches any augmentation on."""

def augment(config: Config, inputs: NDArray[np.float32], seed: int) -> NDArray[np.float32]:
    """Inputs (*shape, input size) as training with the config's augmentation sees them for that seed; the shape may
    differ."""

class _RankGroup(Protocol):
    """What a Trainer needs of the processes that train a network together; C++'s RankGroup says what each does."""

    @property
    def rank(self) -> int: ...
    @property
    def size(self) -> int: ...
    def exchange_bytes(self, own: bytes) -> list[bytes]: ...
    def send(self, values: memoryview) -> None: ...
    def receive(self, values: memoryview) -> None: ...
    def broadcast(self, values: memoryview, root: int) -> None: ...

class Trainer:
    def __init__(
        self,
        network: Network,
        config: Config,
        threads: int = 1,
        seed: int = 1,
        constant_noise: float | None = None,
        decoder: Decoder | None = None,
        ranks: _RankGroup | None = None,
    ) -> None:
        """Reads the config's keys of the group Training, verbose, confusionMatrix, legacyErrors. seed: of all
        perturbations.
        constant_noise: for tests, what every draw of the normal distribution gives.
        decoder: reads the labels in evaluate().
        ranks: the processes that train the network together."""
    @property
    def batch_learn(self) -> bool: ...
    @property
    def seqs_per_update(self) -> int: ...
    @property
    def optimiser(self) -> str: ...
    @property
    def may_store(self) -> bool:
        """False in the middle of an update, which a save could not hold."""
    def begin_epoch(self, sequences_in_epoch: int) -> None: ...
    def train(self, batch: SequenceBatch, progress: Callable[[int, Metrics], bool] | None = None) -> int:
        """Runs the batch in its order; progress is called between updates at most ten times a second, with the number
        of sequences finished in this epoch and the running errors, and stops the run by returning False. Returns how
        many of the batch were done. An unfinished group of sequences (seqs_per_update) is kept for the next call."""
    def finish_updates(self) -> Metrics:
        """Makes the update that is due; the errors while training, then costs (l1ErrorBits, weightBits, …). The epoch
        is still under way: a save made now goes on after its training. May be repeated."""
    def end_epoch(self) -> Metrics:
        """The same, and the epoch is over."""
    def evaluate(self, batch: SequenceBatch) -> tuple[Metrics, list[SkippedTarget]]:
        """Errors and targets that did not fit; with the perturbations of training when testDistortions is true."""
    def set_learn_rate_factor(self, factor: float) -> None: ...
    def noise_statistics(self) -> dict[str, float] | None: ...
    def sequences_done(self) -> tuple[int, int]: ...
    def skipped(self) -> list[SkippedTarget]: ...

def looks_like_save(text: str) -> bool: ...
def looks_like_safetensors(bytes: bytes) -> bool: ...
def to_safetensors(network: Network, config: Config, type: str, metadata: Mapping[str, str]) -> bytes:
    """A safetensors file's content. type: "float16", "bfloat16", "float32", "float64"; "": as the network's own."""

class Save:
    def __init__(self) -> None: ...
    @staticmethod
    def parse(text: str | bytes, source: str) -> Save: ...
    @staticmethod
    def read(path: str | bytes | PathLike[str]) -> Save: ...
    metadata: dict[str, str]  # of a safetensors file; a copy, which can be set
    @property
    def tensor_types(self) -> set[str]: ...  # "float16", …: those of a safetensors file's weights
    config: Config  # read and write
    def normalisation(self) -> dict[str, tuple[list[float], list[float]]]: ...  # "inputs" -> (means, stds)
    def get_value(self, name: str) -> str | None: ...  # "trainer_epoch", …
    def set_value(self, name: str, value: str) -> None: ...
    def header(self) -> DataHeader: ...
    def load_network(self, precision: str = "float32") -> Network: ...
    def store_network(self, network: Network) -> None: ...
    def store_trainer(self, trainer: Trainer, network: Network) -> None: ...
    def restore_trainer(self, network: Network, trainer: Trainer) -> list[str]:
        """What is reset, since the save has none: "optimiser", "mdl", "mdlOptimiser"."""
    def text(self, precision: str = "float32") -> str: ...
    def write(self, path: str | bytes | PathLike[str], precision: str = "float32") -> None: ...

class NgramModel:
    """An n-gram model with back-off; read_ngram_model() reads one. Logarithms are natural."""

    @staticmethod
    def read(path: str | bytes | PathLike[str]) -> NgramModel:
        """An ARPA file. Raises IoError, FormatError."""

    @staticmethod
    def parse(text: bytes, source: str) -> NgramModel:
        """The same from memory; `source` is what messages call it."""

    @property
    def order(self) -> int: ...
    @property
    def num_words(self) -> int: ...
    @property
    def memory(self) -> int: ...  # bytes
    def num_ngrams(self, n: int) -> int:
        """Those of n words. Raises DataError for an order that the model does not have."""

    def word(self, number: int) -> str: ...
    def find(self, word: str) -> int:
        """-1 when it is not in the model."""

    def score(self, words: _Seq[str]) -> NDArray[np.float64]:
        """The log probability of each word of a sentence, and of its end where the model has </s>: [words + 1].

        A word that is not in the model counts as <unk>, or has minus infinity when there is none."""

class Lexicon:
    """A dictionary over a network's labels; read_lexicon() reads one."""

    @staticmethod
    def read(path: str | bytes | PathLike[str], labels: _Seq[str], separator: str = "") -> Lexicon: ...
    @staticmethod
    def parse(text: bytes, source: str, labels: _Seq[str], separator: str = "") -> Lexicon: ...
    @property
    def num_words(self) -> int: ...
    @property
    def num_spellings(self) -> int: ...
    @property
    def num_left_out(self) -> int: ...
    @property
    def separator(self) -> int: ...  # -1: none
    @property
    def unknown_labels(self) -> list[tuple[str, int]]: ...  # name, spellings left out because of it
    def word(self, number: int) -> str: ...

class Scorer:
    """What a beam search asks about labellings."""

    def score(self, labels: _Seq[int]) -> float:
        """All that the labels of a whole labelling and its end add."""

    def words(self, labels: _Seq[int]) -> list[int]:
        """A whole labelling as words of the dictionary: its best reading, [] where it has none."""

class LanguageOptions:
    """How a language model and a dictionary are used; rnnlib/language_scorer.h says what each number means."""

    def __init__(self) -> None: ...
    weight: float
    word_bonus: float
    sentence_ends: bool
    unknown_score: float
    mode: str  # "closed" or "open"
    free_score: float
    num_words: int  # -1: any number

class LanguageScorer(Scorer):
    @staticmethod
    def of_labels(model: NgramModel, labels: _Seq[str], options: LanguageOptions = ...) -> LanguageScorer: ...
    @staticmethod
    def of_words(
        lexicon: Lexicon, model: NgramModel | None = None, options: LanguageOptions = ...
    ) -> LanguageScorer: ...
    @property
    def unknown(self) -> list[str]: ...  # labels or words that the model does not have

class PythonScorer(Scorer):
    def __init__(self, scorer: object, labels: _Seq[str]) -> None:
        """Calls start() -> state, extend(state, label) -> (score, state) and finish(state) -> score of an object, with
        any states that can be hashed."""

class NetworkScorer(Scorer):
    def __init__(
        self,
        network: Network,
        labels: _Seq[str],
        weight: float = 1.0,
        label_bonus: float = 0.0,
        unknown_score: float = -20.0,
    ) -> None: ...
    @property
    def unknown(self) -> list[str]: ...  # labels that the network does not have

class SumScorer(Scorer):
    def __init__(self, parts: _Seq[tuple[Scorer, float]]) -> None: ...  # scorers and their weights

class TokenPassingOptions:
    """What token passing reads; rnnlib/token_passing.h says more."""

    def __init__(self) -> None: ...
    n_best: int
    language: LanguageOptions  # a reference into the options

class TokenPassingDecoder(Decoder):
    def __init__(
        self, lexicon: Lexicon, bigrams: NgramModel | None = None, options: TokenPassingOptions = ...
    ) -> None: ...
    @property
    def unknown(self) -> list[str]: ...  # words that the bigrams do not have
