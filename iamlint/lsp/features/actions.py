"""Offers what can be done about a finding: proved edits, and ignoring it with a reason."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from lsprotocol import types

from iamlint.findings import Finding
from iamlint.ignores.writing import may_have_a_way
from iamlint.lsp.buffers import Document, key_of
from iamlint.lsp.editing import edit_of, rewriting
from iamlint.lsp.session import Session, Shown
from iamlint.typed import Any, NamedTuple

FIX_ALL = "source.fixAll.iamlint"
OPTIONS = types.CodeActionOptions(
    code_action_kinds=[types.CodeActionKind.QuickFix, FIX_ALL], resolve_provider=True
)
_MOST_TEXT = 40  # characters of a title that come out of a file


class _Asked(NamedTuple):
    """A document as it is now and was when it was judged."""

    session: Session
    document: Document
    shown: Shown


async def offer(session: Session, params: types.CodeActionParams) -> list[types.CodeAction]:
    """What can be done in a range; nothing about a text that has moved on since it was judged."""
    asked = _asked(session, params.text_document.uri)
    if asked is None or not session.client.literals:
        return []
    only = params.context.only
    found: list[types.CodeAction] = []
    if _wants(only, types.CodeActionKind.QuickFix.value):
        found += _quick_fixes(asked, params.range)
    if _wants(only, FIX_ALL) and any(map(_is_fixable, asked.shown.judged.findings)):
        data = _data(asked, "fix-all")
        found.append(types.CodeAction("Fix all that iamlint can prove", FIX_ALL, data=data))
    if session.client.resolves:
        return found
    whole = [await resolve(session, each) for each in found]
    return [each for each in whole if each.edit is not None]


async def resolve(session: Session, action: types.CodeAction) -> types.CodeAction:
    """The action with its edit, unless there is none any more."""
    data = action.data if isinstance(action.data, dict) else {}
    asked = _asked(session, str(data.get("uri")))
    if action.edit is not None or asked is None or asked.document.version != data.get("version"):
        return action
    if data.get("what") == "fix-all":
        action.edit = await _all_fixed(asked)
    else:
        action.edit = await _ignored(asked, data.get("finding"))
    return action


def _asked(session: Session, uri: str) -> _Asked | None:
    document, shown = session.buffers.get(uri), session.shown.get(key_of(uri))
    if document is None or shown is None or shown.judged.document is not document:
        return None
    return _Asked(session, document, shown)


def _wants(only: Any, kind: str) -> bool:
    """Whether a kind is asked for: all are where none is named, and those that it is a part of."""
    names = [getattr(each, "value", each) for each in only or ()]
    return not names or any(f"{kind}.".startswith(f"{name}.") or not name for name in names)


def _quick_fixes(asked: _Asked, place: types.Range) -> Iterator[types.CodeAction]:
    findings = asked.shown.judged.findings
    for number, finding in enumerate(findings):
        diagnostic = asked.shown.diagnostics[number]
        if _touch(diagnostic.range, place):
            yield from _fix(asked, finding, diagnostic)
            if may_have_a_way(finding):
                yield _ignore(asked, number)


def _fix(asked: _Asked, finding: Finding, shown: types.Diagnostic) -> Iterator[types.CodeAction]:
    session = asked.session
    if not _is_fixable(finding):
        return
    documents = session.by_path()
    edit = edit_of(finding.edit, asked.shown.judged.here, documents, session.client)
    if edit is not None:
        yield types.CodeAction(
            _title(finding),
            types.CodeActionKind.QuickFix,
            diagnostics=[shown],
            is_preferred=True if session.client.prefers else None,
            edit=edit,
        )


def _ignore(asked: _Asked, number: int) -> types.CodeAction:
    return types.CodeAction(
        f"Ignore {asked.shown.judged.findings[number].rule} here, with a reason",
        types.CodeActionKind.QuickFix,
        diagnostics=[asked.shown.diagnostics[number]],
        data=_data(asked, "ignore") | {"finding": number},
    )


def _is_fixable(finding: Finding) -> bool:
    return bool(finding.edit) and finding.certainty == "certain"


def _title(finding: Finding) -> str:
    """What an edit does, in a line."""
    what = f"Fix {finding.rule}"
    if len(finding.edit) > 1:
        return what
    change = finding.edit[0]
    old, new = " ".join(change.span.text.split()), " ".join(change.text.split())
    if max(len(old), len(new)) > _MOST_TEXT:
        return what
    if not new:
        return f"{what}: take `{old}` away"
    return f"{what}: write `{new}`" + (f" for `{old}`" if old else "")


def _touch(one: types.Range, two: types.Range) -> bool:
    return one.start <= two.end and two.start <= one.end


def _data(asked: _Asked, what: str) -> dict[str, Any]:
    return {"uri": asked.document.uri, "version": asked.document.version, "what": what}


async def _all_fixed(asked: _Asked) -> types.WorkspaceEdit | None:
    session, document = asked.session, asked.document
    request = session.request(frozenset(), everything=False)
    text = await session.apart(partial(session.checks.fixing, request, document))
    if text is None or session.buffers.get(document.uri) is not document:
        return None
    return rewriting(document, text, session.client)


async def _ignored(asked: _Asked, number: object) -> types.WorkspaceEdit | None:
    session, judged = asked.session, asked.shown.judged
    if type(number) is not int or not 0 <= number < len(judged.findings):
        return None
    request = session.request(frozenset(), everything=False)
    finding = judged.findings[number]
    change = await session.apart(partial(session.checks.ignoring, request, judged, finding))
    if change is None:
        session.say(f"iamlint: nothing that is written here would hide this `{finding.rule}`")
        return None
    return edit_of([change], judged.here, session.by_path(), session.client)
