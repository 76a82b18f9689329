"""Follows the workspace: its folders, the settings of the editor, and files that others change."""

from __future__ import annotations

import os
from collections.abc import Iterable

from lsprotocol import types
from pygls.exceptions import JsonRpcException

from iamlint.formats import FORMATS
from iamlint.formats.module_files import SUFFIXES
from iamlint.lsp import parent
from iamlint.lsp.buffers import key_of
from iamlint.lsp.client import client_of
from iamlint.lsp.preferences import SECTION, preferences_of
from iamlint.lsp.session import Session
from iamlint.lsp.uris import path_of, uri_of
from iamlint.settings.loading import NAMES
from iamlint.typed import Any

_WATCHED = sorted({*(suffix for each in FORMATS for suffix in each.suffixes), *SUFFIXES, ".tfvars"})


def initialize(session: Session, params: types.InitializeParams) -> None:
    """Take note of whom we talk to, and where its folders are."""
    encoding = types.PositionEncodingKind(session.server.workspace.position_encoding).value
    session.client = client_of(params.capabilities, encoding)
    session.buffers.encoding = encoding
    uris = [each.uri for each in params.workspace_folders or ()]
    root = params.root_uri or (params.root_path and uri_of(params.root_path))
    session.folders = _folders(uris or ([root] if root else []))
    _take(session, params.initialization_options)
    if params.process_id is not None:
        parent.watch(params.process_id)


async def initialized(session: Session, _: types.InitializedParams) -> None:
    """Ask to be told of what changes, and for the settings."""
    wanted = []
    if session.client.watches:
        names = [*(f"**/*{suffix}" for suffix in _WATCHED), *(f"**/{name}" for name in NAMES)]
        watchers = [types.FileSystemWatcher(name) for name in names]
        options: Any = types.DidChangeWatchedFilesRegistrationOptions(watchers)
        wanted.append((types.WORKSPACE_DID_CHANGE_WATCHED_FILES, options))
    if session.client.tells_settings:
        options = types.DidChangeConfigurationRegistrationOptions(SECTION)
        wanted.append((types.WORKSPACE_DID_CHANGE_CONFIGURATION, options))
    if wanted:
        asked = [types.Registration(f"iamlint {name}", name, each) for name, each in wanted]
        try:
            await session.server.client_register_capability_async(types.RegistrationParams(asked))
        except JsonRpcException as error:
            session.log(f"the editor does not tell of changes: {error}")
    await _pull(session)


async def settings_changed(session: Session, params: types.DidChangeConfigurationParams) -> None:
    """The person set something in the editor."""
    if params.settings:
        _take(session, params.settings)
        _check_all(session)
    else:
        await _pull(session)


def files_changed(session: Session, _: types.DidChangeWatchedFilesParams) -> None:
    """Somebody else wrote files."""
    _check_all(session, session.preferences.debounce / 1_000)


def folders_changed(session: Session, params: types.DidChangeWorkspaceFoldersParams) -> None:
    """The workspace has other folders."""
    gone = _folders(each.uri for each in params.event.removed)
    kept = [each for each in session.folders if each not in gone]
    added = _folders(each.uri for each in params.event.added)
    session.folders = tuple(dict.fromkeys((*kept, *added)))
    _check_all(session)


async def _pull(session: Session) -> None:
    """Ask the editor for its settings, where it can be asked."""
    if not session.client.configures:
        return
    item = types.ConfigurationItem(section=SECTION)
    try:
        (given,) = await session.server.workspace_configuration_async(
            types.ConfigurationParams([item])
        )
    except (JsonRpcException, ValueError, TypeError):  # no answer, or none that is one
        return
    if given is not None:
        _take(session, given)
        _check_all(session)


def _take(session: Session, given: object) -> None:
    session.preferences, wrong = preferences_of(given)
    for each in wrong:
        session.warn(f"iamlint: {each}")


def _check_all(session: Session, delay: float = 0.0) -> None:
    keys = [key_of(each.uri) for each in session.buffers]
    session.schedule.ask(keys, delay, everything=True)


def _folders(uris: Iterable[str]) -> tuple[str, ...]:
    found = (path_of(uri) for uri in uris)
    return tuple(os.path.realpath(path) for path in found if path is not None)
