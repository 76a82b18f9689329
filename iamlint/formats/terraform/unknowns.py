"""What is known inside of unknown values: their elements, and the few values one may be."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from iamlint.formats.terraform import types
from iamlint.formats.terraform.run import Run
from iamlint.formats.terraform.types import ANY, NUMBER, STRING, Type
from iamlint.formats.terraform.values import Datum, Rest, Unknown
from iamlint.source import Span
from iamlint.typed import NamedTuple, cast

_MOST_CHOICES = 64


class Pair(NamedTuple):
    """One element of what is gone through; `many`: it stands for any number of them."""

    key: Datum
    value: Datum
    many: bool = False


def pairs(run: Run, datum: Datum, span: Span) -> list[Pair] | None:
    """The elements of a collection in Terraform's order; None for what is none."""
    kind = datum.kind
    if kind in types.MAPPINGS:
        return [Pair(Datum("string", e.key, e.key.span), e.value, e.many) for e in datum.ordered()]
    if kind in types.SEQUENCES:
        return _elements(run, datum, span)
    if kind != "unknown" or datum.form in types.SCALARS:
        return None
    unknown = cast(Unknown, datum)
    value = element(run, unknown, span)
    if datum.form == "set":
        return [Pair(value, value, many=True)]
    key_type = {"map": STRING, "object": STRING, "list": NUMBER, "tuple": NUMBER}
    key = run.unknown(f"keys({unknown.name})[*]", span, key_type.get(datum.form, ANY))
    return [Pair(key, value, many=True)]


def _elements(run: Run, datum: Datum, span: Span) -> list[Pair]:
    found: list[Pair] = []
    is_exact = True
    for number, item in enumerate(datum.items):
        many = item.kind == "rest"
        value = cast(Rest, item).each if many else item
        is_exact = is_exact and not many
        if datum.kind == "set":
            key = value
        elif is_exact:
            key = Datum("number", number, span)
        else:
            key = run.made(f"index of {run.label(item)}", span, NUMBER, nullable=False)
        found.append(Pair(key, value, many))
    return found


def element(run: Run, unknown: Unknown, span: Span) -> Datum:
    """Any element of an unknown collection."""
    found = unknown.step(None, span) if unknown.step else None
    if found is not None:
        return found
    inner = unknown.type.inner
    if unknown.form == "tuple":
        inner = types.unify(unknown.type.items) or ANY
    return run.unknown(f"{unknown.name}[*]", unknown.span, inner, wild=unknown.hole.wild)


def inside(run: Run, unknown: Unknown, key: Datum, type: Type, span: Span) -> Datum:
    """What is at a key of an unknown value."""
    found = unknown.step(key, span) if unknown.step else None
    if found is not None:
        return found
    label = run.label(key)
    plain = key.kind == "string" and key.string.replace("-", "_").isidentifier()
    step = f".{key.string}" if plain and unknown.form != "map" else f"[{label}]"
    return run.unknown(unknown.name + step, unknown.span, type, wild=unknown.hole.wild)


def one_of(run: Run, choices: Sequence[Datum], full: str, span: Span) -> Datum:
    """A value that is one of several, nobody knows which."""
    known = {choice.string for choice in choices if choice.kind == "string"}
    texts = all(choice.kind == "string" and not run.holes(choice.string) for choice in choices)
    if choices and texts:
        if len(known) == 1:
            return choices[0]
        made = run.made(full, span, STRING, nullable=False)
        if made.kind == "unknown" and len(known) <= _MOST_CHOICES:
            hole = cast(Unknown, made).hole
            return made.like(data=hole._replace(values=tuple(sorted(known))))
        return made
    found = dict.fromkeys(choice.type for choice in choices)
    type = next(iter(found)) if len(found) == 1 else ANY
    return run.made(full, span, type, step=_in_each(run, choices, full))


def _in_each(
    run: Run, choices: Sequence[Datum], full: str
) -> Callable[[Datum | None, Span], Datum | None]:
    """What is at a key of one of several values."""

    def step(key: Datum | None, span: Span) -> Datum | None:
        if key is None or len(choices) > _MOST_CHOICES:
            return None
        found: list[Datum] = []
        for choice in choices:
            entry = choice.entries.get(_name(key)) if choice.kind in types.MAPPINGS else None
            if entry is None or entry.many:
                return None
            found.append(entry.value)
        return one_of(run, found, f"{full}[{run.label(key)}]", span)

    return step


def _name(key: Datum) -> str:
    return key.string if key.kind == "string" else ""
