"""Turns a command line into settings, or says what is wrong with it and what would be right."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from iamlint.cli.fault import UsageFault
from iamlint.cli.options import OPTIONS, Asked
from iamlint.config import Config, is_account, is_organization, thresholds
from iamlint.findings import severity_rank
from iamlint.rules.book import Rule, RuleBook

_ACCOUNT = (is_account, "account id", "it is twelve digits, such as `111122223333`")
_ORGANIZATION = (is_organization, "organisation id", "it looks like `o-a1b2c3d4e5`")
_IDS = {"account": _ACCOUNT, "trusted-account": _ACCOUNT, "organization": _ORGANIZATION}


def configured(asked: Asked) -> Config:
    """The settings that a command line asks for; raises UsageFault."""
    _check_choices(asked)
    for name, (valid, noun, help) in _IDS.items():
        _check_ids(asked.all(name), valid, noun, help)
    level, fail_on = thresholds(asked.last("level"), asked.last("fail-on"))
    if severity_rank(fail_on) < severity_rank(level):
        raise UsageFault(
            f"`--fail-on {fail_on}` cannot hold: `--level {level}` hides such findings",
            f"lower it to `--level {fail_on}`, or leave one of the two out",
        )
    return Config(
        level=level,
        fail_on=fail_on,
        fail_on_possible="fail-on-possible" in asked.switches,
        select=asked.all("select"),
        ignore=asked.all("ignore"),
        rules=asked.all("rules"),
        root=asked.last("root"),
        accounts=asked.all("account"),
        organizations=asked.all("organization"),
        trusted_accounts=asked.all("trusted-account"),
        parameters=_pairs(asked, "parameter"),
        parameter_files=asked.all("parameters"),
        variables=_pairs(asked, "var"),
        variable_files=asked.all("var-file"),
        format=asked.last("format") or "text",
        edits=asked.last("format") in ("json", "sarif") or bool(asked.switches & {"fix", "diff"}),
    )


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
