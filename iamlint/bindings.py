"""Values that a user gives to the parameters of templates."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from iamlint.config import Config
from iamlint.formats.encoding import decode
from iamlint.source import FileError, Files, Problem, Source
from iamlint.syntax.value import Value
from iamlint.typed import NamedTuple


class Bindings(NamedTuple):
    """The values by name, and what is wrong with where they were given."""

    values: Mapping[str, Value] = {}
    problems: tuple[Problem, ...] = ()

    def unknown(self, declared: Iterable[str]) -> list[Problem]:
        """What to say of values for parameters that nothing declares."""
        if not self.values:
            return []
        from iamlint.formats.cloudformation import bindings  # noqa: PLC0415 - seldom asked for

        return bindings.unknown(self.values, declared)


def bound(files: Files, config: Config) -> Bindings:
    """The values in the files and pairs that the settings name; of two the later one counts."""
    if not config.parameter_files and not config.parameters:
        return Bindings()
    from iamlint.formats.cloudformation import bindings  # noqa: PLC0415 - seldom asked for

    values: dict[str, Value] = {}
    problems: list[Problem] = []
    for path in config.parameter_files:
        for document, source in _documents(files, path, problems):
            found, faults = bindings.read_file(document, source)
            values.update(found)
            problems.extend(faults)
    for pair in config.parameters:
        found, faults = bindings.read_pair(pair)
        values.update(found)
        problems.extend(faults)
    return Bindings(values, tuple(problems))


def _documents(files: Files, path: str, problems: list[Problem]) -> list[tuple[Value, Source]]:
    """The value in a file of parameters, if it can be read."""
    from iamlint.formats.parsing import parse  # noqa: PLC0415 - as above

    try:
        contents = list(decode(path, files.read(path)))
    except FileError as error:
        message = f"cannot read the parameters in `{path}`: {error.reason}"
        problems.append(Problem("unreadable-file", message, path))
        return []
    problems.extend(each for each in contents if isinstance(each, Problem))
    found: list[tuple[Value, Source]] = []
    for source in contents:
        if isinstance(source, Source):
            value, faults = parse(source)
            problems.extend(faults)
            found += [(value, source)] if value is not None else []
    return found
