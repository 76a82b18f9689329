"""What the editor at the other end can do."""

from __future__ import annotations

from lsprotocol import types

from iamlint.lsp.positions import UTF16
from iamlint.typed import NamedTuple


class Client(NamedTuple):
    """The capabilities that matter; an editor that says nothing has none."""

    encoding: str = UTF16  # of columns
    related: bool = False  # shows related places
    tags: bool = False  # shows what is unnecessary as such
    versions: bool = False  # wants to know which version diagnostics are about
    links: bool = False  # opens the description of a code
    document_changes: bool = False  # takes edits of versions
    literals: bool = False  # takes code actions rather than commands
    resolves: bool = False  # asks for the edit of a code action when it is chosen
    prefers: bool = False  # shows which code action is the best one
    configures: bool = False  # can be asked for its settings
    tells_settings: bool = False  # may be asked to tell when its settings change
    watches: bool = False  # may be asked to watch files
    markdown: bool = False  # shows Markdown beside a place
    progress: bool = False  # shows that something goes on


def client_of(capabilities: types.ClientCapabilities, encoding: str) -> Client:
    """The capabilities of an editor, and the encoding that was agreed on."""
    document = capabilities.text_document or types.TextDocumentClientCapabilities()
    workspace = capabilities.workspace or types.WorkspaceClientCapabilities()
    shown = document.publish_diagnostics or types.PublishDiagnosticsClientCapabilities()
    action = document.code_action or types.CodeActionClientCapabilities()
    edits = workspace.workspace_edit or types.WorkspaceEditClientCapabilities()
    watched = workspace.did_change_watched_files
    settings = workspace.did_change_configuration
    lazily, window = action.resolve_support, capabilities.window
    return Client(
        encoding=encoding,
        related=bool(shown.related_information),
        tags=_shows_unnecessary(shown),
        versions=bool(shown.version_support),
        links=bool(shown.code_description_support),
        document_changes=bool(edits.document_changes),
        literals=action.code_action_literal_support is not None,
        resolves=lazily is not None and "edit" in lazily.properties and bool(action.data_support),
        prefers=bool(action.is_preferred_support),
        configures=bool(workspace.configuration),
        tells_settings=settings is not None and bool(settings.dynamic_registration),
        watches=watched is not None and bool(watched.dynamic_registration),
        markdown=_shows_markdown(document.hover),
        progress=window is not None and bool(window.work_done_progress),
    )


def _shows_markdown(hover: types.HoverClientCapabilities | None) -> bool:
    """Whether it takes Markdown, and no plain text before it."""
    formats = list(hover.content_format or ()) if hover is not None else []
    return formats[:1] == [types.MarkupKind.Markdown]


def _shows_unnecessary(shown: types.PublishDiagnosticsClientCapabilities) -> bool:
    support = shown.tag_support
    return support is not None and types.DiagnosticTag.Unnecessary in support.value_set
