"""Reads the text of a configuration and checks it; every mistake has its place and advice."""

from __future__ import annotations

import re
import tomllib
import typing
from collections.abc import Iterator, Mapping

from pydantic import BaseModel, ValidationError

from iamlint.config import is_account
from iamlint.data.vendors import ROWS
from iamlint.facts.owner import spelled
from iamlint.findings import SEVERITIES, severity_rank
from iamlint.formats.ignoring import is_pattern
from iamlint.rules.paths import advise, near_miss
from iamlint.settings.errors import CODE, SettingsError, Steps
from iamlint.settings.places import Place, places
from iamlint.settings.schema import Configuration
from iamlint.source import Problem, Source, Span
from iamlint.typed import Any

MOST_CHARACTERS = 1_000_000

_WANTED = {
    "string_type": "a text, in quotes",
    "bool_type": "`true` or `false`",
    "list_type": 'a list, such as `["…"]`',
    "too_short": "a list that is not empty",
    "dict_type": "a table",
    "model_type": "a table",
    "model_attributes_type": "a table",
}
_PATTERNS = {
    r"^[0-9]{12}$": 'an account id: twelve digits in quotes, such as `"111122223333"`',
    r"^o-[a-z0-9]{10,32}$": 'an organisation id, such as `"o-a1b2c3d4e5"`',
    r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$": "the id of a rule, such as `open-subject`",
    r"^[A-Za-z][A-Za-z0-9_-]*$": "a name of letters, digits, `-` and `_`",
}
_SCALAR = "a text, a number, `true` or `false`; of a variable it may be a list of them"


def checked(source: Source, within: Steps) -> dict[str, Any] | None:
    """The settings in a text as plain data, those that were made; None where there are none.

    `within`: the table that they stand in. `places` tells, by the steps to a setting, where its
    key and its value stand. Raises SettingsError.
    """
    text, found = _parsed(source)
    table: object = text
    for step in within:
        table = table.get(step) if isinstance(table, Mapping) else None
    if table is None:
        return None
    try:
        model = Configuration.model_validate(table)
    except ValidationError as error:
        raise SettingsError(_problems(error, source, within, found, table)) from None
    data = model.model_dump(mode="json", by_alias=True, exclude_unset=True)
    problems = [*_contradictions(model, source, within, found)]
    if problems:
        raise SettingsError(problems)
    return {"settings": data, "places": _told(within, found)}


def _parsed(source: Source) -> tuple[dict[str, Any], dict[Steps, Place]]:
    if len(source.text) > MOST_CHARACTERS:
        raise SettingsError([_problem(source, (0, 0), "the configuration is far too long")])
    try:
        return tomllib.loads(source.text), places(source.text)
    except tomllib.TOMLDecodeError as error:
        raise SettingsError([_broken(source, str(error))]) from None
    except RecursionError:
        message = "the configuration is nested too deeply"
        raise SettingsError([_problem(source, (0, 0), message)]) from None


def _broken(source: Source, told: str) -> Problem:
    """What is wrong with the grammar, in the words of `tomllib`."""
    message, _, place = told.removesuffix(")").rpartition(" (at ")
    found = re.fullmatch(r"line (\d+), column (\d+)", place)
    at = len(source.text)
    if found is not None:
        lines = source.text.replace("\r\n", "\n").split("\n")
        line = int(found[1]) - 1
        # a line may end in `\r\n`, which counts as one for `tomllib`
        ends = source.text.split("\n")
        at = sum(len(each) + 1 for each in ends[:line]) + min(int(found[2]) - 1, len(lines[line]))
    words = (message or told)[:1].lower() + (message or told)[1:]
    return _problem(source, (at, at + 1), f"this is no TOML: {words}")


def _problem(source: Source, at: tuple[int, int], message: str, help: str = "") -> Problem:
    return Problem(CODE, message, source.name, Span(source, *at), help or None)


def _problems(
    error: ValidationError,
    source: Source,
    within: Steps,
    found: dict[Steps, Place],
    table: object,
) -> list[Problem]:
    """What pydantic refuses in our words; of the branches of a union the one that was meant."""
    told: dict[Steps, dict[str, Any]] = {}
    for each in error.errors(include_url=False):
        told.setdefault(_steps(each["loc"], each["type"], table), dict(each))
    problems = [
        _refused(each, steps, source, within, found)
        for steps, each in told.items()
        if not _is_table_after_all(steps, each, told)
    ]
    return sorted(problems, key=lambda each: each.span.start if each.span else 0)


def _is_table_after_all(steps: Steps, error: dict[str, Any], told: Mapping[Steps, object]) -> bool:
    """Whether a text was wanted, a table would do as well, and there is one with a mistake."""
    deeper = any(other[: len(steps)] == steps for other in told if len(other) > len(steps))
    return isinstance(error["input"], Mapping) and deeper


def _steps(loc: tuple[int | str, ...], kind: str, table: object) -> Steps:
    """The way to a value, without the names of branches and of keys that pydantic puts in."""
    steps: list[int | str] = []
    here: Any = table
    for step in loc:
        if _holds(here, step):
            here = here[step]
        elif kind != "missing" or step != loc[-1]:
            continue  # a branch of a union
        steps.append(step)
    return tuple(steps)


def _holds(value: object, step: int | str) -> bool:
    if isinstance(value, Mapping):
        return step in value
    return isinstance(value, list) and isinstance(step, int) and step < len(value)


def _refused(
    error: dict[str, Any], steps: Steps, source: Source, within: Steps, found: dict[Steps, Place]
) -> Problem:
    kind = error["type"]
    shown = _shown(steps)
    here = _nearest((*within, *steps), found)
    if kind == "missing":
        return _problem(source, here.key, f"`{_shown(steps[:-1])}` lacks `{steps[-1]}`")
    if kind == "extra_forbidden":
        where = f"`{_shown(steps[:-1])}`" if steps[1:] else "the configuration"
        message = f"unknown setting `{steps[-1]}` of {where}"
        return _problem(source, here.key, message, advise(str(steps[-1]), _names(steps[:-1])))
    if error["loc"][-1:] == ("[key]",):
        return _problem(source, here.key, f"`{steps[-1]}` is not {_wanted(error)}")
    help = ""
    if kind == "literal_error" and isinstance(error["input"], str):
        help = advise(error["input"], SEVERITIES)
    wanted = _SCALAR if set(steps) & {"parameters", "variables"} and steps[1:] else _wanted(error)
    return _problem(source, here.value, f"`{shown}` wants {wanted}", help)


def _nearest(steps: Steps, found: dict[Steps, Place]) -> Place:
    while steps and steps not in found:
        steps = steps[:-1]
    return found.get(steps, Place((0, 0), (0, 0)))


def _wanted(error: dict[str, Any]) -> str:
    kind = error["type"]
    if kind == "value_error":
        return str(error["ctx"]["error"])
    if kind == "string_pattern_mismatch":
        return _PATTERNS[error["ctx"]["pattern"]]
    if kind == "literal_error":
        return "a severity"
    return _WANTED[kind]


def _shown(steps: Steps) -> str:
    return ".".join(str(step + 1 if isinstance(step, int) else step) for step in steps)


def _names(steps: Steps) -> list[str]:
    """What could stand in a table."""
    model: type[BaseModel] = Configuration
    todo = list(steps)
    while todo:
        step = todo.pop(0)
        fields = model.model_fields
        found = next((f for name, f in fields.items() if step in (f.alias, name)), None)
        annotation: Any = found.annotation if found is not None else None
        inner = _model_in(annotation)
        if inner is None:
            return []
        if inner is not annotation:
            del todo[:1]  # an item of a list, or a name that the user chose
        model = inner
    return [field.alias or name for name, field in model.model_fields.items()]


def _model_in(annotation: Any) -> type[BaseModel] | None:
    """The model that a type speaks of, in a list or a table maybe."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    inner = map(_model_in, typing.get_args(annotation))
    return next((each for each in inner if each is not None), None)


def _contradictions(
    model: Configuration, source: Source, within: Steps, found: dict[Steps, Place]
) -> Iterator[Problem]:
    """What is wrong with settings that are right by themselves."""

    def problem(steps: Steps, message: str, help: str) -> Problem:
        return _problem(source, _nearest((*within, *steps), found).value, message, help)

    level, fail_on = model.level, model.fail_on
    if level and fail_on and severity_rank(fail_on) < severity_rank(level):
        message = f"`fail-on` cannot be `{fail_on}`: `level` hides such findings"
        yield problem(("fail-on",), message, f"lower `level` to `{fail_on}`, or leave one out")
    known = model.estate.accounts
    ids: dict[str, str] = {}
    for name, account in known.items():
        id = account if isinstance(account, str) else account.id
        if id in ids:
            message = f"`{name}` and `{ids[id]}` are the same account"
            yield problem(("estate", "accounts", name), message, "name it once")
        ids.setdefault(id, name)
    for number, each in enumerate(model.paths):
        where = each.account
        if where and where not in known and not is_account(where):
            message = f"`estate.accounts` has no `{where}`"
            help = advise(where, known, "it has") if known else "write its id, twelve digits"
            yield problem(("paths", number, "account"), message, help)
    for number, vendor in enumerate(model.estate.vendors):
        if spelled(vendor) is None:
            message = f"`{vendor}` is no vendor whose accounts are known"
            near = near_miss(vendor, [name for kind, name, _ in ROWS if kind == "vendor"])
            help = f"did you mean `{near}`? " if near else ""
            help += "put its accounts under `trusted-accounts`"
            yield problem(("estate", "vendors", number), message, help)
    patterns: list[tuple[Steps, str]] = [(("exclude", n), t) for n, t in enumerate(model.exclude)]
    for number, each in enumerate(model.paths):
        patterns += [(("paths", number, "match", n), text) for n, text in enumerate(each.match)]
    for steps, text in patterns:
        if not is_pattern(text) or text.startswith("#"):
            yield problem(steps, f"`{text}` is no pattern", "write it as in a `.gitignore`")


def _told(within: Steps, found: dict[Steps, Place]) -> dict[str, list[int]]:
    """Where each setting and its value stand, by the steps that lead there, one a line."""
    here = len(within)
    return {
        "\n".join(map(str, steps[here:])): [*place.key, *place.value]
        for steps, place in found.items()
        if steps[:here] == within
    }
