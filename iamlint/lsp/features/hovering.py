"""Shows beside a place who can get in through what is written there, and what a guard does."""

from __future__ import annotations

from lsprotocol import types

from iamlint.lsp.buffers import Document
from iamlint.lsp.diagnostics import range_in, shift_of
from iamlint.lsp.session import Session
from iamlint.lsp.worker import Superseded, Ticket
from iamlint.reporters.hover import markdown, plain


class _OfText(Ticket):
    """Wanted as long as nobody asks for another place, and the text stays what it is."""

    __slots__ = ("_document", "_session")

    def __init__(self, session: Session, document: Document) -> None:
        super().__init__()
        self._session = session
        self._document = document

    def begins(self) -> None:
        """Go on, or not; raises Superseded."""
        super().begins()
        if self._session.buffers.get(self._document.uri) is not self._document:
            raise Superseded


async def hovered(session: Session, params: types.HoverParams) -> types.Hover | None:
    """What is at a place, where it is something of a role."""
    document = session.buffers.get(params.text_document.uri)
    if document is None or document.text is None:
        return None
    encoding = session.client.encoding
    offset = document.lines.offset(params.position.line, params.position.character, encoding)
    if offset is None or not offset - shift_of(document) >= 0:
        return None
    ticket = _OfText(session, document)
    session.hover.end()
    session.hover = ticket
    request = session.request(frozenset(), everything=False)
    at = offset - shift_of(document)
    try:
        found = await session.apart(lambda: session.checks.explain(document, at, request, ticket))
    except Superseded:
        return None
    except Exception as error:  # an editor would show it in the way of whoever types
        session.fault(error)
        return None
    finally:
        ticket.end()  # also where the editor took its question back
    if found is None or session.buffers.get(document.uri) is not document:
        return None
    shown = session.client.markdown
    kind = types.MarkupKind.Markdown if shown else types.MarkupKind.PlainText
    text = markdown(found) if shown else plain(found)
    place = range_in(document, found.span, encoding)
    # what is shown of a whole block is beside the point where somebody looks
    one_line = place.start.line == place.end.line
    return types.Hover(types.MarkupContent(kind, text), place if one_line else None)
