"""Judgement of literals that a person wrote into a guard."""

from __future__ import annotations

import re

from iamlint.arn import is_account
from iamlint.facts.owner import owner_of
from iamlint.policy.document import Guard, Statement

# what stands in samples, or is typed in to get on with it
_PLACEHOLDER = re.compile(
    r"(?:my|your|the|some|random|unique|sample|example|test|demo)?[-_ .]?"
    r"(?:external[-_ .]?id|ext[-_ .]?id|secret|password|passw0rd|string|value|uuid|guid|token)"
    r"|(?:unique|customer|client|account|random|your)[-_ .]?id"
    r"|change[-_]?(?:me|this)|replace[-_]?(?:me|this)|todo|fixme|placeholder|default"
    r"|test(?:ing)?[0-9]*|example[0-9]*|sample[0-9]*|demo[0-9]*|foo(?:bar)?|bar|dummy"
    r"|([0-9a-z])\1+|x+(?:-x+)*|0+(?:-0+)*|12345[0-9]*|abc(?:def)?[0-9]*",
    re.ASCII | re.IGNORECASE,
)
_LEAST, _SHORT, _LONG = 2, 8, 16
_WILD = frozenset("*?$")
_KINDS = (str.isdigit, str.isalpha)


def guess(guard: Guard, statement: Statement) -> str:
    """How an external id can be guessed, or `none`.

    AWS asks that the id be unique to a customer, not that it be secret; what can be guessed is
    unique only while nobody tries (id_roles_common-scenarios_third-party). Ids that services pass
    are for their guides to choose.
    """
    signed = [each for each in statement.principals if each.type == "AWS"]
    operator = guard.operator
    if not signed or operator is None or operator.negated or operator.family != "string":
        return "none"
    names = [owner_of(each.account)[1] for each in signed]
    names += [statement.sid.text] if statement.sid else []
    found = (_guess(value.text, names) for value in guard.values)
    return next((each for each in found if each), "none")


def _guess(text: str, names: list[str]) -> str:
    if len(text) < _LEAST or not _WILD.isdisjoint(text):
        return ""  # never passed, or many ids: others speak of that
    if is_account(text):
        return "the id of an account"
    if re.fullmatch(_PLACEHOLDER, text):
        return "a placeholder"
    if _bare(text) and _bare(text) in {_bare(name) for name in names}:
        return "a name"
    if len(text) < _SHORT:
        return "short"
    if len(text) < _LONG and any(kind(text) for kind in _KINDS):
        return "made of one kind of character"
    return ""


def _bare(text: str) -> str:
    return "".join(char for char in text.lower() if char.isalnum())
