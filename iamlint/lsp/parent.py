"""Ends the server when the editor that started it is gone without a word."""

from __future__ import annotations

import os
from threading import Thread
from time import sleep

_SECONDS = 3  # between two looks


def watch(process: int) -> None:
    """End this process when another one is not there any more.

    NOTE: on Windows nobody can be asked that without harm; there the end of standard input tells.
    """
    if os.name == "posix" and process > 0:
        Thread(target=_watch, args=(process,), name="parent", daemon=True).start()


def _watch(process: int) -> None:
    while is_there(process):
        sleep(_SECONDS)
    # whoever reads standard input would wait for ever, so there is no kinder way out
    os._exit(1)


def is_there(process: int) -> bool:
    """Whether a process is alive."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:  # it is there, and of somebody else
        return True
    return True
