"""Where the characters of a value were written: the text that a person must edit."""

from __future__ import annotations

import pytest
from terraform_support import evaluated

from iamlint.formats.terraform.documents import Encoded
from iamlint.syntax.value import Value

PRELUDE = """
variable "org" { default = "acme" }
variable "file" { default = "template.tpl" }
variable "list" { default = ["one", "two"] }
locals {
  repo = "repo:${var.org}/infra"
  json = jsonencode({ Statement = [{ Sid = "é\\t${var.org}" }] })
  text = <<-EOT
    {"Sid": "${var.org}\\u0021",
     "Other": ["x"]}
  EOT
}
"""
FILES = {
    "template.tpl": 'Hello "${name}"\\n%{ for x in xs ~}\n${x}\n%{ endfor ~}\n',
    "raw.txt": "raw",
}


def origin(text: Value, part: str, *, last: bool = False) -> str:
    """The text in which a part of a string was written, of the outermost source."""
    found = text.data.rindex(part) if last else text.data.index(part)
    return text.part(found, found + len(part)).root().text


# An expression, a part of its value, and the text in which that part was written.
EXACT = [
    ('"plain"', "lai", "lai"),
    ('"a\\tb"', "\t", "\\t"),
    ('"a\\u00e9b"', "é", "\\u00e9"),
    ('"a$${b}"', "${b", "$${b"),
    ("local.repo", "repo:", "repo:"),
    ("local.repo", "acm", "acm"),
    ("local.repo", "/infra", "/infra"),
    ('"x-${local.repo}-y"', "infra", "infra"),
    ('"x-${local.repo}-y"', "-y", "-y"),
    ('"x-${12}-y"', "12", "12"),
    ('"x-${true}-y"', "tru", "true"),
    ('join(",", ["ab", "cd"])', "b", "b"),
    ('join(", ", ["ab", "cd"])', ", ", ", "),
    ('join(",", var.list)', "two", "two"),
    ('format("%s/%s:%d", "ab", var.org, 5)', "acme", "acme"),
    ('format("%s/%s:%d", "ab", var.org, 5)', "/", "/"),
    ('format("%s/%s:%d", "ab", var.org, 5)', "5", "5"),
    ('format("%5d|", 42)', "42", "42"),
    ('formatlist("%s-x", var.list)[1]', "tw", "tw"),
    ('split("/", local.repo)[1]', "infra", "infra"),
    ('split("/", local.repo)[0]', "acme", "acme"),
    ('replace(local.repo, "infra", "other")', "other", "other"),
    ('replace(local.repo, "infra", "other")', "acme", "acme"),
    ('replace("a-b-c", "-", "+")', "c", "c"),
    ('replace(local.repo, "/^repo:(.*)$/", "<$1>")', "acme", "acme"),
    ('replace(local.repo, "/^repo:(.*)$/", "<$1>")', ">", ">"),
    ('regex("r.*o", "zero")', "ro", "ro"),
    ('regex("(.)(.)", "ze")[1]', "e", "e"),
    ('substr("abcdef", 2, 3)', "de", "de"),
    ('trimprefix("abcdef", "ab")', "cd", "cd"),
    ('trimspace("  abc ")', "bc", "bc"),
    ('upper("abc")', "BC", "bc"),
    ('title("abc def")', "Def", "def"),
    ('indent(2, "a\\nb")', "b", "b"),
    ('chomp("abc\\n")', "bc", "bc"),
    ('urlencode("a b")', "+", " "),
    ('jsonencode({a = "x<y"})', "x", "x"),
    ('jsonencode({a = "x<y"})', "\\u003c", "<"),
    ('jsonencode({a = "x<y"})', "y", "y"),
    ("jsonencode({key = 1})", "key", "key"),
    ("jsonencode({key = 15})", "15", "15"),
    ("local.json", "acme", "acme"),
    ("jsondecode(local.json).Statement[0].Sid", "é", "é"),
    ("jsondecode(local.json).Statement[0].Sid", "\t", "\\t"),
    ("jsondecode(local.json).Statement[0].Sid", "acme", "acme"),
    ("jsondecode(local.text).Sid", "acme", "acme"),
    ("jsondecode(local.text).Sid", "!", "\\u0021"),
    ("jsondecode(local.text).Other[0]", "x", "x"),
    ("local.text", "Sid", "Sid"),
    ("yamldecode(local.text).Other[0]", "x", "x"),
    ('file("raw.txt")', "aw", "aw"),
    ('templatefile("template.tpl", {name = var.org, xs = ["p", "q"]})', "Hello", "Hello"),
    ('templatefile("template.tpl", {name = var.org, xs = ["p", "q"]})', "acme", "acme"),
    ('templatefile("template.tpl", {name = var.org, xs = ["p", "q"]})', "q", "q"),
    ('templatestring("a-${"$"}{n}", {n = var.org})', "acme", "acme"),
    ("{(var.org) = 1}", "acme", "acme"),
    ('[for x in var.list : "<${x}>"][1]', "two", "two"),
    ('try(nosuch, "abc")', "bc", "bc"),
    ('true ? "abc" : "x"', "bc", "bc"),
    ('lookup({a = "abc"}, "a")', "bc", "bc"),
    ('merge({a = "x"}, {a = "abc"}).a', "bc", "bc"),
    ('coalesce("", "abc")', "bc", "bc"),
    ('concat(["x"], ["abc"])[1]', "bc", "bc"),
    ('flatten([["x"], ["abc"]])[1]', "bc", "bc"),
    ('tolist(["x", "abc"])[1]', "bc", "bc"),
    ('tomap({a = "abc"})["a"]', "bc", "bc"),
    ('values({a = "abc"})[0]', "bc", "bc"),
    ("keys({abc = 1})[0]", "bc", "bc"),
    ('distinct(["x", "abc", "x"])[1]', "bc", "bc"),
    ('sort(["x", "abc"])[0]', "bc", "bc"),
    ('zipmap(["k"], ["abc"])["k"]', "bc", "bc"),
    ('"%{ if true }abc%{ endif }"', "bc", "bc"),
    ('base64encode("abc")', "YWJj", '"abc"'),
    ('md5("abc")', "9001", '"abc"'),
    ('strrev("abc")', "cb", '"abc"'),
]


@pytest.mark.parametrize(("text", "part", "written"), EXACT)
def test_a_part_of_a_text_is_where_it_was_written(text: str, part: str, written: str) -> None:
    result = evaluated(text, PRELUDE, files=FILES)
    assert not result.world.problems
    datum = result.datum
    if datum.kind == "object":
        assert origin(next(iter(datum.entries.values())).key, part) == written
    else:
        assert origin(datum.text, part) == written


def test_what_is_between_two_pieces_is_the_expression() -> None:
    text = evaluated('join(",", ["ab", var.org])', PRELUDE).datum.text
    assert origin(text, "b,") == '",", ["ab"' or origin(text, "b,acme").startswith("join(")
    assert origin(text, "b,acme") == 'join(",", ["ab", var.org])'


def test_the_tree_of_a_document_has_the_very_places() -> None:
    datum = evaluated("local.json", PRELUDE).datum
    assert isinstance(datum, Encoded)
    (member,) = datum.tree.members
    assert member.key.span.text == "Statement"
    sid = member.value.items()[0].members[0]
    assert sid.key.span.text == "Sid"
    assert origin(sid.value, "acme") == "acme"
    assert sid.value.span.text == '"é\\t${var.org}"'


def test_values_know_the_text_to_be_edited() -> None:
    assert evaluated("var.org", PRELUDE).datum.span.text == '"acme"'
    assert evaluated("var.list", PRELUDE).datum.items[1].span.text == '"two"'
    assert evaluated("1 + 2", PRELUDE).datum.span.text == "1 + 2"
    assert evaluated("var.nosuch", PRELUDE).datum.span.text == "var.nosuch"
