"""Reads messages as they come: what a text is made of is not bent into shape before we see it."""

from __future__ import annotations

from lsprotocol import types
from pygls.exceptions import JsonRpcException
from pygls.protocol import LanguageServerProtocol
from pygls.protocol.json_rpc import JsonRPCNotification

from iamlint.typed import Any

# The library would turn `1.5` into 1 and 5 into "5", and drop a message with a number below 0.
RAW = frozenset(
    (
        types.TEXT_DOCUMENT_DID_OPEN,
        types.TEXT_DOCUMENT_DID_CHANGE,
        types.TEXT_DOCUMENT_DID_SAVE,
        types.TEXT_DOCUMENT_DID_CLOSE,
    )
)
# What the library does about these by itself fails where a client does something strange.
_OURS = (
    *RAW,
    types.NOTEBOOK_DOCUMENT_DID_OPEN,
    types.NOTEBOOK_DOCUMENT_DID_CHANGE,
    types.NOTEBOOK_DOCUMENT_DID_CLOSE,
    types.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS,
)


class Protocol(LanguageServerProtocol):
    """The protocol of the library, without its own idea of what documents are."""

    def __init__(self, server: Any, converter: Any) -> None:
        super().__init__(server, converter)
        for method in _OURS:
            self.fm.builtin_features.pop(method, None)

    @property
    def is_over(self) -> bool:
        """Whether the editor said goodbye."""
        return self._shutdown

    def structure_message(self, data: dict[str, Any]) -> Any:
        """A message with its parts typed; those about texts of documents as they are."""
        method = data.get("method")
        if "jsonrpc" in data and "id" not in data and method in RAW:
            return JsonRPCNotification(str(method), data["jsonrpc"], data.get("params"))
        try:
            return super().structure_message(data)
        except JsonRpcException as error:
            if "id" in data and method is not None:  # who asked gets an answer
                self._send_response(data["id"], None, error.to_response_error())
            raise
