"""Facts about trust policies, row by row, held against the oracle; each row cites its section."""

from __future__ import annotations

from typing import Any

import pytest
from oracle import Request, allowed
from policies import ASSUMPTIONS

ROLE = {"account": "111111111111"}
USER = {"kind": "user", "arn": "arn:aws:iam::222222222222:user/ops/bob"}
SESSION = {"kind": "session", "arn": "arn:aws:iam::222222222222:role/teams/ci", "session": "s1"}
GITHUB = "arn:aws:iam::111111111111:oidc-provider/token.actions.githubusercontent.com"
CALLERS: dict[str, dict[str, str]] = {
    "user": USER,
    "session": SESSION,
    "chinese": {"kind": "user", "arn": "arn:aws-cn:iam::222222222222:user/ops/bob"},
    "lambda": {"kind": "service", "service": "lambda.amazonaws.com"},
    "github": {"kind": "web", "provider": GITHUB},
    "foreign": {"kind": "web", "provider": GITHUB.replace("1" * 12, "2" * 12)},
    "google": {"kind": "web", "provider": "accounts.google.com"},
    "okta": {"kind": "saml", "provider": "arn:aws:iam::111111111111:saml-provider/Okta"},
}
IDS = {"user": "AIDAUSER", "session": "AROAROLE:s1", "chinese": "AIDACHINESE"}


def assumed(*names: str) -> dict[str, bool]:
    return {name: name in names for name in ASSUMPTIONS}


def admits(
    statements: Any,
    caller: str = "user",
    actions: tuple[str, ...] = ("sts:AssumeRole",),
    context: dict[str, str | list[str]] | None = None,
    assume: tuple[str, ...] = (),
    version: str = "2012-10-17",
    role: dict[str, str] = ROLE,
) -> bool:
    full = {"aws:userid": IDS.get(caller, "anonymous")} | (context or {})
    policy = {"Version": version, "Statement": statements}
    request = Request(CALLERS[caller], frozenset(actions), full)
    return allowed(policy, request, assumed(*assume), role)


def allow(effect: str = "Allow", **elements: Any) -> dict[str, Any]:
    usual = {"Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}
    return {"Effect": effect} | usual | elements


# --- guards: section, operator, values; what passes and what fails (None: absent); assumptions ---

A1, A2, A3, A4, A5, A6A, SILENT = "A1", "A2", "A3", "A4", "A5", "A6a", "not in the facts"
ARN = "arn:aws:events:eu-west-1:111122223333:rule/a/b:c"
GUARDS: list[tuple[Any, ...]] = [
    # combination: the table of A4
    (A4, "StringEquals", "a", ["a"], ["b", None]),
    (A4, "StringEquals", ["a", "b"], ["b"], []),
    (A4, "StringNotEquals", "a", ["b", None], ["a"]),
    (A4, "StringNotEquals", ["a", "b"], ["c"], ["b"]),
    (A4, "StringEqualsIfExists", "a", [None], ["b"]),
    (A4, "StringNotEqualsIfExists", "a", [None], ["a"]),
    (A4, "Null", "true", [None, []], ["x"]),
    (A4, "Null", "false", ["x", ["x"]], [None]),
    (A4, "Null", False, ["x"], []),
    (A4, "Null", "True", [None], []),
    (A4, "Null", ["true", "false"], ["x"], []),
    (A4, "ForAnyValue:StringEquals", "a", [["b", "a"], "a"], [["b", "c"], None, []]),
    (A4, "ForAnyValue:StringNotEquals", ["a", "b"], [["a", "c"]], [["a", "b"]]),
    (A4, "ForAnyValue:StringNotEquals", "a", [], [None]),
    (A4, "ForAllValues:StringEquals", ["a", "b"], [["a", "b"]], [["a", "c"]]),
    (A4, "ForAllValues:StringEquals", "a", [None, []], ["b"]),
    (A4, "ForAllValues:StringNotEquals", "a", [["b", "c"], None], [["b", "a"]]),
    (A4, "ForAllValues:StringEqualsIfExists", "a", [None], [["b"]]),
    # what A4 and A6a leave open, under its name
    (A4, "ForAnyValue:StringEqualsIfExists", "a", [], [None]),
    (A4, "ForAnyValue:StringEqualsIfExists", "a", [None], [["b"]], "any-value-if-exists"),
    (A4, "ForAnyValue:StringNotEqualsIfExists", "a", [], [None]),
    (A4, "ForAnyValue:StringNotEqualsIfExists", "a", [None], [], "any-value-if-exists"),
    (A4, "StringEquals", "a", [], [["a"]]),
    (A4, "StringEquals", "a", [["b", "a"]], [], "bare-list"),
    (A4, "StringNotEquals", "a", [["a", "b"]], [["a"]], "bare-list"),
    (A4, "StringNotEquals", "a", [[]], [["b"]]),
    (A4, "StringEquals", [], [], ["a"]),
    (A4, "StringEquals", [], ["a"], [], "empty-values"),
    (A4, "StringNotEqualsIfExists", [], [], [None]),
    (A4, "ForAllValues:StringEquals", [], [None], [], "empty-values"),
    (A4, "ArnLike", "arn:aws:events:*", [], [ARN]),
    (A4, "ArnLike", "arn:aws:events:*", [ARN], [None], "arn-shape"),
    (A4, "ArnNotLike", "*", [None], [ARN]),
    (A4, "ArnNotLike", "*", [ARN], [], "arn-shape"),
    (A4, "ArnLike", ["*", ARN], [ARN], []),
    (A4, "ArnNotLike", ["*", ARN], [], [ARN], "arn-shape"),
    (A4, "ArnNotLike", ["*", "arn:aws:s3:::*"], [], [ARN]),
    (A4, "ForAnyValue:ArnLike", ["*", ARN], [["x", ARN]], []),
    (A4, "ForAllValues:ArnLike", ["*", ARN], [], [["x", ARN]]),
    (A4, "ForAllValues:ArnLike", ["*", ARN], [["x", ARN]], [], "arn-shape"),
    (A6A, "ForAllValues:StringEquals", "a", ["", ["", "a"]], [["", "b"]]),
    (SILENT, "StringEquals", "", [""], []),
    (SILENT, "ForAnyValue:StringEquals", "a", [], [[""]]),
    # String
    (A4, "StringEquals", "A", [], ["a"]),
    (A4, "StringEquals", "a*", ["a*"], ["ab"]),
    (A4, "StringEquals", "a?", [], ["ab"]),
    (A4, "StringEqualsIgnoreCase", "aB", ["Ab"], []),
    (A4, "StringEqualsIgnoreCase", "a*", [], ["ab"]),
    (A4, "StringNotEqualsIgnoreCase", "aB", [None], ["Ab"]),
    (A4, "StringLike", "repo:acme*", ["repo:acme-evil/x:ref:refs/heads/main"], []),
    (A4, "StringLike", "a*c", ["a:b/c"], []),
    (A4, "StringLike", "a*", ["a", "a\nb"], []),
    (A4, "StringLike", "*", [""], []),
    (A4, "StringLike", "a?", ["ab"], ["a", "abc"]),
    (A4, "StringLike", "A*", [], ["ab"]),
    (A4, "StringLike", "a.c", [], ["abc"]),
    (A4, "StringNotLike", ["a*", "b*"], ["c"], ["bc"]),
    (A4, "StringLike", "a${*}", ["a*"], ["ab"]),
    (A4, "StringLike", "a${?}*", ["a?b"], []),
    (A4, "StringLike", "${$}{k}", ["${k}"], []),
    (A4, "StringEquals", "a${*}", ["a*"], []),
    (A4, "StringEquals", 111122223333, ["111122223333"], []),
    (A4, "StringEquals", True, ["true"], []),
    # Arn
    (A4, "ArnLike", "arn:aws:events:*:111122223333:rule/*", [ARN], []),
    (A4, "ArnEquals", "arn:aws:events:*:111122223333:rule/*", [ARN], []),
    (A4, "ArnNotEquals", "arn:aws:events:*:111122223333:rule/*", [], [ARN]),
    (A4, "ArnNotLike", "arn:aws:events:*:111122223334:rule/*", [ARN], []),
    (A4, "ArnLike", "arn:aws:events:*:*:*c", [ARN], []),
    (A4, "ArnLike", "arn:aws:*:111122223333:rule/*", [], [ARN]),
    (A4, "ArnLike", "arn:aws:events:eu-west-?:111122223333:rule/a/?:c", [ARN], []),
    (A4, "ArnLike", "arn:aws:events:eu-west-1:111122223333:RULE/*", [], [ARN]),
    (
        A4,
        "ArnLike",
        "arn:aws:x:*:111122223333:finance/*",
        [],
        ["arn:aws:x:r:1:y:111122223333:finance/z"],
    ),
    (
        A4,
        "StringLike",
        "arn:aws:x:*:111122223333:finance/*",
        ["arn:aws:x:r:1:y:111122223333:finance/z"],
        [],
    ),
    (A4, "ArnLike", "*:*:*:*:*:*", [], ["x"]),
    (A4, "ArnNotLike", "*:*:*:*:*:*", ["x"], []),
    # Numeric
    (A4, "NumericEquals", "10", ["10.0"], []),
    (A4, "NumericEquals", 10, ["10"], []),
    (A4, "NumericEquals", "9007199254740993", [], ["9007199254740992"]),
    (A4, "NumericNotEquals", "10", ["11"], []),
    (A4, "NumericLessThan", "10", ["9.99"], ["10"]),
    (A4, "NumericLessThanEquals", "10", ["10"], []),
    (A4, "NumericGreaterThan", "-1", ["-0.5"], []),
    (A4, "NumericGreaterThanEquals", "10", [], ["9"]),
    (A4, "NumericLessThan", ["5", "10"], ["7"], []),
    (A4, "NumericEquals", "1*", [], ["10"]),
    (A4, "NumericEquals", "${k}", [], ["10"]),
    (SILENT, "NumericEquals", "ten", [], ["ten"]),
    (SILENT, "NumericNotEquals", "ten", ["10"], []),
    (SILENT, "NumericNotEquals", "10", ["ten"], []),
    (SILENT, "NumericNotEquals", ["ten", "10"], [], ["10"]),
    # Date
    (A4, "DateEquals", "2026-01-01T00:00:00Z", ["2026-01-01T01:00:00+01:00", "1767225600"], []),
    (A4, "DateEquals", 1767225600, ["2026-01-01"], []),
    (A4, "DateGreaterThan", "2026-01", ["2026-01-01T00:00:00.5Z"], []),
    (A4, "DateGreaterThan", "2026-01-01T00:00Z", [], ["2026-01-01T00:00:00Z"]),
    (A4, "DateGreaterThanEquals", "2026", ["2026-01-01T00:00:00Z"], ["2025-12-31"]),
    (A4, "DateLessThan", "2026-01-01", ["2025-12-31T23:59:59Z"], []),
    (A4, "DateLessThanEquals", "2026-01-01", [], ["2026-01-02"]),
    (A4, "DateNotEquals", "2026-01-01", ["2026-01-02"], []),
    (SILENT, "DateLessThan", "2026-13-01", [], ["2026-01-01"]),
    (SILENT, "DateLessThan", "2026-02-30", [], ["2026-01-01"]),
    (SILENT, "DateLessThan", "2026-01-01T00:00:00", [], ["2025-01-01"]),
    (SILENT, "DateNotEquals", "soon", ["2026-01-01"], []),
    (SILENT, "DateLessThan", "2027-*", [], ["2026-01-01"]),
    # Bool, Binary, addresses
    (A4, "Bool", "true", ["true"], [None]),
    (A4, "Bool", True, ["true"], []),
    (A4, "Bool", "True", ["true"], []),
    (A4, "Bool", "false", [], ["true"]),
    (A4, "BoolIfExists", "true", [None], ["false"]),
    (SILENT, "Bool", "yes", [], ["yes"]),
    (A4, "BinaryEquals", "QmluYXJ5", ["QmluYXJ5"], ["qmluYXJ5"]),
    (SILENT, "BinaryEquals", "no base64", [], ["no base64"]),
    (A4, "IpAddress", "203.0.113.9/24", ["203.0.113.7"], ["203.0.114.7"]),
    (A4, "IpAddress", "203.0.113.7", ["203.0.113.7"], ["203.0.113.8"]),
    (A4, "IpAddress", "0.0.0.0/0", [], ["2001:db8::1"]),
    (A4, "IpAddress", "2001:db8::/32", ["2001:db8::1"], []),
    (A4, "IpAddress", ["10.0.0.0/8", "203.0.113.0/24"], ["203.0.113.7"], []),
    (A4, "NotIpAddress", "203.0.113.0/24", ["198.51.100.7", None], ["203.0.113.7"]),
    (A4, "IpAddressIfExists", "203.0.113.0/24", [None], []),
    (SILENT, "IpAddress", "10.0.0.0/33", [], ["10.0.0.1"]),
    (SILENT, "IpAddress", "10.0.0.0/255.0.0.0", [], ["10.0.0.1"]),
    (SILENT, "NotIpAddress", "10.0.0.0/33", ["10.0.0.1"], []),
    # operators that are none
    (SILENT, "StringEqual", "a", [], ["a"]),
    (SILENT, "stringequals", "a", [], ["a"]),
    (SILENT, "ForAnyValue:Null", "true", [], [None]),
    (SILENT, "NullIfExists", "true", [], [None]),
    (SILENT, "Null", "no", [], ["x"]),
]
FACTS = [
    (*row[:3], found, bool(verdict), *row[5:])
    for row in GUARDS
    for verdict in (1, 0)
    for found in row[4 - verdict]
]


@pytest.mark.parametrize("row", FACTS, ids=lambda row: f"{row[0]} {row[1]} {row[2]} {row[3]}")
def test_guard(row: tuple[Any, ...]) -> None:
    _, operator, values, found, expected, *assume = row
    context = {} if found is None else {"aws:k": found}
    statement = allow(Condition={operator: {"aws:k": values}})
    assert admits(statement, context=context, assume=tuple(assume)) is expected
    denied = [allow(), allow("Deny", Condition={operator: {"aws:k": values}})]
    assert admits(denied, context=context, assume=tuple(assume)) is not expected


# --- variables: section, operator, values, context, expected ---

VARIABLES: list[tuple[str, str, Any, dict[str, Any], bool]] = [
    (A4, "StringEquals", "${aws:username}", {"aws:k": "bob", "aws:username": "bob"}, True),
    (A4, "StringEquals", "${AWS:UserName}", {"aws:k": "bob", "aws:username": "bob"}, True),
    (A4, "StringEquals", "x-${aws:username}", {"aws:k": "x-bob", "aws:username": "bob"}, True),
    (A4, "StringLike", "${aws:username}-*", {"aws:k": "bob-1", "aws:username": "bob"}, True),
    (A4, "StringEquals", "${aws:k}", {"aws:k": "anything"}, True),
    (A4, "StringEquals", "${aws:username}", {"aws:k": "bob"}, False),
    (A4, "StringNotEquals", "${aws:username}", {"aws:k": "bob"}, True),
    (A6A, "StringEquals", ["${aws:username}", "bob"], {"aws:k": "bob"}, True),
    (A6A, "StringNotEquals", ["${aws:username}", "bob"], {"aws:k": "bob"}, False),
    (A6A, "StringNotEquals", ["${aws:username}", "bob"], {"aws:k": "eve"}, True),
    (A4, "StringEquals", "${aws:username, 'eve'}", {"aws:k": "eve"}, True),
    (A4, "StringEquals", "${aws:username, 'eve'}", {"aws:k": "eve", "aws:username": "bob"}, False),
    (A4, "StringEquals", "${aws:username, ''}x", {"aws:k": "x"}, True),
    (
        A4,
        "ArnLike",
        "arn:aws:iam::${aws:a}:role/*",
        {"aws:k": "arn:aws:iam::1:role/x", "aws:a": "1"},
        True,
    ),
    (A4, "ArnLike", "${aws:arn}", {"aws:k": ARN, "aws:arn": ARN}, True),
    (A4, "Bool", "${aws:other}", {"aws:k": "true", "aws:other": "true"}, False),
    (A4, "DateEquals", "${aws:other}", {"aws:k": "2026-01-01", "aws:other": "2026-01-01"}, False),
    (A6A, "StringNotEquals", "${aws:ResourceOrgID}", {"aws:k": "o-a"}, True),
    (SILENT, "StringLike", "${aws:other}", {"aws:k": "abc", "aws:other": "a*"}, False),
    (SILENT, "StringEquals", "${aws:list}", {"aws:k": "a", "aws:list": ["a"]}, False),
    (SILENT, "StringEquals", "${aws:username", {"aws:k": "${aws:username"}, True),
]


@pytest.mark.parametrize("row", VARIABLES, ids=lambda row: f"{row[0]} {row[1]} {row[2]}")
def test_variable(row: tuple[str, str, Any, dict[str, Any], bool]) -> None:
    _, operator, values, context, expected = row
    assert admits(allow(Condition={operator: {"aws:k": values}}), context=context) is expected


@pytest.mark.parametrize("version", ["2008-10-17", ""])
def test_variables_are_text_in_the_old_version(version: str) -> None:  # A1
    context: dict[str, Any] = {"aws:k": "bob", "aws:username": "bob"}
    like = allow(Condition={"StringLike": {"aws:k": "${*}"}})
    for operator, expected in (("StringEquals", False), ("StringNotEquals", True)):
        statement = allow(Condition={operator: {"aws:k": "${aws:username}"}})
        assert admits(statement, context=context, version=version) is expected
    assert admits(like, context={"aws:k": "${anything}"}, version=version)
    assert not admits(like, context={"aws:k": "*"}, version=version)


# --- principals: section, entry, who it covers, assumptions ---

SIGNED = {"user", "session", "chinese"}
STAR, EVERYBODY = ("star-service", "star-federated"), set(CALLERS)
ROOT, ACCOUNT = "arn:aws:iam::222222222222:root", "222222222222"
OTHERS = EVERYBODY - {"user", "session", "chinese"}
PRINCIPALS: list[tuple[Any, ...]] = [
    (A2, {"AWS": "*"}, SIGNED),
    (A2, "*", SIGNED),
    (A6A, {"AWS": "*"}, SIGNED | {"lambda"}, "star-service"),
    (A6A, {"AWS": "*"}, EVERYBODY - {"lambda"}, "star-federated"),
    (A6A, "*", EVERYBODY, *STAR),
    (A2, {"AWS": ROOT}, {"user", "session"}),
    (A2, {"AWS": ACCOUNT}, SIGNED),
    (A2, {"AWS": "arn:aws-cn:iam::222222222222:root"}, {"chinese"}),
    (A2, {"AWS": "333333333333"}, set()),
    (A2, {"AWS": SESSION["arn"]}, {"session"}),
    (A2, {"AWS": "arn:aws:iam::222222222222:role/ci"}, set()),
    (A2, {"AWS": "arn:aws:iam::222222222222:role/*"}, set()),
    (A2, {"AWS": "arn:aws:iam::222222222222:role/teams/CI"}, set()),
    (A2, {"AWS": USER["arn"]}, {"user"}),
    (A2, {"AWS": "arn:aws:iam::222222222222:user/bob"}, set()),
    (A2, {"AWS": "arn:aws:iam::222222222222:user/ops/Bob"}, set()),
    (A2, {"AWS": "arn:aws:sts::222222222222:assumed-role/ci/s1"}, {"session"}),
    (A2, {"AWS": "arn:aws:sts::222222222222:assumed-role/teams/ci/s1"}, set()),
    (A2, {"AWS": "arn:aws:sts::222222222222:assumed-role/ci/s2"}, set()),
    (A2, {"AWS": "arn:aws:sts::222222222222:assumed-role/ci/*"}, set()),
    (A2, {"AWS": "arn:aws:sts::222222222222:federated-user/bob"}, set()),
    (A2, {"AWS": "AIDAUSER"}, set()),
    (A2, {"AWS": "AIDAUSER"}, {"user"}, "live-id"),
    (A2, {"AWS": "AROAROLE"}, {"session"}, "live-id"),
    (A2, {"AWS": "AROAROL"}, set(), "live-id"),
    (A2, {"Service": "lambda.amazonaws.com"}, {"lambda"}),
    (A2, {"Service": ["ec2.amazonaws.com", "lambda.amazonaws.com"]}, {"lambda"}),
    (A2, {"Service": "*"}, set(), *STAR),
    (A2, {"Service": "lambda.us-east-1.amazonaws.com"}, set()),
    (A2, {"Federated": GITHUB}, {"github"}),
    (A2, {"Federated": "*"}, set(), *STAR),
    (A2, {"Federated": "accounts.google.com"}, {"google"}),
    (A2, {"Federated": CALLERS["okta"]["provider"]}, {"okta"}),
    (A6A, {"Federated": CALLERS["foreign"]["provider"]}, set()),
    (A6A, {"Federated": CALLERS["foreign"]["provider"]}, {"foreign"}, "foreign-provider"),
    (A2, {"AWS": GITHUB}, set()),
    (A2, {"AWS": "111111111111"}, set()),
    (A2, {"CanonicalUser": "*"}, set(), *STAR),
    (A1, {"AWS": [USER["arn"]], "Service": "lambda.amazonaws.com"}, {"user", "lambda"}),
]


@pytest.mark.parametrize("row", PRINCIPALS, ids=lambda row: f"{row[0]} {row[1]} {row[3:]}")
def test_principal(row: tuple[Any, ...]) -> None:
    _, element, covered, *assume = row
    statement = allow(Principal=element)
    assert {who for who in CALLERS if admits(statement, who, assume=tuple(assume))} == covered
    inverted = allow(NotPrincipal=element)
    del inverted["Principal"]
    excluding = (*assume, "not-principal")  # A6a
    rest = {who for who in CALLERS if admits(inverted, who, assume=excluding)}
    assert rest == EVERYBODY - covered
    assert not any(admits(inverted, who, assume=tuple(assume)) for who in CALLERS)


def test_no_provider_is_foreign_to_a_role_of_unknown_account() -> None:  # silent
    assert admits(
        allow(Principal={"Federated": CALLERS["foreign"]["provider"]}), "foreign", role={}
    )


# --- actions and effects: section, statements, actions of the call, expected ---

TAGGED, DENIED = ("sts:AssumeRole", "sts:TagSession"), ("sts:AssumeRole", "sts:SetSourceIdentity")
PLAIN = ("sts:AssumeRole",)
EFFECTS: list[tuple[str, Any, tuple[str, ...], bool]] = [
    (A1, allow(), PLAIN, True),
    (A1, allow(Action="STS:assumerole"), PLAIN, True),
    (A1, allow(Action="sts:*"), PLAIN, True),
    (A1, allow(Action="*"), PLAIN, True),
    (A1, allow(Action="sts:Assume?ole"), PLAIN, True),
    (A1, allow(Action="sts:AssumeRole*"), ("sts:AssumeRoleWithSAML",), True),
    (A1, allow(), ("sts:AssumeRoleWithSAML",), False),
    (A1, allow(Action=["sts:TagSession", "sts:AssumeRole"]), PLAIN, True),
    (A1, {"Effect": "Allow", "Principal": "*", "NotAction": "sts:TagSession"}, PLAIN, True),
    (A1, {"Effect": "Allow", "Principal": "*", "NotAction": "STS:assume*"}, PLAIN, False),
    (A1, {"Effect": "Allow", "Principal": "*", "NotAction": ["x:y", "sts:Get*"]}, TAGGED, True),
    (A3, allow(), TAGGED, False),
    (A3, allow(Action=["sts:AssumeRole", "sts:TagSession"]), TAGGED, True),
    (A3, [allow(), allow(Action="sts:TagSession")], TAGGED, True),
    (A3, [allow(Action="sts:*"), allow("Deny", Action="sts:TagSession")], TAGGED, False),
    (A6A, [allow(Action="sts:*"), allow("Deny", Action="sts:TagSession")], PLAIN, True),
    (A6A, [allow(Action="sts:*"), allow("Deny", Action="sts:TagSession")], DENIED, True),
    (A5, [allow(), allow("Deny")], PLAIN, False),
    (A5, [allow("Deny"), allow()], PLAIN, False),
    (A5, [allow(), allow()], PLAIN, True),
    (A5, allow("Deny"), PLAIN, False),
    (A5, [], PLAIN, False),
    (A5, [allow(), allow("Deny", Principal={"AWS": "333333333333"})], PLAIN, True),
    (A6A, [allow(), allow("Deny", Principal={"AWS": ACCOUNT})], PLAIN, False),
    (A1, allow("allow"), PLAIN, False),
    (SILENT, allow(), (), False),
]


@pytest.mark.parametrize("row", EFFECTS, ids=lambda row: f"{row[0]} {row[2]}")
def test_effect(row: tuple[str, Any, tuple[str, ...], bool]) -> None:
    _, statements, actions, expected = row
    assert admits(statements, actions=actions) is expected


def test_guards_of_a_statement_all_hold() -> None:  # A4
    condition = {"StringEquals": {"aws:a": "1", "aws:b": "2"}, "Bool": {"aws:c": "true"}}
    whole: dict[str, str | list[str]] = {"aws:a": "1", "aws:b": "2", "aws:c": "true"}
    assert admits(allow(Condition=condition), context=whole)
    for key in whole:
        assert not admits(allow(Condition=condition), context=whole | {key: "x"})


def test_same_key_twice_in_different_case() -> None:  # A6a
    first_then_last = allow(Condition={"StringEquals": {"aws:K": "1", "aws:k": "2"}})
    assert admits(first_then_last, context={"aws:k": "2"})
    assert not admits(first_then_last, context={"aws:k": "1"})
    assert not admits(first_then_last, context={"aws:k": "2"}, assume=("same-key-twice",))


def test_names_of_keys_ignore_case_and_tags_too() -> None:  # A4, A6a
    statement = allow(Condition={"StringEquals": {"AWS:requestTag/TEAM": "red"}})
    assert admits(statement, context={"aws:requesttag/team": "red"})
    assert not admits(statement, context={"aws:requesttag/team": "RED"})
