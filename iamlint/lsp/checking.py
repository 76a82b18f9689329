"""Checks open documents; the one place of the server where anything is judged."""

from __future__ import annotations

import gc
import os
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from iamlint.explaining.at import explain_at
from iamlint.explaining.explanation import Explanation
from iamlint.explaining.spots import At
from iamlint.findings import Change, Finding
from iamlint.fixing import fix, rewritten
from iamlint.formats.configurations import HINT
from iamlint.formats.discovery import may_hold_roles
from iamlint.formats.encoding import decode
from iamlint.ignores.writing import ways
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
from iamlint.source import Problem, Source
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
        groups = self._groups(request)
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

    def ignoring(self, request: Request, judged: Judged, finding: Finding) -> Change | None:
        """What to write for a finding to be ignored: the first way that is seen to hide it."""
        ticket = Ticket()
        for change in ways(finding):
            text = rewritten(finding.place.span.source.text, [change])
            after = self._of_one(_with(request, judged.document, text), judged.document, ticket)
            if after is not None and _hides(judged, after, finding):
                return change
        return None

    def fixing(self, request: Request, document: Document) -> str | None:
        """The text that all proved edits of a document make, as `check --fix` makes it."""
        one = request._replace(changed=frozenset((key_of(document.uri),)), everything=False)
        for group in self._groups(one):
            name = next((name for name, each in _to_judge(group).items() if each is document), None)
            if name is None or isinstance(group.terms, UsageFault):
                continue
            files = _files(group, group.terms, one.documents, Ticket())
            fixed = fix(files, [name], group.terms.config, group.terms.book).files.get(name)
            contents = decode(name, fixed.after) if fixed is not None and not files.lost else ()
            return next((each.text for each in contents if isinstance(each, Source)), None)
        return None

    def explain(
        self, document: Document, offset: int, request: Request, ticket: Ticket
    ) -> Explanation | None:
        """What is at a place of a document, and who can get in through it; raises Superseded."""
        for group in self._groups(request):
            documents = _to_judge(group)
            name = next((name for name, each in documents.items() if each is document), None)
            if name is None or isinstance(group.terms, UsageFault):
                continue
            files = _files(group, group.terms, request.documents, ticket)
            config, book = group.terms.config, group.terms.book
            at = At(name, offset)
            found = explain_at(files, list(documents), config, book, at, ticket.begins)
            return None if files.lost else found
        return None

    def _groups(self, request: Request) -> list[Group]:
        documents = [each for each in request.documents if not is_configuration(each)]
        return self._grouping.of(documents, request.preferences, request.folders)

    def _of_one(self, request: Request, document: Document, ticket: Ticket) -> Judged | None:
        """What is said of one of the documents."""
        found = self.run(request, ticket).judged
        return next((each for each in found if each.document.uri == document.uri), None)

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


def _with(request: Request, document: Document, text: str) -> Request:
    """The documents as they would be with another text of one."""
    written = document.at(document.version, text)
    documents = tuple(written if each is document else each for each in request.documents)
    return request._replace(
        documents=documents, changed=frozenset((key_of(document.uri),)), everything=False
    )


def _hides(before: Judged, after: Judged, finding: Finding) -> bool:
    """Whether a finding is gone, and nothing came or went but what it spoke for or stands with."""
    fewer = _alike(after, finding) < _alike(before, finding)
    gone = all(each.fingerprint != finding.fingerprint for each in after.findings)
    new = Counter(each.message for each in after.problems)
    new -= Counter(each.message for each in before.problems)
    others = {each.fingerprint for each in before.findings if each.rule != finding.rule}
    kept = others <= {each.fingerprint for each in after.findings}
    return fewer and gone and kept and not new


def _alike(judged: Judged, finding: Finding) -> int:
    """How often the same is said of a text of the same roles."""
    roles, text = set(finding.roles), finding.place.span.text
    return sum(
        (each.rule, each.message, each.place.span.text) == (finding.rule, finding.message, text)
        and not roles.isdisjoint(each.roles)
        for each in judged.findings
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
    return {name: each for name, each in group.documents.items() if each.text is not None}


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
