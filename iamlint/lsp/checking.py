"""Checks open documents; the one place of the server where anything is judged."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterable, Iterator, Mapping

from iamlint.findings import Finding
from iamlint.formats.configurations import HINT
from iamlint.formats.discovery import may_hold_roles
from iamlint.linting import lint_with
from iamlint.lsp.buffers import Document, key_of
from iamlint.lsp.files import BufferFiles
from iamlint.lsp.groups import Group, Grouping, Terms
from iamlint.lsp.own_settings import is_configuration, problems_of
from iamlint.lsp.preferences import Preferences
from iamlint.lsp.worker import Ticket
from iamlint.project.fault import UsageFault
from iamlint.rules.book import RuleBook
from iamlint.settings.errors import CODE
from iamlint.source import Problem
from iamlint.typed import NamedTuple


class Request(NamedTuple):
    """Open documents as they were at one moment, and which of them to look at again."""

    documents: tuple[Document, ...]
    changed: frozenset[str]  # keys of documents; a check covers all that belong to one of them
    everything: bool  # whatever changed
    preferences: Preferences
    folders: tuple[str, ...]  # of the workspace, absolute


class Judged(NamedTuple):
    """What is said of one document; nothing where it is None."""

    document: Document
    here: str = ""  # the folder that names in it start from
    findings: tuple[Finding, ...] = ()
    problems: tuple[Problem, ...] = ()
    book: RuleBook | None = None


class Checked(NamedTuple):
    """What a check says, and what is wrong with settings."""

    judged: list[Judged]
    faults: list[UsageFault]


class Checks:
    """The checks of one workspace, in the one thread that makes them."""

    __slots__ = ("_grouping",)

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._grouping = Grouping(environment)

    def run(self, request: Request, ticket: Ticket) -> Checked:
        """Check what changed, and what hangs on it; raises Superseded."""
        if request.everything:
            self._grouping.refresh()
        told = [each for each in request.documents if each.text is not None]
        groups = self._grouping.of(request.documents, request.preferences, request.folders)
        judged = [
            Judged(
                each, os.path.dirname(each.path or ""), problems=problems_of(each, self._grouping)
            )
            for each in told
            if is_configuration(each)
            and (request.everything or key_of(each.uri) in request.changed)
        ]
        faults = []
        for group in groups:
            if isinstance(group.terms, UsageFault):
                faults.append(group.terms)
                judged += _refused(group, group.terms)
            elif request.everything or _changed(group, request.changed):
                judged += self._judged(group, group.terms, request, ticket)
        return Checked(judged, faults)

    def _configuration(self, document: Document) -> Judged:
        folder = os.path.dirname(document.path or "")
        return Judged(document, folder, problems=problems_of(document, self._grouping))

    def _judged(
        self, group: Group, terms: Terms, request: Request, ticket: Ticket
    ) -> Iterator[Judged]:
        """What is said of the documents of a group."""
        documents = _to_judge(group)
        files = _files(group, terms, request.documents, ticket)
        # trees hold no cycles: to look for some while they are made is in vain
        gc.disable()
        try:
            report = lint_with(files, list(documents), terms.config, terms.book, ticket)
        finally:
            gc.enable()
        for name, document in documents.items():
            if files.lost:
                yield Judged(document, group.here)
                continue
            yield Judged(
                document,
                group.here,
                tuple(each for each in report.findings if each.place.span.source.name == name),
                tuple(each for each in report.problems if _path(each) == name),
                terms.book,
            )


def _files(
    group: Group, terms: Terms, documents: Iterable[Document], ticket: Ticket
) -> BufferFiles:
    """What a check of a group reads: all open documents count, whatever their settings are."""
    by_path = {each.path: each for each in documents if each.path is not None}
    untitled = {
        os.path.normpath(os.path.join(group.here, name)): each
        for name, each in group.documents.items()
        if each.path is None
    }
    own = (*terms.config.parameter_files, *terms.config.variable_files)
    roots = [*terms.roots, *(os.path.join(group.here, each) for each in own)]
    return BufferFiles(group.here, roots, by_path | untitled, ticket.begins)


def _to_judge(group: Group) -> dict[str, Document]:
    return {
        name: each
        for name, each in group.documents.items()
        if each.text is not None and not is_configuration(each)
    }


def _is_changed_one(document: Document, request: Request) -> bool:
    """Whether it is a configuration, and may not be what it was."""
    changed = request.everything or key_of(document.uri) in request.changed
    return changed and is_configuration(document)


def _changed(group: Group, changed: frozenset[str]) -> bool:
    return any(key_of(each.uri) in changed for each in group.documents.values())


def _path(problem: Problem) -> str:
    return problem.span.root().source.name if problem.span is not None else problem.path


def _refused(group: Group, fault: UsageFault) -> Iterator[Judged]:
    """What is said of documents that are not judged, as their settings cannot be used."""
    why = fault.problems[0] if fault.problems else None
    told = f"{fault.message}: {why.message} ({why.path})" if why else fault.message
    for name, document in _to_judge(group).items():
        data = document.data
        if may_hold_roles(data) or HINT.encode() in data:
            problem = Problem(CODE, f"not judged: {told}", name, help=fault.help or None)
            yield Judged(document, group.here, problems=(problem,))
        else:
            yield Judged(document, group.here)
