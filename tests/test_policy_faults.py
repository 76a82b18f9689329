"""Every code of the table of faults: what is reported, where, and with what advice."""

from __future__ import annotations

import pytest
from policy_texts import (
    ACCOUNT,
    NO_ACTION,
    NO_EFFECT,
    NO_PRINCIPAL,
    OIDC,
    action,
    allow,
    aws,
    equals,
    federated,
    policy,
    read,
    service,
    when,
)

from iamlint.policy.faults import FAULTS

SID = ', "Sid": "A"'
LONG = ", ".join(f'"arn:aws:iam::{ACCOUNT}:role/{index:0>40}"' for index in range(120))

# Code, policy, the very text underlined, and what the advice says.
CASES = [
    ("not-an-object", '["x"]', '["x"]', "`Statement`"),
    ("not-an-object", "null", "null", "`Statement`"),
    ("unknown-element", policy(allow(more=', "Sidd": "A"')), "Sidd", "`Sid`"),
    ("unknown-element", '{"statement": [' + allow() + "]}", "statement", "`Statement`"),
    ("unknown-element", policy(NO_PRINCIPAL[:-1] + ', "Principals": 1}'), "Principals", "`Pri"),
    ("unknown-element", '{"Statement": ' + allow() + ', "Owner": {}}', "Owner", "`Version`"),
    ("unknown-element", policy(NO_PRINCIPAL[:-1] + ', "NotPrincipa": 1}'), None, "`NotPrincipal`"),
    ("wrong-type", '{"Statement": "x"}', "x", "an object"),
    ("wrong-type", policy(allow(), "[]"), "[]", "an object"),
    ("wrong-type", '{"Id": 1, "Statement": ' + allow() + "}", "1", "a string"),
    ("wrong-type", policy(allow(more=', "Sid": 7')), "7", "a string"),
    ("wrong-type", policy(allow(f'["{ACCOUNT}"]')), f'["{ACCOUNT}"]', "an object"),
    ("wrong-type", policy(allow(f'"{ACCOUNT}"')), ACCOUNT, "an object"),
    ("wrong-type", policy(allow('{"AWS": [["x"]]}')), '["x"]', "a string"),
    ("wrong-type", policy(allow('{"AWS": null}')), "null", "a string"),
    ("wrong-type", action('["sts:AssumeRole", 1]'), "1", "a string"),
    ("wrong-type", action("{}"), "{}", "a string"),
    ("duplicate-key", policy(allow(more=', "Effect": "Allow"')), "Effect", "merge"),
    ("duplicate-key", equals('"x", "aws:SourceArn": "y"'), "aws:SourceArn", "merge"),
    ("invalid-characters", equals('"ab\u200bc"'), "\u200b", "invisible"),
    ("invalid-characters", equals(r'"ab\u0430c"'), r"\u0430", "other scripts"),
    ("invalid-characters", equals(r'"a\u0000"'), r"\u0000", "U+00FF"),
    ("too-long", policy(allow(f'{{"AWS": [{LONG}]}}')), None, "accounts"),
    ("invalid-version", policy(allow(), version='"2012-10-18"'), "2012-10-18", "`2012-10-17`"),
    ("invalid-version", policy(allow(), version="2012"), "2012", "`2012-10-17`"),
    ("missing-statement", '{"Version": "2012-10-17"}', None, "`Statement`"),
    ("empty-statement", '{"Statement": []}', "[]", "statement"),
    ("empty-statement", '{"Statement": {}}', "{}", "remove"),
    ("empty-statement", policy(allow(), "{}"), "{}", "remove"),
    ("invalid-sid", policy(allow(more=', "Sid": "A-1"')), "A-1", "letters"),
    ("invalid-sid", policy(allow(more=', "Sid": "É"')), "É", "letters"),
    ("duplicate-sid", policy(allow(more=SID), allow(action='"sts:*"', more=SID)), "A", "own"),
    ("missing-effect", policy(NO_EFFECT), NO_EFFECT, "`Effect`"),
    ("invalid-effect", policy(allow().replace("Allow", "allow")), "allow", "`Allow`"),
    ("invalid-effect", policy(allow().replace('"Allow"', "true")), "true", "`Deny`"),
    ("prohibited-resource", policy(allow(more=', "Resource": "*"')), "Resource", "remove"),
    ("prohibited-resource", policy(allow(more=', "NotResource": []')), "NotResource", "remove"),
    ("missing-principal", policy(NO_PRINCIPAL), NO_PRINCIPAL, "`Principal`"),
    ("empty-principal", policy(allow("{}")), "{}", "name"),
    ("empty-principal", policy(allow('{"AWS": []}')), "[]", "name"),
    ("empty-principal", policy(allow('{"AWS": [], "Service": []}')), "[]", "name"),
    ("empty-principal", policy(allow('{"AWS": ""}')), '""', "name"),
    ("not-principal", policy(allow().replace("Principal", "NotPrincipal")), "NotPrincipal", "Deny"),
    ("invalid-principal-type", policy(allow('{"User": "x"}')), "User", "`AWS`"),
    ("invalid-principal-type", policy(allow('{"Services": "x"}')), "Services", "`Service`?"),
    ("invalid-principal-type", policy(allow(f'{{"aws": "{ACCOUNT}"}}')), "aws", "`AWS`?"),
    ("canonical-user", policy(allow('{"CanonicalUser": "79a"}')), "CanonicalUser", "`AWS`"),
    ("canonical-user", aws("79a5" * 16), "79a5" * 16, "12 digits"),
    ("bare-star-principal", policy(allow('"*"')), "*", '{"AWS": "*"}'),
    ("wildcard-in-principal", aws(f"arn:aws:iam::{ACCOUNT}:role/ci-*"), "*", "ArnLike"),
    ("wildcard-in-principal", aws("arn:aws:iam::*:root"), "*", "ArnLike"),
    ("wildcard-in-principal", aws(f"arn:aws:sts::{ACCOUNT}:assumed-role/R/*"), "*", "ArnLike"),
    ("wildcard-in-principal", aws("2222222222??"), "??", "ArnLike"),
    ("wildcard-in-principal", service("*.amazonaws.com"), "*", "each service"),
    ("wildcard-in-principal", federated(f"{OIDC}*.example.com"), "*", "each provider"),
    ("star-service", service("*"), "*", "name the service"),
    ("star-federated", federated("*"), "*", "provider"),
    ("malformed-account", aws("12345678901"), "12345678901", "`012345678901`"),
    ("malformed-account", policy(allow('{"AWS": 12345678901}')), "12345678901", "`012345678901`"),
    ("malformed-account", aws("123456789"), "123456789", "`000123456789`"),
    ("malformed-account", aws("arn:aws:iam::abcdefghi:root"), "abcdefghi", "has 12 digits"),
    ("malformed-account", aws("12345678"), "12345678", "has 12 digits"),
    ("malformed-account", aws("1234567890123"), "1234567890123", "has 12 digits"),
    ("malformed-account", aws("²" * 12), None, "has 12 digits"),
    ("malformed-account", policy(allow('{"AWS": -5}')), "-5", "has 12 digits"),
    ("malformed-account", aws("1111-2222-3333"), "1111-2222-3333", "`111122223333`"),
    ("malformed-account", aws("arn:aws:iam::1234567890123:root"), "1234567890123", "12 digits"),
    ("malformed-account", aws("arn:aws:iam:::role/x"), "arn:aws:iam:::role/x", "12 digits"),
    ("malformed-account", federated("arn:aws:iam::1:saml-provider/x"), "1", "12 digits"),
    ("malformed-arn", aws("arn:aws:iam::222222222222"), "arn:aws:iam::222222222222", "`arn:"),
    ("malformed-arn", aws(f"arn:aws::iam::{ACCOUNT}:root"), f"arn:aws::iam::{ACCOUNT}:root", "ro"),
    ("malformed-arn", aws(f"arn:aws:iam::{ACCOUNT}:role/"), "role/", "letters"),
    ("malformed-arn", aws(f"arn:aws:iam::{ACCOUNT}:role/a b"), "role/a b", "letters"),
    ("malformed-arn", aws(f"arn:aws:iam::{ACCOUNT}:role/ci "), "role/ci ", "white space"),
    ("malformed-arn", aws(f"arn:aws:iam::{ACCOUNT}:assumed-role/a/b"), "iam", "`sts`"),
    (
        "malformed-arn",
        aws(f"arn:aws:sts::{ACCOUNT}:assumed-role/a/b/c"),
        "assumed-role/a/b/c",
        "RO",
    ),
    ("malformed-arn", federated(f"{OIDC}https://x.io"), "oidc-provider/https://x.io", "scheme"),
    ("malformed-arn", federated(f"arn:aws:iam::{ACCOUNT}:saml-provider/a/b"), None, "a path"),
    ("malformed-arn", aws(f"arn:aws:sts::{ACCOUNT}:federated-user/a/b"), None, "without"),
    ("malformed-arn", aws(f"arn:aws:iam::{ACCOUNT}:role/{'a' * 65}"), None, "64"),
    ("malformed-arn", aws(f"arn:aws:iam::{ACCOUNT}:role/x/{'a' * 65}"), None, "64"),
    ("malformed-arn", aws(f"arn:aws:iam::{ACCOUNT}:role/a b/c"), "role/a b/c", "letters"),
    ("malformed-arn", aws(f"arn:aws:s3::{ACCOUNT}:role/ci"), "s3", "`iam`"),
    ("malformed-arn", federated(f"{OIDC}x.io/a b"), "oidc-provider/x.io/a b", "PATH"),
    ("malformed-arn", federated(f"{OIDC}x..io"), "oidc-provider/x..io", "PATH"),
    ("malformed-arn", federated(f"arn:aws:iam::{ACCOUNT}:saml-provider/{'a' * 129}"), None, "128"),
    ("malformed-arn", aws(f"arn:aws:sts::{ACCOUNT}:assumed-role/R!/s"), None, "letters"),
    ("malformed-arn", aws(f"arn:aws:iam::{ACCOUNT}:role/a{{b}}/x"), "role/a{b}/x", "letters"),
    ("malformed-arn", federated(OIDC), "oidc-provider/", "HOST"),
    ("unknown-partition", aws(f"arn:amazon:iam::{ACCOUNT}:root"), "amazon", "`aws`"),
    ("region-in-arn", aws(f"arn:aws:iam:us-east-1:{ACCOUNT}:role/ci"), "us-east-1", "empty"),
    ("group-principal", aws(f"arn:aws:iam::{ACCOUNT}:group/dev"), "group/dev", "users"),
    ("session-missing", aws(f"arn:aws:sts::{ACCOUNT}:assumed-role/R"), "assumed-role/R", "SESSION"),
    ("wrong-principal-type", aws("ec2.amazonaws.com"), "ec2.amazonaws.com", '"Service": "ec2'),
    ("wrong-principal-type", aws(f"{OIDC}x.io"), f"{OIDC}x.io", '"Federated"'),
    ("wrong-principal-type", aws("accounts.google.com"), "accounts.google.com", '"Federated"'),
    ("wrong-principal-type", service(ACCOUNT), ACCOUNT, '"AWS"'),
    ("wrong-principal-type", service(f"{OIDC}x.io"), f"{OIDC}x.io", '"Federated"'),
    ("wrong-principal-type", federated("ec2.amazonaws.com"), "ec2.amazonaws.com", '"Service"'),
    ("wrong-principal-type", service("accounts.google.com"), None, '"Federated"'),
    ("wrong-principal-type", federated(f"arn:aws:iam::{ACCOUNT}:role/x"), None, '"AWS"'),
    ("wrong-principal-type", federated(ACCOUNT), ACCOUNT, '"AWS"'),
    ("not-a-principal", aws(f"arn:aws:iam::{ACCOUNT}:policy/x"), "policy/x", "role"),
    ("not-a-principal", aws(f"arn:aws:iam::{ACCOUNT}:root/x"), "root/x", "role"),
    ("not-a-principal", aws("arn:aws:s3:::bucket"), "bucket", "role"),
    ("not-a-principal", aws("AGPAEXAMPLEEXAMPLE123"), "AGPAEXAMPLEEXAMPLE123", "role"),
    ("invalid-principal", aws("admin"), "admin", "arn:"),
    ("malformed-account", aws(f"{ACCOUNT} "), f"{ACCOUNT} ", "white space"),
    ("invalid-principal", aws("https://ec2.amazonaws.com"), None, "arn:"),
    ("invalid-service", service("lambda..amazonaws.com"), None, "lambda.amazonaws.com"),
    ("invalid-service", service("amazonaws.com"), "amazonaws.com", "lambda.amazonaws.com"),
    ("invalid-service", service("lambda"), "lambda", "lambda.amazonaws.com"),
    (
        "invalid-service",
        service("lambda.amazonaws.com\n"),
        r"lambda.amazonaws.com\n",
        "white space",
    ),
    ("invalid-federated", federated("https://x.io"), "https://x.io", "oidc-provider"),
    ("invalid-federated", federated("localhost"), "localhost", "oidc-provider"),
    ("invalid-federated", federated("arn:aws:s3:::bucket"), None, "oidc-provider"),
    ("invalid-federated", federated(f"arn:aws:sts::{ACCOUNT}:oidc-provider/x.io"), None, "iam::"),
    ("unknown-provider-host", federated("gitlab.com"), "gitlab.com", "oidc-provider/gitlab.com"),
    ("placeholder-principal", aws("arn:aws:iam::<ACCOUNT_ID>:root"), "<ACCOUNT_ID>", "value"),
    (
        "placeholder-principal",
        aws("arn:aws:iam::${AWS::AccountId}:root"),
        "${AWS::AccountId}",
        "va",
    ),
    ("placeholder-principal", aws("arn:aws:iam::YOUR-ACCOUNT:root"), "YOUR-ACCOUNT", "value"),
    ("placeholder-principal", aws("arn:aws:iam::xxxxxxxxxxxx:root"), "xxxxxxxxxxxx", "value"),
    ("placeholder-principal", aws(f"arn:aws:iam::{ACCOUNT}:role/${{name}}"), "${name}", "value"),
    ("placeholder-principal", federated(f"{OIDC}{{{{ issuer }}}}"), "{{ issuer }}", "value"),
    ("placeholder-principal", service("<service>.amazonaws.com"), "<service>", "value"),
    ("missing-action", policy(NO_ACTION), NO_ACTION, "`Action`"),
    ("missing-action", action("[]"), "[]", "action"),
    ("both-actions", policy(allow(more=', "NotAction": "sts:*"')), "NotAction", "remove"),
    ("unknown-action", action('"sts:AssumeRoles"'), "sts:AssumeRoles", "`sts:AssumeRole`?"),
    ("unknown-action", action('["sts:TagSession", "AssumeRole"]'), "AssumeRole", "sts:AssumeRole"),
    ("unknown-action", action('""'), '""', "use `sts:AssumeRole`"),
    ("unknown-action", action('"sts:Assume Role"'), "sts:Assume Role", "`sts:AssumeRole`?"),
    ("not-an-assume-action", action('"sts:GetCallerIdentity"'), "sts:GetCallerIdentity", "`sts"),
    ("not-an-assume-action", action('"sts:Get*"'), "sts:Get*", "`sts:AssumeRole`"),
    ("not-an-assume-action", action('"sns:AssumeRole"'), None, "did you mean `sts:AssumeRole`?"),
    ("not-an-assume-action", action('"sns:GetCallerIdentity"'), None, "use `sts:AssumeRole`"),
    ("not-an-assume-action", action('"iam:PassRole"'), "iam:PassRole", "`sts:AssumeRole`"),
    ("invalid-condition-shape", when("[]"), "[]", "Condition"),
    ("invalid-condition-shape", when('{"Bool": "true"}'), "true", "Condition"),
    ("invalid-condition-shape", equals('["x", null]'), "null", "string"),
    ("invalid-condition-shape", equals('[["x"]]'), '["x"]', "string"),
    ("unknown-operator", equals('"x"', "StringEqual"), "StringEqual", "`StringEquals`?"),
    (
        "unknown-operator",
        equals('"x"', "ForAnyValues:StringLikeIfExists"),
        None,
        "`ForAnyValue:Str",
    ),
    ("unknown-operator", equals('"x"', "Matches"), "Matches", "such as"),
    ("unknown-operator", equals('"x"', "ForAnyValue:Matches"), None, "such as"),
    ("unknown-operator", equals('"x"', "Some:StringLike"), None, "such as"),
    ("operator-case", equals('"x"', "stringequals"), "stringequals", "`StringEquals`"),
    (
        "operator-case",
        equals('"x"', "forallvalues:ArnLikeIfexists"),
        None,
        "`ForAllValues:ArnLikeIf",
    ),
    ("null-with-if-exists", equals('"true"', "NullIfExists"), "NullIfExists", "`Null`"),
    ("null-with-quantifier", equals('"true"', "ForAnyValue:Null"), "ForAnyValue:Null", "`Null`"),
    ("malformed-key", when('{"Bool": {"SecureTransport": true}}'), "SecureTransport", "prefix"),
    ("malformed-key", when('{"Bool": {"aws:SecureTransport ": true}}'), None, "prefix"),
    ("malformed-key", when('{"Bool": {":x": true}}'), ":x", "prefix"),
    ("malformed-key", when('{"Bool": {"aws:": true}}'), "aws:", "prefix"),
    ("same-key-twice", equals('"x", "AWS:sourcearn": "y"'), "AWS:sourcearn", "one list"),
    ("empty-values", equals("[]"), "[]", "remove"),
    ("mismatched-value", equals('"yes"', "Bool"), "yes", "`true`"),
    ("mismatched-value", equals("1", "Null"), "1", "`true`"),
    ("mismatched-value", equals('"many"', "NumericLessThan"), "many", "number"),
    ("mismatched-value", equals('"tomorrow"', "DateLessThan"), "tomorrow", "date"),
    ("mismatched-value", equals('["::1", "office"]', "NotIpAddress"), "office", "range"),
    ("bad-variable", equals('"a/${aws:username"'), "${aws:username", "close"),
    ("bad-variable", equals('"${}/x"'), "${}", "name"),
    ("bad-variable", equals('"${ aws:username }"', "ArnLike"), "${ aws:username }", "white space"),
    ("bad-variable", equals("\"${aws:username,'x'}\""), "${aws:username,'x'}", "default"),
    ("bad-variable", equals('"${a:${b:c}}"'), "${a:${b:c}", "nested"),
    ("variable-not-allowed", equals('"${aws:x}"', "NumericEquals"), "${aws:x}", "itself"),
    ("variable-not-allowed", when('{"Bool": {"aws:${x}": true}}'), "aws:${x}", "itself"),
    (
        "both-principals",
        policy(allow(more=', "NotPrincipal": {"AWS": "111111111111"}')),
        "NotPrincipal",
        "remove",
    ),
]


@pytest.mark.parametrize(("code", "text", "marked", "advice"), CASES)
def test_fault(code: str, text: str, marked: str | None, advice: str) -> None:
    faults = read(text).faults
    assert [fault.code for fault in faults] == [code]
    assert advice in faults[0].help
    if marked is not None:
        assert faults[0].span.text == marked


def test_the_table_is_closed_and_every_code_is_reached() -> None:
    assert {case[0] for case in CASES} == set(FAULTS)
    assert all(kind.text and kind.source for kind in FAULTS.values())
    # What the sources leave open must not be called certain, and says so.
    open_questions = {code for code, kind in FAULTS.items() if not kind.certain}
    assert {"duplicate-key", "same-key-twice", "empty-values", "not-an-assume-action"} <= (
        open_questions
    )
    assert all(
        "not verified" in FAULTS[code].text or "disagree" in FAULTS[code].text
        for code in open_questions
    )


DROPPED = [
    (policy(allow(more=', "Effect": "Deny"')), "drop the earlier `Allow`"),
    (equals('"x", "aws:SourceArn": "y"'), "drop the earlier `x`"),
    (equals('["x",\n  7], "aws:SourceArn": "y"'), 'drop the earlier `["x", 7]`'),
    (when('{"Bool": {"a:b":   true}, "Bool": {}}'), 'drop the earlier `{"a:b": true}`'),
    (when(f'{{"Bool": {{"a:b": "{"x" * 999}"}}, "Bool": {{}}}}'), "xxx…`"),
]


@pytest.mark.parametrize(("text", "dropped"), DROPPED)
def test_what_a_repeated_key_drops_is_said(text: str, dropped: str) -> None:
    messages = [fault.message for fault in read(text).faults if fault.code == "duplicate-key"]
    assert len(messages) == 1
    assert messages[0].endswith(dropped)
    assert len(messages[0]) < 300


def test_of_three_equal_keys_two_are_dropped() -> None:
    faults = read(equals('"x", "aws:SourceArn": "y", "aws:SourceArn": "z"')).faults
    assert [fault.message.rpartition(" ")[2] for fault in faults] == ["`x`", "`y`"]


def test_keys_in_two_letter_cases_are_both_named() -> None:
    (fault,) = read(equals('"x", "AWS:sourcearn": "y"')).faults
    assert fault.message.startswith("`AWS:sourcearn` is `aws:SourceArn` in other letter case")
