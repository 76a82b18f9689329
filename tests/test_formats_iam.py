"""The roles of IAM's own documents: which are found, what is said of them, and where they stand."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import quote, unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iamlint.formats import iam, read
from iamlint.formats.reading import UNREADABLE, Reading
from iamlint.formats.role import AttachedPolicy, Role
from iamlint.source import Source
from iamlint.syntax.value import Value

Json = dict[str, Any]
ARN = "arn:aws:iam::111111111111:role/teams/ci/deploy"
STATEMENT: Json = {
    "Effect": "Allow",
    "Principal": {"AWS": "arn:aws:iam::222222222222:root"},
    "Action": "sts:AssumeRole",
}
TRUST: Json = {"Version": "2012-10-17", "Statement": [STATEMENT]}
PERMISSION: Json = {
    "Version": "2012-10-17",
    "Statement": {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"},
}


def written(document: Any, name: str = "a.json", *, named: bool = False) -> Reading:
    return read(
        Source(name, document if isinstance(document, str) else json.dumps(document)), named=named
    )


def only(document: Any) -> Role:
    (role,) = written(document).roles
    return role


def identities(document: Any) -> list[str]:
    return [role.identity for role in written(document).roles]


def with_statement(**changes: Any) -> Json:
    """The trust policy with one statement changed; a member set to None is taken away."""
    statement = {key: value for key, value in (STATEMENT | changes).items() if value is not None}
    return TRUST | {"Statement": [statement]}


def described_role(**more: Any) -> Json:
    return {"RoleName": "deploy", "Arn": ARN, "AssumeRolePolicyDocument": TRUST} | more


# -- the shapes that hold roles


def test_a_bare_trust_policy_is_a_role_named_by_its_file() -> None:
    source = Source("infra/trust.json", json.dumps(TRUST, indent=2))
    ((role,), problems, kind) = read(source)[:3]
    assert (role.identity, role.name, role.account, role.path) == (
        "infra/trust.json",
        None,
        None,
        None,
    )
    assert (role.format, kind, problems) == ("iam", "trust-policy", [])
    assert role.span.text == role.document.span.text == source.text
    assert role.source is source


@pytest.mark.parametrize(
    ("document", "kind"),
    [
        ({"Role": described_role()}, "role"),
        (described_role(), "role"),
        ({"Roles": [described_role()]}, "role-list"),
        ({"RoleDetailList": [described_role()], "UserDetailList": []}, "authorization-details"),
        ({"configuration": described_role()}, "role"),
        ([{"deep": [{"er": described_role()}]}], "role"),
        ([described_role(), described_role()], "role-list"),
        ({"deploy": TRUST}, "trust-policy"),
        ([TRUST], "trust-policy"),
    ],
)
def test_the_kind_of_a_document_with_roles(document: Any, kind: str) -> None:
    reading = written(document)
    assert (reading.kind, reading.problems) == (kind, [])
    assert reading.roles


def test_what_a_file_says_of_a_role_is_kept() -> None:
    role = only(
        {
            "Role": described_role(
                Path="/teams/ci/",
                MaxSessionDuration=3600,
                Tags=[{"Key": "team", "Value": "ci"}, {"Key": "empty", "Value": ""}],
            )
        }
    )
    assert (role.identity, role.name, role.path) == (ARN, "deploy", "/teams/ci/")
    assert (role.account, role.partition, role.max_session) == ("111111111111", "aws", 3600)
    assert role.tags == (("team", "ci"), ("empty", ""))
    assert role.policies == ()


@pytest.mark.parametrize(
    ("arn", "path", "name", "partition"),
    [
        ("arn:aws:iam::111111111111:role/deploy", "/", "deploy", "aws"),
        ("arn:aws-cn:iam::111111111111:role/a/b/c", "/a/b/", "c", "aws-cn"),
    ],
)
def test_the_arn_tells_what_nothing_else_does(
    arn: str, path: str, name: str, partition: str
) -> None:
    role = only({"Arn": arn, "AssumeRolePolicyDocument": TRUST})
    assert (role.path, role.name, role.partition) == (path, name, partition)
    assert role.account == "111111111111"


def test_what_is_said_outright_outweighs_the_arn() -> None:
    role = only(described_role(RoleName="own", Path="/own/"))
    assert (role.identity, role.name, role.path) == (ARN, "own", "/own/")
    role = only({"Arn": "arn:aws:iam::111111111111:user/x", "AssumeRolePolicyDocument": TRUST})
    assert (role.name, role.account) == (None, "111111111111")


def test_a_policy_without_statements_is_taken_where_a_role_says_so() -> None:
    documents: list[Json] = [{"Version": "2012-10-17"}, {"Statement": []}]
    for document in documents:
        assert identities({"deploy": {"AssumeRolePolicyDocument": document}}) == ["deploy"]


def test_an_arn_without_an_account_tells_no_account() -> None:
    role = only({"Arn": "arn:aws:iam::ACCOUNT:role/x", "AssumeRolePolicyDocument": TRUST})
    assert (role.account, role.name) == (None, "x")


def test_nonsense_beside_a_trust_policy_is_passed_over() -> None:
    role = only(
        described_role(
            Arn=7, Path=[], MaxSessionDuration="3600", Tags={"a": "b"}, RolePolicyList=[1]
        )
    )
    assert (role.identity, role.path, role.max_session, role.tags) == ("deploy", None, None, ())
    assert role.policies == (AttachedPolicy("", "", None),)
    assert only(described_role(MaxSessionDuration=True, Tags=[1, {"Key": 2}])).max_session is None


def test_aws_config_begins_its_names_in_lower_case() -> None:
    role = only(
        {
            "configuration": {
                "path": "/",
                "roleName": "deploy",
                "arn": ARN,
                "assumeRolePolicyDocument": quote(json.dumps(TRUST)),
                "attachedManagedPolicies": [{"policyName": "p", "policyArn": "arn:x"}],
                "tags": [{"key": "team", "value": "ci"}],
            }
        }
    )
    assert (role.identity, role.name, role.path) == (ARN, "deploy", "/")
    assert role.tags == (("team", "ci"),)
    assert role.policies == (AttachedPolicy("p", "arn:x", None),)


def test_permission_policies_come_with_their_documents() -> None:
    managed = "arn:aws:iam::111111111111:policy/own"
    dump = {
        "RoleDetailList": [
            described_role(
                AttachedManagedPolicies=[
                    {"PolicyName": "own", "PolicyArn": managed},
                    {"PolicyArn": "arn:aws:iam::aws:policy/job/Admin"},
                ],
                RolePolicyList=[
                    {"PolicyName": "object", "PolicyDocument": PERMISSION},
                    {"PolicyName": "text", "PolicyDocument": json.dumps(PERMISSION)},
                    {"PolicyName": "url", "PolicyDocument": quote(json.dumps(PERMISSION))},
                    {"PolicyName": "broken", "PolicyDocument": "{"},
                ],
            )
        ],
        "Policies": [
            {
                "Arn": managed,
                "PolicyVersionList": [
                    {"VersionId": "v1", "IsDefaultVersion": False, "Document": TRUST},
                    {"VersionId": "v2", "IsDefaultVersion": True, "Document": PERMISSION},
                ],
            }
        ],
    }
    policies = only(dump).policies
    assert [(policy.name, policy.arn) for policy in policies] == [
        ("own", managed),
        ("Admin", "arn:aws:iam::aws:policy/job/Admin"),
        ("object", ""),
        ("text", ""),
        ("url", ""),
        ("broken", ""),
    ]
    documents = [policy.value.plain() if policy.value else None for policy in policies]
    assert documents == [PERMISSION, None, PERMISSION, PERMISSION, PERMISSION, None]


# -- names


def test_policies_are_named_by_their_keys() -> None:
    document = {"deploy": TRUST, "teams/ci": TRUST, "build": {"trust_policy": TRUST}, "x": [TRUST]}
    roles = written(document).roles
    assert [role.name for role in roles] == ["deploy", None, "build", None]
    assert [role.identity for role in roles] == ["deploy", "a.json#1", "build", "a.json#2"]


def test_a_key_that_says_what_and_not_whose_is_no_name() -> None:
    for key in ("PolicyDocument", "policy", "trust-policy", "assume_role_policy_document"):
        assert identities({key: TRUST}) == ["a.json"]
    assert identities({"RoleName": "deploy", "TrustPolicy": TRUST}) == ["deploy"]
    assert identities({"Ops": {"Properties": {"AssumeRolePolicyDocument": TRUST}}}) == ["Ops"]


def test_several_nameless_policies_are_numbered_in_order() -> None:
    first, second = with_statement(Sid="First"), with_statement(Sid="Second")
    roles = written([first, {"named": TRUST}, second]).roles
    assert [role.identity for role in roles] == ["a.json#1", "named", "a.json#2"]
    assert [role.document.plain() for role in roles] == [first, TRUST, second]


def test_roles_are_not_looked_into() -> None:
    inside = {"InstanceProfileList": [{"Roles": [described_role()]}]}
    assert identities({"RoleDetailList": [described_role(**inside)]}) == [ARN]


def test_profiles_hold_roles_of_their_own() -> None:
    assert identities({"InstanceProfiles": [{"Roles": [described_role()]}]}) == [ARN]


# -- documents as text


def inside(piece: str) -> str:
    """What a piece of the inside of a JSON string says."""
    return str(json.loads(f'"{piece}"'))


def percent(text: str) -> str:
    return "".join(f"%{byte:02x}" for byte in text.encode())


# How a document's JSON is written into the file, and how Python undoes it on a piece of the file.
LAYERS: dict[str, tuple[Callable[[str], Any], tuple[Callable[[str], str], ...]]] = {
    "object": (json.loads, ()),
    "text": (str, (inside,)),
    "blank text": (lambda text: f"\n \t{text}\n", (inside,)),
    "url": (quote, (inside, unquote)),
    "url, every byte": (percent, (inside, unquote)),
    "url of blank text": (lambda text: quote(f" \n{text}"), (inside, unquote)),
    "text of text": (json.dumps, (inside, inside)),
    "text of url": (lambda text: json.dumps(quote(text)), (inside, inside, unquote)),
    "url of text": (lambda text: quote(json.dumps(text)), (inside, unquote, inside)),
}
DEEP = json.dumps(json.dumps(json.dumps(json.dumps(json.dumps(json.dumps(TRUST))))))


@given(
    layer=st.sampled_from(sorted(LAYERS)),
    principal=st.text(st.characters(codec="utf-8", exclude_characters="\x00"), min_size=1),
    ascii_only=st.booleans(),
)
def test_every_place_leads_back_to_the_characters_of_the_file(
    layer: str, principal: str, ascii_only: bool
) -> None:
    document = with_statement(Principal={"AWS": principal})
    wrap, undo = LAYERS[layer]
    held = wrap(json.dumps(document, ensure_ascii=ascii_only))
    text = json.dumps({"RoleName": "r", "AssumeRolePolicyDocument": held}, ensure_ascii=ascii_only)
    source = Source("a.json", text)
    ((role,), problems, _) = read(source)[:3]
    assert problems == []
    assert role.document.plain() == document
    place = leaf(role.document, "Statement", "Principal", "AWS").span.root()
    assert place.source is source
    piece = place.text
    for step in undo:
        piece = step(piece)
    assert json.loads(piece) == principal


def leaf(value: Value | None, *path: str) -> Value:
    for name in path:
        assert value is not None
        value = value.get(name)
        if value is not None and value.kind == "array":
            value = value.items()[0]
    assert value is not None
    return value


def test_a_whole_file_may_be_the_text_of_a_policy() -> None:
    for text in (quote(json.dumps(TRUST)), json.dumps(json.dumps(TRUST)), json.dumps(TRUST)):
        reading = written(text)
        assert (reading.kind, reading.problems) == ("trust-policy", [])
        assert reading.roles[0].document.plain() == TRUST
        assert reading.roles[0].document.span.root().source.text == text


@pytest.mark.parametrize("held", ["<Stringified-JSON>", "", "${x}", None, 7, [TRUST], "[]", DEEP])
def test_a_role_whose_policy_is_no_object_is_told(held: Any) -> None:
    reading = written({"Roles": [described_role(AssumeRolePolicyDocument=held), described_role()]})
    assert len(reading.roles) == 1
    (problem,) = reading.problems
    assert problem.code == "no-trust-policy"
    assert "`deploy`" in problem.message
    assert problem.blocking
    assert problem.span is not None
    assert problem.span.root().text == json.dumps(held)


def test_a_broken_text_is_told_where_it_breaks() -> None:
    for held in ('{"Statement": nope}', "%20nope"):
        text = json.dumps(described_role(AssumeRolePolicyDocument=held))
        (problem,) = written(text).problems
        assert (problem.code, problem.blocking, problem.path) == ("invalid-json", True, "a.json")
        assert problem.span is not None
        assert problem.span.root().text == "nope"
        assert problem.span.root().source.text == text


# -- files that are not sound


def test_unrelated_broken_files_stay_quiet() -> None:
    assert written("{{ jinja }}") == Reading([], [], UNREADABLE)
    assert written('{"a": 1,}') == Reading([], [], "other")


def test_broken_files_that_were_named_or_hold_trust_are_told() -> None:
    assert [problem.code for problem in written("{{ jinja }}", named=True).problems]
    reading = written('{"Action": "sts:AssumeRole", {{ jinja }}')
    assert reading.kind == UNREADABLE
    assert all(problem.code == "invalid-json" for problem in reading.problems)
    assert any(problem.blocking for problem in reading.problems)


def test_what_was_read_past_is_told_with_the_role() -> None:
    roles, (problem,), kind = written(json.dumps(TRUST)[:-1] + ",}")[:3]
    assert (len(roles), kind, problem.blocking) == (1, "trust-policy", False)


def test_a_file_too_large_to_look_into_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(iam, "_LIMIT_CONTAINERS", 3)
    roles, (problem,), _ = written({"a": TRUST, "b": TRUST, "c": TRUST})[:3]
    assert [role.name for role in roles] == ["a", "b"]
    assert (problem.code, problem.blocking) == ("too-large", True)
    assert problem.span is not None
    assert problem.span.text == json.dumps(TRUST)


def test_deep_nesting_is_no_trouble() -> None:
    depth = 100_000
    for text in ("[" * depth, '{"a":' * depth, "[" * depth + "]" * depth):
        assert not written(text).roles
    assert only('{"a":' * 100 + json.dumps(TRUST) + "}" * 100).name == "a"


KEYS = st.sampled_from(
    [
        *("AssumeRolePolicyDocument", "Statement", "RoleName", "Arn", "Tags", "Resources", "Type"),
        *("Effect", "Principal", "Action", "Resource", "RoleDetailList", "Policies", "Role", "x"),
        *("PolicyVersionList", "RolePolicyList", "PolicyDocument", "version", "tree", "resource"),
    ]
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3) | st.just(json.dumps(TRUST)),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=20,
)


@given(document=JSON)
def test_no_document_is_too_odd(document: Any) -> None:
    reading = written(document, named=True)
    for role in reading.roles:
        assert role.document.kind == "object"
        assert role.span.cover(role.document.span).root().source is role.source
        assert role.identity
        assert all(policy.value is None or policy.value.plain() for policy in role.policies)
