"""Writes a report for a person at a terminal."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from iamlint.findings import SEVERITIES, Finding, Known, Place, Report, Summary
from iamlint.reporters import View
from iamlint.reporters.excerpt import Excerpt, clean, excerpt
from iamlint.source import Problem

MOST_TEXT = 1000  # code points of a message or a field
MOST_ROLES = 5
MOST_PLACES = 8

Paint = Callable[[str, str], str]

_STYLES = {
    "critical": "1;31",
    "high": "1;31",
    "medium": "1;33",
    "low": "1;36",
    "info": "1;34",
    "problem": "1;35",
    "message": "1",
    "gutter": "1;34",
}


def render(report: Report, view: View) -> str:
    """Return findings, problems and the closing line, parted by empty lines."""
    paint = _coloured if view.colour else _plain
    blocks = [_finding(finding, paint) for finding in report.findings]
    blocks += [_problem(problem, paint) for problem in report.problems]
    if report.fixed:
        blocks.append([_gone(each) for each in report.fixed])
    if view.verbose and report.ignored:
        blocks.append([_ignored(finding) for finding in report.ignored])
    for word, lines in (("skipped", report.skipped), ("unresolved", report.unresolved)):
        if view.verbose and lines:
            blocks.append([f"{word}: {_shortened(line)}" for line in lines])
    if not view.quiet:
        blocks.append([summary_line(report.summary, view.milliseconds, view.verbose)])
    return "".join("\n".join(block) + "\n\n" for block in blocks)[:-1]


def problem_text(problem: Problem) -> str:
    """One problem, without colours."""
    return "\n".join(_problem(problem, _plain))


def summary_line(summary: Summary, milliseconds: int | None = None, verbose: bool = False) -> str:
    """The closing line: what was found, kept back and looked at."""
    counts = summary.counts
    below = summary.hidden - counts["ignored"] - counts["known"]
    parts = [
        _found(counts),
        _count(summary.problems, "problem") if summary.problems else "",
        f"{counts['ignored']} ignored",
        f"{counts['known']} known" if counts["known"] else "",
        f"{counts['fixed']} fixed" if counts["fixed"] else "",
        f"{below} below the level shown" if below else "",
        f"{_count(summary.roles, 'role')} in {_count(summary.files, 'file')}",
        f"{_count(summary.unresolved, 'value')} unresolved" if summary.unresolved else "",
        f"{summary.skipped} skipped" if verbose else "",
        "" if milliseconds is None else f"{milliseconds} ms",
    ]
    return " · ".join(part for part in parts if part)


def _found(counts: dict[str, int]) -> str:
    by_severity = [f"{counts[name]} {name}" for name in reversed(SEVERITIES) if counts[name]]
    if not by_severity:
        return "no findings"
    possible = f"; {counts['possible']} possible" if counts["possible"] else ""
    total = sum(counts[name] for name in SEVERITIES)
    return f"{_count(total, 'finding')} ({', '.join(by_severity)}{possible})"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _finding(finding: Finding, paint: Paint) -> list[str]:
    rule = f"{finding.rule}, possible" if finding.certainty == "possible" else finding.rule
    places = (finding.place, *finding.related[:MOST_PLACES])
    excerpts = [excerpt(place.span) for place in places]
    width = max(len(str(cut.line)) for cut in excerpts)
    lines = [_header(finding.severity, f"{finding.severity}[{rule}]", finding.message, paint)]
    for place, cut in zip(places, excerpts, strict=True):
        arrow = "-->" if place is finding.place else ":::"
        lines += _place(place, cut, width, arrow, finding.severity, paint)
    for name, text in _fields(finding):
        lines += _field(name, text, width, paint)
    return lines


def _problem(problem: Problem, paint: Paint) -> list[str]:
    lines = [_header("problem", problem.code, problem.message, paint)]
    width = 1
    if problem.span is None:
        lines.append(f"{' ' * width}{paint('gutter', '-->')} {clean(problem.path)}")
    else:
        place = Place(problem.span.root())
        cut = excerpt(place.span)
        width = len(str(cut.line))
        lines += _place(place, cut, width, "-->", "problem", paint)
    if problem.help:
        lines += _field("help", problem.help, width, paint)
    return lines


def _gone(known: Known) -> str:
    return f"fixed: [{clean(known.rule)}] {_shortened(known.message)} ({clean(known.path)})"


def _ignored(finding: Finding) -> str:
    why, source = finding.justification, finding.place.span.source
    line, column = source.position(finding.place.span.start)
    told = f"ignored: [{clean(finding.rule)}] {_shortened(finding.message)}"
    said = _shortened(why.reason) if why is not None and why.reason else "no reason is given"
    until = f" until {clean(why.until)}" if why is not None and why.until else ""
    return f"{told} ({clean(source.name)}:{line}:{column}){until}: {said}"


def _header(style: str, head: str, message: str, paint: Paint) -> str:
    return paint(style, clean(head)) + paint("message", f": {_shortened(message)}")


def _place(
    place: Place, cut: Excerpt, width: int, arrow: str, style: str, paint: Paint
) -> Iterator[str]:
    margin = " " * width
    bar = paint("gutter", "|")
    label = f" {_shortened(place.label)}" if place.label else ""
    path = clean(place.span.source.name)
    yield f"{margin}{paint('gutter', arrow)} {path}:{cut.line}:{cut.column}"
    yield f"{margin} {bar}"
    yield f"{paint('gutter', str(cut.line).rjust(width))} {bar} {cut.text}".rstrip()
    yield f"{margin} {bar} {' ' * cut.indent}{paint(style, '^' * cut.carets + label)}"
    if cut.more_lines:
        yield f"{margin} {bar} ... {_count(cut.more_lines, 'more line')}"


def _fields(finding: Finding) -> Iterator[tuple[str, str]]:
    if len(finding.related) > MOST_PLACES:
        yield "note", f"{_count(len(finding.related) - MOST_PLACES, 'more related place')}"
    if finding.witness:
        yield "who", finding.witness
    if finding.certainty == "possible":
        for assumption in finding.assumptions:
            yield "because", assumption
    if finding.why:
        yield "note", finding.why
    for note in finding.notes:
        line, column = note.place.span.source.position(note.place.span.start)
        place = f"{note.place.span.source.name}:{line}:{column}"
        yield "note", f"[{note.rule}] {note.message} ({place})"
    if len(finding.roles) > 1:
        yield "roles", _listed(finding.roles)
    if finding.help:
        yield "help", finding.help
    yield "see", f"iamlint explain {finding.rule}"


def _listed(roles: Sequence[str]) -> str:
    rest = len(roles) - MOST_ROLES
    more = f" and {rest} more" if rest > 0 else ""
    return ", ".join(roles[:MOST_ROLES]) + more


def _field(name: str, text: str, width: int, paint: Paint) -> Iterator[str]:
    margin = " " * (width + 1)
    first, *rest = text.rstrip("\n").split("\n")
    yield f"{margin}{paint('gutter', '=')} {paint('message', name + ':')} {_shortened(first)}"
    for line in rest:
        # in the log of a job of GitHub Actions a line that begins so is a command
        told = f"· {line}" if line.lstrip().startswith("::") else line
        yield f"{margin}{' ' * (len(name) + 4)}{_shortened(told)}".rstrip()


def _shortened(text: str) -> str:
    return clean(text if len(text) <= MOST_TEXT else text[:MOST_TEXT] + "…")


def _plain(style: str, text: str) -> str:
    return text


def _coloured(style: str, text: str) -> str:
    return f"\x1b[{_STYLES[style]}m{text}\x1b[0m"
