"""Runs the language server on standard input and output, until the editor is done with it."""

from __future__ import annotations

import gc
import logging
import sys
from collections.abc import Mapping
from functools import partial

from lsprotocol import types
from pygls.lsp.server import LanguageServer

from iamlint.lsp.features import FEATURES
from iamlint.lsp.protocol import Protocol
from iamlint.lsp.session import Session
from iamlint.version import VERSION


class Server(LanguageServer):
    """The server of the library, which reports what fails without a window of its own."""

    protocol: Protocol

    def report_server_error(self, error: Exception, source: object) -> None:
        """Leave a line where somebody who looks for it finds it."""
        shown = types.LogMessageParams(types.MessageType.Error, f"iamlint: {error}")
        self.window_log_message(shown)


def serve(environment: Mapping[str, str]) -> int:
    """Talk to the editor at the other end, and return the exit status.

    0 where it said goodbye in due form; 1 where it went away.
    """
    if sys.stdin.isatty():
        print("iamlint lsp is for an editor to start; it waits for messages", file=sys.stderr)
    gc.enable()  # a process that lives long may not do without
    debug = environment.get("IAMLINT_DEBUG") == "1"
    logging.getLogger().addHandler(logging.StreamHandler() if debug else logging.NullHandler())
    server = make(environment)
    talk, sys.stdout = sys.stdout, sys.stderr  # whatever prints would be taken for a message
    server.start_io(sys.stdin.buffer, talk.buffer)
    return 0 if server.protocol.is_over else 1


def make(environment: Mapping[str, str]) -> Server:
    """A server that does all that `FEATURES` says."""
    server = Server("iamlint", VERSION, protocol_cls=Protocol)
    session = Session(server, environment)
    for feature in FEATURES:
        server.feature(feature.method, feature.options)(partial(feature.answer, session))
    return server
