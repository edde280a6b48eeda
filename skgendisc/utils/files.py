"""Files written whole or not at all, whatever signals come."""

import os
import secrets
import shutil
import signal
import threading
from contextlib import contextmanager

CHUNK_BYTES = 2**22


class Terminated(KeyboardInterrupt):
    """SIGTERM has come."""


def check_new_file(path, option, *, force):
    """Fail now, rather than after the work, where a file cannot be written.

    Parameters
    ----------
    path : Path
    option : str
        Of the command line, that gave the path.
    force : bool
        Whether a file may be there.
    """
    if path.exists() and not path.is_file():
        raise ValueError(f"{option} must be a file: got {path}. Choose another name.")
    if path.exists() and not force:
        raise ValueError(
            f"{option} exists: {path}. Choose another name, or replace it with --force."
        )
    folder = path.resolve().parent
    if not folder.is_dir():
        raise ValueError(
            f"{option} must be in a folder that exists: got {path}. Make the folder "
            "first."
        )
    if not os.access(folder, os.W_OK):
        raise ValueError(
            f"{option} must be in a folder that can be written to: got {path}. Choose "
            "another one."
        )


def replace_file(path, data, *, check=None, done=None):
    """Write a file whole or not at all, whatever signals come.

    Parameters
    ----------
    path : Path
    data : bytes
    check : callable, default=None
        Called with the path just before a file that is there is replaced; may raise.
    done : callable, default=None
        Called without arguments once the file is there.
    """
    path = path.resolve()  # of a link, the file that it leads to
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    with _signals_held() as came:
        try:
            with temporary.open("xb") as file:
                for start in range(0, len(data), CHUNK_BYTES):
                    file.write(data[start : start + CHUNK_BYTES])
                    if came:
                        raise came[0]
                file.flush()
                os.fsync(file.fileno())
            if path.exists():
                if check is not None:
                    check(path)  # it may have come since
                shutil.copymode(path, temporary)
            if came:
                raise came[0]
            temporary.replace(path)
        finally:
            temporary.unlink(missing_ok=True)
        if done is not None:
            done()


@contextmanager
def stopping_on_sigterm():
    """Context that SIGTERM leaves as Ctrl-C does, cleaning up on its way."""

    def stop(number, frame):
        raise Terminated

    with _handling({signal.SIGTERM: stop}):
        yield


@contextmanager
def uninterrupted():
    """Context that signals end when it is through: readers in C, interrupted, would
    call the file broken.
    """
    with _signals_held() as came:
        yield
    if came:
        raise came[0]


@contextmanager
def _signals_held():
    """Context in which SIGINT and SIGTERM only leave a note, in the list it yields."""
    came = []
    with _handling(
        {
            signal.SIGINT: lambda number, frame: came.append(KeyboardInterrupt()),
            signal.SIGTERM: lambda number, frame: came.append(Terminated()),
        }
    ):
        yield came


@contextmanager
def _handling(handlers):
    if threading.current_thread() is not threading.main_thread():
        yield  # only the main thread gets signals
        return
    before = {number: signal.getsignal(number) for number in handlers}
    try:
        for number, handler in handlers.items():
            if before[number] not in (signal.SIG_IGN, None):  # as under nohup
                signal.signal(number, handler)
        yield
    finally:
        for number, handler in before.items():
            if handler is not None:
                signal.signal(number, handler)
