"""Puts answers and their witnesses into words."""

from __future__ import annotations

from collections.abc import Iterable

from iamlint.explaining.explanation import Line
from iamlint.facts.node import Subject, Witness, tick
from iamlint.facts.truth import Truth
from iamlint.policy.document import Principal
from iamlint.semantics.filling import explain

_MOST_ASSUMPTIONS = 3
UNSAFE = "treat it as unsafe until then"


def holds(truth: object) -> bool:
    """Whether it is so, in some filling of the unknowns at least."""
    return isinstance(truth, Truth) and truth.state in ("yes", "possible")


def call(subject: Subject, truth: Truth, key: str = "") -> str:
    """The call that shows it, in words; empty where there is none.

    `key`: one that is worth saying it is missing, if it is.
    """
    witness = truth.witness
    if not isinstance(witness, Witness):
        return ""
    text = witness.text()
    if key and key.lower() not in witness.request().context and "without `" not in text:
        text = f"{text}, without {tick(key)}"
    return subject.meaning.told(text)


def such_as(subject: Subject, truth: Truth, key: str = "") -> str:
    """`, such as …`; empty where nothing is known to show."""
    shown = call(subject, truth, key)
    return f", such as {shown}" if shown else ""


def hangs_on(truth: Truth) -> str:
    """What a possible answer hangs on, as the rest of a sentence."""
    reasons = [explain(name) for name in truth.assumptions]
    if not reasons:
        return ""
    shown = reasons[:_MOST_ASSUMPTIONS]
    rest = len(reasons) - len(shown)
    more = [f"{rest} more"] if rest else []
    return f"; it hangs on {listed([*shown, *more])}"


def undecided(truth: Truth, what: str) -> Line:
    """That a question was too much work."""
    reason = truth.assumptions[0] if truth.assumptions else "it takes too long to find out"
    return Line(f"whether {what} is not decided: {reason}; {UNSAFE}.")


def listed(words: Iterable[str], last: str = "and") -> str:
    """`a`, `a and b`, `a, b and c`."""
    *others, end = words
    return f"{', '.join(others)} {last} {end}" if others else end


def ticked(texts: Iterable[str], last: str = "and") -> str:
    """The same, each in backticks."""
    return listed([tick(text) for text in texts], last)


def named(key: str, principal: Principal) -> str:
    """What people call a key, of a call by a principal: a claim by its name alone."""
    if key.lower() == "sts:externalid":
        return "the external id"
    prefix = f"{principal.name}:" if principal.form in ("oidc", "builtin") else ""
    claim = key[len(prefix) :]
    return tick(claim if prefix and key.lower() == f"{prefix}{claim}".lower() else key)


def capital(text: str) -> str:
    """The sentence with its first letter in upper case."""
    return text[:1].upper() + text[1:]
