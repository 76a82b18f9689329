"""Policies with holes: what is certain whatever fills them, and what is only possible."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from iamlint.config import Config
from iamlint.engine import Engine
from iamlint.findings import Finding
from iamlint.formats.role import Role, Variant, Way
from iamlint.shipped import shipped_book
from iamlint.source import Problem, Source, Span
from iamlint.syntax.holes import Hole, Table
from iamlint.syntax.json import parse

BOOK = shipped_book()
OWN = {
    "AWS::AccountId": Hole("AWS::AccountId", "own-account"),
    "AWS::Partition": Hole("AWS::Partition", "own-partition"),
    "AWS::Region": Hole("AWS::Region", "own-region"),
    "AWS::URLSuffix": Hole("AWS::URLSuffix", "own-suffix"),
}
GITHUB = "token.actions.githubusercontent.com"


def opened(policy: object, *holes: Hole) -> tuple[Variant, dict[str, Hole], Source]:
    """A policy in which `<Name>` is a hole."""
    table = Table()
    text = json.dumps(policy, indent=1)
    for name, hole in {**OWN, **{hole.name: hole for hole in holes}}.items():
        text = text.replace(f"<{name}>", table.char(hole))
    source = Source("template.json", text)
    document, problems = parse(source)
    assert document is not None
    assert not problems
    return Variant(document), table.holes, source


def judged(
    policy: object, *holes: Hole, account: str | None = "111111111111", level: str = "low"
) -> tuple[list[Finding], list[Problem]]:
    """What is found; notes on what may well be meant only with `level`."""
    variant, table, _ = opened(policy, *holes)
    role = Role(
        identity="Deploy",
        document=variant.document,
        span=variant.document.span,
        format="test",
        name="Deploy",
        holes=table,
        plain=False,
    )
    config = Config(accounts=(account,) if account else ())
    findings, problems, _ = Engine(BOOK, config).judge(role)
    return [each for each in findings if level == "info" or each.severity != "info"], problems


def statement(principal: object, condition: object = None, **more: object) -> dict[str, Any]:
    action = "sts:AssumeRole"
    if isinstance(principal, dict) and "Federated" in principal:
        action = "sts:AssumeRoleWithWebIdentity"
    found = {"Effect": "Allow", "Principal": principal, "Action": action} | more
    return found | ({"Condition": condition} if condition else {})


def policy(*statements: object) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": list(statements)}


def github(subject: str, operator: str = "StringLike") -> dict[str, Any]:
    provider = f"arn:<AWS::Partition>:iam::<AWS::AccountId>:oidc-provider/{GITHUB}"
    condition = {
        "StringEquals": {f"{GITHUB}:aud": "sts.amazonaws.com"},
    }
    condition.setdefault(operator, {})[f"{GITHUB}:sub"] = subject
    return policy(statement({"Federated": provider}, condition))


def rules(findings: list[Finding]) -> dict[str, str]:
    return {finding.rule: finding.certainty for finding in findings}


def test_a_known_weakness_beside_a_hole_is_certain() -> None:
    findings, problems = judged(github("repo:acme*:environment:<Stage>"), Hole("Stage"))
    assert not problems
    assert rules(findings)["open-subject"] == "certain"


def test_a_hole_in_a_pattern_may_hold_a_wildcard() -> None:
    findings, problems = judged(github("repo:<Owner>/web:ref:refs/heads/main"), Hole("Owner"))
    assert not problems
    (found,) = findings
    assert (found.rule, found.certainty) == ("open-subject", "possible")
    assert found.assumptions == ("the value of `Owner`, which is not known before deployment",)
    assert found.witness is not None
    assert found.witness.endswith("where `Owner` is `*`")


@pytest.mark.parametrize(
    "hole", [Hole("Owner", wild=False), Hole("Owner", values=("acme", "acme-labs"))]
)
def test_a_hole_that_cannot_hold_one_is_a_name(hole: Hole) -> None:
    assert judged(github("repo:<Owner>/web:ref:refs/heads/main"), hole) == ([], [])


def test_a_value_that_is_allowed_is_looked_at() -> None:
    hole = Hole("Owner", values=("acme", "ac*"))
    (found,), _ = judged(github("repo:<Owner>/web:ref:refs/heads/main"), hole)
    assert (found.rule, found.certainty) == ("open-subject", "possible")
    every = Hole("Owner", values=("acme*", "ac*"))
    (found,), _ = judged(github("repo:<Owner>/web:ref:refs/heads/main"), every)
    assert (found.rule, found.certainty) == ("open-subject", "certain")


def test_a_hole_under_an_exact_operator_is_one_text() -> None:
    exact = github("repo:<Owner>/<Repo>:ref:refs/heads/main", "StringEquals")
    assert judged(exact, Hole("Owner"), Hole("Repo")) == ([], [])


def test_what_is_told_is_in_the_words_of_the_user() -> None:
    findings, _ = judged(github("repo:<Owner>-*/<Repo>:*"), Hole("Owner", wild=False), Hole("Repo"))
    found = next(each for each in findings if each.rule == "open-subject")
    assert found.certainty == "certain"
    assert "starts with `${Owner}-`" in found.message
    assert found.witness is not None
    assert "github.com/${Owner}-evil/" in found.witness
    assert "zq" not in f"{found}".lower().replace("zq7", "")


@pytest.mark.parametrize("account", ["111111111111", None])
def test_the_own_account_is_not_foreign(account: str | None) -> None:
    root = "arn:<AWS::Partition>:iam::<AWS::AccountId>:root"
    assert judged(policy(statement({"AWS": root})), account=account) == ([], [])
    assert judged(policy(statement({"AWS": "<AWS::AccountId>"})), account=account) == ([], [])


def test_an_account_that_is_not_known_may_be_foreign() -> None:
    for text in ("arn:aws:iam::<Trusted>:root", "<TrustedAccountId>", "<Somebody>"):
        holes = [Hole(name) for name in ("Trusted", "TrustedAccountId", "Somebody")]
        findings, problems = judged(policy(statement({"AWS": text})), *holes)
        assert not problems
        assert rules(findings) == {"foreign-account-without-external-id": "possible"}, text
        assert "account `${" in findings[0].message
        assert not re.search("[\ue000-\uf8ff]|60000", f"{findings[0]}")


@pytest.mark.parametrize("account", ["111111111111", None])
@pytest.mark.parametrize("number", [8, 90])
def test_many_accounts_that_are_not_known_leave_nothing_undecided(
    number: int, account: str | None
) -> None:
    holes = [Hole(f"Account{each:02}") for each in range(number)]
    roots = [f"arn:aws:iam::<{hole.name}>:root" for hole in holes]
    fence = {"StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}}
    assert judged(policy(statement({"AWS": roots}, fence)), *holes, account=account) == ([], [])
    findings, problems = judged(policy(statement({"AWS": roots})), *holes, account=account)
    assert not problems
    assert rules(findings) == {"foreign-account-without-external-id": "possible"}
    assert len(findings) == number
    told = "which account the role lives in (pass `--account`)"
    for hole, found in zip(holes, findings, strict=True):
        why = f"the value of `{hole.name}`, which is not known before deployment"
        assert found.assumptions == ((why,) if account else (told,))


@pytest.mark.parametrize("account", ["111111111111", None])
def test_many_callers_that_are_not_known_leave_nothing_undecided(account: str | None) -> None:
    holes = [Hole(f"Caller{each}") for each in range(9)]
    callers = {"AWS": [f"<{hole.name}>" for hole in holes]}
    findings, problems = judged(policy(statement(callers)), *holes, account=account)
    assert not problems
    assert rules(findings) == {"foreign-account-without-external-id": "possible"}
    assert len(findings) == 9
    own = {"StringEquals": {"aws:PrincipalAccount": "<AWS::AccountId>"}}
    findings, problems = judged(policy(statement(callers, own)), *holes, account=account)
    assert not problems
    assert "certain" not in rules(findings).values()


def test_what_else_hangs_on_an_account_hangs_on_its_hole() -> None:
    caller = {"AWS": "arn:aws:iam::<Account>:root"}
    theirs = {"StringEquals": {"aws:PrincipalAccount": "<Account>"}}
    own = {"StringEquals": {"aws:PrincipalAccount": "<AWS::AccountId>"}}
    assert "dead-statement" not in rules(
        judged(policy(statement(caller, theirs)), Hole("Account"))[0]
    )
    findings, _ = judged(policy(statement(caller, own)), Hole("Account"))
    assert rules(findings)["dead-statement"] == "possible"
    both = [statement(caller), statement({"AWS": "<Other>"}, own)]
    findings, _ = judged(policy(*both), Hole("Account"), Hole("Other"))
    assert set(rules(findings).values()) == {"possible"}


def test_a_subject_that_is_not_known_may_be_any_only_in_a_pattern() -> None:
    assert judged(github("<Subject>", "StringEquals"), Hole("Subject")) == ([], [])
    findings, _ = judged(github("<Subject>"), Hole("Subject"))
    assert rules(findings) == {"open-subject": "possible"}


def test_a_key_of_an_unknown_provider_is_not_misspelt() -> None:
    keys = {"StringEquals": {"<Url>:sub": "system:serviceaccount:a:b", "<Issuer>:aud": "x"}}
    provider = {"Federated": "arn:aws:iam::111111111111:oidc-provider/<Url>"}
    findings, _ = judged(policy(statement(provider, keys)), Hole("Url"), Hole("Issuer"))
    assert "misspelt-key" not in rules(findings)


def test_the_own_account_is_told_as_it_is_written() -> None:
    fenced = {"StringEquals": {"sts:ExternalId": "<AWS::AccountId>"}}
    findings, _ = judged(policy(statement({"Service": "sns.amazonaws.com"}, fenced)), account=None)
    assert "`${AWS::AccountId}`" in f"{findings}"
    assert "123412341234" not in f"{findings}"


def test_equal_holes_are_filled_equally() -> None:
    arn = "<Caller>"
    fenced = {"ArnNotEquals": {"aws:PrincipalArn": arn}}
    allow = statement({"AWS": arn})
    deny = statement({"AWS": "*"}, fenced, Effect="Deny")
    locked = statement({"AWS": "*"}, {"ArnEquals": {"aws:PrincipalArn": arn}}, Effect="Deny")
    hole = Hole("Caller", "arn")
    assert "deny-locks-everyone-out" not in rules(judged(policy(allow, deny), hole)[0])
    assert rules(judged(policy(allow, locked), hole)[0])["deny-locks-everyone-out"]


def test_of_levels_that_are_possible_the_widest_is_told() -> None:
    for subject, wanted in (
        ("<Subject>", {"open-subject": "possible"}),
        ("repo:acme/<Repository>:environment:production", {"open-project": "possible"}),
        ("repo:acme/web:ref:refs/heads/<Branch>", {"open-ref": "possible"}),
        ("repo:acme/<Repository>:ref:refs/heads/<Branch>", {"open-project": "possible"}),
    ):
        holes = [Hole(name) for name in ("Subject", "Repository", "Branch")]
        found = rules(judged(github(subject), *holes)[0])
        assert wanted.items() <= found.items(), subject
        assert len(found) <= 2, found


def test_what_is_possible_is_told_beside_a_certain_note() -> None:
    user = policy(statement({"AWS": "arn:aws:iam::<Account>:user/ci"}))
    assert rules(judged(user, Hole("Account"))[0]) == {"foreign-user": "possible"}


@pytest.mark.parametrize(
    "document",
    [
        policy(
            statement(
                {"Federated": "arn:aws:iam::<Account>:saml-provider/corp"},
                {"StringEquals": {"SAML:aud": "<Audience>", "SAML:sub": "jo"}},
                Action="sts:AssumeRoleWithSAML",
            )
        ),
        policy(
            statement(
                {"AWS": "111111111111"}, {"StringEquals": {"sts:RoleSessionName": "<Session>"}}
            )
        ),
        policy(statement({"AWS": "arn:<Partition>:iam::222222222222:role/x"})),
        policy(statement({"AWS": "111111111111"})) | {"Version": "<Version>"},
        policy(statement({"Federated": "<Provider>"}, {"StringEquals": {"<Issuer>:sub": "x"}})),
        github("<Subject>", "StringEquals"),
        github("repo:<Owner>/web:ref:refs/heads/main", "StringEquals"),
    ],
    ids=str,
)
def test_a_text_that_was_made_up_is_not_judged(document: object) -> None:
    names = ["Account", "Audience", "Session", "Partition", "Version", "Provider", "Issuer"]
    findings, _ = judged(document, *map(Hole, [*names, "Subject", "Owner"]), level="info")
    assert {each.rule for each in findings} <= TOLD


def test_unknown_texts_count_for_nothing_in_the_size() -> None:
    holes = [Hole(f"Role{number}") for number in range(100)]
    names = [f"arn:aws:iam::111111111111:role/<{hole.name}>" for hole in holes]
    assert "over-default-quota" not in rules(judged(policy(statement({"AWS": names})), *holes)[0])
    known = [f"arn:aws:iam::111111111111:role/r{number}" for number in range(100)]
    assert "over-default-quota" in rules(judged(policy(statement({"AWS": known})))[0])


# Notes on what is known of the policies below: they judge no text that was made up.
TOLD = {
    "organisation-wide-trust",
    "own-account-trust",
    "service-source-unchecked",
    "unchecked-audience",
}


@pytest.mark.parametrize(
    "document",
    [
        policy(statement({"Service": "states.<AWS::Region>.<AWS::URLSuffix>"})),
        policy(statement({"Service": "<Service>.amazonaws.com"})),
        policy(statement({"Service": "<Service>"})),
        policy(statement({"Service": "ec2.amazonaws.com"}, Action="<Action>")),
        policy(statement({"Service": "ec2.amazonaws.com"})) | {"Version": "<Version>"},
        policy(
            statement(
                {"Federated": "<Provider>"},
                {"StringEquals": {"<Issuer>:sub": "system:serviceaccount:<Space>:web"}},
            )
        ),
        policy(
            statement(
                {"Federated": "arn:aws:iam::<AWS::AccountId>:oidc-provider/<Issuer>"},
                {"StringEquals": {"<Issuer>:sub": "system:serviceaccount:<Space>:web"}},
            )
        ),
        policy(
            statement(
                {"Federated": "<Provider>"},
                {"StringEquals": {f"{GITHUB}:sub": "repo:acme/web:ref:refs/heads/<Branch>"}},
            )
        ),
        policy(
            statement(
                {"Federated": f"arn:aws:iam::111111111111:oidc-provider/{GITHUB}"},
                {
                    "StringEquals": {
                        f"{GITHUB}:repository_id": "<Id>",
                        f"{GITHUB}:sub": "repo:acme@<Id>/web@<Id>:environment:production",
                    }
                },
            )
        ),
        policy(statement({"AWS": "*"}, {"StringEquals": {"aws:PrincipalOrgID": "<Org>"}})),
        policy(
            statement(
                {"AWS": "*"},
                {"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": "<Org>/r-ab12/*"}},
            )
        ),
        policy(
            statement({"AWS": "111111111111"}, {"Bool": {"aws:MultiFactorAuthPresent": "<Mfa>"}})
        ),
        policy(
            statement(
                {"AWS": "111111111111"}, {"NumericLessThan": {"aws:MultiFactorAuthAge": "<Age>"}}
            )
        ),
        policy(
            statement({"AWS": "222222222222"}, {"StringEquals": {"sts:ExternalId": "<ExternalId>"}})
        ),
        github("<Subject>", "StringEquals"),
        policy(
            statement(
                {"Service": "sns.amazonaws.com"},
                {
                    "StringEquals": {"aws:SourceAccount": "<AWS::AccountId>"},
                    "ArnLike": {"aws:SourceArn": "<Topic.Arn>"},
                },
            )
        ),
        policy(
            statement(
                {"AWS": "111111111111"},
                {"StringEquals": {"aws:PrincipalArn": "<Caller>", "aws:SourceVpce": "<Endpoint>"}},
            )
        ),
    ],
    ids=str,
)
def test_a_hole_is_no_fault(document: object) -> None:
    names = [
        "Service",
        "Action",
        "Version",
        "Provider",
        "Issuer",
        "Space",
        "Branch",
        "Id",
        "Org",
        "Mfa",
        "Age",
        "ExternalId",
    ]
    names += ["Subject", "Topic.Arn", "Caller", "Endpoint"]
    findings, problems = judged(document, *map(Hole, names), level="info")
    assert not problems
    assert {each.rule for each in findings} <= TOLD


def test_a_hole_points_at_its_place() -> None:
    document = policy(statement({"AWS": "arn:aws:iam::<Trusted>:root"}))
    (found,), _ = judged(document, Hole("Trusted"))
    assert found.place.span.text.startswith("arn:aws:iam::\U000f0004:root")


def role_of(variants: tuple[Variant, ...], ways: tuple[Way, ...] = ()) -> Role:
    return Role(
        identity="Deploy",
        document=variants[0].document,
        span=variants[0].document.span,
        format="test",
        variants=variants,
        ways=ways,
        plain=False,
    )


PUBLIC = statement({"AWS": "*"})
FENCE = statement(
    {"AWS": "*"}, {"StringNotEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}}, Effect="Deny"
)


def test_what_all_variants_have_is_certain() -> None:
    variant, _, _ = opened(policy(PUBLIC))
    both = tuple(
        variant._replace(given=(f"condition `IsProd` is {word}",)) for word in ("true", "false")
    )
    (found,) = Engine(BOOK, Config()).judge(role_of(both)).findings
    assert (found.rule, found.certainty, found.assumptions) == ("public-trust", "certain", ())


def test_what_some_variants_have_is_possible_and_names_the_condition() -> None:
    open_, _, source = opened(policy(PUBLIC))
    document, _ = parse(Source(source.name, source.text))
    shut, _, _ = opened(policy(PUBLIC, FENCE))
    assert document is not None
    variants = (
        Variant(shut.document, ("condition `IsProd` is true",)),
        Variant(open_.document, ("condition `IsProd` is false",)),
    )
    findings = Engine(BOOK, Config()).judge(role_of(variants)).findings
    (found,) = [each for each in findings if each.rule == "public-trust"]
    assert found.certainty == "possible"
    assert found.assumptions == ("condition `IsProd` is false",)


def test_what_a_missing_part_could_undo_is_possible() -> None:
    variant, _, _ = opened(policy(PUBLIC))
    missing = variant._replace(missing=("the statement given by `Fn::Transform`",))
    (found,) = Engine(BOOK, Config()).judge(role_of((missing,))).findings
    assert found.certainty == "possible"
    assert found.assumptions == (
        "the statement given by `Fn::Transform`, which is not known before deployment",
    )


def test_what_is_written_wrong_only_perhaps_is_no_news() -> None:
    sound, _, _ = opened(policy(PUBLIC))
    broken, _, _ = opened(policy(PUBLIC | {"Resource": "*"}))
    variants = (sound, broken._replace(given=("condition `IsProd` is false",)))
    findings = Engine(BOOK, Config()).judge(role_of(variants)).findings
    assert "prohibited-resource" not in {each.rule for each in findings}
    twice = Engine(BOOK, Config()).judge(role_of((broken, broken))).findings
    assert "prohibited-resource" in {each.rule for each in twice}


def test_a_value_that_travelled_is_shown_at_both_ends() -> None:
    variant, _, source = opened(policy(PUBLIC))
    star = source.text.index('"*"') + 1
    use = Span(Source("other.json", "!Ref Who"), 0, 8)
    way = Way(Span(source, star, star + 1), use, "parameter `Who`")
    (found,) = Engine(BOOK, Config()).judge(role_of((variant,), (way,))).findings
    assert [(place.span, place.label) for place in found.related] == [
        (use, "used here, through parameter `Who`")
    ]
