"""Checks open documents; the one place of the server where anything is judged."""

from __future__ import annotations

import gc
import os
from collections import Counter
from collections.abc import Container, Iterable, Iterator, Mapping

from iamlint.explaining.at import explain_at
from iamlint.explaining.explanation import Explanation
from iamlint.explaining.spots import At
from iamlint.findings import Change, Finding, Place, Report
from iamlint.fixing import fix, rewritten
from iamlint.formats.configurations import HINT, claims
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
from iamlint.memory import Memory
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
    elsewhere: list[Problem]  # that hinder, in files which nobody has open


class Checks:
    """The checks of one workspace, in the one thread that makes them."""

    __slots__ = ("_grouping", "_memories")

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._grouping = Grouping(environment)
        self._memories: dict[tuple[str, str], Memory] = {}  # of groups, by their keys

    def run(self, request: Request, ticket: Ticket) -> Checked:
        """Check what changed, and what hangs on it; raises Superseded."""
        if request.everything:
            self._grouping.refresh()
        told = [each for each in request.documents if each.text is not None]
        groups = self._groups(request)
        self._memories = {each.key: self._memories.get(each.key) or Memory() for each in groups}
        judged = [self._configuration(each) for each in told if _is_changed_one(each, request)]
        judged += [Judged(each) for each in _hidden(told, groups)]
        faults, elsewhere = list[UsageFault](), list[Problem]()
        for group in groups:
            if isinstance(group.terms, UsageFault):
                faults.append(group.terms)
                judged += _refused(group, group.terms)
            elif request.everything or _changed(group, request.changed):
                found, problems = self._judged(group, group.terms, request, ticket)
                judged += found
                elsewhere += problems
        return Checked(judged, faults, elsewhere)

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
            memory = self._memories.setdefault(group.key, Memory())
            found = explain_at(
                files, list(documents), config, book, At(name, offset), ticket.begins, memory
            )
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
        """What is said of a configuration, as it is in the editor."""
        folder = os.path.dirname(document.path or "")
        return Judged(document, folder, problems=problems_of(document, self._grouping))

    def _judged(
        self, group: Group, terms: Terms, request: Request, ticket: Ticket
    ) -> tuple[list[Judged], list[Problem]]:
        """What is said of the documents of a group, and what hinders elsewhere."""
        documents = _to_judge(group)
        report = self._report(group, documents, terms, request, ticket)
        silent: list[Judged] = []
        if report is None:  # a lost file of a module says nothing about what is no module
            silent = [Judged(each, group.here) for each in documents.values()]
            documents = {name: each for name, each in documents.items() if not claims(name)}
            report = self._report(group, documents, terms, request, ticket)
        if report is None:
            return silent, []
        found = _by_document(report, documents)
        told = [
            Judged(
                each, group.here, tuple(found.get(name, ())), _problems(report, name), terms.book
            )
            for name, each in documents.items()
        ]
        silent = [each for each in silent if each.document not in documents.values()]
        others = (each for each in report.problems if each.blocking)
        return [*silent, *told], [each for each in others if _path(each) not in documents]

    def _report(
        self,
        group: Group,
        documents: Mapping[str, Document],
        terms: Terms,
        request: Request,
        ticket: Ticket,
    ) -> Report | None:
        """What a check says; None where it asked for a text that nobody knows."""
        files = _files(group, terms, request.documents, ticket)
        memory = self._memories[group.key]
        # trees hold no cycles: to look for some while they are made is in vain
        gc.disable()
        try:
            report = lint_with(files, list(documents), terms.config, terms.book, ticket, memory)
        finally:
            gc.enable()
        return None if files.lost else report


def _by_document(report: Report, names: Container[str]) -> dict[str, list[Finding]]:
    """The findings by the document that they are shown in.

    What has to change in a file that nobody has open is shown where its value is used.
    """
    found: dict[str, list[Finding]] = {}
    for finding in report.findings:
        places = [finding.place, *finding.related]
        shown = next((each for each in places if each.span.source.name in names), None)
        if shown is not None:
            told = finding if shown is finding.place else _moved(finding, shown)
            found.setdefault(shown.span.source.name, []).append(told)
    return found


def _moved(finding: Finding, place: Place) -> Finding:
    """A finding as it is shown at a related place."""
    others = (each for each in finding.related if each is not place)
    written = finding.place._replace(label="what has to change is written here")
    return finding._replace(place=place, related=(written, *others))


def _hidden(documents: Iterable[Document], groups: Iterable[Group]) -> Iterator[Document]:
    """Files that are open a second time, under the name of a link: the other text counts."""
    grouped = {id(each) for group in groups for each in group.documents.values()}
    for each in documents:
        if each.path is not None and not is_configuration(each) and id(each) not in grouped:
            yield each


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


def _problems(report: Report, name: str) -> tuple[Problem, ...]:
    return tuple(each for each in report.problems if _path(each) == name)


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
