"""Configurations: what they may say, where each mistake stands, what is in force and why."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st
from reporting_support import assert_screen
from running import Done, run_iamlint, run_python

from iamlint.settings.applying import applied
from iamlint.settings.check import checked
from iamlint.settings.errors import SettingsError
from iamlint.settings.loading import Loaded, holds_settings, load
from iamlint.settings.places import places
from iamlint.settings.schema import schema
from iamlint.source import Problem, Source

WHOLE = """\
level = "info"
fail-on = "high"
fail-on-possible = true
ignore = ["idle-deny"]
exclude = ["legacy/", "*.gen.json"]

[severity]
public-trust = "high"  # behind a proxy

[estate]
organizations = ["o-a1b2c3d4e5"]
trusted-accounts = ["222222222222"]
vendors = ["Datadog"]
issuers = ["token.actions.githubusercontent.com"]

[estate.accounts]
prod = { id = "111111111111", environment = "prod" }
dev = "333333333333"

[estate.tenants]
"token.actions.githubusercontent.com" = ["acme"]

[variables]
names = ["a", "${b}"]
number = 3

[[paths]]
match = ["sandbox/"]
account = "dev"
severity = { open-subject = "low" }
"""


class Kept:
    """A cache in memory."""

    def __init__(self) -> None:
        self.content: bytes | None = None
        self.writes = 0

    def read(self) -> bytes | None:
        return self.content

    def write(self, content: bytes) -> None:
        self.content = content
        self.writes += 1


def loaded(text: str, name: str = "iamlint.toml", cache: Kept | None = None) -> Loaded:
    found = load(Source(name, text), "/p", cache or Kept())
    assert found is not None
    return found


# --- places --------------------------------------------------------------------------------------

NAMES = st.from_regex(r"[A-Za-z0-9_-]{1,4}", fullmatch=True)
QUOTED = st.text("ab\"'\\é. #[]=", max_size=4)
BLANK = st.sampled_from(["", " ", "\t", "  "])
LINES = st.sampled_from(["", " ", "\n", " # ], = [\n", "\r\n"])


def quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


TEXTS = st.one_of(
    QUOTED.map(quoted),
    QUOTED.filter(lambda text: "'" not in text).map("'{}'".format),
    QUOTED.map(lambda text: f'"""{quoted(text)[1:-1]}\n[x]\n"""'),
    st.sampled_from(["'''\n''a''\n# ]'''", '"""a""\\"""""', "''", '""']),
)
SCALARS = TEXTS | st.sampled_from(
    ["1", "-1_0.5e3", "true", "inf", "1979-05-27T07:32:00Z", "1979-05-27 07:32:00", "0xff"]
)


@st.composite
def lists(draw: st.DrawFn, values: st.SearchStrategy[str]) -> str:
    items = draw(st.lists(values, max_size=3))
    parts = [f"{draw(LINES)}{item}{draw(LINES)}" for item in items]
    return f"[{','.join(parts)}{draw(LINES)}]"


@st.composite
def tables(draw: st.DrawFn, values: st.SearchStrategy[str]) -> str:
    names = draw(st.lists(NAMES, max_size=3, unique=True))
    parts = [f"{draw(BLANK)}{n}{draw(BLANK)}={draw(BLANK)}{draw(values)}" for n in names]
    return f"{{{','.join(parts)}{draw(BLANK)}}}"


VALUES = st.recursive(SCALARS, lambda inner: lists(inner) | tables(inner), max_leaves=6)


@st.composite
def documents(draw: st.DrawFn) -> str:
    lines: list[str] = []
    for number in range(draw(st.integers(1, 5))):
        head = draw(st.sampled_from(["", "[t{}]", "[[many]]", '[t{}."a b".c]', "[[many.deep]]"]))
        lines.append(draw(BLANK) + head.format(number) + draw(st.sampled_from(["", " # note"])))
        for inner in range(draw(st.integers(0, 2))):
            key = draw(st.sampled_from(["k{}{}", '"k {}.{}"', "d{}{}.x . 'y z'", "'k{}{}'"]))
            value = draw(VALUES)
            lines.append(f"{draw(BLANK)}{key.format(number, inner)}{draw(BLANK)}= {value}")
    return "\n".join(lines)


def leaves(data: Any, steps: tuple[str | int, ...] = ()) -> Iterator[tuple[Any, Any]]:
    """Every value that is written as one, and the way to it."""
    if isinstance(data, dict):
        for name, value in data.items():
            yield from leaves(value, (*steps, name))
        return
    yield steps, data
    for number, value in enumerate(data if isinstance(data, list) else ()):
        yield from leaves(value, (*steps, number))


@given(documents())
def test_every_value_stands_where_it_is_said_to(text: str) -> None:
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return  # a table that is opened twice
    found = places(text)
    for steps, value in leaves(data):
        start, end = found[steps].value
        here = text[start:end]
        if here.startswith("[["):  # a list made of tables
            assert isinstance(value, list)
            continue
        assert repr(tomllib.loads(f"x = {here}")["x"]) == repr(value)
        if isinstance(steps[-1], str):
            start, end = found[steps].key
            assert list(tomllib.loads(f"{text[start:end]} = 0")) == [steps[-1]]


# --- mistakes ------------------------------------------------------------------------------------

MISTAKES = [
    ("leve = 'low'", "leve", "unknown setting `leve` of the configuration", "mean `level`"),
    ("level = 'lw'", "'lw'", "`level` wants a severity", "did you mean `low`?"),
    ("level = 3", "3", "`level` wants a severity", ""),
    ("select = 'a'", "'a'", "`select` wants a list", ""),
    ("ignore = ['a', 'B c']", "'B c'", "`ignore.2` wants the id of a rule", ""),
    ("gitignore = 1", "1", "`gitignore` wants `true` or `false`", ""),
    ("estate = 1", "1", "`estate` wants a table", ""),
    ("[estate]\naccount = {}", "account", "unknown setting `account` of `estate`", "`accounts`"),
    ("[estate.accounts]\np = '1'", "'1'", "`estate.accounts.p` wants an account id", ""),
    ("[estate.accounts]\np = {ids = '1'}", "ids", "unknown setting `ids`", "did you mean `id`?"),
    ("[estate.accounts]\np = {environment = 'x'}", "p", "`estate.accounts.p` lacks `id`", ""),
    ("[estate.accounts]\n'a b' = '111111111111'", "'a b'", "is not a name of letters", ""),
    (
        "[estate.accounts]\na = '111111111111'\nb = '111111111111'",
        "'111111111111'",
        "`b` and `a` are the same account",
        "name it once",
    ),
    ("[estate]\norganizations = ['x']", "'x'", "wants an organisation id", ""),
    ("[estate]\nissuers = ['https://a.b']", "'https://a.b'", "without `https://`", ""),
    ("[estate]\nvendors = ['Datdog']", "'Datdog'", "no vendor whose", "did you mean `Datadog`?"),
    ("rules = ['../x']", "'../x'", "wants a path below the folder", ""),
    ("exclude = ['a', '!']", "'!'", "`!` is no pattern", ".gitignore"),
    ("[[paths]]\nignore = []", "[[paths]]", "`paths.1` lacks `match`", ""),
    ("[[paths]]\nmatch = []", "[]", "`paths.1.match` wants a list that is not empty", ""),
    ("[[paths]]\nmatch = ['a']\naccount = 'x'", "'x'", "`estate.accounts` has no `x`", "digits"),
    ("[[paths]]\nmatch = ['a']\nlevel = 'low'", "level", "unknown setting `level`", "`ignore`"),
    ("[severity]\nx = 'hig'", "'hig'", "`severity.x` wants a severity", "did you mean `high`?"),
    ("[variables]\nx = {}", "{}", "`variables.x` wants a text, a number", ""),
    ("[parameters]\nx = ['a']", "['a']", "`parameters.x` wants a text, a number", ""),
    ("[variables]\nx = nan", "nan", "`variables.x` wants", ""),
    ("level = 'high'\nfail-on = 'low'", "'low'", "`fail-on` cannot be `low`", "lower `level`"),
    ("level 'low'", "'", "this is no TOML: expected '=' after a key", ""),
    ("\nlevel = ", "", "this is no TOML: invalid value", ""),
    ("x = " + "[" * 5000, "", "nested too deeply", ""),
]


@pytest.mark.parametrize(("text", "marked", "message", "help"), MISTAKES)
def test_a_mistake_is_told_with_its_place(text: str, marked: str, message: str, help: str) -> None:
    for head, name, within in (("", "iamlint.toml", ()), ("a = 1\r\n", "pyproject.toml", TABLE)):
        whole = head + (_nested(text) if within else text)
        if within and (whole.startswith("a = 1\r\nx = [") or "no TOML" in message):
            continue
        with pytest.raises(SettingsError) as caught:
            checked(Source(name, whole), within)
        problem = caught.value.problems[-1]
        assert message in problem.message
        assert help in (problem.help or "")
        assert problem.span is not None
        assert problem.span.text.startswith(marked) or (within and marked == "[[paths]]")


TABLE = ("tool", "iamlint")


def _nested(text: str) -> str:
    """The same settings in a project file."""
    lines = text.split("\n")
    moved = [
        line.replace("[", "[tool.iamlint.", 1).replace("[tool.iamlint.[", "[[tool.iamlint.")
        if line.startswith("[")
        else line
        for line in lines
    ]
    return "\n".join(["[tool.iamlint]", *moved])


def test_all_mistakes_are_told_at_once() -> None:
    with pytest.raises(SettingsError) as caught:
        checked(Source("iamlint.toml", "leve = 1\ngitignore = 2\n[estate]\nx = 1\n"), ())
    assert [each.span.text for each in caught.value.problems if each.span] == ["leve", "2", "x"]


SETTINGS = st.sampled_from(
    [
        *("level", "fail-on", "select", "severity", "estate", "estate.accounts", "paths", "rules"),
        *("estate.accounts.a", "estate.tenants.x", "variables", "variables.x", "exclude", "nope"),
        *("estate.accounts.a.id", "estate.vendors", "parameter-files", "gitignore", "'a b'.c"),
    ]
)


@given(st.lists(st.tuples(SETTINGS, VALUES), max_size=4), st.sampled_from(["", "[[paths]]\n"]))
def test_whatever_is_written_is_taken_or_refused_with_its_place(
    pairs: list[tuple[str, str]], head: str
) -> None:
    text = head + "".join(f"{name} = {value}\n" for name, value in pairs)
    source = Source("iamlint.toml", text)
    problems: list[Problem] = []
    found = None
    try:
        found = checked(source, ())
    except SettingsError as error:
        problems = error.problems
    assert (found is None) is bool(problems)
    for problem in problems:
        assert problem.span is not None
        assert problem.span.source is source
        assert problem.span.start <= len(text)
    if found is not None:
        applied(Loaded(source, "/p", found["settings"], found["places"]), "/p")


# --- what they come to ---------------------------------------------------------------------------


def test_the_settings_are_what_they_say() -> None:
    config = applied(loaded(WHOLE), "/p")
    assert (config.level, config.fail_on, config.fail_on_possible) == ("info", "high", True)
    assert config.ignore == ("idle-deny",)
    assert config.accounts == ("111111111111", "333333333333")
    assert config.names == {"111111111111": "prod", "333333333333": "dev"}
    assert config.environments == {"111111111111": "prod"}
    assert config.tenants == {"token.actions.githubusercontent.com": ("acme",)}
    assert config.issuers == ("token.actions.githubusercontent.com",)
    assert config.vendors == ("Datadog",)
    assert config.severities == {"public-trust": "high"}
    everywhere, sandbox = config.locals
    assert [pair.text for pair in everywhere.variables] == ['names=["a", "$${b}"]', "number=3"]
    assert [pair.span.text for pair in everywhere.variables] == ['["a", "${b}"]', "3"]
    assert sandbox.account == "333333333333"
    assert sandbox.severities == {"open-subject": "low"}


def test_the_schema_takes_what_the_check_takes() -> None:
    validator = jsonschema.Draft202012Validator(schema())
    validator.validate(tomllib.loads(WHOLE))
    for text, _, message, _ in MISTAKES:
        if any(word in message for word in ("no TOML", "nested", "nan")):
            continue
        if any(
            word in message
            for word in ("same account", "has no `x`", "fail-on", "pattern", "no vendor")
        ):
            continue  # what no schema can say
        if any(word in message for word in ("https", "path below")) or "nan" in text:
            continue
        assert list(validator.iter_errors(tomllib.loads(text))), text


def test_a_checked_configuration_is_checked_once() -> None:
    cache = Kept()
    first, second = (loaded(WHOLE, cache=cache) for _ in range(2))
    assert cache.writes == 1
    assert applied(first, "/p") == applied(second, "/p")._replace(
        locals=applied(first, "/p").locals
    )
    loaded(WHOLE + "# more", cache=cache)
    assert cache.writes == 2
    for damaged in (b"", b"[]", b'{"key": 1}', cache.content and cache.content[:-9]):
        cache.content = damaged
        assert loaded(WHOLE, cache=cache).settings == first.settings


def test_a_project_file_without_a_table_is_passed_over() -> None:
    assert not holds_settings("pyproject.toml", b'dependencies = ["iamlint>=1"]')
    for text in ("[tool.iamlint]", "[tool.'iamlint'.x]", "tool.iamlint.level = 1", "{iamlint = 1}"):
        assert holds_settings("pyproject.toml", text.encode())
    script = '[project.scripts]\niamlint = "x"\n'
    assert load(Source("pyproject.toml", script), "/p", Kept()) is None


# --- on the command line -------------------------------------------------------------------------


def trust(principal: str) -> str:
    statement = {"Effect": "Allow", "Principal": {"AWS": principal}, "Action": "sts:AssumeRole"}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]}, indent=1)


FOREIGN = trust("arn:aws:iam::222222222222:root")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A repository with a public role in a folder of it."""
    (tmp_path / ".git").mkdir()
    write(tmp_path, {"app/role.json": trust("*"), "app/deep/role.json": trust("*")})
    return tmp_path


def write(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")


def found(folder: Path, *arguments: str) -> list[tuple[str, str, str]]:
    """Where a check finds what, and how bad it is."""
    done = run_iamlint("check", *arguments, "--format", "json", cwd=folder)
    assert done.status in (0, 1, 3), done.err
    return [
        (each["path"], each["rule"], each["severity"]) for each in json.loads(done.out)["findings"]
    ]


def refused(folder: Path, *arguments: str) -> Done:
    done = run_iamlint("check", *arguments, cwd=folder)
    assert done.status == 2
    return done


def test_the_nearest_configuration_counts(project: Path) -> None:
    assert found(project, "app/role.json") == [("app/role.json", "public-trust", "critical")]
    write(project, {"iamlint.toml": "[severity]\npublic-trust = 'low'\n"})
    assert found(project, "app/role.json") == [("app/role.json", "public-trust", "low")]
    write(project, {"app/pyproject.toml": "[tool.iamlint.severity]\npublic-trust = 'medium'\n"})
    assert found(project, "app/role.json") == [("app/role.json", "public-trust", "medium")]
    write(project, {"app/iamlint.toml": "[severity]\npublic-trust = 'high'\n"})
    assert found(project / "app", "role.json") == [("role.json", "public-trust", "high")]
    assert found(project, "app/role.json", "--no-config")[0][2] == "critical"
    assert found(project, "app/role.json", "--config", "iamlint.toml")[0][2] == "low"


def test_nothing_above_the_project_is_read(project: Path) -> None:
    write(project.parent, {"iamlint.toml": "broken"})
    try:
        assert len(found(project, "app")) == 2
    finally:
        (project.parent / "iamlint.toml").unlink()
    write(project, {"iamlint.toml": "broken"})
    assert found(project, "app/role.json", "--root", "app")[0][2] == "critical"


def test_a_project_file_that_only_names_us_hides_no_other(project: Path) -> None:
    write(project, {"iamlint.toml": "ignore = ['public-trust']\n"})
    write(project, {"app/pyproject.toml": "[project.scripts]\niamlint = 'x'\n"})
    assert found(project, "app") == []


def test_each_input_has_its_own_configuration(project: Path) -> None:
    write(project, {"app/deep/iamlint.toml": "[severity]\npublic-trust = 'info'\n"})
    both = found(project, "app/role.json", "app/deep/role.json", "--level", "info")
    assert {(path, severity) for path, _, severity in both} == {
        ("app/role.json", "critical"),
        ("app/deep/role.json", "info"),
    }
    done = run_iamlint("check", "app/role.json", "app/deep/role.json", cwd=project)
    assert "1 finding (1 critical)" in done.out
    assert "1 below the level shown · 2 roles in 2 files" in done.out


def test_a_broken_configuration_checks_nothing(project: Path) -> None:
    write(project, {"iamlint.toml": "ignore = ['public-trst']\n[severity]\nopen-subjct = 'low'\n"})
    assert_screen("broken-settings.txt", refused(project, "app").err)
    write(project, {"iamlint.toml": "rules = ['none']\n"})
    assert "there is no folder `none`\n --> iamlint.toml:1:10" in refused(project, "app").err
    (project / "iamlint.toml").write_bytes(b"\xff\xfe\xff")
    assert "iamlint.toml" in refused(project, "app").err
    (project / "iamlint.toml").unlink()
    (project / "iamlint.toml").mkdir()
    assert "is a folder" in refused(project, "app").err
    assert "there is no such file" in refused(project, "app", "--config", "nope").err


def test_the_command_line_has_the_last_word(project: Path) -> None:
    write(project, {"iamlint.toml": "select = ['idle-deny']\nfail-on = 'critical'\nlevel = 'high'"})
    assert found(project, "app") == []
    assert len(found(project, "app", "--select", "public-trust")) == 2
    done = run_iamlint("check", "app", "--fail-on", "low", "--select", "public-trust", cwd=project)
    assert done.status == 1
    done = run_iamlint("check", "app", "--level", "critical", cwd=project)
    assert done.status == 0


def test_what_is_excluded_or_ignored_by_git_is_not_searched(project: Path) -> None:
    write(project, {"iamlint.toml": "exclude = ['/app/deep/']\n"})
    assert [path for path, _, _ in found(project, ".")] == ["app/role.json"]
    assert [path for path, _, _ in found(project / "app", ".")] == ["role.json"]
    write(project, {".gitignore": "role.json\n"})
    assert found(project, ".") == []
    assert len(found(project, "app/role.json")) == 1  # what is named is judged
    assert len(found(project, "app/deep")) == 0
    write(project, {".gitignore": "app/\n"})
    assert len(found(project, "app")) == 1
    write(project, {".gitignore": "role.json\n", "iamlint.toml": "gitignore = false\n"})
    assert len(found(project, ".", "--exclude", "deep")) == 1


TERRAFORM = """\
variable "who" { type = string }
resource "aws_iam_role" "r" {
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = { AWS = var.who }, Action = "sts:AssumeRole" }]
  })
}
"""
TEMPLATE = """\
Parameters: { Who: { Type: String } }
Resources:
  R:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: "2012-10-17"
        Statement: [{ Effect: Allow, Principal: { AWS: !Ref Who }, Action: "sts:AssumeRole" }]
"""


def test_values_and_rules_differ_by_path(project: Path) -> None:
    (project / "app" / "role.json").unlink()
    (project / "app" / "deep" / "role.json").unlink()
    for folder in ("a", "b", "c"):
        write(project, {f"{folder}/main.tf": TERRAFORM, f"{folder}/t.yaml": TEMPLATE})
    settings = """\
[variables]
who = "111111111111"
[parameters]
Who = "111111111111"
[[paths]]
match = ["/b/"]
variables = { who = "*" }
parameters = { Who = "*" }
[[paths]]
match = ["/c/"]
variables = { who = "*" }
parameters = { Who = "*" }
severity = { public-trust = "medium" }
[[paths]]
match = ["/c/*.yaml"]
ignore = ["public-trust"]
"""
    write(project, {"iamlint.toml": settings})
    done = run_iamlint("check", ".", "--format", "json", cwd=project)
    rows = [
        (each["line"], each["severity"], each["roles"])
        for each in json.loads(done.out)["findings"]
        if each["rule"] == "public-trust"
    ]
    assert rows == [
        (7, "critical", ["aws_iam_role.r"]),
        (8, "critical", ["R"]),
        (11, "medium", ["aws_iam_role.r"]),
    ]
    given = found(project, ".", "--var", "who=111111111111", "--parameter", "Who=111111111111")
    assert not [row for row in given if row[1] == "public-trust"]


def test_roles_live_in_the_account_of_their_path(project: Path) -> None:
    write(project, {"app/role.json": FOREIGN, "app/deep/role.json": FOREIGN})
    settings = """\
[estate.accounts]
one = "111111111111"
two = "222222222222"
[[paths]]
match = ["app/"]
account = "one"
[[paths]]
match = ["deep/"]
account = "two"
"""
    write(project, {"iamlint.toml": settings})
    rules = {(path, rule) for path, rule, _ in found(project, ".", "--level", "info")}
    assert ("app/deep/role.json", "own-account-trust") in rules
    assert ("app/role.json", "own-account-trust") not in rules


def test_the_estate_makes_what_is_said_exact(project: Path) -> None:
    write(project, {"app/role.json": FOREIGN, "app/deep/role.json": trust("*")})
    assert "`222222222222`, if it is not yours, can" in run_iamlint("check", "app", cwd=project).out
    accounts = '[estate.accounts]\nprod = { id = "111111111111", environment = "prod" }\n'
    home = '[[paths]]\nmatch = ["/app/"]\naccount = "prod"\n'
    write(project, {"iamlint.toml": accounts + home})
    assert "anybody of account `222222222222` can" in run_iamlint("check", "app", cwd=project).out
    dev = 'dev = { id = "222222222222", environment = "dev" }\n'
    write(project, {"iamlint.toml": accounts + dev + home})
    rules = [rule for path, rule, _ in found(project, "app/role.json")]
    assert rules == ["cross-environment"]
    assert (
        "own account `222222222222` (`dev`), of environment `dev`, can assume"
        in run_iamlint("check", "app/role.json", cwd=project).out
    )


def test_rules_of_the_configuration_are_explained(project: Path) -> None:
    shipped = Path(__file__).parent.parent / "rules" / "grammar" / "old-version.yaml"
    rule = shipped.read_text("utf-8").replace("id: old-version", "id: mine", 1)
    write(project, {"iamlint.toml": "rules = ['rules']\n", "rules/mine.yaml": rule})
    assert "[mine]" in run_iamlint("explain", "mine", cwd=project).out
    assert "\nmine " in run_iamlint("rules", cwd=project).out
    write(project, {"iamlint.toml": "broken"})
    assert run_iamlint("explain", "open-subject", cwd=project).status == 0
    assert run_iamlint("explain", "mine", cwd=project).status == 2


def test_a_file_of_values_is_told_of_once(project: Path) -> None:
    values = (
        "parameter-files = ['none.json']\n[[paths]]\nmatch = ['{}']\nparameters = {{ A = 1 }}\n"
    )
    write(project, {"iamlint.toml": values.format("deep/")})
    done = run_iamlint("check", "app", cwd=project)
    assert done.status == 3
    assert done.out.count("cannot read the parameters in `none.json`") == 1


def test_what_is_in_force_is_told(project: Path) -> None:
    write(project, {"iamlint.toml": WHOLE, "app/deep/iamlint.toml": ""})
    done = run_iamlint(
        "config", "app", "app/deep", "--level", "low", "--ignore", "open-ref", "--var", "a=b",
        cwd=project,
    )  # fmt: skip
    assert (done.status, done.err) == (0, "")
    assert_screen("config.txt", done.out)
    tomllib.loads(done.out.partition("\n# app/deep")[0])


def test_a_check_with_a_known_configuration_stays_quick(project: Path, tmp_path: Path) -> None:
    rules = Path(__file__).parent.parent / "rules" / "grammar" / "old-version.yaml"
    mine = rules.read_text("utf-8").replace("id: old-version", "id: mine", 1)
    write(project, {"iamlint.toml": "rules = ['mine']\n" + WHOLE.partition("[[paths]]")[0]})
    write(project, {"mine/mine.yaml": mine})
    code = (
        "import sys; from iamlint.cli import main; main(['check', 'app/role.json', '--quiet'])\n"
        "print(sorted(m for m in sys.modules if m in"
        " ('pydantic', 'tomllib', 'pathspec', 'click', 'yaml', 'jmespath', 'datetime')))"
    )
    own = {"XDG_CACHE_HOME": str(tmp_path / "cache")}
    first, second = (run_python("-c", code, cwd=project, env=own) for _ in range(2))
    assert first.out.splitlines()[-1] != "[]"
    assert second.out.splitlines()[-1] == "[]"
    assert first.out.splitlines()[:-1] == second.out.splitlines()[:-1]
