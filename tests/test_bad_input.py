"""Hostile and broken input, end to end: a clear word with its place, the right status, no hang."""

from __future__ import annotations

import json
import os
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from running import Done, environment, run_iamlint, run_python

OPEN = {"Statement": [{"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}]}
GITHUB = "token.actions.githubusercontent.com"
LIMIT_MIB = 1200
SECONDS = 60  # far more than any of it takes; a hang must fail and not stay

posix = pytest.mark.skipif(os.name != "posix", reason="links, modes and pipes are POSIX here")
not_root = pytest.mark.skipif(
    hasattr(os, "geteuid") and os.geteuid() == 0, reason="the superuser may read everything"
)


def check(folder: Path, *paths: str) -> tuple[Done, dict[str, Any]]:
    """Check paths in a folder with little memory; the JSON report, or nothing."""
    done = run_python(
        "-c",
        f"""
import sys
try:
    import resource
    resource.setrlimit(resource.RLIMIT_AS, ({LIMIT_MIB << 20},) * 2)
except (ImportError, ValueError):
    pass
from iamlint.cli import main
sys.exit(main(["check", "--format", "json", "--root", ".", *sys.argv[1:]]))
""",
        *paths,
        cwd=folder,
        seconds=SECONDS,
    )
    assert "Traceback" not in done.err, done.err
    assert "fault of iamlint" not in done.err, done.err
    return done, json.loads(done.out) if done.out else {}


def judged(tmp_path: Path, content: str | bytes) -> tuple[int, list[dict[str, Any]], set[str]]:
    """Check a bad file beside a good one: status, the bad one's problems, the rules it broke."""
    data = content.encode("utf-8", "surrogatepass") if isinstance(content, str) else content
    (tmp_path / "bad.json").write_bytes(data)
    (tmp_path / "open.json").write_text(json.dumps(OPEN))
    done, report = check(tmp_path, "bad.json", "open.json")
    rules = {"bad.json": set[str](), "open.json": set[str]()}
    for finding in report["findings"]:
        rules[finding["path"]].add(finding["rule"])
    assert "public-trust" in rules["open.json"], "the other file is judged all the same"
    problems = report["problems"]
    assert {problem["path"] for problem in problems} <= {"bad.json"}
    return done.status, problems, rules["bad.json"]


def allow(**parts: Any) -> dict[str, Any]:
    principal = {"AWS": "arn:aws:iam::222222222222:root"}
    return {"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"} | parts


def policy(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": statements})


def anyone(**condition: Any) -> str:
    """A policy for every account, under a condition."""
    return policy(allow(Principal={"AWS": "*"}, Condition=condition))


# --- texts that are no JSON ---------------------------------------------------------------------

NESTED = '{"Statement": [{"Condition": ' + '{"a":' * 10_000 + "1" + "}" * 10_000 + "}]}"


@pytest.mark.parametrize(
    ("content", "code", "message"),
    [
        ("", "invalid-json", "the text is empty"),
        (bytes(range(256)) * 20, "not-text", "is not text: it holds NUL bytes"),
        (b'{"a": "\xff"}', "not-text", "byte 0xFF at offset 7"),
        ('{"Statement": [{"Effect": "Allow"', "invalid-json", "the text ends while the `{` at"),
        ("[" * 10_000 + "]" * 10_000, "invalid-json", "nested more than 500 levels deep"),
        ('{"a":' * 10_000, "invalid-json", "nested more than 500 levels deep"),
        (NESTED, "invalid-json", "nested more than 500 levels deep"),
        ('{"a": "\ud83d"}', "not-text", "is not UTF-8 text: byte 0xED at offset 7"),
    ],
    ids=["empty", "binary", "latin", "truncated", "deep", "open", "deep-policy", "surrogate"],
)
def test_no_json(tmp_path: Path, content: str | bytes, code: str, message: str) -> None:
    status, problems, rules = judged(tmp_path, content)
    assert (status, rules) == (3, set())
    assert problems[0]["code"] == code
    assert message in problems[0]["message"]


def nonsense_bytes() -> bytes:
    return random.Random(1).randbytes(1 << 20) * 49


def nonsense_text() -> bytes:
    return b'{"sts:AssumeRole": ' + b"x}'\\," * 9_000_000


def endless_objects() -> bytes:
    return b'{"sts:AssumeRole": [' + b"{}," * 16_000_000


def endless_statements() -> bytes:
    return policy(*[allow(Sid=f"S{number}") for number in range(100_000)]).encode()


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (nonsense_bytes, "not-text"),
        (nonsense_text, "too-large"),
        (endless_objects, "too-large"),
        (endless_statements, "too-large"),
        (lambda: b" " * (51 << 20), "too-large"),
    ],
    ids=["bytes", "text", "objects", "statements", "spaces"],
)
def test_fifty_megabytes(tmp_path: Path, make: Callable[[], bytes], code: str) -> None:
    status, problems, rules = judged(tmp_path, make())
    assert (status, rules) == (3, set())
    assert problems[0]["code"] == code


# --- JSON that is no policy, and policies that are not sound --------------------------------------


@pytest.mark.parametrize("content", ["[]", "[1, [2]]", '"sts:AssumeRole"', "42", "null", "{}"])
def test_what_holds_no_role_is_no_trouble(tmp_path: Path, content: str) -> None:
    assert judged(tmp_path, content) == (1, [], set())


def test_unknown_elements_are_faults(tmp_path: Path) -> None:
    text = json.dumps({"Version": "2012-10-17", "Foo": 1, "Statement": [allow(Bar=2)]})
    status, problems, rules = judged(tmp_path, text)
    assert (status, problems) == (1, [])
    assert rules, "a policy that IAM refuses is never without a finding"


def test_duplicate_keys_are_seen_and_the_last_one_counts(tmp_path: Path) -> None:
    text = policy(allow(Principal={"AWS": "*"})).replace('"Eff', '"Effect": "Deny", "Eff')
    status, problems, rules = judged(tmp_path, text)
    assert (status, problems) == (1, [])
    assert "public-trust" in rules


def test_halves_of_surrogate_pairs_are_named_and_printed(tmp_path: Path) -> None:
    text = anyone(StringLike={"sts:ExternalId": "\ud83d*\udc00"})
    _, problems, rules = judged(tmp_path, text)
    assert [problem["code"] for problem in problems] == ["lone-surrogate"]
    assert rules
    done = run_iamlint("check", "bad.json", cwd=tmp_path)
    assert "lone-surrogate" in done.out
    assert "Traceback" not in done.err


# --- policies that would take for ever ------------------------------------------------------------


def denies() -> str:
    def deny(number: int) -> dict[str, Any]:
        condition = {
            "StringLike": {"sts:ExternalId": f"*{number}*"},
            "StringNotLike": {"aws:PrincipalArn": f"arn:aws:iam::*:role/*{number}*"},
            "StringNotEquals": {"aws:PrincipalOrgID": f"o-{number:010}"},
            "ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": f"o-{number}/*"},
            "Bool": {"aws:MultiFactorAuthPresent": "true" if number % 2 else "false"},
        }
        return allow(Effect="Deny", Principal="*", Condition=condition)

    return policy(allow(Principal={"AWS": "*"}), *map(deny, range(200)))


def subjects(pattern: str) -> str:
    provider = {"Federated": f"arn:aws:iam::111122223333:oidc-provider/{GITHUB}"}
    fence = {"StringLike": {f"{GITHUB}:sub": pattern}}
    action = "sts:AssumeRoleWithWebIdentity"
    return policy(allow(Principal=provider, Action=action, Condition=fence))


def many(count: int, form: str) -> list[str]:
    return [form.format(number) for number in range(count)]


def principals(count: int) -> str:
    return policy(allow(Principal={"AWS": many(count, "arn:aws:iam::222222222222:role/r{}")}))


HUGE = {
    "principals": principals(10_000),
    "values": anyone(StringEquals={"sts:ExternalId": many(10_000, "id-{}")}),
    "patterns": anyone(StringLike={"sts:ExternalId": many(10_000, "*id-{}-*")}),
    "one value": anyone(StringLike={"aws:PrincipalArn": "x*" * (1 << 19)}),
    "one name": anyone(StringEquals={f"aws:PrincipalTag/{'x' * (1 << 20)}": "y"}),
    "denies": denies(),
}


@pytest.mark.parametrize("name", HUGE)
def test_a_policy_far_beyond_the_quota_is_not_judged(tmp_path: Path, name: str) -> None:
    status, problems, rules = judged(tmp_path, HUGE[name])
    assert (status, rules) == (3, set())
    assert [problem["code"] for problem in problems] == ["too-large"]
    assert "it was not judged" in problems[0]["message"]


LARGE = {
    "principals": principals(300),
    "values": anyone(StringEquals={"sts:ExternalId": many(800, "id-{}")}),
    "patterns": anyone(StringLike={"sts:ExternalId": many(800, "*id-{}-*")}),
    "organisations": anyone(StringLike={"aws:PrincipalOrgID": many(800, "o-*{}*")}),
    "callers": anyone(ArnLike={"aws:PrincipalArn": many(400, "arn:aws:iam::*{0}*:role/*{0}*")}),
    "glob": anyone(StringLike={"aws:PrincipalArn": "*a" * 200}),
    "long glob": anyone(StringLike={"sts:ExternalId": "*a" * 6000}),
    "crossed globs": anyone(
        StringLike={"sts:ExternalId": "*a" * 2000 + "*"},
        StringNotLike={"sts:ExternalId": ["*b" * 500, "?" * 300 + "*"]},
    ),
    "subject": subjects("repo:a*" + ":*" * 5000),
    "short subject": subjects("repo:" + "*a" * 30 + ":*"),
    "guards": anyone(StringNotLike={f"aws:PrincipalTag/t{n}": f"*{n}*" for n in range(400)}),
    "actions": policy(allow(Action=many(800, "sts:Assume{}*"))),
    "services": policy(allow(Principal={"Service": many(500, "s{}.amazonaws.com")})),
    "variables": anyone(StringLike={"aws:PrincipalArn": ["${aws:PrincipalTag/b}*${sts:x}"] * 200}),
    "statements": policy(*[allow(Sid=f"S{number}") for number in range(120)]),
}


@pytest.mark.parametrize("name", LARGE)
def test_a_large_policy_is_judged_or_is_said_to_be_undecided(tmp_path: Path, name: str) -> None:
    status, problems, _ = judged(tmp_path, LARGE[name])
    assert {problem["code"] for problem in problems} <= {"undecided"}
    assert status == (3 if problems else 1)


# --- paths ----------------------------------------------------------------------------------------


def test_a_path_that_does_not_exist(tmp_path: Path) -> None:
    (tmp_path / "open.json").write_text(json.dumps(OPEN))
    done, report = check(tmp_path, "nowhere.json", "open.json")
    (problem,) = report["problems"]
    assert (done.status, problem["code"], problem["path"]) == (3, "no-such-path", "nowhere.json")
    assert report["findings"]


@posix
@not_root
@pytest.mark.parametrize("what", ["folder", "file"])
def test_no_permission(tmp_path: Path, what: str) -> None:
    closed = tmp_path / "closed"
    closed.mkdir()
    (closed / "a.json").write_text(json.dumps(OPEN))
    (tmp_path / "open.json").write_text(json.dumps(OPEN))
    locked = closed if what == "folder" else closed / "a.json"
    locked.chmod(0)
    try:
        done, report = check(tmp_path, ".")
    finally:
        locked.chmod(0o700)
    (problem,) = report["problems"]
    assert (done.status, problem["code"]) == (3, "unreadable-file")
    assert "permission denied" in problem["message"]
    assert {finding["path"] for finding in report["findings"]} == {"open.json"}


@posix
def test_links_in_a_circle_are_walked_once(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "open.json").write_text(json.dumps(OPEN))
    (tmp_path / "a" / "up").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "self.json").symlink_to("self.json")
    done, report = check(tmp_path, ".")
    assert report["summary"]["files"] == 1
    assert {finding["path"] for finding in report["findings"]} == {"a/open.json"}
    assert done.status == (3 if report["problems"] else 1)


@posix
def test_a_link_to_itself_that_is_named(tmp_path: Path) -> None:
    (tmp_path / "self.json").symlink_to("self.json")
    done, report = check(tmp_path, "self.json")
    assert done.status == 3
    assert report["problems"][0]["path"] == "self.json"


@posix
def test_a_pipe_is_no_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.json")
    (tmp_path / "open.json").write_text(json.dumps(OPEN))
    done, report = check(tmp_path, ".")
    assert (done.status, report["problems"], report["summary"]["skipped"]) == (1, [], 1)
    done, report = check(tmp_path, "pipe.json", "open.json")
    assert (done.status, report["problems"][0]["path"]) == (3, "pipe.json")
    assert "not a regular file" in report["problems"][0]["message"]
    assert report["findings"]


@posix
def test_a_name_that_is_no_text(tmp_path: Path) -> None:
    name = os.fsencode(str(tmp_path)) + b"/caf\xe9.json"
    try:
        with open(name, "wb") as file:
            file.write(json.dumps(OPEN).encode())
    except OSError:
        pytest.skip("this disk takes no such names")
    for format in ("text", "json", "sarif"):
        done = run_iamlint("check", ".", "--format", format, cwd=tmp_path)
        assert done.status == 1
        assert "Traceback" not in done.err


# --- wrong usage ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["check", "--format", "xml", "."], "`xml` is no value of `--format`"),
        (["check", "--select", "no-such-rule", "."], "unknown rule `no-such-rule`"),
        (["check", "--rules", "nowhere", "."], "`--rules nowhere`: there is no such folder"),
        (["check", "--account", "42", "."], "`42` is no account id"),
        (["check", "--output", "no/folder/x.json", "."], "there is no folder `no/folder`"),
        (["check", "--nope"], "no such option"),
        (["chekc"], "chekc"),
    ],
)
def test_wrong_usage_says_what_is_wrong(tmp_path: Path, arguments: list[str], message: str) -> None:
    done = run_iamlint(*arguments, cwd=tmp_path)
    assert (done.status, done.out) == (2, "")
    assert message in done.err.lower() or message in done.err
    assert "Traceback" not in done.err


def test_the_environment_of_these_tests_is_plain() -> None:
    assert "NO_COLOR" not in environment()
