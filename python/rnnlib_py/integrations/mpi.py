# SPDX-License-Identifier: Apache-2.0
"""MPI: `mpirun -n 8 rnnlib-py train x.config` shares each update's sequences among eight processes.

Needs mpi4py (extra [mpi]) and an MPI library; docs/larger-runs.md describes it. Whoever awaits a message asks for it
again and again, so that signals are heard meanwhile.
"""

from __future__ import annotations

import contextlib
import io
import os
import pickle
import socket
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any, NoReturn, TypeVar

import numpy as np

from rnnlib_py import _core
from rnnlib_py._core import ConfigError
from rnnlib_py.system.interrupt import INTERRUPTED
from rnnlib_py.training.interruption import TrainingTerminated
from rnnlib_py.training.ranks import RankError, Ranks, RanksLostError

Value = TypeVar("Value")

# Of launchers: how many processes each of them has started together.
_SIZES = ("OMPI_COMM_WORLD_SIZE", "PMI_SIZE", "MV2_COMM_WORLD_SIZE")
_LARGEST = 1 << 30  # bytes of a message
_SPIN, _DOZE = 1e-3, 1e-4  # seconds: asking all the time, then with pauses of this length
_LONG = 0.25  # seconds after which others take long

# What the first byte of a message says.
_GOES_ON, _AT_END, _FAILED = b"g", b"e", b"f"


def launched_ranks() -> int:
    """How many processes an MPI launcher has started together with this one; 1 without a launcher. Slurm's srun counts
    when it was told to speak PMI (srun --mpi=pmix, --mpi=pmi2)."""
    for name in _SIZES:
        if os.environ.get(name, "").isdecimal():
            return int(os.environ[name])
    if "PMIX_RANK" in os.environ and os.environ.get("SLURM_STEP_NUM_TASKS", "").isdecimal():
        return int(os.environ["SLURM_STEP_NUM_TASKS"])
    return 1


def _import_mpi(launched: int) -> Any:
    begun = f"an MPI launcher started {launched} processes: " if launched > 1 else ""
    alone = "; --no-mpi trains in every process by itself" if launched > 1 else ""
    try:
        from mpi4py import MPI
    except (ImportError, RuntimeError) as error:  # RuntimeError: there is no MPI library
        raise ConfigError(
            f"{begun}training on several of them needs mpi4py and an MPI library ({error}): pip install "
            f"'rnnlib-py[mpi]'{alone}"
        ) from None
    found = MPI.COMM_WORLD.Get_size()
    if launched > 1 and found != launched:
        library = MPI.Get_library_version().partition(",")[0].strip()
        raise ConfigError(
            f"{begun}mpi4py, with {library}, knows of {found}: the launcher belongs to another MPI library{alone}"
        )
    return MPI


class MpiRanks(Ranks):
    """The processes of a communicator, for `rnnlib_py.train(..., ranks=MpiRanks())` in a program that mpirun starts.

    Parameters
    ----------
    communicator
        An intracommunicator of mpi4py; None: COMM_WORLD. All its processes make the object, and then train.

    Raises
    ------
    ConfigError
        There is no mpi4py, no MPI library, or it is not the launcher's.
    """

    def __init__(self, communicator: Any = None) -> None:
        self._mpi = _import_mpi(launched_ranks() if communicator is None else 1)
        self._comm = (self._mpi.COMM_WORLD if communicator is None else communicator).Dup()
        self.rank = self._comm.Get_rank()
        self.size = self._comm.Get_size()
        self._sent: list[Any] = []  # requests
        self._over = False  # a rank has failed or is at its end
        self._failed: list[tuple[int, bytes]] = []  # the ranks that had failed when this one left, and their messages
        cores = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []
        own = (socket.gethostname(), cores)
        self._processes_on_cores = self.exchange(own).count(own)

    @property
    def group(self) -> _core._RankGroup | None:
        return self if self.size > 1 else None

    @property
    def processes_on_cores(self) -> int:
        return self._processes_on_cores

    def begin(self) -> None:
        self._over, self._failed = False, []

    # --- messages ---

    def exchange(self, own: Value) -> list[Value]:
        return [pickle.loads(message) for message in self.exchange_bytes(pickle.dumps(own))]

    def exchange_bytes(self, own: bytes) -> list[bytes]:
        """As exchange()."""
        messages = self._gather(_GOES_ON + own)
        for rank, message in enumerate(messages):
            if message[:1] == _FAILED:
                self._over = True
                raise _rank_error(rank, message)
        ended = [rank for rank, message in enumerate(messages) if message[:1] == _AT_END]
        if ended:
            self._over = True
            raise RankError(f"rank {ended[0]} has ended its run, the others have not")
        return [message[1:] for message in messages]

    def send(self, values: memoryview) -> None:
        """Bytes to the next rank; they must stay as they are until broadcast()."""
        with self._lost_ranks():
            self._sent += [self._comm.Isend([part, self._mpi.BYTE], self.rank + 1) for part in _parts(values)]

    def receive(self, values: memoryview) -> None:
        """Bytes from the rank before."""
        for part in _parts(values):
            with self._lost_ranks():
                request = self._comm.Irecv([part, self._mpi.BYTE], self.rank - 1)
            self._wait(request)

    def broadcast(self, values: memoryview, root: int) -> None:
        """Gives all ranks the bytes of `root`."""
        for part in _parts(values):
            with self._lost_ranks():
                request = self._comm.Ibcast([part, self._mpi.BYTE], root)
            self._wait(request)
        for request in self._sent:
            self._wait(request)
        self._sent.clear()

    def _gather(self, own: bytes) -> list[bytes]:
        counts = np.empty(self.size, np.int64)
        with self._lost_ranks():
            request = self._comm.Iallgather(np.array([len(own)], np.int64), counts)
        self._wait(request)
        ends = np.cumsum(counts)
        everything = bytearray(int(ends[-1]))
        with self._lost_ranks():
            places = (counts.tolist(), (ends - counts).tolist())
            request = self._comm.Iallgatherv([own, self._mpi.BYTE], [everything, places, self._mpi.BYTE])
        self._wait(request)
        return [bytes(everything[end - count : end]) for count, end in zip(counts, ends, strict=True)]

    def _wait(self, request: Any) -> None:
        begin = time.monotonic()
        with self._lost_ranks():
            while not request.Test():
                waited = time.monotonic() - begin
                time.sleep(0 if waited < _SPIN else _DOZE)
                if waited >= _LONG and self.while_waiting is not None:
                    self.while_waiting(waited)

    @contextlib.contextmanager
    def _lost_ranks(self) -> Iterator[None]:
        try:
            yield
        except self._mpi.Exception as error:
            raise RanksLostError(f"MPI: {error}") from None

    # --- the end ---

    def announce(self, failure: BaseException | None) -> None:
        if not isinstance(failure, (RankError, RanksLostError)):
            self._leave(failure)

    def _leave(self, failure: BaseException | None) -> None:
        """Tells the others, once, that this rank has failed or is at its end: their next exchange says so."""
        if self._over or self.size == 1:
            return
        self.while_waiting = None
        text = f"({socket.gethostname()}): {str(failure) or type(failure).__name__}"
        messages = self._gather(_AT_END if failure is None else _FAILED + pickle.dumps((text, _status(failure))))
        self._over = True
        self._failed = [(rank, message) for rank, message in enumerate(messages) if message[:1] == _FAILED]

    def run(self, command: Callable[[], int]) -> int:
        """What the command returns, which all ranks run; only rank 0 prints. Whatever ends it on one rank ends all of
        them, with the same status, and rank 0 raises an error for it."""
        failure: BaseException | None = None
        status = 0
        try:
            with _silent() if self.rank else contextlib.nullcontext():
                status = command()
        except BaseException as error:
            failure = error
        try:
            self.announce(failure)
        except RanksLostError as error:
            failure = error if failure is None else failure
            self._abort(failure)
        if isinstance(failure, RanksLostError):
            self._abort(failure)
        return self._end(failure, status)

    def _end(self, failure: BaseException | None, status: int) -> int:
        if self._failed and (failure is None or self.rank):
            failure = _rank_error(*self._failed[0])
        if failure is None:
            return status
        if self.rank:
            return _status(failure)
        if not isinstance(failure, RankError):
            raise failure
        if failure.status > 128:
            raise TrainingTerminated(str(failure), number=failure.status - 128)
        raise (ConfigError if failure.status == 2 else _core.Error)(str(failure))

    def _abort(self, error: BaseException) -> NoReturn:
        """Without waiting for anybody."""
        print(f"rnnlib-py: error: rank {self.rank} of {self.size}: {error}", file=sys.stderr, flush=True)  # noqa: T201
        self._comm.Abort(1)
        os._exit(1)


def _rank_error(rank: int, message: bytes) -> RankError:
    text, status = pickle.loads(message[1:])
    return RankError(f"rank {rank} {text}", status)


def _parts(values: memoryview) -> Iterator[memoryview]:
    for first in range(0, len(values), _LARGEST):
        yield values[first : first + _LARGEST]


def _status(failure: BaseException) -> int:
    """The status that a command alone would end with."""
    if isinstance(failure, RankError):
        return failure.status
    if isinstance(failure, SystemExit):
        return failure.code if isinstance(failure.code, int) else 1
    if isinstance(failure, KeyboardInterrupt):
        return INTERRUPTED
    return 2 if isinstance(failure, ConfigError) else 1


@contextlib.contextmanager
def _silent() -> Iterator[None]:
    class Nowhere(io.StringIO):
        def write(self, text: str) -> int:
            return len(text)

    with contextlib.redirect_stdout(Nowhere()), contextlib.redirect_stderr(Nowhere()):
        yield


def find_ranks() -> MpiRanks | None:
    """The ranks that an MPI launcher has started together with this process; None when it is alone."""
    return MpiRanks() if launched_ranks() > 1 else None
