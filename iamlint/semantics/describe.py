"""Say in words who a call comes from, and what the call passes."""

from __future__ import annotations

import itertools
from collections.abc import Iterable

from iamlint.semantics.glob import Pattern, Wild
from iamlint.semantics.issuers import Subject
from iamlint.semantics.request import Request
from iamlint.semantics.search import Found
from iamlint.semantics.store import checks_on
from iamlint.semantics.strings import Language
from iamlint.semantics.template import splits
from iamlint.semantics.universe import Case, key_row

_NAMES = {
    "sts:externalid": "external id",
    "sts:rolesessionname": "session name",
    "sts:sourceidentity": "source identity",
    "aws:sourceip": "from",
    "saml:aud": "aud",
    "saml:sub": "sub",
}
_TOLD = ("aws:principalarn", "aws:principalaccount", "aws:principalservicename")


def who(request: Request, case: Case, keys: frozenset[str], absent: Iterable[str] = ()) -> str:
    """The caller and what it passes, on one line.

    `keys`: those the policy speaks of; `absent`: keys worth saying are missing.
    """
    parts = [_caller(request, case.subject)]
    prefix = case.subject.url + ":" if case.subject else ""
    for key, value in request.context.items():
        if key not in _TOLD and (key in keys or key.startswith(prefix or "\0")):
            parts.append(f"{_name(key, prefix)} {_value(value)}")
    parts.extend(f"without `{key}`" for key in absent)
    return ", ".join(parts)


def _caller(request: Request, subject: Subject | None) -> str:
    if request.kind == "user":
        return f"IAM user `{request.identity}`"
    if request.kind == "session":
        session = f" named `{request.session}`" if request.session else ""
        return f"a session{session} of role `{request.identity}`"
    if request.kind == "service":
        return f"AWS service `{request.identity}`"
    if request.kind == "saml":
        return f"an identity of SAML provider `{request.identity}`"
    name = subject.issuer.name if subject and subject.issuer else ""
    if name == "GitHub Actions":
        return _workflow(request, subject)
    return f"a token of {name}" if name else f"a token of `{subject.url if subject else ''}`"


def _workflow(request: Request, subject: Subject | None) -> str:
    text = request.context.get(f"{subject.url}:sub" if subject else "", "")
    if isinstance(text, str) and text.startswith("repo:"):
        owner, _, rest = text[5:].partition("/")
        repository = rest.partition(":")[0]
        return f"a workflow in github.com/{owner.partition('@')[0]}/{repository.partition('@')[0]}"
    return "a GitHub Actions workflow"


def _name(key: str, prefix: str) -> str:
    if prefix and key.startswith(prefix):
        return key[len(prefix) :]
    row = key_row(key)
    name = row.name if row is not None and not row.name.endswith("*") else key
    return _NAMES.get(key, f"`{name}`")


def _value(value: str | tuple[str, ...]) -> str:
    texts = (value,) if isinstance(value, str) else value
    return " and ".join(f"`{text}`" for text in texts)


def tenants(found: Found) -> str:
    """Who gets in through an open subject: `any GitHub organisation whose name starts with …`."""
    subject = found.case.subject
    if subject is None or subject.issuer is None:
        return "anybody"
    word = subject.issuer.tenant_word
    name = subject.issuer.tenants[0]
    prefixes = {_prefix(pattern, subject, name) for pattern in _subject_patterns(found)}
    prefixes.discard("")
    if len(prefixes) == 1:
        return f"any {word} whose name starts with `{prefixes.pop()}`"
    return f"any {word}"


def other_tenant(found: Found) -> str:
    """Whose workload gets in: `GitHub organisation `other``."""
    subject = found.case.subject
    if subject is None or subject.issuer is None:
        return "a tenant that is not yours"
    word, name = subject.issuer.tenant_word, subject.issuer.tenants[0]
    named = {_literal(pattern, subject, name) for pattern in _subject_patterns(found)} - {""}
    return f"{word} `{named.pop()}`" if len(named) == 1 else f"a {word} that is not yours"


def projects(found: Found) -> str:
    """Which projects get in: `any repository of the GitHub organisation `acme``."""
    subject = found.case.subject
    if subject is None or subject.issuer is None:
        return "anybody"
    issuer = subject.issuer
    word = f"any {issuer.project_word}"
    tenant = issuer.tenants[0] if issuer.tenants else ""
    named = {_literal(pattern, subject, tenant) for pattern in _subject_patterns(found)} - {""}
    if len(named) == 1:
        return f"{word} of {issuer.tenant_word} `{named.pop()}`"
    if issuer.shared:
        return f"{word} of the {issuer.tenant_word}"
    return f"{word} of `{found.case.who.text.partition(':oidc-provider/')[2]}`"


def runs(found: Found) -> str:
    """Which runs of a project get in: `any branch of repository `web``."""
    subject = found.case.subject
    if subject is None or subject.issuer is None:
        return "anybody"
    issuer = subject.issuer
    one = {"pull request": "a pull request", "plan": "a plan", "apply": "an apply"}
    word = one.get(subject.run, f"any {subject.run}")
    part = next((p for p in issuer.projects if p == issuer.project_word), issuer.projects[0])
    named = {_literal(pattern, subject, part) for pattern in _subject_patterns(found)} - {""}
    project = f"{issuer.project_word} `{named.pop()}`" if len(named) == 1 else issuer.project_word
    return f"{word} of {project}" if "`" in project else f"{word} of the {project}"


def _literal(pattern: Pattern, subject: Subject, name: str) -> str:
    """The text that a pattern has for a part, if there is no wildcard in it."""
    for cuts in itertools.islice(splits(pattern, subject.layout), 4):
        cut = cuts.get(name, ())
        if cut and not any(isinstance(token, Wild) for token in cut):
            return "".join(map(str, cut))
    return ""


def _subject_patterns(found: Found) -> list[Pattern]:
    return [
        pattern
        for check in checks_on("subject", found.store)
        if isinstance(check.condition, Language) and check.condition.inside
        for pattern in check.condition.patterns
    ]


def _prefix(pattern: Pattern, subject: Subject, name: str) -> str:
    """The literal beginning of the tenant's name, when a wildcard follows it."""
    for cuts in itertools.islice(splits(pattern, subject.layout), 4):
        cut = cuts.get(name, ())
        literal = ""
        for token in cut:
            if isinstance(token, Wild):
                return literal
            literal += token
    return ""


def accounts(found: Found) -> str:
    """Who gets in through a public grant."""
    passing = any(not check.absent for check in checks_on("sts:externalid", found.store))
    tail = " that passes the external id" if passing else ""
    return f"any AWS account{tail}"
