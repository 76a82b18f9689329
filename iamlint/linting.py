"""The one entry of the library: read what was named, judge every role in it, decide what shows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

from iamlint.bindings import Bindings
from iamlint.config import Config
from iamlint.engine import Engine
from iamlint.findings import Finding, Known, Report
from iamlint.formats import configurations, read
from iamlint.formats.discovery import Discovery, Found, discover, with_siblings
from iamlint.formats.encoding import decode
from iamlint.formats.ignoring import Ignoring, Patterns
from iamlint.formats.reading import UNREADABLE, Around, Call, Keeping, Reading
from iamlint.formats.role import Role
from iamlint.formats.sources import Sources
from iamlint.judging import Judge, Locals, Met, Remembering, Terms, Told, terms_of
from iamlint.known import Before, known_of, sift
from iamlint.merging import merge_equals
from iamlint.rules.book import RuleBook
from iamlint.source import Files, Problem, Source, Span
from iamlint.triage import Counts, Kept, triage
from iamlint.typed import Protocol

_MOST_CALLS = 1_000  # files deployed by others, each as often as it is


class Watch(Protocol):
    """Who looks on while roles are judged."""

    def begins(self) -> None:
        """The next role is looked at."""

    def judged(self) -> None:
        """It is judged."""


def lint_with(
    files: Files,
    paths: Sequence[str],
    config: Config,
    book: RuleBook,
    watch: Watch | None = None,
    memory: Remembering | None = None,
) -> Report:
    """Judge every role in the files that `paths` name or hold.

    `files` is the only way by which anything is read. Never raises for what a file contains.
    `memory` is what checks of the same files left before.
    """
    check = _checked(files, paths, config, book, watch, memory)
    parts = check.parts()
    counts = Counts(
        roles=sum(part.roles for part in parts),
        files=check.files,
        unresolved=tuple(value for part in parts for value in part.unresolved),
        skipped=check.skipped,
    )
    every = [finding for part in parts for finding in part.findings]
    ignored = [finding for part in parts for finding in part.ignored]
    sifted = sift(every, ignored, config.known or ())
    kept = Kept(
        tuple(merge_equals(ignored)),
        tuple(merge_equals(sifted.known)),
        tuple(each for each in sifted.gone if check.would_find(each)),
    )
    findings = list(check.judge.unshared(merge_equals(sifted.new)))
    return triage(findings, check.problems(), config, counts, kept)


def known_with(files: Files, paths: Sequence[str], config: Config, book: RuleBook) -> Before:
    """What is found, each finding of each role by the name that it keeps; see `Config.known`."""
    check = _checked(files, paths, config, book)
    findings = [finding for part in check.parts() for finding in part.findings]
    blocking = tuple(problem for problem in check.problems() if problem.blocking)
    return Before(known_of(findings, config), blocking)


def met_with(
    files: Files,
    paths: Sequence[str],
    config: Config,
    book: RuleBook,
    memory: Remembering | None = None,
) -> list[Met]:
    """The roles that a check of these paths reads, those of its modules too, none of them judged.

    A file that others deploy gives its roles as these deploy it.
    """
    check = _checked(files, paths, config, book, memory=memory, judging=False)
    return [met for part in check.parts() for met in part.met]


def _checked(
    files: Files,
    paths: Sequence[str],
    config: Config,
    book: RuleBook,
    watch: Watch | None = None,
    memory: Remembering | None = None,
    *,
    judging: bool = True,
) -> _Check:
    bindings = Bindings(files, config)
    excludes = [Patterns(each.folder, each.lines) for each in config.exclude]
    ignoring = Ignoring(files, excludes, git=config.gitignore, here=config.here)
    if config.as_found:
        paths = tuple(with_siblings(files, paths))
    read = decode if memory is None else memory.kept.decode
    discovery = discover(files, paths, ignoring=ignoring, as_found=config.as_found, decode=read)
    terms = terms_of(book, config)
    engine = Engine(book, config) if memory is None else memory.engine(book, config)
    judge = Judge(engine, terms, memory)
    check = _Check(judge, Sources(files, read), bindings, discovery, terms, watch)
    check.judging = judging
    if memory is not None:
        check.kept = memory.kept
    for found in discovery:
        check.see(found)
    check.follow()
    check.gather()
    if memory is not None and judging:
        memory.end()
    return check


# Whether a place is reported: its span, else the path of a file.
Chosen = Callable[[Span | None, str], bool]


def _everything(_: Span | None, __: str) -> bool:
    return True


class _Part:
    """What one file gave, as it was read once."""

    __slots__ = ("findings", "ignored", "met", "problems", "roles", "unresolved")

    def __init__(self) -> None:
        self.met: list[Met] = []  # all of them, where they are not judged
        self.findings: list[Finding] = []
        self.ignored: list[Finding] = []
        self.problems: list[Problem] = []
        self.unresolved: list[str] = []
        self.roles = 0


class _Check:
    """What one check has found and counted so far."""

    def __init__(
        self,
        judge: Judge,
        sources: Sources,
        bindings: Bindings,
        discovery: Discovery,
        terms: Terms,
        watch: Watch | None,
    ) -> None:
        self._watch = watch
        self.judge = judge
        self.kept: Keeping | None = None  # what earlier checks left of the files
        self._sources = sources
        self._bindings = bindings
        self._discovery = discovery
        self._terms = terms
        self._localities = terms.localities
        self._ignores = terms.ignores
        self._together: list[Found] = []  # files that only say something together
        self._variables: set[str] = set()  # of the root modules among them
        self._alone: dict[str, _Part] = {}  # each file as it is when nothing deploys it
        self._called: list[_Part] = []
        self._calls: list[tuple[Call, Locals]] = []  # with the settings of who deploys them
        self._declared: dict[str, None] = {}  # names of parameters, if there is anything with some
        self._problems: list[Problem] = []
        self._skipped: Counter[str] = Counter()
        self.judging = True  # False: roles are only met
        self.files = 0

    def see(self, found: Found) -> None:
        """Judge the roles of one file, or keep the problem there is instead of it."""
        if not isinstance(found.content, Source):
            self._problems.append(found.content)
            return
        if configurations.claims(found.path):
            self._sources.keep(found.content)
            self._together.append(found)
            return
        home = self._localities.of(found.path)
        reading = read(found.content, named=found.named, around=self._around(home))
        if self._pass_over(reading, found):
            return
        self.files += 1
        self._alone[found.path] = self._judged(reading, home)

    def _around(self, home: Locals) -> Around:
        """What is known around files with these settings."""
        sources = self._sources
        return Around(
            self._bindings.at(home).values,
            sources.at,
            sources.folder,
            self._variables_of,
            self.kept,
        )

    def _variables_of(self, folder: str) -> tuple[Source, ...]:
        return self._bindings.at(self._localities.of(folder, folder=True)).variables

    def _judged(self, reading: Reading, home: Locals, chosen: Chosen = _everything) -> _Part:
        """What a file gave; the files that it deploys are kept for later.

        Only what stands at a `chosen` place is kept, and the roles of which there is any. `home`:
        the settings of the file that deploys the roles.
        """
        part = _Part()
        part.problems.extend(each for each in reading.problems if chosen(each.span, each.path))
        self._calls.extend((call, home) for call in reading.calls)
        self._declared.update(dict.fromkeys(reading.parameters))
        for role in reading.roles:
            if not self.judging:
                part.met.append(self.judge.meet(role, home, reading.problems))
                continue
            (findings, problems, ignored), unresolved = self._watched(role, home, reading.problems)
            # of a role that was named all is said, wherever what is wrong with it was written
            named = chosen(role.span, "")
            kept = [each for each in findings if named or chosen(each.place.span, "")]
            hidden = [each for each in ignored if named or chosen(each.place.span, "")]
            if kept or hidden or named or chosen(role.document.span, ""):
                part.roles += 1
                told = f"of `{role.identity}` in {role.source.name}"
                part.unresolved.extend(f"{value} {told}" for value in unresolved)
                part.findings.extend(kept)
                part.ignored.extend(hidden)
                part.problems.extend(each for each in problems if chosen(each.span, each.path))
        return part

    def _watched(self, role: Role, home: Locals, told: Sequence[Problem]) -> Told:
        if self._watch is None:
            return self.judge.judge(role, home, told)
        self._watch.begins()
        found = self.judge.judge(role, home, told)
        self._watch.judged()
        return found

    def follow(self) -> None:
        """Judge files that others deploy as these do it, rather than as they are alone.

        Only files that were named, or found below what was: others are not reported.
        """
        called: set[str] = set()
        for number, (call, home) in enumerate(self._calls):  # grows while it is gone through
            source = self._sources.at(call.path) if call.path in self._alone else None
            if source is None:
                continue
            if number >= _MOST_CALLS:
                self._problems.append(_too_many(call))
                break
            called.add(call.path)
            self._called.append(self._judged(call.read(source), home))
        for path in called:
            del self._alone[path]

    def gather(self) -> None:
        """Judge the files that are modules together.

        What is read of a module may lie anywhere in the project: only what was named, or lies
        below what was, is reported. A file that one of its roles has its policy in is judged as
        that role's.
        """
        if not self._together:
            return
        sources = [found.content for found in self._together if isinstance(found.content, Source)]
        held: set[str] = {found.path for found in self._together if found.named}
        kept = self.kept.configurations if self.kept is not None else None
        for reading in configurations.read(sources, self._around(()), kept):
            for role in reading.roles:
                held |= {role.source.name, role.document.span.root().source.name}
            self._variables.update(reading.variables)
            home = self._localities.of(reading.folder, folder=True)
            self._called.append(self._judged(self._without_noise(reading), home, self._chosen))
        for path in held:
            self._alone.pop(path, None)
        here = sum(found.path in held for found in self._together)
        self.files += here
        if here < len(self._together):
            self._skipped["no trust policy in it"] += len(self._together) - here

    def _without_noise(self, reading: Reading) -> Reading:
        """A reading without what is wrong with files that have nothing to do with roles."""
        if reading.roles:
            return reading
        named = {found.path for found in self._together if found.named}
        kept = [each for each in reading.problems if each.path in named or self._hints(each.path)]
        return reading._replace(problems=kept)

    def _hints(self, path: str) -> bool:
        source = self._sources.at(path)
        return source is not None and configurations.HINT in source.text

    def _chosen(self, span: Span | None, path: str = "") -> bool:
        """Whether a place lies in what was named."""
        name = span.root().source.name if span else path
        # who gives a value has named where it stands
        return self._discovery.selects(name) or name in self._bindings.places

    def parts(self) -> list[_Part]:
        """What all files gave."""
        return [*self._alone.values(), *self._called]

    def would_find(self, known: Known) -> bool:
        """Whether a finding of before would be found again, if it were still there."""
        asked = self._asked(known.rule, known.path)
        return asked and self._chosen(None, known.path) and known.path not in self._blocked()

    def problems(self) -> list[Problem]:
        """What is wrong with what was read, with how it was asked for, and with the ignores."""
        problems = self._every_problem()
        if self._declared:
            problems += self._bindings.unknown(self._declared)
        if self._together:
            problems += self._bindings.undeclared(self._variables)
        for found in self._together:
            if isinstance(found.content, Source):
                self._ignores.look(found.content)
        told = self._ignores.problems(self._blocked(), self._asked)
        return [*problems, *(each for each in told if self._chosen(each.span, each.path))]

    @property
    def skipped(self) -> Counter[str]:
        """How many files and folders were passed over, by reason."""
        return Counter(self._discovery.skipped) + self._skipped

    def _every_problem(self) -> list[Problem]:
        of_parts = (problem for part in self.parts() for problem in part.problems)
        return [*dict.fromkeys(self._bindings.problems), *of_parts, *self._problems]

    def _blocked(self) -> set[str]:
        """The files that were not judged, or not whole."""
        return {problem.path for problem in self._every_problem() if problem.blocking}

    def _asked(self, rule: str, path: str) -> bool:
        """Whether a rule was asked for, for a file."""
        terms = self._localities.terms(self._localities.of(path))
        return rule not in terms.ignore and self._terms.config.enables(rule)

    def _pass_over(self, reading: Reading, found: Found) -> bool:
        """Whether a file that nobody named is no news: it is only counted."""
        if found.named or reading.roles:
            return False
        if reading.kind == UNREADABLE and not reading.problems:
            self._skipped["unreadable and without a role"] += 1
            return True
        unread = any(problem.code == "unread-format" for problem in reading.problems)
        if unread:
            self._skipped[f"not read yet: {reading.kind}"] += 1
        return unread


def _too_many(call: Call) -> Problem:
    message = f"more than {_MOST_CALLS:,} templates are nested in others; the rest was not judged"
    return Problem("too-many-stacks", message, call.path)
