"""The typed trust policy: what is read, whatever the spelling, and that nothing makes it fail."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from policy_texts import (
    ACCOUNT,
    NO_ACTION,
    NO_PRINCIPAL,
    OIDC,
    action,
    allow,
    equals,
    policy,
    read,
    when,
)

import iamlint
from iamlint.policy.actions import ASSUME_ACTIONS
from iamlint.policy.document import Operator, Statement
from iamlint.policy.faults import FAULTS
from iamlint.policy.operators import OPERATORS, QUANTIFIERS, read_operator, spell
from iamlint.policy.parse import parse_policy, trust_like
from iamlint.source import Source, Span
from iamlint.syntax.json import parse
from iamlint.syntax.value import Value

GOOD = [
    ("*", "any", ("", "", "")),
    (ACCOUNT, "account", ("", ACCOUNT, "")),
    (f"arn:aws:iam::{ACCOUNT}:root", "account", ("aws", ACCOUNT, "")),
    (f"arn:aws-cn:iam::{ACCOUNT}:role/teams/ci", "role", ("aws-cn", ACCOUNT, "teams/ci")),
    (f"arn:aws:iam::{ACCOUNT}:role/{'a' * 64}", "role", ("aws", ACCOUNT, "a" * 64)),
    (f"arn:aws:iam::{ACCOUNT}:role/a!~//b", "role", ("aws", ACCOUNT, "a!~//b")),
    (f"arn:aws:iam::{ACCOUNT}:user/Zoë".replace("ë", "e"), "user", ("aws", ACCOUNT, "Zoe")),
    (f"arn:aws:sts::{ACCOUNT}:assumed-role/R/s@x", "session", ("aws", ACCOUNT, "R/s@x")),
    (f"arn:aws:sts::{ACCOUNT}:federated-user/bo", "federated-user", ("aws", ACCOUNT, "bo")),
    ("AROAEXAMPLEEXAMPLE123", "unique-id", ("", "", "AROAEXAMPLEEXAMPLE123")),
    ("AIDAEXAMPLEEXAMPLE123", "unique-id", ("", "", "AIDAEXAMPLEEXAMPLE123")),
]
GOOD_SERVICES = [
    ("monitoring.rds.amazonaws.com", "service", ("", "", "monitoring.rds.amazonaws.com")),
    ("EC2.amazonaws.com.cn", "service", ("aws-cn", "", "ec2.amazonaws.com.cn")),
]
GOOD_PROVIDERS = [
    (f"{OIDC}gitlab.com", "oidc", ("aws", ACCOUNT, "gitlab.com")),
    (f"{OIDC}login.app.env0.com/", "oidc", ("aws", ACCOUNT, "login.app.env0.com/")),
    (f"arn:aws:iam::{ACCOUNT}:saml-provider/{'a' * 128}", "saml", ("aws", ACCOUNT, "a" * 128)),
    (f"{OIDC}x.io/id/A:B", "oidc", ("aws", ACCOUNT, "x.io/id/A:B")),
    (f"arn:aws:iam::{ACCOUNT}:saml-provider/Okta", "saml", ("aws", ACCOUNT, "Okta")),
    ("accounts.google.com", "builtin", ("", "", "accounts.google.com")),
    (
        "cognito-identity.cn-north-1.amazonaws.com.cn",
        "builtin",
        ("aws-cn", "", "cognito-identity.cn-north-1.amazonaws.com.cn"),
    ),
]


@pytest.mark.parametrize(
    ("kind", "text", "form", "parts"),
    [
        *(("AWS", *case) for case in GOOD),
        *(("Service", *case) for case in GOOD_SERVICES),
        *(("Federated", *case) for case in GOOD_PROVIDERS),
    ],
)
def test_principal(kind: str, text: str, form: str, parts: tuple[str, str, str]) -> None:
    parsed = read(policy(allow(json.dumps({kind: [text]}))))
    assert parsed.faults == ()
    (principal,) = parsed.statements[0].principals
    assert principal.type == kind
    assert principal.text == principal.span.text == text
    assert principal.form == form
    assert (principal.partition, principal.account, principal.name) == parts


def test_an_account_written_as_a_number_keeps_its_digits() -> None:
    parsed = read(policy(allow('{"AWS": [123456789012, 1.5e3]}')))
    good, bad = parsed.statements[0].principals
    assert (good.form, good.account) == ("account", "123456789012")
    assert (bad.form, bad.text) == ("invalid", "1.5e3")
    assert [fault.subject for fault in parsed.faults] == ["1.5e3"]


def test_faults_do_not_hide_what_was_written() -> None:
    parsed = read(policy(allow('"*"'), allow('{"aws": "*"}'), allow('{"X": "y"}'), allow('"x"')))
    found = [statement.principals[0] for statement in parsed.statements]
    assert [(item.type, item.text, item.form) for item in found] == [
        ("*", "*", "any"),
        ("aws", "*", "any"),
        ("X", "y", "invalid"),
        ("", "x", "invalid"),
    ]


def test_a_fault_is_marked_to_the_character_through_escapes() -> None:
    (fault,) = read(policy(allow(r'{"AWS": "arn\u003aaws:iam::12\u0033:root"}'))).faults
    assert (fault.code, fault.span.text, fault.subject) == ("malformed-account", r"12\u0033", "123")


def test_guards() -> None:
    text = when('{"ForAllValues:StringNotLikeIfExists": {"aws:TagKeys": ["a", 1, true]}}')
    parsed = read(text)
    (guard,) = parsed.statements[0].guards
    name = "ForAllValues:StringNotLikeIfExists"
    assert guard.operator == Operator("StringNotLike", "ForAllValues", True, True, "string", name)
    assert guard.key == guard.key_span.text == "aws:TagKeys"
    assert [value.text for value in guard.values] == ["a", "1", "true"]
    assert [value.span.text for value in guard.values] == ["a", "1", "true"]
    assert guard.operator_span.text == name
    assert guard.span.text == '"aws:TagKeys": ["a", 1, true]'
    assert guard.listed


def test_an_unknown_operator_keeps_its_guard() -> None:
    (guard,) = read(equals('"x"', "Equals")).statements[0].guards
    assert guard.operator is None
    assert (guard.key, guard.values[0].text, guard.listed) == ("aws:SourceArn", "x", False)


@given(
    st.sampled_from([*OPERATORS]),
    st.sampled_from(["", *QUANTIFIERS]),
    st.booleans(),
    st.lists(st.booleans(), min_size=60, max_size=60),
)
def test_operators_are_understood_in_any_letter_case(
    base: str, quantifier: str, if_exists: bool, upper: list[bool]
) -> None:
    name = f"{quantifier}:{base}" if quantifier else base
    name = f"{name}IfExists" if if_exists else name
    odd = "".join(c.upper() if up else c.lower() for c, up in zip(name, upper, strict=False))
    operator = read_operator(odd)
    assert operator is not None
    assert operator[:3] == (base, quantifier, if_exists)
    assert spell(operator) == name
    assert operator.negated == ("Not" in base)


@pytest.mark.parametrize(
    "text", ["", ":StringEquals", "ForAllValues:", "IfExists", "StringEqualsIfExistsIfExists"]
)
def test_what_is_no_operator(text: str) -> None:
    assert read_operator(text) is None


def test_variables_are_literal_text_in_the_old_version() -> None:
    for version in ('"2008-10-17"', '"2012-10-17"'):
        parsed = read(when('{"StringLike": {"aws:userid": "${x"}}', version))
        assert bool(parsed.faults) == ("2012" in version)
        assert parsed.version == json.loads(version)
    unversioned = read('{"Statement": ' + allow() + "}")
    assert (unversioned.version, unversioned.version_text) == ("2008-10-17", None)


@pytest.mark.parametrize(
    "value", ["${*}${?}${$}", "${aws:PrincipalTag/Cost Center}", "${aws:x, 'a b'}", "$ {x}"]
)
def test_variables_that_can_be_read(value: str) -> None:
    assert read(equals(json.dumps(value))).faults == ()


def test_of_a_repeated_key_the_last_counts() -> None:
    parsed = read(equals('"x", "aws:SourceArn": "y"'))
    assert [guard.values[0].text for guard in parsed.statements[0].guards] == ["y"]
    both = read(equals('"x", "AWS:SourceArn": "y"'))
    assert [guard.values[0].text for guard in both.statements[0].guards] == ["x", "y"]


@pytest.mark.parametrize("excess", [0, 1])
def test_the_length_is_counted_to_the_character(excess: int) -> None:
    parts = [[], {}, [1, 2.5, True, None], {"a": "b", "c": ["d"]}]
    document = {"Id": "", "Statement": parts}
    missing = 8192 - len(json.dumps(document, separators=(",", ":")))
    document["Id"] = "x" * (missing + excess) + " \t" * 50
    codes = [fault.code for fault in read(json.dumps(document, indent=4)).faults]
    assert codes.count("too-long") == excess


def test_an_empty_sid_is_no_fault_and_need_not_be_unique() -> None:
    empty = ', "Sid": ""'
    parsed = read(policy(allow(more=empty), allow(more=empty)).replace("{", '{"Id": "x", ', 1))
    assert parsed.faults == ()
    assert [statement.sid and statement.sid.text for statement in parsed.statements] == ["", ""]


def test_inversions() -> None:
    plain, inverted = read(
        policy(allow(), allow().replace("Principal", "NotPrincipal").replace("Action", "NotAction"))
    ).statements
    assert (plain.principals_inverted, plain.actions_inverted) == (False, False)
    assert (inverted.principals_inverted, inverted.actions_inverted) == (True, True)
    assert (inverted.index, inverted.actions[0].text) == (1, "sts:AssumeRole")
    assert inverted.principal_span is not None
    assert inverted.principal_span.text == f'{{"AWS": "{ACCOUNT}"}}'


def test_an_excepted_action_may_be_of_any_service() -> None:
    text = policy(allow().replace('"Action": "sts:AssumeRole"', '"NotAction": ["iam:*", "sts:X"]'))
    assert [fault.code for fault in read(text).faults] == ["unknown-action"]


def test_words_without_quotes_are_understood() -> None:
    # The reader of the text has said what is wrong with them.
    parsed = read(policy(allow().replace('"Allow"', "Allow"), version="2012-10-17"))
    assert parsed.faults == ()
    assert (parsed.version, parsed.statements[0].effect) == ("2012-10-17", "Allow")


def test_long_words_are_cut_and_not_guessed_at() -> None:
    (fault,) = read(equals('"x"', "StringEquals" * 20)).faults
    assert "…" in fault.message
    assert len(fault.message) < 200
    assert "did you mean" not in fault.help
    (fault,) = read(equals('"x"', "String\\u0085Equals")).faults
    assert "`String\\x85Equals`" in fault.message


def test_white_space_does_not_count_towards_the_length() -> None:
    assert read(policy(allow(), *[allow(more=" " * 9000)])).faults == ()


@given(
    st.sampled_from([name.removeprefix("sts:") for name in ASSUME_ACTIONS]),
    st.lists(st.sampled_from(["", "*", "?", "x", None, None, None]), max_size=24),
)
def test_action_patterns(name: str, changes: list[str | None]) -> None:
    kept = [*changes, *[None] * len(name)][: len(name)]
    text = "sts:" + "".join(
        char if new is None else new for char, new in zip(name, kept, strict=True)
    )
    regex = "".join({"*": ".*", "?": "."}.get(char, re.escape(char)) for char in text)
    matches = any(re.fullmatch(regex, name, re.IGNORECASE) for name in ASSUME_ACTIONS)
    assert (read(action(json.dumps(text))).faults == ()) == matches


def test_guesses_are_rationed_and_faults_are_not() -> None:
    wrong = [f"sts:AssumeRole{index}" for index in range(400)]
    faults = read(action(json.dumps(wrong))).faults
    assert [fault.subject for fault in faults if fault.code == "unknown-action"] == wrong
    assert "did you mean" in faults[0].help or "did you mean" in faults[1].help
    assert "did you mean" not in faults[-1].help


def test_depth_is_no_danger() -> None:
    source = Source("deep.json", "")
    value = Value("null", None, Span(source, 0, 0))
    for _ in range(100_000):
        value = Value("array", (value,), Span(source, 0, 0))
    assert [fault.code for fault in parse_policy(value).faults] == ["not-an-object"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (policy(allow()), True),
        ('{"Statement": ' + allow('"*"') + "}", True),
        (policy(NO_PRINCIPAL), True),
        (policy(NO_ACTION), True),
        (policy(allow(action='"*"')), True),
        (policy(allow(more=', "Resource": "*"')), True),
        (policy('{"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": "*"}'), False),
        (policy(allow(action='"s3:GetObject"', more=', "Resource": "*"')), False),
        (policy(allow(action='["ecr:BatchGetImage"]')), False),
        (policy(allow(action='"sts:TagSession"')), True),
        (policy(allow(action='"sts:SetContext"', more=', "NotResource": "*"')), False),
        (policy(allow(action='"*"', more=', "Resource": "*"')), False),
        (policy('{"NotPrincipal": "*", "NotAction": "s3:*"}'), False),
        (policy('{"NotPrincipal": "*", "NotAction": "sts:*"}'), True),
        (policy('{"NotPrincipal": "*", "Action": "sts:TagSession"}'), True),
        (policy('{"Action": "sts:assumerole", "NotResource": "*"}'), False),
        (policy(), False),
        ('{"Statement": "sts:AssumeRole"}', False),
        ('{"Principal": "*"}', False),
        ("[]", False),
    ],
)
def test_trust_like(text: str, expected: bool) -> None:
    value, _ = parse(Source("trust.json", text))
    assert value is not None
    assert trust_like(value) is expected


NAMES = st.sampled_from(
    [
        *("Version", "Id", "Statement", "Sid", "Effect", "Principal", "NotPrincipal", "Action"),
        *("NotAction", "Resource", "Condition", "AWS", "aws", "Service", "Federated"),
        *("CanonicalUser", "StringEquals", "ForAnyValue:Null", "bool", "IpAddress", "aws:x"),
    ]
)
TEXTS = st.sampled_from([case[0] for case in [*GOOD, *GOOD_SERVICES, *GOOD_PROVIDERS]]) | st.text(
    st.sampled_from("arn:aws/*?${}<>'0123456789 é\u200b\ud800\n%[]-ASIA"), max_size=30
)
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | TEXTS | NAMES
ANYTHING = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES | TEXTS, inner)
)


@given(ANYTHING | st.fixed_dictionaries({"Statement": ANYTHING}))
def test_nothing_raises_and_every_fault_has_its_place(document: Any) -> None:
    source = Source("any.json", json.dumps(document, allow_nan=True))
    value, _ = parse(source)
    if value is None:
        return
    trust_like(value)
    for fault in parse_policy(value).faults:
        assert fault.code in FAULTS
        assert fault.message
        assert fault.help
        assert "\n" not in fault.message
        assert fault.span.source is source
        assert 0 <= fault.span.start <= fault.span.end <= len(source.text)


def meaning(statement: Statement) -> tuple[object, ...]:
    return (
        statement.effect,
        [principal[:2] + principal[3:] for principal in statement.principals],
        [text.text for text in statement.actions],
        [
            (guard.operator, guard.key, [value.text for value in guard.values])
            for guard in statement.guards
        ],
    )


ENTRIES = st.dictionaries(st.sampled_from(["AWS", "Service", "Federated"]), TEXTS, min_size=1)
CONDITIONS = st.dictionaries(
    st.sampled_from(["StringLike", "Bool", "ForAnyValue:ArnLike", "Nonsense"]),
    st.dictionaries(st.sampled_from(["aws:SourceArn", "x:y", "bad"]), TEXTS, min_size=1),
    min_size=1,
)


@given(st.sampled_from(["Allow", "Deny", "allow"]), ENTRIES, TEXTS, CONDITIONS)
def test_a_list_of_one_is_the_same_as_its_item(
    effect: str, who: dict[str, str], what: str, guards: dict[str, dict[str, str]]
) -> None:
    plain = {"Effect": effect, "Principal": who, "Action": what, "Condition": guards}
    lists = {
        "Effect": effect,
        "Principal": {kind: [text] for kind, text in who.items()},
        "Action": [what],
        "Condition": {name: {k: [v] for k, v in block.items()} for name, block in guards.items()},
    }
    one = read(json.dumps({"Statement": plain}))
    other = read(json.dumps({"Statement": [lists]}))
    assert meaning(one.statements[0]) == meaning(other.statements[0])
    assert [(f.code, f.message, f.subject) for f in one.faults] == [
        (f.code, f.message, f.subject) for f in other.faults
    ]


def test_a_sound_policy_needs_no_slow_module() -> None:
    script = (
        "import sys\nfrom iamlint.source import Source\nfrom iamlint.syntax.json import parse\n"
        "from iamlint.policy.parse import parse_policy\n"
        f"value, _ = parse(Source('x', {policy(allow())!r}))\n"
        "assert not parse_policy(value).faults\n"
        "slow = {'difflib', 'dataclasses', 'pydantic', 'yaml', 'logging', 'ipaddress'}\n"
        "print(sorted(slow & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(iamlint.__file__).parent.parent,
    )
    assert done.stdout.strip() == "[]"
