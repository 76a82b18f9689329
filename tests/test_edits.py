"""Edits: after one its finding is gone, nothing worse than a note appears, and fewer get in."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from random import Random
from typing import Any

import pytest
from comparison import ROLE, Subject, meaning_of
from completion import as_told
from examples_support import FILE, Case, Rendering, cases, judged, renderings, roles_of
from policies import interesting_policy, near_requests, random_assumptions

from iamlint import lint
from iamlint.config import Config
from iamlint.findings import Finding, Report, severity_rank
from iamlint.fixing import rewritten
from iamlint.mending.certain import Prover
from iamlint.mending.edit import both
from iamlint.semantics.growth import grown
from iamlint.semantics.membership import admits
from iamlint.shipped import shipped_book
from iamlint.source import DictFiles, Source
from iamlint.syntax.json import parse
from iamlint.syntax.value import Value
from iamlint.telling import Hit

BOOK = shipped_book()
RULES = [rule for rule in BOOK.rules if rule.edit_kind]
BAD = [case for case in cases(BOOK) if case.kind == "bad" and case.rule.edit_kind]
PROVIDER = "arn:aws:iam::111111111111:oidc-provider/token.actions.githubusercontent.com"
Json = dict[str, Any]


def look(rendering: Rendering, example: Json) -> Report:
    files = rendering.beside
    return judged(rendering.text, BOOK, example, path=rendering.path, edits=True, beside=files)


# What a plan says does not change when the configuration beside it does.
def forms(example: Json) -> Iterator[Rendering]:
    return (each for each in renderings(example) if each.form != "plan-beside")


def mended(finding: Finding, rendering: Rendering) -> Rendering:
    """The files of an example after an edit."""
    names = {change.span.source.name for change in finding.edit}
    assert names <= set(rendering.files)
    files = {
        name: rewritten(text, finding.edit) if name in names else text
        for name, text in rendering.files.items()
    }
    text = files.pop(rendering.path)
    return rendering._replace(text=text, beside=tuple(files.items()))


def said(report: Report, *, notes: bool = False) -> Counter[str]:
    """The rules that speak, with `notes` those that others speak for as well."""
    found = Counter(each.rule for each in report.findings)
    return found + Counter(n.rule for each in report.findings for n in each.notes if notes)


@pytest.mark.parametrize("case", BAD, ids=str)
def test_after_an_edit_nothing_else_is_found_in_any_form(case: Case) -> None:
    for rendering in forms(case.example):
        before = look(rendering, case.example)
        for finding in before.findings:
            if not finding.edit:
                continue
            changed = mended(finding, rendering)
            after = look(changed, case.example)
            assert after.problems == (), (rendering.form, changed.text)
            new = said(after) - said(before, notes=True)
            worse = [each for each in after.findings if each.rule in new and _is_worse(each)]
            assert not worse, (rendering.form, changed.text)
            assert said(after)[finding.rule] < said(before)[finding.rule], changed.text


@pytest.mark.parametrize("case", BAD, ids=str)
def test_an_edit_makes_the_same_policy_of_every_form(case: Case) -> None:
    made: list[tuple[str, object]] = []
    for rendering in forms(case.example):
        report = look(rendering, case.example)
        found = [each for each in report.findings if each.rule == case.rule.id and each.edit]
        if len(found) != 1:
            continue
        made.append((rendering.form, meant(rendering)))
        made.append((rendering.form, meant(mended(found[0], rendering))))
    assert all(policy == made[0][1] for _, policy in made[::2])
    assert all(policy == made[1][1] for _, policy in made[1::2]), made


def meant(rendering: Rendering) -> object:
    """The policy that a file holds; lists of one thing and the thing are one."""
    documents = [role.document.plain() for role in roles_of(rendering) if role.name != "other"]
    (document,) = map(_plain, documents)
    return document


def _plain(value: object) -> object:
    if isinstance(value, dict):
        return sorted((key, _plain(held)) for key, held in value.items())
    if isinstance(value, list):
        return _plain(value[0]) if len(value) == 1 else [_plain(each) for each in value]
    return value


def _is_worse(finding: Finding) -> bool:
    return severity_rank(finding.severity) > 0


# Where a part is taken out or put in, texts within texts and blocks of HCL are left alone.
WRITES = {"document", "get-role-text", "get-role-url", "plan"}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_rule_with_an_edit_has_an_example_of_it_in_every_form(rule: Any) -> None:
    edited: dict[str, set[bool]] = {}
    for case in BAD:
        if case.rule is rule:
            for rendering in forms(case.example):
                found = [e for e in look(rendering, case.example).findings if e.rule == rule.id]
                edited.setdefault(rendering.form, set()).add(any(each.edit for each in found))
    lacking = {form for form, seen in edited.items() if True not in seen} - {"text"}
    kinds = {"write": {"document", "get-role-url"}, "remove": WRITES, "add": WRITES}
    assert lacking <= kinds[rule.edit_kind], lacking


# --- who gets in ---------------------------------------------------------------------------------


def document(policy: Json) -> Value:
    value, problems = parse(Source("policy.json", json.dumps(policy)))
    assert value is not None, problems
    return value


def joined(one: Json, two: Json) -> Json:
    """Two policies as `grown` wants them."""
    together = both(document(one), document(two))
    assert together is not None
    plain: Json = together.plain()
    return plain


def listed(policy: Json) -> list[Json]:
    held = policy["Statement"]
    return held if isinstance(held, list) else [held]


@pytest.mark.parametrize("seed", range(40))
def test_the_engine_and_the_oracle_agree_on_who_gets_in_besides(seed: int) -> None:
    rng = Random(seed)
    old = interesting_policy(rng, ROLE)
    new = _other(rng, old)
    if old.get("Version") != new.get("Version"):
        return
    assume = random_assumptions(rng)
    before, after = Subject(old, assume), Subject(new, assume)
    answer = meaning_of(joined(old, new)).ask(grown(len(listed(old))))
    for call in near_requests(new, rng, 40, ROLE):
        if after.allowed(call) and not before.allowed(call):
            known = admits(after.world(call), as_told(call)) is not None
            assert answer.state != "no" or not known, (old, new, call)


def _other(rng: Random, policy: Json) -> Json:
    """A policy like another one: a statement less, or a guard less or more."""
    statements = [dict(each) for each in listed(policy)]
    chosen = rng.choice(statements)
    if len(statements) > 1 and rng.random() < 0.4:
        statements.remove(chosen)
    elif chosen.get("Condition") and rng.random() < 0.7:
        condition = dict(chosen["Condition"])
        del condition[rng.choice(list(condition))]
        chosen["Condition"] = condition
    else:
        chosen["Effect"] = "Deny" if chosen["Effect"] == "Allow" else "Allow"
    return policy | {"Statement": statements}


@pytest.mark.parametrize(
    ("old", "new", "grows"),
    [
        ({"AWS": "222222222222"}, {"AWS": "arn:aws:iam::222222222222:role/a"}, "no"),
        ({"AWS": "arn:aws:iam::222222222222:role/a"}, {"AWS": "222222222222"}, "yes"),
        ({"AWS": "222222222222"}, {"AWS": "222222222222"}, "no"),
        ({"AWS": "222222222222"}, {"Service": "ec2.amazonaws.com"}, "yes"),
    ],
)
def test_who_gets_in_besides(old: Json, new: Json, grows: str) -> None:
    policies = [
        {"Statement": [{"Effect": "Allow", "Principal": each, "Action": "sts:AssumeRole"}]}
        for each in (old, new)
    ]
    assert meaning_of(joined(*policies)).ask(grown(1)).state == grows


def test_a_deny_less_lets_somebody_in_and_a_deny_more_does_not() -> None:
    allow = {"Effect": "Allow", "Principal": {"AWS": "222222222222"}, "Action": "sts:AssumeRole"}
    deny = {"Effect": "Deny", "Principal": {"AWS": "*"}, "Action": "sts:TagSession"}
    free, strict = (
        {"Statement": [allow | {"Action": "sts:*"}]},
        {"Statement": [allow | {"Action": "sts:*"}, deny]},
    )
    assert meaning_of(joined(free, strict)).ask(grown(1)).state == "no"
    assert meaning_of(joined(strict, free)).ask(grown(2)).state == "yes"


def test_policies_of_two_versions_are_compared_only_where_that_means_nothing() -> None:
    old = {"Version": "2008-10-17", "Statement": []}
    new = old | {"Version": "2012-10-17"}
    assert both(document(old), document(new)) is not None
    said = {"Statement": [{"Condition": {"StringEquals": {"k:k": "${aws:username}"}}}]}
    assert both(document(old | said), document(new | said)) is None


@pytest.mark.parametrize("seed", range(90))
def test_edits_of_policies_that_were_drawn_let_in_nobody_new(seed: int) -> None:
    rng = Random(seed)
    policy = interesting_policy(rng, ROLE)
    text = json.dumps(policy, indent=1)
    before = judged(text, BOOK, edits=True)
    for finding in before.findings:
        if not finding.edit:
            continue
        changed = json.loads(rewritten(text, finding.edit))
        assume = random_assumptions(rng)
        old, new = Subject(policy, assume), Subject(changed, assume)
        for call in near_requests(changed, rng, 30, ROLE):
            # the oracle knows calls that cannot be; the engine says which of them are meant
            if new.allowed(call) and not old.allowed(call):
                assert admits(new.world(call), as_told(call)) is None, (finding, call)


# --- where there is none -------------------------------------------------------------------------


def edits(text: str, path: str, rule: str) -> list[bool]:
    report = judged(text, BOOK, path=path, edits=True)
    return [bool(each.edit) for each in report.findings if each.rule == rule]


STATEMENT = """\
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "AWS"
      identifiers = ["arn:aws:iam::222222222222:root"]
    }
%s  }
"""
CONDITION = """\
    condition {
      test     = "StringEqualsIfExists"
      variable = "%s"
      values   = ["%s"]
    }
"""
GUARD = CONDITION % ("sts:ExternalId", "b1946ac9-2c6f-4f0e-9d58-7c3b7a9d0f11")
FENCE = CONDITION % ("aws:PrincipalOrgID", "o-a1b2c3d4e5")


def terraform(conditions: str, roles: str = "a") -> str:
    data = f'data "aws_iam_policy_document" "d" {{\n{STATEMENT % conditions}}}\n'
    return data + "".join(
        f'resource "aws_iam_role" "{name}" {{\n'
        "  assume_role_policy = data.aws_iam_policy_document.d.json\n}\n"
        for name in roles
    )


def test_an_operator_that_is_written_twice_is_not_changed_once() -> None:
    assert edits(terraform(GUARD), "a.tf", "unusable-external-id") == [True]
    assert edits(terraform(FENCE + GUARD), "a.tf", "unusable-external-id") == [False]


def test_what_two_roles_share_is_changed_where_both_are_found_alike() -> None:
    assert edits(terraform(GUARD, "ab"), "a.tf", "unusable-external-id") == [True]
    other = "arn:aws:iam::222222222222:role/ci"
    own = (
        'data "aws_iam_policy_document" "own" {\n'
        "  source_policy_documents = [data.aws_iam_policy_document.d.json]\n"
        f"{STATEMENT.replace('222222222222:root', other[13:]) % ''}}}\n"
        'resource "aws_iam_role" "own" {\n'
        "  assume_role_policy = data.aws_iam_policy_document.own.json\n}\n"
    )
    shared = terraform(GUARD) + own
    assert edits(shared, "a.tf", "unusable-external-id") != [True]


TEMPLATE = """\
Parameters:
  Operator: {Type: String, Default: StringEqualsIfExists}
  Id: {Type: String}
Resources:
  R:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: !Sub |
        {"Statement": [{"Effect": "Allow", "Principal": {"AWS": "222222222222"},
          "Action": "sts:AssumeRole", "Condition": {"%s": {"sts:ExternalId": "${Id}"}}}]}
"""


def test_what_comes_from_elsewhere_is_not_changed_where_it_is_used() -> None:
    written = edits(TEMPLATE % "StringEqualsIfExists", "t.yaml", "unusable-external-id")
    assert written == [True]
    assert edits(TEMPLATE % "${Operator}", "t.yaml", "unusable-external-id") == [False]


def test_what_is_only_possible_has_no_edit() -> None:
    condition = {"StringLikeIfExists": {"sts:ExternalId": {"Ref": "Id"}}}
    statement = {"Effect": "Allow", "Principal": {"AWS": "222222222222"}, "Condition": condition}
    held = {"Fn::If": ["C", [statement | {"Action": "sts:AssumeRole"}], []]}
    document = {"Statement": held}
    role = {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": document}}
    template = {
        "Parameters": {"Id": {"Type": "String"}, "P": {"Type": "String"}},
        "Conditions": {"C": {"Fn::Equals": [{"Ref": "P"}, "x"]}},
        "Resources": {"R": role},
    }
    report = judged(json.dumps(template), BOOK, path="t.template.json", edits=True)
    assert "possible" in {each.certainty for each in report.findings}
    assert not [each for each in report.findings if each.edit]


def test_what_lets_in_more_is_no_edit() -> None:
    # under its right name the key lets in an organisation, where nobody got in before
    condition = {"StringEquals": {"aws:PrincipalOrg": "o-a1b2c3d4e5"}}
    statement = {"Effect": "Allow", "Principal": {"AWS": "222222222222"}, "Condition": condition}
    policy = {"Version": "2012-10-17", "Statement": [statement | {"Action": "sts:AssumeRole"}]}
    assert edits(json.dumps(policy), FILE, "misspelt-key") == [False]


def test_what_leads_to_another_finding_is_no_edit() -> None:
    # a Deny under its right name spares those who leave the key out
    condition = {"Bool": {"aws:MultifactorAuthentPresent": "false"}}
    user = {"Principal": {"AWS": "arn:aws:iam::111111111111:user/a"}, "Action": "sts:AssumeRole"}
    deny = {"Effect": "Deny", "Condition": condition} | user
    policy = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow"} | user, deny]}
    assert edits(json.dumps(policy), FILE, "misspelt-key") == [False]


def test_a_pod_keeps_the_permission_that_its_calls_need() -> None:
    pods = {"Effect": "Allow", "Principal": {"Service": "pods.eks.amazonaws.com"}}
    policy = {"Version": "2012-10-17", "Statement": [pods | {"Action": "sts:*"}]}
    assert edits(json.dumps(policy), FILE, "wildcard-action") == [False]


def test_edits_are_worked_out_for_who_asks() -> None:
    policy = {
        "Version": "2008-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"Federated": PROVIDER},
                "Action": "sts:AssumeRoleWithWebIdentity",
            }
        ],
    }
    text = json.dumps(policy)
    assert not [each for each in judged(text, BOOK, path=FILE).findings if each.edit]
    assert [each for each in judged(text, BOOK, path=FILE, edits=True).findings if each.edit]


def repeated(count: int) -> str:
    """A policy that says the same thing often: all statements but the last are needless."""
    principal = {"AWS": "arn:aws:iam::222222222222:role/a"}
    one = {"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"}
    statements = [one | {"Sid": f"S{number}"} for number in range(count)]
    return json.dumps({"Version": "2012-10-17", "Statement": statements})


def edited(text: str, level: str) -> int:
    files = DictFiles({FILE: text})
    report = lint(files, [FILE], Config(edits=True, level=level), book=BOOK)
    return sum(bool(each.edit) for each in report.findings)


def test_every_defect_of_a_policy_of_usual_size_has_its_edit() -> None:
    assert edited(repeated(15), "info") == 14


def test_of_a_large_policy_few_edits_are_proved() -> None:
    assert 0 < edited(repeated(60), "info") < 15  # each costs as much as a check


def test_nothing_is_proved_of_what_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Hit] = []
    monkeypatch.setattr(Prover, "_edit", lambda _, hit: asked.append(hit))
    assert edited(repeated(5), "low") == 0
    assert asked == []
    edited(repeated(5), "info")
    assert len(asked) == 4


def test_the_worst_findings_of_a_large_policy_are_mended_first() -> None:
    document = json.loads(repeated(60))
    condition = {"StringLikeIfExists": {"sts:ExternalId": "a1b2"}}
    document["Statement"].append(
        {
            "Effect": "Allow",
            "Principal": {"AWS": "333333333333"},
            "Action": "sts:AssumeRole",
            "Condition": condition,
        }
    )
    assert edits(json.dumps(document), FILE, "unusable-external-id") == [True]


def test_equal_policies_have_edits_each_by_its_own_right() -> None:
    """One that may come out in two ways has none, and takes none from one that is like it."""
    deny = (
        "{Effect: Deny, Principal: '*', Action: 'sts:AssumeRole',"
        " Condition: {Bool: {'aws:MultiFactorAuthPresent': 'false'}}}"
    )
    role = (
        "    Type: AWS::IAM::Role\n    Properties:\n      AssumeRolePolicyDocument:\n"
        "        Statement:\n        - Effect: Allow\n          Principal: {AWS: '111122223333'}\n"
        "          Action: sts:AssumeRole\n"
    )
    either = f"        - !If [Some, {deny}, !Ref AWS::NoValue]\n"
    names = {"One": f"{role}        - {deny}\n", "Two": role + either}
    names["Three"] = names["One"]
    head = (
        "Conditions:\n  Some: !Equals [!Ref P, a]\nParameters:\n  P: {Type: String}\nResources:\n"
    )
    for order in (["One", "Two"], ["Two", "Three"]):
        text = head + "".join(f"  {name}:\n{names[name]}" for name in order)
        report = lint(DictFiles({"t.yaml": text}), ["t.yaml"], Config(edits=True, level="high"))
        found = {(finding.roles, bool(finding.edit)) for finding in report.findings}
        assert found == {((name,), name != "Two") for name in order}
