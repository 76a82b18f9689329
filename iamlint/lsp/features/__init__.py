"""What the server does for an editor: one line of a table a feature."""

from __future__ import annotations

from collections.abc import Callable

from lsprotocol import types

from iamlint.lsp.features import actions, hovering, syncing, workspace
from iamlint.typed import Any, NamedTuple


class Feature(NamedTuple):
    """A method of the protocol, and who answers it: a function of session and parameters.

    One that takes long is a coroutine, and leaves the work to `Session.apart`.
    """

    method: str
    answer: Callable[..., Any]
    options: Any = None


FEATURES = (
    Feature(types.INITIALIZE, workspace.initialize),
    Feature(types.INITIALIZED, workspace.initialized),
    Feature(types.WORKSPACE_DID_CHANGE_CONFIGURATION, workspace.settings_changed),
    Feature(types.WORKSPACE_DID_CHANGE_WATCHED_FILES, workspace.files_changed),
    Feature(types.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS, workspace.folders_changed),
    Feature(types.TEXT_DOCUMENT_DID_OPEN, syncing.opened),
    Feature(types.TEXT_DOCUMENT_DID_CHANGE, syncing.changed),
    Feature(types.TEXT_DOCUMENT_DID_SAVE, syncing.saved, types.SaveOptions(include_text=True)),
    Feature(types.TEXT_DOCUMENT_DID_CLOSE, syncing.closed),
    Feature(types.TEXT_DOCUMENT_CODE_ACTION, actions.offer, actions.OPTIONS),
    Feature(types.CODE_ACTION_RESOLVE, actions.resolve),
    Feature(types.TEXT_DOCUMENT_HOVER, hovering.hovered),
)
