"""Values that a user gives to the parameters of templates, and to variables of Terraform."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from iamlint.config import Config
from iamlint.formats.encoding import decode
from iamlint.formats.reading import VARIABLE
from iamlint.source import FileError, Files, Problem, Source, Span
from iamlint.syntax.value import Value
from iamlint.typed import NamedTuple


class Bindings(NamedTuple):
    """The values by name, and what is wrong with where they were given."""

    values: Mapping[str, Value] = {}
    problems: tuple[Problem, ...] = ()
    variables: tuple[Source, ...] = ()  # the same for Terraform, read by who knows its language

    def undeclared(self, declared: Iterable[str]) -> list[Problem]:
        """What to say of values for variables that no root module declares."""
        known = set(declared)
        found: list[Problem] = []
        for source in self.variables:
            name = source.text.partition("=")[0].strip()
            if source.name == VARIABLE and name not in known:
                message = f"no root module has a variable `{name}`"
                span = Span(source, 0, len(source.text))
                found.append(Problem("unknown-variable", message, VARIABLE, span, blocking=False))
        return found

    def unknown(self, declared: Iterable[str]) -> list[Problem]:
        """What to say of values for parameters that nothing declares."""
        if not self.values:
            return []
        from iamlint.formats.cloudformation import bindings  # noqa: PLC0415 - seldom asked for

        return bindings.unknown(self.values, declared)


def bound(files: Files, config: Config) -> Bindings:
    """The values in the files and pairs that the settings name; of two the later one counts."""
    problems: list[Problem] = []
    variables = tuple(_variables(files, config, problems))
    if not config.parameter_files and not config.parameters:
        return Bindings({}, tuple(problems), variables)
    from iamlint.formats.cloudformation import bindings  # noqa: PLC0415 - seldom asked for

    values: dict[str, Value] = {}
    for path in config.parameter_files:
        for document, source in _documents(files, path, problems):
            found, faults = bindings.read_file(document, source)
            values.update(found)
            problems.extend(faults)
    for pair in config.parameters:
        found, faults = bindings.read_pair(pair)
        values.update(found)
        problems.extend(faults)
    return Bindings(values, tuple(problems), variables)


def _variables(files: Files, config: Config, problems: list[Problem]) -> Iterator[Source]:
    """The files and pairs of values for variables, the one that counts most last."""
    for path in config.variable_files:
        yield from _sources(files, path, "variables", problems)
    for pair in config.variables:
        yield Source(VARIABLE, pair)


def _documents(files: Files, path: str, problems: list[Problem]) -> list[tuple[Value, Source]]:
    """The value in a file of parameters, if it can be read."""
    from iamlint.formats.parsing import parse  # noqa: PLC0415 - as above

    found: list[tuple[Value, Source]] = []
    for source in _sources(files, path, "parameters", problems):
        value, faults = parse(source)
        problems.extend(faults)
        found += [(value, source)] if value is not None else []
    return found


def _sources(files: Files, path: str, what: str, problems: list[Problem]) -> list[Source]:
    """The text of a file, if it can be read."""
    try:
        contents = list(decode(path, files.read(path)))
    except FileError as error:
        message = f"cannot read the {what} in `{path}`: {error.reason}"
        problems.append(Problem("unreadable-file", message, path))
        return []
    problems.extend(each for each in contents if isinstance(each, Problem))
    return [source for source in contents if isinstance(source, Source)]
