"""The shape of a rule file as a pydantic model, and its errors in our own words."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    model_validator,
)

from iamlint.rules.errors import fault
from iamlint.rules.paths import advise, listing
from iamlint.rules.tree import Tree, find
from iamlint.source import Problem, Source

SEVERITIES = ("critical", "high", "medium", "low", "info")
KEBAB = r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$"


def _printable(text: str) -> str:
    """Refuse what would steer the terminal of the person who reads the rule."""
    if any(not (character.isprintable() or character in "\n\t") for character in text):
        raise ValueError("unprintable")
    return text.strip()


def _https(text: str) -> str:
    if not text.startswith("https://") or len(text.split()) != 1:
        raise ValueError("https")
    return text


Prose = Annotated[str, StringConstraints(min_length=1, pattern=r"\S"), AfterValidator(_printable)]
Name = Annotated[str, StringConstraints(pattern=KEBAB)]
Link = Annotated[Prose, AfterValidator(_https)]
Cwe = Annotated[str, StringConstraints(pattern=r"^CWE-[0-9]+$")]
Attack = Annotated[str, StringConstraints(pattern=r"^T[0-9]{4}(\.[0-9]{3})?$")]


class _Strict(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class Example(_Strict):
    """One policy that the rule must, or must not, report."""

    name: Prose
    policy: dict[str, Any] | None = None
    text: Annotated[str, Field(min_length=1)] | None = None
    who: Prose | None = None
    account: Annotated[str, StringConstraints(pattern=r"^[0-9]{12}$")] | None = None
    estate: dict[str, Any] | None = None
    now: Annotated[str, StringConstraints(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$")] | None = None
    role: dict[str, Any] | None = None
    only: Annotated[list[Prose], Field(min_length=1)] | None = None
    also: list[Name] | None = None

    @model_validator(mode="after")
    def _one_form(self) -> Example:
        if (self.policy is None) is (self.text is None):
            raise ValueError("form")
        return self


class BadExample(Example):
    """An example that is reported: `marks` is the very text that is underlined."""

    marks: Annotated[str, Field(min_length=1)]


class Examples(_Strict):
    """What the rule reports, and its nearest neighbours that it does not."""

    bad: Annotated[list[BadExample], Field(min_length=1)]
    good: Annotated[list[Example], Field(min_length=1)]


class Mutant(_Strict):
    """A mutant of `when` that no example can tell apart, and the argument why."""

    mutant: Prose
    why: Prose


class Edit(_Strict):
    """What to do to the policy so that the finding is gone: one of three things.

    `write` a text `as` over a part of the node; `remove` a part; or `add` a guard to its statement.
    A text is a template of facts; where one of them is null there is nothing to do.
    """

    write: Prose | None = None
    as_: Annotated[Prose | None, Field(alias="as")] = None
    remove: Prose | None = None
    add: Guard | None = None

    @model_validator(mode="after")
    def _one_kind(self) -> Edit:
        kinds = [self.write is not None, self.remove is not None, self.add is not None]
        if sum(kinds) != 1 or (self.write is None) is not (self.as_ is None):
            raise ValueError("edit")
        return self


class Guard(_Strict):
    """A guard that is added: operator, key and value are templates of facts."""

    operator: Prose
    key: Prose
    value: Prose


class Tags(BaseModel):
    """Mappings to catalogues; any further name is a flag that is simply `true`."""

    model_config = ConfigDict(strict=True, extra="allow", frozen=True)
    __pydantic_extra__: dict[str, Literal[True]] = Field(init=False)

    cwe: list[Cwe] | None = None
    attack: list[Attack] | None = None
    catalogue: list[Prose] | None = None


class RuleFile(_Strict):
    """One rule as its author writes it."""

    id: Name
    title: Prose
    severity: Literal["critical", "high", "medium", "low", "info"]
    since: Annotated[str, StringConstraints(pattern=r"^[0-9]+(\.[0-9]+)+$")]
    node: Annotated[str, Field(alias="for")]
    when: Annotated[str, Field(min_length=1)]
    point: Prose | None = None  # None: the first of the node's points
    message: Prose
    witness: Annotated[str, Field(min_length=1)] | None = None
    why: Prose
    fix: Prose
    exceptions: Prose
    references: Annotated[list[Link], Field(min_length=1)]
    edit: Edit | None = None
    tags: Tags = Tags()
    subsumes: list[Name] = []
    examples: Examples
    mutants: list[Mutant] = []


_FIELDS: dict[tuple[str, ...], type[BaseModel]] = {
    (): RuleFile,
    ("examples",): Examples,
    ("examples", "bad"): BadExample,
    ("examples", "good"): Example,
    ("edit",): Edit,
    ("edit", "add"): Guard,
    ("tags",): Tags,
    ("mutants",): Mutant,
}

# What a field wants, where the type of the error alone does not say it.
_WANTED = {
    "id": "a name in kebab-case, such as `open-subject`",
    "severity": f"one of: {listing(SEVERITIES)}",
    "since": 'a version in quotes, such as `"0.1"`',
    "subsumes": "the id of a rule, such as `open-subject`",
    "also": "the id of a rule, such as `open-subject`",
    "references": "a link that begins with `https://`",
    "account": 'twelve digits in quotes, such as `"111122223333"`',
    "now": 'a day in quotes, such as `"2026-11-24"`',
    "cwe": "a CWE, such as `CWE-287`",
    "attack": "an ATT&CK technique, such as `T1078.004`",
}
_TYPES = {
    "string_type": "a text, in quotes when it looks like a number or a yes or no",
    "string_too_short": "a text that is not empty",
    "string_pattern_mismatch": "a text that is not blank",
    "list_type": "a list",
    "too_short": "a list that is not empty",
    "dict_type": "a mapping",
    "model_type": "a mapping of names to values",
    "literal_error": "`true` (a flag is there or left out)",
}


def validate(data: object, tree: Tree, source: Source) -> RuleFile | list[Problem]:
    """Check the shape of a rule; what is wrong comes as problems with their places."""
    try:
        return RuleFile.model_validate(data)
    except ValidationError as error:
        found = [_problem(dict(each), tree, source) for each in error.errors(include_url=False)]
        return sorted(found, key=lambda problem: problem.span.start if problem.span else 0)


def _problem(error: dict[str, Any], tree: Tree, source: Source) -> Problem:
    path, kind = tuple(error["loc"]), error["type"]
    name = _shown(path)
    if kind == "missing":
        here = find(tree, path[:-1], source)
        start, end = _first(here)
        return fault(source, start, end, f"{_where(path)} lacks `{path[-1]}`")
    if kind == "extra_forbidden":
        key = find(tree, path, source, key=True)
        valid = sorted(_names(path[:-1]))
        message = f"unknown field `{path[-1]}` of {_where(path)}"
        return fault(source, key.start, key.end, message, advise(str(path[-1]), valid))
    place = find(tree, path, source)
    start, end = _first(place)
    if kind == "value_error":
        return fault(source, start, end, *_own(str(error["ctx"]["error"]), name))
    return fault(source, start, end, f"`{name}` wants {_wanted(path, kind)}", _meant(path, error))


def _own(word: str, name: str) -> tuple[str, str]:
    """Message and advice for what our own validators refuse."""
    return {
        "unprintable": (f"`{name}` holds a character that cannot be printed", "leave it out"),
        "https": (f"`{name}` wants {_WANTED['references']}", "link to a page of the web"),
        "edit": (
            "an edit does one thing: `write` with `as`, `remove`, or `add`",
            "write `edit: {write: operator, as: StringEquals}`, or `edit: {remove: self}`",
        ),
        "form": (
            "an example has either `policy` or `text`",
            "`policy` for a policy, `text` where the spelling is the point",
        ),
    }[word]


def _wanted(path: tuple[int | str, ...], kind: str) -> str:
    names = [step for step in path if isinstance(step, str)]
    of_shape = kind in {"list_type", "too_short", "dict_type", "model_type"}
    if names and names[-1] in _WANTED and not of_shape:
        return _WANTED[names[-1]]
    return _TYPES.get(kind, "something else")


def _meant(path: tuple[int | str, ...], error: dict[str, Any]) -> str:
    """Name the near miss of a misspelt severity, or of a misspelt list of tags."""
    if path == ("severity",) and isinstance(error["input"], str):
        return advise(error["input"], SEVERITIES)
    if path[:1] == ("tags",) and error["type"] == "literal_error":
        return advise(str(path[-1]), Tags.model_fields, "the lists are")
    return ""


def _names(path: tuple[int | str, ...]) -> list[str]:
    model = _FIELDS.get(tuple(step for step in path if isinstance(step, str)))
    fields = model.model_fields.items() if model else ()
    return [field.alias or name for name, field in fields]


def _shown(path: tuple[int | str, ...]) -> str:
    return ".".join(str(step + 1 if isinstance(step, int) else step) for step in path) or "rule"


def _where(path: tuple[int | str, ...]) -> str:
    return f"`{_shown(path[:-1])}`" if path[1:] else "the rule"


def _first(tree: Tree) -> tuple[int, int]:
    """The place to underline: a scalar, or the first key or item of what is larger."""
    while tree.kind != "scalar" and tree.data:
        first = tree.data[0]
        tree = first[0] if tree.kind == "map" else first
    return tree.start, tree.end
