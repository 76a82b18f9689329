"""Brings the reports of a check to where they were asked for: standard output, and files."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from time import perf_counter

from iamlint.cli.options import Asked
from iamlint.cli.output import check_target, save, show, tell, wants_colour
from iamlint.findings import Report
from iamlint.project.fault import UsageFault
from iamlint.reporters import View, files, render
from iamlint.reporters.text import summary_line
from iamlint.rules.book import Rule
from iamlint.typed import NamedTuple


class Target(NamedTuple):
    """One report that is wanted."""

    format: str
    path: str | None  # of the file; None: standard output


def targets(asked: Asked) -> tuple[Target, ...]:
    """The reports that a command line asks for; raises UsageFault.

    Formats and outputs belong together in the order in which they are given.
    """
    formats = asked.values.get("format", ())
    outputs = asked.values.get("output", ())
    if len(formats) > max(1, len(outputs)) or len(outputs) > max(1, len(formats)):
        raise _unpaired(len(formats), len(outputs))
    found = tuple(
        Target(format, None if output == "-" else output)
        for format, output in zip(formats or ("text",), outputs or ("-",), strict=True)
    )
    if len(found) > 1:
        _check_different(found)
    _check_sarif(asked, formats)
    for target in found:
        if target.path is not None:
            check_target(target.path)
    return found


def _unpaired(formats: int, outputs: int) -> UsageFault:
    numbers = [
        f"{number or 'no'} {noun}{'' if number == 1 else 's'}"
        for number, noun in ((formats, "format"), (outputs, "output"))
    ]
    return UsageFault(
        f"{numbers[0]} cannot go to {numbers[1]}",
        "give each format its output, in the same order: `--format text --output -"
        " --format sarif --output iamlint.sarif`; `-` is standard output",
    )


def _check_sarif(asked: Asked, formats: Sequence[str]) -> None:
    """Refuse what is said of a SARIF report where none is asked for."""
    if "sarif" in formats:
        return
    for name in ("category", "with-ignored"):
        if name in asked.switches or asked.values.get(name):
            raise UsageFault(
                f"`--{name}` is about a SARIF report, and none is asked for",
                "add `--format sarif`, or leave it out",
            )


def _check_different(found: Sequence[Target]) -> None:
    """Refuse two reports that would be written over each other."""
    seen: dict[str, str] = {}
    for target in found:
        place = "-" if target.path is None else os.path.realpath(target.path)
        if place in seen:
            where = "standard output" if target.path is None else f"`{target.path}`"
            raise UsageFault(f"two reports cannot both be written to {where}")
        seen[place] = target.format


def deliver(
    report: Report,
    asked: Asked,
    wanted: Sequence[Target],
    rules: tuple[Rule, ...],
    started: float,
    environment: Mapping[str, str],
) -> None:
    """Write the reports; where none goes to standard output, say in short what was found."""
    view = View(
        rules=rules,
        verbose="verbose" in asked.switches,
        quiet="quiet" in asked.switches,
        milliseconds=round((perf_counter() - started) * 1000),
        category=asked.last("category") or View().category,
        ignored="with-ignored" in asked.switches,
    )
    for format, path in wanted:
        colour = asked.last("color") or ("never" if path else "auto")
        told = view._replace(colour=format == "text" and wants_colour(colour, environment))
        if path is None:
            show(render(format, report, told), None if format == "text" else "utf-8")
        else:
            _save(path, files(format, report, told), view.quiet)
    if not view.quiet and all(target.path for target in wanted):
        tell(summary_line(report.summary, view.milliseconds, view.verbose))


def _save(path: str, texts: Sequence[str], quiet: bool) -> None:
    """Write a report; what is too much for one file goes to others beside it."""
    stem, suffix = os.path.splitext(path)
    paths = [path, *(f"{stem}.{number}{suffix}" for number in range(2, len(texts) + 1))]
    for each, text in zip(paths, texts, strict=True):
        save(each, text)
    if len(paths) > 1 and not quiet:
        tell(f"the report is in {len(paths)} files, `{path}` to `{paths[-1]}`; upload each")
