"""A statement as requirements on a call: its actions, its principals, its guards."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator

from iamlint.policy.document import Guard, Principal, Statement
from iamlint.semantics.checks import Check, Relation, Requirement, check_guard
from iamlint.semantics.glob import STAR, Pattern, fold, literal
from iamlint.semantics.operands import parse_operand
from iamlint.semantics.shapes import resource_parts
from iamlint.semantics.strings import Language, Strings
from iamlint.semantics.template import fill
from iamlint.semantics.universe import Case
from iamlint.typed import NamedTuple

ACTIONS = (
    "sts:AssumeRole",
    "sts:AssumeRoleWithWebIdentity",
    "sts:AssumeRoleWithSAML",
    "sts:TagSession",
    "sts:SetSourceIdentity",
    "sts:SetContext",
)
Conjunction = tuple[Check | Relation, ...]


class Compiled(NamedTuple):
    """A statement in one case. `terms` None: it covers no call of the case."""

    number: int
    allows: bool
    actions: frozenset[str]
    terms: Conjunction | None


def actions_of(statement: Statement, strings: Strings) -> frozenset[str]:
    """The actions of a role's trust that the statement names, `NotAction` and wildcards resolved.

    Action names are compared without regard to case.
    """
    patterns = []
    for action in statement.actions:
        tokens = parse_operand(action.text, wildcards=True, variables=False)
        patterns.append(fold(tuple(t for t in tokens if not hasattr(t, "default"))))
    automaton = strings.automaton(tuple(patterns))
    named = {action for action in ACTIONS if automaton.matches(action)}
    return frozenset(set(ACTIONS) - named if statement.actions_inverted else named)


def compile_statement(
    statement: Statement, actions: frozenset[str], version: str, case: Case
) -> Compiled:
    """The statement as it bears on calls of the case."""
    allows = statement.effect == "Allow"
    if not actions & case.needs or statement.effect not in ("Allow", "Deny"):
        return Compiled(statement.index, allows, actions, None)
    terms = guarded(check_principals(statement, case), statement, version, case)
    return Compiled(statement.index, allows, actions, terms)


def guarded(
    principals: Requirement, statement: Statement, version: str, case: Case
) -> Conjunction | None:
    """What the principals and the guards ask; None when that can never be met.

    Behind one that is never met the others are not looked at, nor what is unknown about them.
    """
    return conjunction(itertools.chain((principals,), check_guards(statement, version, case)))


def conjunction(requirements: Iterable[Requirement]) -> Conjunction | None:
    """All requirements together; None when one of them can never be met."""
    found: list[Check | Relation] = []
    for each in requirements:
        if each is False:
            return None
        if not isinstance(each, bool):
            found.append(each)
    return tuple(found)


def check_guards(statement: Statement, version: str, case: Case) -> Iterator[Requirement]:
    """What the guards ask, one requirement each."""
    last = {comparison(guard): guard for guard in statement.guards}
    every = len(last) == len(statement.guards) or case.filling.assume("same-key-twice")
    for guard in statement.guards:
        if every or last[comparison(guard)] is guard:
            yield check_guard(guard, version, case)


def comparison(guard: Guard) -> tuple[str, str]:
    """What a guard shares with one whose key is the same in another letter case."""
    return guard.operator.written if guard.operator else "", guard.key.lower()


def check_principals(statement: Statement, case: Case) -> Requirement:
    """Which callers of the case the statement covers."""
    if statement.principals_inverted:
        if not case.filling.assume("not-principal"):
            return False
        named = check_entries(statement.principals, case)
        return named.negated() if not isinstance(named, bool) else not named
    return check_entries(statement.principals, case)


def check_entries(principals: tuple[Principal, ...], case: Case) -> Requirement:
    """Which callers of the case one of the entries covers."""
    if case.who.kind not in ("user", "session"):
        return any(_covers(principal, case) for principal in principals)
    patterns: list[Pattern] = []
    for principal in principals:
        if principal.form == "any":
            return True
        patterns.extend(_patterns(principal, case))
    if not patterns:
        return False
    return Check(case.caller().master, False, "one", Language(True, tuple(patterns)))


_OF_KIND = {"service": ("service",), "web": ("oidc", "builtin"), "saml": ("saml",)}


def _covers(principal: Principal, case: Case) -> bool:
    """Whether an entry covers an AWS service or a federated caller."""
    kind = case.who.kind
    if principal.form == "any":
        return case.filling.assume("star-service" if kind == "service" else "star-federated")
    if principal.form not in _OF_KIND[kind] or principal.text != case.who.text:
        return False
    own = case.setting.account
    foreign = bool(principal.account and own and principal.account != own)
    if principal.partition and principal.partition != case.partition():
        return False
    return not foreign or case.filling.assume("foreign-provider")


def _patterns(principal: Principal, case: Case) -> list[Pattern]:
    """The IAM users or role sessions that an entry covers, as patterns on the caller."""
    if principal.partition not in ("", case.partition()):
        return []
    kind, form = case.who.kind, principal.form
    account = {"account": literal(principal.account)}
    if form == "account":
        return [_fill(account, case)]
    if (form, kind) in (("role", "session"), ("user", "user")):
        named = resource_parts(principal.name, case.path())
        if named is None:
            return []
        return [_fill({**account, **{part: literal(text) for part, text in named.items()}}, case)]
    if (form, kind) == ("session", "session"):
        role, _, session = principal.name.partition("/")
        fixed = {**account, "session": literal(session)}
        names: tuple[Pattern, ...] = (literal(role), (STAR, "/", *role))
        return [_fill({**fixed, "resource": name}, case) for name in names]
    return _by_id(principal, case) if form == "unique-id" else []


def _by_id(principal: Principal, case: Case) -> list[Pattern]:
    prefix = "AIDA" if case.who.kind == "user" else "AROA"
    if not principal.name.startswith(prefix) or not case.filling.assume("live-id"):
        return []
    return [_fill({"id": literal(principal.name[len(prefix) :])}, case)]


def _fill(parts: dict[str, Pattern], case: Case) -> Pattern:
    return fill(parts, case.caller().layout)
