"""Turns a command line into settings, or says what is wrong with it and what would be right."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from iamlint.cli.options import OPTIONS, Asked
from iamlint.config import Config, Excludes, is_account, is_organization, thresholds
from iamlint.findings import severity_rank
from iamlint.project.configuration import below_rules
from iamlint.project.fault import UsageFault
from iamlint.rules.book import Rule, RuleBook

_ACCOUNT = (is_account, "account id", "it is twelve digits, such as `111122223333`")
_ORGANIZATION = (is_organization, "organisation id", "it looks like `o-a1b2c3d4e5`")
_IDS = {"account": _ACCOUNT, "trusted-account": _ACCOUNT, "organization": _ORGANIZATION}


def configured(asked: Asked, given: Config) -> Config:
    """The settings of a configuration, and what a command line says instead or besides.

    One value takes the place of another, and so do the rules of `--select`; lists grow. Raises
    UsageFault.
    """
    _check_choices(asked)
    for name, (valid, noun, help) in _IDS.items():
        _check_ids(asked.all(name), valid, noun, help)
    level, fail_on = _thresholds(asked, given)
    rules = _grown(given.rules, asked.all("rules"))
    patterns = (*_patterns(asked), *below_rules(rules))
    return given._replace(
        level=level,
        fail_on=fail_on,
        fail_on_possible=given.fail_on_possible or "fail-on-possible" in asked.switches,
        select=asked.all("select") or given.select,
        ignore=_grown(given.ignore, asked.all("ignore")),
        rules=rules,
        root=asked.last("root"),
        accounts=_grown(given.accounts, asked.all("account")),
        organizations=_grown(given.organizations, asked.all("organization")),
        trusted_accounts=_grown(given.trusted_accounts, asked.all("trusted-account")),
        exclude=(*given.exclude, Excludes(given.here, patterns)) if patterns else given.exclude,
        parameters=_pairs(asked, "parameter"),
        parameter_files=asked.all("parameters"),
        variables=_pairs(asked, "var"),
        variable_files=asked.all("var-file"),
        now=_now(asked, given),
        as_found="as-found" in asked.switches,
        edits=_wants_edits(asked),
    )


def _wants_edits(asked: Asked) -> bool:
    """Whether anybody reads what would end a finding: to work that out takes time."""
    formats = asked.values.get("format", ())
    return "json" in formats or "sarif" in formats or bool(asked.switches & {"fix", "diff"})


def _grown(given: tuple[str, ...], asked: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*given, *asked)))


def _thresholds(asked: Asked, given: Config) -> tuple[str, str]:
    """Level and threshold: what the command line says of one may not contradict the other."""
    level, fail_on = asked.last("level"), asked.last("fail-on")
    if level and fail_on and severity_rank(fail_on) < severity_rank(level):
        raise UsageFault(
            f"`--fail-on {fail_on}` cannot hold: `--level {level}` hides such findings",
            f"lower it to `--level {fail_on}`, or leave one of the two out",
        )
    if level:
        return thresholds(level, fail_on or max(given.fail_on, level, key=severity_rank))
    if fail_on:
        return thresholds(min(given.level, fail_on, key=severity_rank), fail_on)
    return given.level, given.fail_on


def _now(asked: Asked, given: Config) -> int | None:
    """The time that dates are held against: a day as a whole, so that a report lasts a day."""
    told = asked.last("now")
    if told is None:
        return given.now
    if told == "never":
        return None
    from iamlint.semantics.budget import Undecided  # noqa: PLC0415 - seldom asked for
    from iamlint.semantics.quantities import UNIT, parse_date  # noqa: PLC0415

    try:
        instant: int | None = parse_date(told) if "-" in told else None
    except Undecided:
        instant = None
    if instant is None or instant < 0:
        raise UsageFault(f"`{told}` is no day", "write it like `2026-11-24`, or `never`")
    return int(instant // UNIT)


def _patterns(asked: Asked) -> tuple[str, ...]:
    patterns = asked.all("exclude")
    if patterns:
        from iamlint.formats.ignoring import is_pattern  # noqa: PLC0415 - seldom asked for

        for text in patterns:
            if not is_pattern(text):
                raise UsageFault(f"`{text}` is no pattern", "write it as in a `.gitignore`")
    return patterns


def known_rule(book: RuleBook, name: str) -> Rule:
    """The rule of that id; raises UsageFault."""
    rule = book.get(name)
    if rule is None:
        meant = _meant(name, [rule.id for rule in book.rules])
        raise UsageFault(f"unknown rule `{name}`", f"{meant}`iamlint rules` lists them all")
    return rule


def _check_choices(asked: Asked) -> None:
    if "" in asked.paths:
        raise UsageFault("a path is empty", "`.` is the working folder")
    for option in OPTIONS:
        for value in asked.values.get(option.name, ()):
            if not value:
                raise UsageFault(f"`{option.flag}` wants a value")
            if option.choices and value not in option.choices:
                valid = ", ".join(f"`{choice}`" for choice in option.choices)
                help = f"{_meant(value, option.choices)}it is one of: {valid}"
                raise UsageFault(f"`{value}` is no value of `{option.flag}`", help)


def _meant(word: str, words: Sequence[str]) -> str:
    from iamlint.rules.paths import near_miss  # noqa: PLC0415 - only a mistake needs it

    near = near_miss(word, words)
    return f"did you mean `{near}`? " if near else ""


def _pairs(asked: Asked, option: str) -> tuple[str, ...]:
    values = asked.all(option)
    for value in values:
        if not value.partition("=")[0].strip() or "=" not in value:
            raise UsageFault(f"`--{option} {value}` gives no value", "write `NAME=VALUE`")
    return values


def _check_ids(values: tuple[str, ...], valid: Callable[[str], bool], noun: str, help: str) -> None:
    for value in values:
        if not valid(value):
            raise UsageFault(f"`{value}` is no {noun}", help)
