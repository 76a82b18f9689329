"""A configuration that is read again gives what it gives when it is read for the first time."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from terraform_edits import DOCUMENT, HEAD, MODULE, TEMPLATE, Files, configuration, edited

from iamlint.config import Config
from iamlint.formats import configurations
from iamlint.formats.configurations import Kept
from iamlint.formats.reading import Around, Reading
from iamlint.formats.role import Role
from iamlint.formats.sources import Sources
from iamlint.linting import lint_with
from iamlint.memory import Memory
from iamlint.reporters import View, json
from iamlint.shipped import shipped_book
from iamlint.source import DictFiles, Problem, Source, Span
from iamlint.syntax.holes import Holes
from iamlint.syntax.value import Value

BOOK = shipped_book()


class Project:
    """Files that are read again and again; one that is as it was keeps its source."""

    def __init__(self) -> None:
        self.kept = Kept()
        self._known: dict[str, Source] = {}

    def read(self, files: Files, *, again: bool = True) -> list[Reading]:
        sources = Sources(DictFiles(dict(files)))
        for path, known in self._known.items():
            if again and files.get(path) == known.text:
                sources.keep(known)
        found = {path: source for path in files if (source := sources.at(path)) is not None}
        if again:
            self._known = found
        around = Around(source=sources.at, list=sources.folder)
        claimed = [source for path, source in found.items() if configurations.claims(path)]
        return list(configurations.read(claimed, around, self.kept if again else None))

    def roles(self, files: Files) -> dict[str, Role]:
        return {role.identity: role for reading in self.read(files) for role in reading.roles}

    def agrees(self, files: Files) -> list[Role]:
        """The roles, after all that is read was held against a first reading."""
        found, due = self.read(files), self.read(files, again=False)
        assert [_told(each) for each in found] == [_told(each) for each in due]
        return [role for reading in found for role in reading.roles]


def _told(reading: Reading) -> tuple[object, ...]:
    """All there is in a reading, with places in files, and holes in place of their characters."""
    problems = [_of_problem(problem) for problem in reading.problems]
    return [_of_role(role) for role in reading.roles], problems, *reading[2:]


def _of_problem(problem: Problem) -> tuple[object, ...]:
    return problem._replace(span=None), _place(problem.span) if problem.span else None


def _of_role(role: Role) -> dict[str, object]:
    said = ("identity", "format", "name", "path", "account", "partition", "tags", "max_session")
    found: dict[str, object] = {name: getattr(role, name) for name in (*said, "plain", "bounded")}
    # Of the same holes, characters in another order would be sorted in another order.
    found["holes"] = [hole for _, hole in sorted(role.holes.items())]
    found["span"] = _place(role.span)
    found["source"] = role.source.name
    found["names"] = [_place(span) for span in role.beside.names]
    found["ways"] = [(_place(way.origin), _place(way.use), way.name) for way in role.ways]
    found["variants"] = [
        (_value(each.document, role.holes), each.given, each.missing) for each in role.variants
    ]
    found["policies"] = [
        (_text(each.name, {}), _text(each.arn, {}), each.sure, _value(each.value, {}))
        for each in role.policies
    ]
    return found


def _place(span: Span) -> tuple[object, ...]:
    source, start, end = span.root()
    return source.name, start, end, source.text[start:end]


def _text(text: str, holes: Holes) -> tuple[object, ...]:
    """A text; holes of which nothing is known are all alike."""
    return tuple(holes.get(char, char) if ord(char) < 0xF0000 or holes else "?" for char in text)


def _value(value: Value | None, holes: Holes) -> object:
    if value is None:
        return None
    inner: object = repr(value.data)
    if value.kind == "string":
        places = [_place(value.part(at, at + 1)) for at in range(len(value.data))]
        inner = _text(value.data, holes), places
    elif value.kind == "object":
        inner = [(_value(key, holes), _value(held, holes)) for key, held in value.members]
    elif value.kind == "array":
        inner = [_value(item, holes) for item in value.items()]
    return value.kind, _place(value.span), inner


@settings(max_examples=25)
@given(st.integers(0, 2**32))
def test_what_is_read_again_is_what_would_be_read(seed: int) -> None:
    draw, project = Random(seed), Project()
    files = sound = configuration(draw)
    for _ in range(8):
        project.agrees(files)
        if draw.random() < 0.25:
            files = sound  # a person takes back what was typed
        else:
            sound = files if draw.random() < 0.5 else sound
            files = edited(files, draw)


def test_most_of_what_did_not_change_is_not_evaluated_again() -> None:
    every = same = 0
    for seed in range(8):
        draw, project = Random(seed), Project()
        files = configuration(draw)
        known: list[Role] = []
        for _ in range(6):
            roles = [role for reading in project.read(files) for role in reading.roles]
            every += len(roles) if known else 0
            same += sum(any(role is each for each in known) for role in roles)
            known, files = roles, edited(files, draw)
    assert same > every / 2


# What is due to what

ROLES = """\
resource "aws_iam_role" "plain" {
  assume_role_policy = jsonencode({
    Statement = [{ Principal = { Service = "ec2.amazonaws.com" } }]
  })
}

resource "aws_iam_role" "local" {
  assume_role_policy = jsonencode({ Statement = [{ Principal = { AWS = local.chain } }] })
}

data "aws_iam_policy_document" "this" {
  statement {
    principals {
      type        = "AWS"
      identifiers = ["arn:aws:iam::${var.org}:root"]
    }
  }
}

resource "aws_iam_role" "document" {
  name               = "document"
  assume_role_policy = data.aws_iam_policy_document.this.json
}

module "one" {
  source   = "./m"
  name     = "one"
  services = ["ecs.amazonaws.com"]
}

module "two" {
  source = "./m"
  name   = "two"
}

resource "aws_iam_role" "file" {
  assume_role_policy = file("doc.json")
}

resource "aws_iam_role" "template" {
  assume_role_policy = templatefile("t.tpl", { name = "n", who = "*" })
}

resource "aws_iam_role" "each" {
  for_each           = toset(["a", "b"])
  name               = each.key
  assume_role_policy = jsonencode({ Statement = [{ Principal = { AWS = "*" } }] })
}

resource "aws_iam_policy" "p" {
  name   = "p"
  policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "s3:*", Resource = "*" }] })
}

resource "aws_iam_role_policy_attachment" "document" {
  role       = aws_iam_role.document.name
  policy_arn = aws_iam_policy.p.arn
}

resource "aws_iam_role" "missing" {
  assume_role_policy = jsonencode({ Statement = [{ Principal = { AWS = local.later } }] })
}
"""
EVERY = {
    *("plain", "local", "document", "one", "two", "file", "template", 'each["a"]', 'each["b"]'),
    "missing",
}
FILES = {
    "main.tf": HEAD,
    "m/main.tf": MODULE,
    "t.tpl": TEMPLATE,
    "doc.json": DOCUMENT,
    "roles.tf": ROLES,
}
# An edit: a file, what is in it, and what is put in its place; and the roles that are due to that.
DUE = [
    ("roles.tf", "ec2.amazonaws", "sqs.amazonaws", {"plain"}),
    ("roles.tf", "ecs.amazonaws", "ecs-tasks.amazonaws", {"one"}),
    ("roles.tf", ":root", ":user/x", {"document"}),
    ("roles.tf", 'name   = "two"', 'name   = "three"', {"two"}),
    ("roles.tf", '"a", "b"', '"a", "c"', {'each["a"]', 'each["c"]'}),
    ("roles.tf", "s3:*", "iam:*", {"document"}),
    (
        "roles.tf",
        "role       = aws_iam_role.document.name",
        'role = "a"',
        {"document", 'each["a"]'},
    ),
    ("roles.tf", 'name   = "p"', 'name = "other"', {"document"}),
    ("main.tf", '"acme"', '"other"', {"document"}),
    ("main.tf", "token.actions", "gitlab", {"local"}),
    ("main.tf", '"x" : var.open', '"y" : var.open', {"local"}),
    ("main.tf", 'iam   = "arn', 'iam   = "urn', set[str]()),
    ("main.tf", "odd   = uuid()", 'later = "l"', {"missing"}),
    ("main.tf", 'variable "flag" { type = bool }', 'variable "flag" {}', {"local"}),
    ("m/main.tf", "lambda", "batch", {"one", "two"}),
    ("m/main.tf", "aws_iam_role.this.arn", "aws_iam_role.this.name", set[str]()),
    ("doc.json", "*", "arn:aws:iam::1:root", {"file"}),
    ("t.tpl", "Id", "Version", {"template"}),
    ("roles.tf", 'resource "aws_iam_role" "plain"', "\n\n# moved\n\\g<0>", set[str]()),
]


def _identity(role: Role) -> str:
    words = role.identity.removeprefix("module.")
    return words.removeprefix("aws_iam_role.").removesuffix(".aws_iam_role.this")


@pytest.mark.parametrize(("path", "old", "new", "due"), DUE, ids=[each[1] for each in DUE])
def test_what_is_read_anew_is_what_an_edit_can_make_different(
    path: str, old: str, new: str, due: set[str]
) -> None:
    project = Project()
    before = {_identity(role): role for role in project.agrees(FILES)}
    assert before.keys() == EVERY
    assert FILES[path].count(old) == 1
    after = FILES | {path: FILES[path].replace(old, new.replace("\\g<0>", old))}
    found = {_identity(role): role for role in project.agrees(after)}
    anew = {name for name, role in found.items() if role is not before.get(name)}
    # What has a fault of its own is read anew when it moves, which some of the edits make it.
    assert anew - {"missing"} == due - {"missing"}
    assert due <= anew


def test_a_role_that_moves_stays_the_same_and_tells_where_it_is() -> None:
    project = Project()
    before = project.roles(FILES)
    after = FILES | {"roles.tf": "# one\n# two\n" + ROLES, "main.tf": "\n" + HEAD}
    found = project.roles(after)
    role = found["aws_iam_role.local"]
    assert role is before["aws_iam_role.local"]
    assert role.source.text == after["roles.tf"]
    line, _ = role.source.position(role.span.root().start)
    assert line == ROLES[: ROLES.index('"local"')].count("\n") + 3
    assert any(way.origin.root().source.text == after["main.tf"] for way in role.ways)


def test_blocks_may_change_places() -> None:
    project = Project()
    before = project.roles(FILES)
    blocks = ROLES.strip().split("\n\n")
    found = {role.identity: role for role in project.agrees(FILES | {"roles.tf": ROLES})}
    turned = FILES | {"roles.tf": "\n\n".join(reversed(blocks)) + "\n"}
    after = {role.identity: role for role in project.agrees(turned)}
    faulty = "aws_iam_role.missing"
    assert all(
        role is before[name] is found[name] for name, role in after.items() if name != faulty
    )


def test_what_tells_of_a_line_is_read_anew_when_it_moves() -> None:
    project = Project()
    files = FILES | {"roles.tf": ROLES.replace("local.later", "upper(local.later)")}
    before = project.roles(files)["aws_iam_role.missing"]
    assert any(" at " in hole.name for hole in before.holes.values())
    assert project.roles(files)["aws_iam_role.missing"] is before
    files["roles.tf"] = "\n" + files["roles.tf"]
    project.agrees(files)
    assert project.roles(files)["aws_iam_role.missing"] is not before


def test_while_a_block_is_broken_the_others_stay() -> None:
    project = Project()
    before = project.roles(FILES)
    for broken in ('"ec2.amazonaws', "{", "}}", "<<EOT"):
        text = ROLES.replace('"ec2.amazonaws.com"', broken)
        found = {role.identity: role for role in project.agrees(FILES | {"roles.tf": text})}
        others = [name for name in ("document", "local", "file") if f"aws_iam_role.{name}" in found]
        assert others
        for name in others:
            role = f"aws_iam_role.{name}"
            assert found[role] is before[role], (broken, name)
    assert project.roles(FILES)["aws_iam_role.local"] is before["aws_iam_role.local"]


# What goes from one role to the next


def _role(name: str, *principals: str, more: str = "") -> str:
    listed = ", ".join(principals)
    return (
        f'resource "aws_iam_role" "{name}" {{\n  {more}\n  assume_role_policy = jsonencode('
        f"{{ Statement = [{{ Principal = {{ AWS = [{listed}] }} }}] }})\n}}\n"
    )


def test_a_name_goes_to_who_comes_first() -> None:
    """Of values whose expressions look alike, the second one has a number."""
    loop = '[for x in ["%s", "%s"] : replace(var.open, x, "y")]'
    first, second = _role("first", loop % ("a", "b")), _role("second", loop % ("b", "c"))
    head = 'variable "open" {}\n'
    project = Project()
    files = {"main.tf": head + first + second}
    known = project.agrees(files)
    project.agrees({"main.tf": head + second})
    roles = project.agrees({"main.tf": head + second})
    assert roles[0] is not known[1]
    assert len(project.agrees(files)) == 2


def test_what_is_sorted_by_what_nobody_knows_has_the_order_of_a_first_reading() -> None:
    head = 'variable "a" { type = string }\nvariable "b" { type = string }\n'
    document = (
        'data "aws_iam_policy_document" "d" {\n  statement {\n    principals {\n'
        '      type = "AWS"\n'
        '      identifiers = [var.a, var.b]\n    }\n  }\n}\nresource "aws_iam_role" "last" {\n'
        "  assume_role_policy = data.aws_iam_policy_document.d.json\n}\n"
    )
    project = Project()
    for first in ('"${var.b}"', '"*"', '"${var.b}"', '"${var.a}"'):
        files = {"main.tf": head, "x.tf": _role("first", first), "y.tf": document}
        last = project.agrees(files)[-1]
        assert [hole.name for _, hole in sorted(last.holes.items())] == (
            ["var.b", "var.a"] if "var.b" in first else ["var.a", "var.b"]
        )


def test_what_is_told_once_is_told_of_who_is_left() -> None:
    head = 'variable "bad" { type = strin }\n'
    first, second = _role("first", "var.bad", "var.gone"), _role("second", "var.bad", "var.gone")
    project = Project()
    for files in (first + second, second, first + second, first):
        project.agrees({"main.tf": head, "roles.tf": files})


def test_numbers_of_calls_are_those_of_a_first_reading() -> None:
    first, second = _role("first", "uuid()"), _role("second", "uuid()", '"${uuid()}"')
    project = Project()
    for files in (first + second, second, first + first.replace("first", "more") + second):
        project.agrees({"main.tf": files})


def test_what_is_asked_for_once_is_asked_for_by_all_who_need_it() -> None:
    head = """\
variable "a" { type = string }
variable "b" { type = string }
locals {
  deep     = var.b
  inner    = local.deep
  document = jsonencode({ Statement = [{ Principal = { AWS = ["${local.inner}"] } }] })
}
"""
    whole = 'resource "aws_iam_role" "{}" {{\n  assume_role_policy = local.document\n}}\n'
    first, second = whole.format("first"), whole.format("second")
    last = (
        'data "aws_iam_policy_document" "d" {\n  statement {\n    principals {\n'
        '      type        = "AWS"\n      identifiers = [var.a, var.b]\n    }\n  }\n}\n'
        'resource "aws_iam_role" "last" {\n'
        "  assume_role_policy = data.aws_iam_policy_document.d.json\n}\n"
    )
    project = Project()
    files = {"main.tf": head, "x.tf": first + second, "y.tf": last}
    project.agrees(files)
    project.agrees(files | {"x.tf": second})
    project.agrees(files)
    project.agrees(files | {"main.tf": head.replace("deep     = var.b", "deep     = var.a")})


def test_circles_are_told_where_a_first_reading_tells_them() -> None:
    head = "locals {\n  a = local.b\n  b = local.a\n}\n"
    first, second = _role("first", "local.a"), _role("second", "local.b")
    project = Project()
    for files in (first + second, second, second + first, first):
        project.agrees({"main.tf": head, "roles.tf": files})


def test_budgets_are_those_of_a_first_reading(monkeypatch: pytest.MonkeyPatch) -> None:
    from iamlint.formats.terraform import evaluate  # noqa: PLC0415 - only here

    items = ", ".join(f'"{number}"' for number in range(30))
    head = f"locals {{\n  many = [{items}]\n}}\n"
    loop = "length([for a in local.many : [for b in local.many : b]])"
    roles = [_role(f"r{number}", f'"${{{loop}}}"') for number in range(6)]
    # enough for five roles; a sixth one is too much, unless others are not counted
    monkeypatch.setattr(evaluate.new_world, "__defaults__", (None, 31_000))
    project = Project()
    large = []
    for number in (1, 2, 3, 4, 5, 6, 5, 4, 1):
        project.agrees({"main.tf": head, "roles.tf": "".join(roles[:number])})
        text = "".join(roles[:number]) + "# more\n"
        readings = project.read({"main.tf": head, "roles.tf": text})
        codes = {each.code for reading in readings for each in reading.problems}
        large += [number] if "too-large" in codes else []
    assert large == [6]


def test_levels_are_those_of_a_first_reading() -> None:
    """What goes down too far does not, where somebody else went half of the way before."""
    locals = [f'  a{level + 1} = upper("${{local.a{level}}}x")\n' for level in range(35)]
    head = "locals {\n  a0 = var.open\n" + "".join(locals) + '}\nvariable "open" {}\n'
    half, whole = _role("half", "local.a17"), _role("whole", "local.a35")
    project = Project()
    for text in (half + whole, whole, half + whole):
        roles = project.agrees({"main.tf": head, "roles.tf": text})
        assert ("the whole document, which was not evaluated" in roles[-1].unresolved()) is (
            text == whole
        )


def test_who_takes_the_steps_for_all_may_go(monkeypatch: pytest.MonkeyPatch) -> None:
    from iamlint.formats.terraform import reusing, world  # noqa: PLC0415 - only here

    for module in (reusing, world):
        monkeypatch.setattr(module, "STEPS_HERE", 14_000)
    items = ", ".join(f'"{number}"' for number in range(40))
    some = f'join("", flatten([for a in [{items}] : [for b in range(15) : a]]))'
    head = f"locals {{\n  many = {some}\n}}\n"
    rest = [f'"${{{some}}}${{local.many}}"', "local.many"]
    project = Project()
    told = set[str]()
    for more in ([1, 0], [0], [1, 0], [1], [0, 1]):
        text = "".join(_role(f"r{number}", rest[number]) for number in more)
        project.agrees({"main.tf": head, "roles.tf": text})
        problems = [
            each
            for reading in project.read({"main.tf": head, "roles.tf": text})
            for each in reading.problems
        ]
        told |= {f"{more} {each.code}" for each in problems}
    assert told == {"[0] too-large", "[0, 1] too-large"}


def test_a_policy_of_the_same_arn_may_come_and_go() -> None:
    policy = (
        'resource "aws_iam_policy" "{}" {{\n  name   = "same"\n  policy = jsonencode('
        '{{ Statement = [{{ Effect = "Allow", Action = "{}:*", Resource = "*" }}] }})\n}}\n'
    )
    role = _role("r", '"*"', more="managed_policy_arns = [aws_iam_policy.p.arn]")
    attached = (
        'resource "aws_iam_role_policy_attachment" "a" {\n  role = "x"\n'
        "  policy_arn = aws_iam_policy.p.arn\n}\n"
    )
    other = _role("x", '"*"', more='name = "x"')
    project = Project()
    files = {"main.tf": policy.format("p", "s3") + role + other + attached}
    for more in ("", policy.format("q", "iam"), policy.format("q", "ec2"), ""):
        roles = project.agrees(files | {"z.tf": more})
        for each in roles:
            assert [policy.name for policy in each.policies] == [
                "aws_iam_policy.q" if more else "aws_iam_policy.p"
            ]


def test_a_module_may_come_and_go() -> None:
    call = 'module "one" {\n  source = "./m"\n  name   = "n"\n}\n'
    files = {"main.tf": call + _role("r", "module.one.arn")}
    project = Project()
    for more in ({}, {"m/main.tf": MODULE}, {}):
        project.agrees(files | more)


def test_a_type_that_cannot_be_read_is_told_in_all_states() -> None:
    """It was told in the first one alone, as if it might not be so."""
    head = 'variable "bad" { type = strin }\nvariable "flag" { type = bool }\n'
    text = head + _role("r", 'var.flag ? "a" : "b"', "var.bad")
    (reading,) = Project().read({"main.tf": text})
    (problem,) = reading.problems
    assert problem.message == "this is not a type"
    assert problem.blocking


def test_an_attribute_that_aws_makes_stands_where_each_role_uses_it() -> None:
    """It stood where the first role did so, for all of them."""
    head = 'data "aws_caller_identity" "me" {}\n'
    text = head + "".join(
        _role(name, '"arn:aws:iam::${data.aws_caller_identity.me.account_id}:root"')
        for name in "ab"
    )
    for role in Project().agrees({"main.tf": text}):
        (account,) = [_account(role)]
        home = role.span.root()
        assert account.root().within(home)


def _account(role: Role) -> Span:
    statement = role.document.get("Statement")
    assert statement is not None
    principal = statement.items()[0].get("Principal")
    assert principal is not None
    held = principal.get("AWS")
    assert held is not None
    text = held.items()[0]
    at = next(at for at, char in enumerate(text.data) if char in role.holes)
    return text.part(at, at + 1)


def test_the_place_of_a_block_does_not_reach_over_to_where_its_values_are() -> None:
    text = (
        'variable "ids" {\n  default = ["a"]\n}\ndata "aws_iam_policy_document" "d" {\n'
        '  statement {\n    principals {\n      type        = "AWS"\n      identifiers = var.ids\n'
        '    }\n    condition {\n      test     = "StringEquals"\n      variable = "aws:x"\n'
        '      values   = var.ids\n    }\n  }\n}\nresource "aws_iam_role" "r" {\n'
        "  assume_role_policy = data.aws_iam_policy_document.d.json\n}\n"
    )
    (role,) = Project().agrees({"main.tf": text})
    statement = role.document.get("Statement")
    assert statement is not None
    (first,) = statement.items()
    for name in ("Principal", "Condition"):
        held = first.get(name)
        assert held is not None
        assert held.span.root().start > text.index("statement")


# What is kept


def test_nothing_is_kept_that_the_last_check_did_not_use() -> None:
    project = Project()
    draw = Random(1)
    project.read(FILES)
    project.read(FILES)
    before = _alive()
    files = FILES
    for _ in range(30):
        files = edited(files, draw)
        project.read(files)
    project.read(FILES)
    project.read(FILES)
    assert _alive() == before


def _alive() -> tuple[int, int]:
    gc.collect()
    every = gc.get_objects()
    return sum(isinstance(each, Role) for each in every), sum(
        type(each).__name__ in ("World", "Run", "Part") for each in every
    )


def test_a_reading_that_is_broken_off_does_no_harm() -> None:
    project = Project()
    project.agrees(FILES)
    draw = Random(4)
    files = FILES
    for _ in range(6):
        files = edited(files, draw)
        sources = Sources(DictFiles(dict(files)))
        found = [source for path in files if (source := sources.at(path)) is not None]

        def stopping(path: str, sources: Sources = sources) -> Iterator[Source | None]:
            raise KeyboardInterrupt

        around = Around(source=lambda _: next(stopping("")), list=sources.folder)
        with pytest.raises(KeyboardInterrupt):
            list(configurations.read(found, around, project.kept))
        project.agrees(files)


# What is reported


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 2**32))
def test_a_report_is_the_same_with_a_memory(seed: int) -> None:
    draw, memory = Random(seed), Memory()
    files = configuration(draw)
    for _ in range(6):
        assert _reported(files, memory) == _reported(files, None)
        files = edited(files, draw)


def _reported(files: Files, memory: Memory | None) -> str:
    report = lint_with(DictFiles(dict(files)), ["."], Config(edits=True), BOOK, memory=memory)
    return json.render(report, View())


def test_the_name_of_a_finding_is_due_to_its_own_role_alone() -> None:
    """A hole in a text was named by the character for it, which others may take."""
    head = 'variable "a" {}\nvariable "b" {}\n'
    other = _role("other", "var.b")
    text = (
        'resource "aws_iam_role" "r" {\n  assume_role_policy = <<EOT\n{"Statement": [{"Effect": '
        '"Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": "${var.a}"}}]}\nEOT\n}\n'
    )
    names = [
        {
            finding.rule: finding.fingerprint
            for finding in lint_with(
                DictFiles({"main.tf": head + more + text}), ["."], Config(), BOOK
            ).findings
            if finding.roles == ("aws_iam_role.r",)
        }
        for more in ("", other)
    ]
    assert names[0]
    assert names[0] == names[1]
