"""What cannot be known stays unknown, has a name, and is one thing wherever it is met."""

from __future__ import annotations

import pytest
from terraform_support import Configuration, Folder, evaluated

from iamlint.formats.decisions import NOTHING_ASSUMED, State
from iamlint.formats.outcomes import Outcomes, outcomes
from iamlint.formats.terraform.documents import Encoded, tree
from iamlint.formats.terraform.evaluate import evaluate, new_world
from iamlint.formats.terraform.run import Run
from iamlint.formats.terraform.scope import Scope
from iamlint.formats.terraform.values import Datum
from iamlint.formats.terraform.world import World
from iamlint.source import Source
from iamlint.syntax.hcl import parse_expression
from iamlint.syntax.hcl.node import Expression
from iamlint.syntax.holes import Table

PRELUDE = """
variable "env" { type = string }
variable "on" { type = bool }
variable "n" { type = number }
variable "acc" { type = list(string) }
variable "any" {}
variable "m" { type = map(string) }
variable "cfg" { type = object({ name = string, ids = optional(list(string)) }) }
locals {
  prod = var.env == "prod"
  ids = { dev = "111111111111", prod = "222222222222" }
  who = local.prod ? "a" : "b"
  cfg = { dev = { id = "1" }, prod = { id = "2", x = [1] } }
  loop = local.pool
  pool = local.loop
}
"""


def ways(text: str, prelude: str = PRELUDE) -> list[tuple[str, tuple[str, ...]]]:
    """All values of an expression, and what has to be so for each."""
    source = Source("main.tf", f"{text}\n")
    node, problems = parse_expression(source)
    assert node is not None, problems
    world, scope = new_world(Table((source,)), Folder({})), Configuration(prelude)
    found = everything(world, node, scope)
    assert not found.is_cut
    assert not world.problems
    return [(world.names.label(made), run.assumed()) for made, run in found.found]


def everything(world: World, node: Expression, scope: Scope) -> Outcomes:
    """All values of an expression, each with the run that gave it."""

    def made(state: State) -> tuple[Datum, Run]:
        run = Run(world, state)
        return evaluate(run, node, scope), run

    return outcomes(made, NOTHING_ASSUMED, world.table.holes)


NAMES = {
    "var.env": "var.env",
    "var.acc[0]": "var.acc[0]",
    "var.m.a": 'var.m["a"]',
    "var.any.a.b[0]": "var.any.a.b[0]",
    "var.cfg.name": "var.cfg.name",
    '"x-${var.env}-${var.n}"': '"x-${var.env}-${var.n}"',
    "local.ids[var.env]": "local.ids[var.env]",
    '"arn:aws:iam::${local.ids[var.env]}:root"': '"arn:aws:iam::${local.ids[var.env]}:root"',
    "local.cfg[var.env].id": "local.cfg[var.env].id",
    '[for a in var.acc : "${a}:root"]': '["${var.acc[*]}:root"...]',
    'concat(["x"], var.acc)': '["x", var.acc[*]...]',
    'concat(["x"], [for a in var.acc : a if a != "z"])': '["x", var.acc[*]...]',
    '{for k, v in var.m : "${k}:sub" => v}': '{"${keys(var.m)[*]}:sub" = var.m[*]}',
    'merge({a = "1"}, var.m).a': 'merge({a = "1"}, var.m).a',
    'merge(var.m, {a = "1"}).a': '"1"',
    'merge(var.m, {a = "1"}).b': 'merge(var.m, {a = "1"}).b',
    "{a = 1, (var.env) = 2}.a": "{a = 1, (var.env) = 2}.a",
    "{(var.env) = 2, a = 1}.a": "1",
    "{(var.env) = 2}[var.env]": "2",
    'try(var.any.role, "d")': "var.any.role",
    'coalesce(var.env, "d")': 'coalesce(var.env, "d")',
    'coalesce("d", var.env)': '"d"',
    'lookup(local.ids, var.env, "0")': 'lookup(local.ids, var.env, "0")',
    "var.any[*]": "[var.any[*]...]",
    "var.acc[*]": "[var.acc[*]...]",
    "var.env[*]": "[var.env]",
    'jsondecode(jsonencode({a = var.acc}))["a"]': "var.acc",
    'jsondecode(var.env)["x"]': "jsondecode(var.env).x",
    'jsondecode("{\\"a\\": \\"x${var.env}\\"}").a': '"x${var.env}"',
    'replace("${var.env}/x", "x", "y")': 'replace("${var.env}/x", "x", "y")',
    'split(",", var.env)[0]': 'split(",", var.env)[0]',
    'formatlist("%s:root", var.acc)': '["${var.acc[*]}:root"...]',
    'format("a-%s", var.env)': '"a-${var.env}"',
    'format("%5s", var.env)': 'format("%5s", var.env)',
    'join(",", ["a", var.env])': '"a,${var.env}"',
    'join(",", var.acc)': 'join(",", var.acc)',
    'flatten([for a in var.acc : ["${a}1"]])': '["${var.acc[*]}1"...]',
    'upper("a${var.env}")': '"A${upper(var.env)}"',
    'trimprefix("ab${var.env}", "a")': '"b${var.env}"',
    'trimprefix(var.env, "a")': 'trimprefix(var.env, "a")',
    'trimsuffix("${var.env}.json", ".json")': "var.env",
    'substr("abc${var.env}", 0, 2)': '"ab"',
    'startswith("ab${var.env}", "a")': "true",
    "one(var.acc)": "one(var.acc)",
    "element(var.acc, 1)": "var.acc[1]",
    'compact([var.env, "a"])': '[var.env..., "a"]',
    'length(concat(["a"], ["b"]))': "2",
    "length([var.env, var.any])": "2",
    "keys({a = var.env})": '["a"]',
    "toset([var.env, var.env])": "[var.env]",
    "var.env == var.env": "true",
    '"a${var.env}" == "b"': "false",
    'md5("x${var.env}")': 'md5("x${var.env}")',
    "bcrypt(var.env)": "bcrypt(var.env) #1",
    "timestamp()": "timestamp()",
    "{a = 1, b = var.env}.a": "1",
    "var.n + 1": "var.n + 1",
    "[for a in [1, 2] : a + var.n]": "[a + var.n, a + var.n #2]",
    "[for a in [1, 1] : a + var.n]": "[a + var.n, a + var.n]",
    # What is sorted by what nobody knows may stand anywhere.
    'sort([var.env, "a"])': '["a", var.env]',
    'sort([var.env, "a"])[0]': 'sort([var.env, "a"])[0]',
    'tolist(toset([var.env, "a"]))[1]': 'tolist(toset([var.env, "a"]))[1]',
    'join(",", toset([var.env, "a"]))': 'join(",", toset([var.env, "a"]))',
    "values({(var.env) = 1, b = 2})[0]": "values({(var.env) = 1, b = 2})[0]",
    "[for k, v in {(var.env) = 1, b = 2} : v][0]": "[for k, v in {(var.env) = 1, b = 2} : v][0]",
    "values({a = 1, b = var.env})[0]": "1",
    "provider::x::f(var.env)": "provider::x::f(var.env)",
    "[for a in toset([var.env]) : a]": "[var.env]",
    "alltrue([var.on, false])": "false",
    'contains([var.env, "a"], "a")': "true",
}


@pytest.mark.parametrize("text", NAMES)
def test_the_unknown_has_a_name(text: str) -> None:
    assert [words for words, _ in ways(text)] == [NAMES[text]]


SPLITS: dict[str, list[tuple[str, tuple[str, ...]]]] = {
    'local.prod ? local.who : "c"': [
        ('"a"', ('`var.env == "prod"` is true',)),
        ('"c"', ('`var.env == "prod"` is false',)),
    ],
    "[var.on ? 1 : 2, !var.on ? 3 : 4]": [
        ("[1, 4]", ("`var.on` is true",)),
        ("[2, 3]", ("`var.on` is false",)),
    ],
    'var.n > 0 ? "p" : var.n <= 0 ? "n" : "never"': [
        ('"p"', ("`var.n > 0` is true",)),
        ('"n"', ("`var.n > 0` is false",)),
    ],
    'var.env == "a" ? 1 : var.env == "b" ? 2 : 3': [
        ("1", ('`var.env == "a"` is true',)),
        ("2", ('`var.env == "b"` is true',)),
        ("3", ('`var.env == "a"` is false', '`var.env == "b"` is false')),
    ],
    'var.any == null ? "none" : var.any': [
        ('"none"', ("`var.any == null` is true",)),
        ("var.any", ("`var.any == null` is false",)),
    ],
    "var.any != null ? [var.any] : []": [
        ("[]", ("`var.any == null` is true",)),
        ("[var.any]", ("`var.any == null` is false",)),
    ],
    'length(var.acc) > 0 ? var.acc : ["d"]': [
        ("var.acc", ("`length(var.acc) > 0` is true",)),
        ('["d"]', ("`length(var.acc) > 0` is false",)),
    ],
    '"%{ if var.on }yes%{ else }no%{ endif }"': [
        ('"yes"', ("`var.on` is true",)),
        ('"no"', ("`var.on` is false",)),
    ],
    '[for x in ["a", "b"] : x if x == var.env]': [
        ('["a"]', ('`var.env == "a"` is true',)),
        ('["b"]', ('`var.env == "b"` is true',)),
        ("[]", ('`var.env == "a"` is false', '`var.env == "b"` is false')),
    ],
    '"${var.env}-x" == "prod-x" ? upper(var.env) : 2': [
        ('"PROD"', ('`var.env == "prod"` is true',)),
        ('"2"', ('`var.env == "prod"` is false',)),
    ],
    '(var.on && local.prod) || var.env == "dev" ? 1 : 2': [
        ("1", ("`var.on` is true", '`var.env == "prod"` is true')),
        ("1", ("`var.on` is true", '`var.env == "dev"` is true')),
        ("2", ("`var.on` is true", '`var.env == "prod"` is false', '`var.env == "dev"` is false')),
        ("1", ("`var.on` is false", '`var.env == "dev"` is true')),
        ("2", ("`var.on` is false", '`var.env == "dev"` is false')),
    ],
    'can(var.any.x) ? "x" : "y"': [
        ('"x"', ("`can(var.any.x)` is true",)),
        ('"y"', ("`can(var.any.x)` is false",)),
    ],
    'contains(var.acc, "x") ? 1 : 2': [
        ("1", ('`contains(var.acc, "x")` is true',)),
        ("2", ('`contains(var.acc, "x")` is false',)),
    ],
}


@pytest.mark.parametrize("text", SPLITS)
def test_what_nobody_can_tell_makes_variants(text: str) -> None:
    assert sorted(ways(text)) == sorted(SPLITS[text])


def test_many_conditions_are_cut() -> None:
    terms = ", ".join(f"var.any.c{number} == 1 ? 1 : 2" for number in range(9))
    source = Source("main.tf", f"[{terms}]\n")
    node, _ = parse_expression(source)
    assert node is not None
    world = new_world(Table((source,)))
    found = everything(world, node, Configuration(PRELUDE))
    assert found.is_cut
    assert len(found.found) == 32


def test_a_lenient_run_does_not_ask() -> None:
    result = evaluated('local.prod ? local.who : "c"', PRELUDE)
    assert result.words == 'local.prod ? local.who : "c"'
    hole = result.datum.data
    assert hole.values == ()
    assert evaluated('var.on ? "x" : "y"', PRELUDE).datum.data.values == ("x", "y")


def test_what_a_map_holds_is_all_that_comes_out_of_it() -> None:
    result = evaluated("local.ids[var.env]", PRELUDE)
    assert result.datum.data.values == ("111111111111", "222222222222")
    result = evaluated("local.cfg[var.env].id", PRELUDE)
    assert result.datum.data.values == ("1", "2")


def test_a_fault_leaves_the_rest_known() -> None:
    result = evaluated('{a = [nosuch, "x"], b = "y-${1 + "x"}", c = upper([])}', PRELUDE)
    assert result.words == (
        '{"a" = [nosuch at 1:7, "x"], "b" = "y-${1 + \\"x\\" at 1:30}", "c" = upper([]) at 1:45}'
    )
    assert result.messages == [
        "`nosuch` is not declared",
        "a number is due here, and `x` is none",
        "a string is due here, and this is a tuple",
    ]
    assert list(result.run.missing) == ["`nosuch`", '`1 + "x"`', "`upper([])`"]


def test_a_circle_is_a_fault() -> None:
    result = evaluated('["x", local.loop]', PRELUDE)
    assert result.messages == ["`local.loop` refers to itself"]


def test_the_tree_of_a_document_needs_no_text() -> None:
    result = evaluated(
        'jsonencode({b = var.acc, a = "x${var.env}", c = [for a in var.acc : a]})', PRELUDE
    )
    datum = result.datum
    assert isinstance(datum, Encoded)
    assert datum.data is None  # the text was not written yet
    document = datum.tree
    assert [member.key.data for member in document.members] == ["a", "b", "c"]
    names = result.world.names
    assert names.words(document.members[0].value.data) == "x${var.env}"
    assert names.words(document.members[1].value.data) == "${var.acc}"
    assert result.world.table.holes[document.members[1].value.data].kind == "list"
    assert [names.words(item.data) for item in document.members[2].value.items()] == [
        "${var.acc[*]}"
    ]
    assert names.words(datum.string) == '{"a":"x${var.env}","b":"${var.acc}","c":["${var.acc[*]}"]}'
    assert tree(result.run, datum).data == datum.string
