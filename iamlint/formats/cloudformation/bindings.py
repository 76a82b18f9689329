"""Reads the values that a person gives to parameters: files of them, and `NAME=VALUE` pairs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from iamlint.formats.cloudformation.template import KINDS, number_or_text, text_of
from iamlint.formats.faults import Fault, Faults, meant, quoted
from iamlint.source import Origin, Problem, Source, Span
from iamlint.syntax.value import Value

Bindings = Mapping[str, Value]
OPTION = "--parameter"

_CODE = "invalid-parameters"
_FORMS = (
    'a file of parameters is `[{"ParameterKey": "Name", "ParameterValue": "value"}]`,'
    ' `{"Parameters": {"Name": "value"}}` or `["Name=value"]`'
)


def read_file(value: Value, source: Source) -> tuple[dict[str, Value], list[Problem]]:
    """The values in a file: in the form of the CLI, of CodePipeline, or as a list of pairs."""
    faults, found = Faults(source), dict[str, Value]()
    held = value.get("Parameters")
    if value.kind == "object" and held is not None and held.kind == "object":
        for key, given in held.members:
            _bind(found, key.data, given, faults)
    elif value.kind == "array":
        for item in value.items():
            _item(found, item, faults)
    else:
        message = f"`{source.name}` holds no parameters: it is {KINDS[value.kind]} of another form"
        faults.tell(Fault(message, value.span, _FORMS, _CODE))
    return found, faults.found


def _item(found: dict[str, Value], item: Value, faults: Faults) -> None:
    name, given = text_of(item.get("ParameterKey")), item.get("ParameterValue")
    if item.kind == "string" and "=" in item.data:
        name, value = _pair(item)
        found[name] = value
    elif name and given is not None:
        _bind(found, name, given, faults)
    elif not name or item.get("UsePreviousValue") is None:  # that value is with AWS
        faults.tell(Fault("this gives no value to a parameter", item.span, _FORMS, _CODE))


def _bind(found: dict[str, Value], name: str, given: Value, faults: Faults) -> None:
    scalars = given.items() or (given,)
    if all(number_or_text(scalar) is not None for scalar in scalars):
        found[name] = given
        return
    message = f"the value of {quoted(name)} is {KINDS[given.kind]}, not text"
    faults.tell(Fault(message, given.span, "a value is a text, or a list of texts", _CODE))


def read_pair(text: str, origin: Origin | None = None) -> tuple[dict[str, Value], list[Problem]]:
    """The value in one `NAME=VALUE` of the command line, or of `origin`."""
    source = Source(OPTION, text, origin)
    span = Span(source, 0, len(text))
    name, value = _pair(Value("string", text, span))
    if name and "=" in text:
        return {name: value}, []
    message, help = f"{quoted(text)} gives no value to a parameter", "write `NAME=VALUE`"
    return {}, [Problem(_CODE, message, OPTION, span, help)]


def _pair(written: Value) -> tuple[str, Value]:
    name, _, text = written.data.partition("=")
    return name.strip(), Value("string", text, written.part(len(name) + 1, len(written.data)))


def unknown(bindings: Bindings, declared: Iterable[str]) -> list[Problem]:
    """What to say of values for parameters that no template declares."""
    known = list(declared)
    problems = []
    for name, value in bindings.items():
        if name not in known:
            source = value.span.root().source
            message = f"no template has a parameter {quoted(name)}"
            help = meant(name, known, "parameters")
            problems.append(
                Problem("unknown-parameter", message, source.name, value.span, help, blocking=False)
            )
    return problems
