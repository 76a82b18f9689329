"""Values that a user gives to the parameters of templates, and to variables of Terraform."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from iamlint.config import Config, Local, Pair
from iamlint.formats.encoding import decode
from iamlint.formats.reading import VARIABLE
from iamlint.source import FileError, Files, Problem, Source, Span
from iamlint.syntax.value import Value
from iamlint.typed import NamedTuple


class Given(NamedTuple):
    """Values by name; those for Terraform as they were written, as it has a language of its own."""

    values: Mapping[str, Value] = {}
    variables: tuple[Source, ...] = ()


class Written:
    """Where all of a text was written: at one place, in other words maybe."""

    __slots__ = ("_span",)

    def __init__(self, span: Span) -> None:
        self._span = span

    def span(self, start: int, end: int) -> Span:
        """The place, whatever part of the text is asked for."""
        return self._span


class Bindings:
    """The values that are given for all files, and those for some of them.

    `problems`: what is wrong with where they were given, as far as they were asked for.
    """

    __slots__ = ("_config", "_files", "_known", "_own", "_read", "places", "problems")

    def __init__(self, files: Files, config: Config) -> None:
        self._files = files
        self._config = config
        self._known: dict[tuple[int, ...], Given] = {}  # by identity of the settings
        self._read: dict[str, list[Source]] = {}
        self.problems: list[Problem] = []
        self.places: set[str] = set()  # names of what holds the values for variables
        # what was given for this check wins over what is always given
        self._own = Given(
            self._values(config.parameter_files, config.parameters),
            (
                *self._from_files(config.variable_files, "variables"),
                *(Source(VARIABLE, pair) for pair in config.variables),
            ),
        )
        self.places |= {source.name for source in self._own.variables}

    def at(self, locals: tuple[Local, ...]) -> Given:
        """The values for the files that have these settings; of two the later one counts."""
        locals = tuple(filter(_gives, locals))
        if not locals:
            return self._own
        key = tuple(map(id, locals))
        if key not in self._known:
            values: dict[str, Value] = {}
            variables: list[Source] = []
            for each in locals:
                values |= self._values(each.parameter_files, each.parameters)
                variables += self._from_files(each.variable_files, "variables")
                variables += (Source(VARIABLE, *_written(pair)) for pair in each.variables)
            self.places |= {Span(source, 0, 0).root().source.name for source in variables}
            own = self._own
            self._known[key] = Given(values | {**own.values}, (*variables, *own.variables))
        return self._known[key]

    def undeclared(self, declared: Iterable[str]) -> list[Problem]:
        """What to say of values for variables, given for this check, that no root module has."""
        known = set(declared)
        found: list[Problem] = []
        for source in self._own.variables:
            name = source.text.partition("=")[0].strip()
            if source.name == VARIABLE and name not in known:
                message = f"no root module has a variable `{name}`"
                span = Span(source, 0, len(source.text))
                found.append(Problem("unknown-variable", message, VARIABLE, span, blocking=False))
        return found

    def unknown(self, declared: Iterable[str]) -> list[Problem]:
        """What to say of values for parameters, given for this check, that nothing declares."""
        if not self._own.values:
            return []
        from iamlint.formats.cloudformation import bindings  # noqa: PLC0415 - seldom asked for

        return bindings.unknown(self._own.values, declared)

    def _values(self, files: Iterable[str], pairs: Iterable[str | Pair]) -> dict[str, Value]:
        """The values in some files and pairs, the later one of two."""
        values: dict[str, Value] = {}
        if not files and not pairs:
            return values
        from iamlint.formats.cloudformation import bindings  # noqa: PLC0415 - seldom asked for

        for path in files:
            for document, source in self._documents(path):
                found, faults = bindings.read_file(document, source)
                values.update(found)
                self.problems.extend(faults)
        for pair in pairs:
            text, origin = (pair, None) if isinstance(pair, str) else _written(pair)
            found, faults = bindings.read_pair(text, origin)
            values.update(found)
            self.problems.extend(faults)
        return values

    def _documents(self, path: str) -> Iterator[tuple[Value, Source]]:
        """The value in a file of parameters, if it can be read."""
        from iamlint.formats.parsing import parse  # noqa: PLC0415 - as above

        for source in self._sources(path, "parameters"):
            value, faults = parse(source)
            self.problems.extend(faults)
            if value is not None:
                yield value, source

    def _from_files(self, paths: Iterable[str], what: str) -> list[Source]:
        return [source for path in paths for source in self._sources(path, what)]

    def _sources(self, path: str, what: str) -> list[Source]:
        """The text of a file, if it can be read; what is wrong with it is told once."""
        if path not in self._read:
            self._read[path] = self._from_file(path, what)
        return self._read[path]

    def _from_file(self, path: str, what: str) -> list[Source]:
        try:
            contents = list(decode(path, self._files.read(path)))
        except FileError as error:
            message = f"cannot read the {what} in `{path}`: {error.reason}"
            self.problems.append(Problem("unreadable-file", message, path))
            return []
        self.problems.extend(each for each in contents if isinstance(each, Problem))
        return [source for source in contents if isinstance(source, Source)]


def _written(pair: Pair) -> tuple[str, Written]:
    return pair.text, Written(pair.span)


def _gives(local: Local) -> bool:
    return any((local.parameters, local.parameter_files, local.variables, local.variable_files))
