"""Examples of rules: written in every form IAM knows, judged, and asked again with a mutant."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any, NamedTuple
from urllib.parse import quote

import terraform_written
import yaml

from iamlint.config import Config
from iamlint.engine import estate_of
from iamlint.facts.node import Node, Subject
from iamlint.facts.policy import PolicyNode
from iamlint.findings import Finding, Report
from iamlint.formats import configurations, read
from iamlint.formats.reading import Around
from iamlint.formats.role import Role
from iamlint.linting import lint_with
from iamlint.policy.parse import parse_policy
from iamlint.rules.book import Rule, RuleBook
from iamlint.rules.closure import Test
from iamlint.semantics.filling import Setting
from iamlint.semantics.meaning import Meaning
from iamlint.semantics.strings import Strings
from iamlint.source import DictFiles, Source, Span
from iamlint.syntax.value import Value

OWN_ACCOUNT = "111111111111"
FILE = "example.json"
HIT = ("yes", "possible")


class Surroundings(NamedTuple):
    """What an example may say of its estate: the settings of those names."""

    accounts: tuple[str, ...] = (OWN_ACCOUNT,)
    organizations: tuple[str, ...] = ()
    trusted_accounts: tuple[str, ...] = ()
    names: dict[str, str] | None = None
    environments: dict[str, str] | None = None
    vendors: tuple[str, ...] = ()
    tenants: dict[str, tuple[str, ...]] | None = None
    issuers: tuple[str, ...] | None = None
    now: int | None = None


class Case(NamedTuple):
    """One example of one rule."""

    rule: Rule
    kind: str  # bad, good
    example: dict[str, Any]

    def __str__(self) -> str:
        return f"{self.rule.id}: {self.kind}: {self.example['name']}"


class Rendering(NamedTuple):
    """An example in one form: a file and what is in it, and what lies beside it."""

    form: str
    text: str
    path: str = FILE
    beside: tuple[tuple[str, str], ...] = ()

    @property
    def files(self) -> dict[str, str]:
        return {**dict(self.beside), self.path: self.text}


def several(form: str, files: dict[str, str]) -> Rendering:
    """A form of several files, of which the first one is named."""
    (path, text), *beside = files.items()
    return Rendering(form, text, path, tuple(beside))


# The keys and scalars of a policy that a place covers, each with its path and the part of its text.
Marked = tuple[tuple[str, str], ...]


class Seen(NamedTuple):
    """What a finding says that no form of writing a policy may change."""

    rule: str
    certainty: str
    message: str
    marked: Marked
    witness: str | None
    notes: tuple[tuple[str, Marked], ...]


def cases(book: RuleBook) -> list[Case]:
    """All examples of all rules."""
    return [
        Case(rule, kind, example)
        for rule in book.rules
        for kind in ("bad", "good")
        for example in rule.examples[kind]
    ]


# --- writing -------------------------------------------------------------------------------------


def renderings(example: dict[str, Any]) -> Iterator[Rendering]:
    """The files of an example: every form of IAM, or for a `text` that text alone."""
    for rendering in _written(example):
        if rendering.form in example.get("only", (rendering.form,)):
            yield rendering


def _written(example: dict[str, Any]) -> Iterator[Rendering]:
    if "text" in example:
        yield Rendering("text", example["text"])
        return
    policy = {"Version": "2012-10-17"} | example["policy"]
    # in short and with escapes, or at length and without: both are how people write
    short = json.dumps(policy, separators=(",", ":"))
    role = _role(example)
    if "role" not in example:
        yield Rendering("pretty", json.dumps(policy, indent=2, ensure_ascii=False))
        yield Rendering("minified", short)
        yield Rendering("get-role", _dumped({"Role": role(policy)}))
    yield Rendering("get-role-text", _dumped({"Role": role(short)}))
    yield Rendering("get-role-url", _dumped({"Role": role(quote(short))}))
    listed = {"Roles": [_OTHER, role(policy)], "IsTruncated": False}
    yield Rendering("list-roles", _dumped(listed))
    yield Rendering("account", _dumped(_account(role(policy))))
    if "role" not in example:
        yield from _templates(policy)
        yield from _modules(policy)


def _templates(policy: dict[str, Any]) -> Iterator[Rendering]:
    """The policy in a template of CloudFormation: as JSON, and as YAML in block and flow style."""
    resource = {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": policy}}
    template = {"AWSTemplateFormatVersion": "2010-09-09", "Resources": {"Example": resource}}
    yield Rendering("template", _dumped(template), "example.template.json")
    for form, flow in (("template-block", False), ("template-flow", True)):
        text = yaml.dump(
            template,
            Dumper=_NoAliases,
            default_flow_style=flow,
            sort_keys=False,
            allow_unicode=True,
            width=10_000,
        )
        yield Rendering(form, text, "example.yaml")
    lines = json.dumps(policy, indent=1).replace("${", "${!").split("\n")
    body = "".join(f"        {line}\n" for line in lines)
    text = f"{_TEXT_HEAD}      AssumeRolePolicyDocument: !Sub |\n{body}"
    yield Rendering("template-text", text, "example.yaml")


def _modules(policy: dict[str, Any]) -> Iterator[Rendering]:
    """The policy in a configuration of Terraform, and in a plan of it."""
    yield Rendering("plan", terraform_written.planned(policy), "plan.json")
    yield Rendering("jsonencode", terraform_written.encoded(policy), "example.tf")
    yield Rendering("heredoc", terraform_written.heredoc(policy), "example.tf")
    yield Rendering("local", terraform_written.through_a_local(policy), "example.tf")
    yield several("module", terraform_written.through_a_module(policy))
    yield several("template-file", terraform_written.through_a_template(policy))
    plan, written = terraform_written.planned(policy), terraform_written.encoded(policy)
    yield several("plan-beside", {"plan.json": plan, "example.tf": written})
    document = terraform_written.document(policy)
    if document is not None:
        yield Rendering("document", document, "example.tf")


_TEXT_HEAD = """\
Resources:
  Example:
    Type: AWS::IAM::Role
    Properties:
"""


class _NoAliases(yaml.SafeDumper):
    """Writes equal parts of a policy as often as they occur."""

    def ignore_aliases(self, data: object) -> bool:
        return True


def _role(example: dict[str, Any]) -> Callable[[object], dict[str, Any]]:
    """Makes the role of an example around its policy."""
    account = next(iter(_estate(example).accounts), None)
    arn = {"Arn": f"arn:aws:iam::{account}:role/example"} if account else {}
    known = {"Path": "/", "RoleName": "example", **arn, **example.get("role", {})}
    return lambda document: known | {"AssumeRolePolicyDocument": document}


_OTHER = {
    "Path": "/",
    "RoleName": "other",
    "Arn": f"arn:aws:iam::{OWN_ACCOUNT}:role/other",
    "AssumeRolePolicyDocument": {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"Service": "lambda.amazonaws.com"},
                "Action": "sts:AssumeRole",
            }
        ],
    },
}


def _account(role: dict[str, Any]) -> dict[str, Any]:
    return {
        "UserDetailList": [],
        "GroupDetailList": [],
        "RoleDetailList": [role | {"RolePolicyList": [], "AttachedManagedPolicies": []}, _OTHER],
        "Policies": [],
        "IsTruncated": False,
    }


def _dumped(value: object) -> str:
    return json.dumps(value, indent=4)


def canonical(text: str) -> object:
    """A part of a policy, whatever white space and escapes it is written with."""
    for around in ('"{}"', "[{}]", "{{{}}}", '["{}"]'):
        try:
            return json.loads(around.format(text), object_pairs_hook=tuple)
        except ValueError:
            continue
    return re.sub(r'("(?:[^"\\]|\\.)*")|\s+', lambda found: found[1] or "", text)


def underlined(marks: str, text: str) -> bool:
    """Whether an example marks this part of a policy; `…` in it stands for a long middle."""
    head, gap, tail = ("".join(part.split()) for part in marks.partition("…"))
    if not gap:
        return canonical(marks) == canonical(text)
    bare = "".join(text.split())
    return bare.startswith(head) and bare.endswith(tail)


# --- judging -------------------------------------------------------------------------------------


def _estate(example: dict[str, Any]) -> Surroundings:
    """The own account is 111111111111, or the example's; `accounts: []` makes it unknown."""
    said: dict[str, Any] = {
        name: tuple(given) if isinstance(given, list) else _tables(given)
        for name, given in example.get("estate", {}).items()
    }
    day = example.get("now")
    now = int(datetime.fromisoformat(f"{day}T00:00:00+00:00").timestamp()) if day else None
    known = Surroundings(accounts=(example.get("account", OWN_ACCOUNT),), now=now)
    return known._replace(**said)  # raises for what no estate has


def _tables(given: dict[str, Any]) -> dict[str, Any]:
    return {name: tuple(v) if isinstance(v, list) else v for name, v in given.items()}


def config_of(example: dict[str, Any]) -> Config:
    """The settings that an example is judged with."""
    known = {name: value for name, value in _estate(example)._asdict().items() if value is not None}
    return Config(level="info", **known)


def judged(
    text: str,
    book: RuleBook,
    example: dict[str, Any] | None = None,
    select: tuple[str, ...] = (),
    path: str = FILE,
    *,
    edits: bool = False,
    beside: tuple[tuple[str, str], ...] = (),
) -> Report:
    """The report about one file, everything shown."""
    config = config_of(example or {})._replace(select=select, edits=edits)
    return lint_with(DictFiles({**dict(beside), path: text}), [path], config, book)


def all_seen(report: Report, rendering: Rendering) -> list[Seen]:
    """The findings of a report without what depends on the form."""
    documents = [role.document for role in roles_of(rendering)]
    return sorted((_seen(each, documents) for each in report.findings), key=repr)


def roles_of(rendering: Rendering) -> list[Role]:
    """The roles in the files of an example."""
    sources = {path: Source(path, text) for path, text in rendering.files.items()}
    source = sources[rendering.path]
    around = Around({}, sources.get, DictFiles({**rendering.files}).list)
    if configurations.claims(source.name):
        return [role for each in configurations.read([source], around) for role in each.roles]
    return read(source, named=True, around=around).roles


def _seen(finding: Finding, documents: list[Value]) -> Seen:
    """A finding without names of roles and places in the file."""
    notes = [(note.rule, marked(documents, note.place.span)) for note in finding.notes]
    return Seen(
        finding.rule,
        finding.certainty,
        _nameless(finding.message, finding.roles),
        marked(documents, finding.place.span),
        finding.witness,
        tuple(sorted(notes)),
    )


def marked(documents: list[Value], span: Span) -> Marked:
    """What a place covers of the documents, whatever syntax they are written in."""
    covered = ((path, _part(leaf, span)) for each in documents for path, leaf in _leaves(each, ""))
    # `jsonencode` sorts the keys of an object
    found = tuple(sorted((path, text) for path, text in covered if text))
    assert found, "a finding points at nothing of a policy"
    return found


def _leaves(value: Value, path: str) -> Iterator[tuple[str, Value]]:
    """The keys and scalars of a document, and containers that are empty."""
    for member in value.members:
        inside = f"{path}/{member.key.data}"
        yield f"{inside} (key)", member.key
        yield from _leaves(member.value, inside)
    for number, item in enumerate(value.items()):
        yield from _leaves(item, f"{path}/{number}")
    if not value.members and not value.items():
        yield path, value


def _part(leaf: Value, span: Span) -> str:
    """The part of a leaf's text that a place covers."""
    text = leaf.data if leaf.kind == "string" else str(leaf.data)
    if _holds(span, leaf.span.root()):
        return f"`{text}`"
    if leaf.kind != "string":
        return ""
    inside = (at for at in range(len(text)) if _holds(span, leaf.part(at, at + 1).root()))
    part = "".join(text[at] for at in inside)
    return f"`{part}`" if part else ""


def _holds(outer: Span, inner: Span) -> bool:
    # another reading of the same text gives another source
    same = outer.source.name == inner.source.name
    return same and outer.start <= inner.start and inner.end <= outer.end


def _nameless(message: str, roles: tuple[str, ...]) -> str:
    for role in roles:
        message = message.replace(f"the role in `{role}`", "the role")
        message = message.replace(f"`{role}`", "the role")
    return message


def speaks(report: Report) -> set[str]:
    """The rules that a report names, as a finding or as a note on one."""
    findings = report.findings
    return {each.rule for each in findings} | {
        note.rule for each in findings for note in each.notes
    }


# --- asking again --------------------------------------------------------------------------------


def nodes(example: dict[str, Any], strings: Strings) -> list[Node]:
    """The nodes of an example's policy, which remember the facts they were asked for."""
    config = config_of(example)
    estate = estate_of(config)
    rendering = next(iter(renderings(example)))
    found: list[Node] = []
    for role in read(Source(FILE, rendering.text), named=True).roles:
        account = role.account or _only(config.accounts)
        setting = Setting(account, role.partition, estate.organization, config.now)
        meaning = Meaning(parse_policy(role.document), setting, strings)
        called = " ".join(each for each in estate.vendors if each in str(role.name).casefold())
        found += PolicyNode(Subject(meaning, "`example`", estate, called)).every_node()
    return found


def _only(texts: tuple[str, ...]) -> str | None:
    return texts[0] if len(texts) == 1 else None


def breaks(case: Case, test: Test, around: list[Node]) -> bool:
    """Whether the example would be wrong if the rule asked `test`."""
    rule = case.rule
    hits = [node for node in around if node.kind == rule.node and test(node).state in HIT]
    if case.kind == "good":
        return bool(hits)
    marked = [node.point(rule.point).text for node in hits]
    return not marked or not all(underlined(case.example["marks"], text) for text in marked)
