"""A rule file: read with places, refused with file, line and advice, never with a traceback."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rules_support import LANGUAGE, RULE, rule

from iamlint.rules.check import check_rule
from iamlint.rules.errors import RuleBookError
from iamlint.rules.gathering import MAX_BYTES
from iamlint.rules.tree import find, part, plain, read_tree, source_of
from iamlint.source import Source

NAME = "rules/doors/open-door.yaml"


def checked(text: str) -> dict[str, Any]:
    return check_rule(Source(NAME, text), LANGUAGE).data


def errors(text: str) -> str:
    with pytest.raises(RuleBookError) as found:
        checked(text)
    assert found.value.problems
    return str(found.value)


def read(text: str) -> Any:
    source = Source("x.yaml", text)
    return plain(read_tree(source), source)


def test_a_sound_rule_becomes_plain_data() -> None:
    data = checked(RULE)
    assert data["when"][:2] == ["and", ["fact", "admits.public"]]
    assert data["message"] == [["admits.public"], " can assume ", ["role"]]
    assert data["witness"] == "admits.public"
    assert data["topic"] == "doors"
    assert data["for"] == "grant"
    assert data["tags"]["deployment"] is True
    assert data["examples"]["good"][0]["policy"]["Version"] == "2012-10-17"
    assert data["fix"].splitlines()[2] == '  "Principal": {"AWS": "arn:aws:iam::111122223333:root"}'


def test_the_point_is_by_default_the_first_of_the_node() -> None:
    assert checked(RULE)["point"] == "principal"
    assert checked(rule(point=None))["point"] == "self"


def test_the_witness_is_the_first_truth_that_is_asked_positively() -> None:
    asked = rule(when="own && !(admits.public) && admits.foreign", message="'{role}'")
    assert checked(asked)["witness"] == "admits.foreign"
    assert checked(rule(when="own", message="'{role}'"))["witness"] == ""
    assert checked(rule(witness="admits.foreign"))["witness"] == "admits.foreign"


MISTAKES = [
    ({"severity": "hihg"}, ":3:11: `severity` wants one of: `critical`, `high`", "mean `high`?"),
    ({"severity": "3"}, ":3:11: `severity` wants one of", ""),
    ({"referencs": "x"}, ":29:1: unknown field `referencs` of the rule", "mean `references`?"),
    ({"title": None}, ":1:1: the rule lacks `title`", ""),
    ({"title": "''"}, ":2:8: `title` wants a text that is not empty", ""),
    ({"title": "' '"}, ":2:8: `title` wants a text that is not blank", ""),
    ({"title": "[x]"}, ":2:9: `title` wants a text", ""),
    ({"since": "0.1"}, ":4:8: `since` wants a version in quotes", ""),
    ({"for": "grnt"}, ":5:6: unknown kind of node `grnt`", "mean `grant`?"),
    ({"for": "admits"}, ":5:6: unknown kind of node `admits`", "`grant`, `statement`"),
    ({"point": "actoin"}, ":7:8: a grant has no part `actoin`", "mean `action`?"),
    ({"id": "x-y"}, ":1:5: the id `x-y` is not the name of the file", "`id: open-door`"),
    ({"id": "Open"}, ":1:5: `id` wants a name in kebab-case", ""),
    ({"references": "[http://x]"}, ":15:14: `references.1` wants a link", ""),
    ({"references": "[]"}, ":15:13: `references` wants a list that is not empty", ""),
    ({"tags": "{catalog: [R1]}"}, ":16:18: `tags.catalog` wants `true`", "mean `catalogue`?"),
    ({"tags": "{cwe: [x]}"}, ":16:14: `tags.cwe.1` wants a CWE", ""),
    ({"tags": "{spelling: false}"}, ":16:18: `tags.spelling` wants `true`", ""),
    ({"why": '"\\e[31m"'}, ":9:6: `why` holds a character that cannot be printed", ""),
    ({"witness": "admits.pub"}, ":29:10: unknown field `pub` of admits", "mean `public`?"),
    ({"witness": "role"}, ":29:10: `role` is no answer", ""),
    ({"subsumes": "[1]"}, ":29:12: `subsumes.1` wants the id of a rule", ""),
    ({"mutants": "[{mutant: x, why: y}]"}, ":29:20: `when` has no mutant `x`", "drop `admits"),
    ({"when": "admits.public && own2"}, ":6:24: unknown field `own2`", "mean `own`?"),
    ({"when": "own\nextra: 1"}, ":7:1: unknown field `extra` of the rule", ""),
    ({"message": "'{rol}'"}, ":8:11: unknown field `rol` of grant", "mean `role`?"),
    ({"message": "'a {own}'"}, ":8:13: `own` is a yes or no", "answers, texts"),
    ({"message": "'{owner}'"}, ":8:11: `owner` may be null", "`owner != `null``"),
    ({"message": "'{admits.foreign}'"}, ":8:11: `admits.foreign` has no words here", "let `when`"),
    ({"message": "'a } b'"}, ":8:13: a brace that is no placeholder", "`}}`"),
    ({"message": "'a {role b'"}, ":8:13: a brace that is no placeholder", "`{{`"),
    ({"message": "'${aws:x}'"}, ":8:12: a brace that is no placeholder", "`{{`"),
]


@pytest.mark.parametrize(("change", "message", "advice"), MISTAKES)
def test_a_mistake_is_told_with_its_place(
    change: dict[str, str | None], message: str, advice: str
) -> None:
    told = errors(rule(**change))
    assert told.startswith(NAME + message)
    assert advice in told
    assert not re.search(r"pydantic|jmespath|\bstr\b|\bdict\b|valid string", told)


@pytest.mark.parametrize(
    "written",
    [
        "admits.public && statement.effect ==    'Alow'",
        "\"admits.public && statement.effect ==   'Alow'\"",
        "'admits.public && statement.effect == ''Alow'''",
    ],
)
def test_the_column_is_that_of_the_file(written: str) -> None:
    text = rule(when=written)
    literal = text.splitlines()[5].index("Alow") - written.count("''Alow")
    wanted = f"{NAME}:6:{literal}: `Alow` is no word of `statement.effect`"
    assert errors(text).startswith(wanted)


def test_the_line_is_that_of_a_folded_text() -> None:
    for head in (">-", "|", ">"):
        text = rule(when=f"{head}\n  own &&\n    admits.public &&\n\n  statement.effect == 'Alow'")
        assert errors(text).startswith(f"{NAME}:10:23: `Alow`")
    assert errors(rule(when="own &&\n   own2")).startswith(f"{NAME}:7:4: unknown field `own2`")


def test_an_escape_points_at_the_whole_text() -> None:
    assert errors(rule(when='"own \\u0026& own2"')).startswith(f"{NAME}:6:7: unknown field `own2`")


def test_all_mistakes_of_the_shape_come_in_order() -> None:
    told = errors(rule(severity="hihg", title="''", referencs="x")).splitlines()
    places = [line.split(":")[1] for line in told if line.startswith(NAME)]
    assert places == ["2", "3", "29"]


@pytest.mark.parametrize(
    ("examples", "message"),
    [
        ("{bad: [{name: x, text: a}], good: [{name: y, text: b}]}", "bad.1` lacks `marks`"),
        ("{bad: [{name: x, marks: a}], good: [{name: y, text: b}]}", "either `policy` or `text`"),
        ("{bad: [], good: [{name: y, text: b}]}", "`examples.bad` wants a list that is not empty"),
        ("{good: [{name: y, text: b}]}", "`examples` lacks `bad`"),
        ("{bad: [{name: x, text: a, marks: a}], good: [{name: y, text: b, marks: c}]}",
         "unknown field `marks` of `examples.good.1`"),
        ("{bad: [{name: x, text: a, marks: a, account: 12}], good: [{name: y, text: b}]}",
         "`examples.bad.1.account` wants twelve digits in quotes"),
        ("{bad: [{name: x, policy: a, marks: a}], good: [{name: y, text: b}]}",
         "`examples.bad.1.policy` wants a mapping"),
    ],
)  # fmt: skip
def test_mistakes_in_examples(examples: str, message: str) -> None:
    text = RULE[: RULE.index("examples:")] + f"examples: {examples}\n"
    assert message in errors(text)


def test_an_argued_mutant_must_exist() -> None:
    argued = '[{mutant: "drop `admits.public`", why: "the effect decides"}]'
    assert checked(rule(mutants=argued))["mutants"][0]["why"] == "the effect decides"


# --- reading YAML of a stranger -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("yes", "yes"), ("NO", "NO"), ("2012-10-17", "2012-10-17"), ("0123", "0123"),
        ("12:30:45", "12:30:45"), ("012345678901", "012345678901"), ("0x1f", "0x1f"),
        ("1_000", "1_000"), (".inf", ".inf"), ("true", True), ("null", None), ("~", None),
        ("", None), ("3", 3), ("-2.5e3", -2500.0), ("'3'", "3"), ('"true"', "true"),
        ("9" * 30, "9" * 30), ("0", 0),
    ],
)  # fmt: skip
def test_only_the_constants_of_json_are_no_texts(written: str, value: object) -> None:
    found = read(f"a: {written}\n")["a"]
    assert found == value
    assert type(found) is type(value)


def test_keys_are_the_text_that_was_written() -> None:
    assert read("1: a\ntrue: b\nnull: c\n'x y': d\n") == {
        "1": "a", "true": "b", "null": "c", "x y": "d"
    }  # fmt: skip


def test_an_alias_stands_for_its_value() -> None:
    assert read("a: &x [1, {b: c}]\nd: *x\n") == {"a": [1, {"b": "c"}], "d": [1, {"b": "c"}]}


BOMB = "a0: &a0 [x, x]\n" + "".join(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]\n" for n in range(1, 60))
DEEP = "a0: &a0 x\n" + "".join(
    f"a{n}: &a{n} {'[' * 30}*a{n - 1}{']' * 30}\n" for n in range(1, 200)
)

HOSTILE = [
    ("", "the rule file is empty"),
    ("# only a comment\n", "the rule file is empty"),
    ("a: 1\n--- \nb: 1\n", "a rule file holds one document"),
    ("a: 1\na: 2\n", ":2:1: the key `a` is there twice"),
    ("1: a\n'1': b\n", "the key `1` is there twice"),
    ("<<: {a: 1}\n", "merge keys"),
    ("? [a]\n: b\n", "a key is a list"),
    ("a: *b\n", "`*b` names nothing"),
    ("a: &a [*a]\n", "`*a` names nothing"),
    (BOMB, "more than 20000 values"),
    (DEEP, "more than 40 levels"),
    ("[" * 200_000, "more than 40 levels"),
    ("{a: " * 50_000, "more than 40 levels"),
    ("- " * 50_000, "more than 40 levels"),
    ("a:\n" + "- x\n" * 30_000, "more than 20000 values"),
    ("x: !!python/object/apply:os.system [ls]\n", "tags such as"),
    ("x: !Ref y\n", "tags such as `!Ref`"),
    ("x: !!binary aGk=\n", "tags such as"),
    ("x: !!map {}\n", "tags such as"),
    ("a: b: c\n", ":1:5: this is not YAML: mapping values"),
    ("a: 'b\n", "this is not YAML"),
    ("a: *\n", "this is not YAML"),
    ("a:\n\t- b\n", "this is not YAML"),
    ("%TAG ! x\n", "this is not YAML"),
    ("a: \x00\n", "characters that YAML does not allow"),
    ("\x1b", "characters that YAML does not allow"),
    ("a: \ud800\n", "characters that YAML does not allow"),
]


@pytest.mark.parametrize(("text", "message"), HOSTILE)
def test_a_hostile_file_is_refused_quietly(text: str, message: str) -> None:
    assert message in errors(text)


def test_bytes_that_are_no_text_are_refused() -> None:
    for content in (b"\xff\xfe", b"a: \xc3\x28"):
        with pytest.raises(RuleBookError, match=r"not UTF-8: byte \d"):
            source_of("x.yaml", content)
    with pytest.raises(RuleBookError, match="larger than 256 KiB"):
        source_of("x.yaml", b" " * (MAX_BYTES + 1))
    assert source_of("x.yaml", b"\xef\xbb\xbfa: 1").text == "a: 1"


@given(st.text(alphabet="ab:-[]{}&*!|>'\"#%@`,? \n\t\\0~<", max_size=60))
def test_no_text_makes_the_reader_fail(text: str) -> None:
    source = Source("x.yaml", text)
    try:
        tree = read_tree(source)
    except RuleBookError as error:
        told = error.problems[0]
    else:
        plain(tree, source)
        return
    assert told.message
    assert told.span is None or 0 <= told.span.start <= told.span.end


LINE_NAMES = sorted({line.partition(":")[0] for line in RULE.splitlines() if line[:1].isalpha()})


@given(st.sampled_from(LINE_NAMES), st.text(alphabet="a1:[]{}'\"&*!, \n-", max_size=12))
def test_no_field_makes_the_checker_fail(field: str, value: str) -> None:
    try:
        data = checked(rule(**{field: value}))
    except RuleBookError as error:
        assert error.problems  # noqa: PT017 - either outcome is fine, a traceback is not
    else:
        assert data["id"] == "open-door"


words = st.text(alphabet="ab c'é🚀", min_size=1, max_size=8).map(lambda text: f"x{text}x")


@given(st.lists(words, min_size=1, max_size=4), st.sampled_from(["|-", ">-", "", "'"]))
def test_the_place_of_a_part_is_exact(lines: list[str], style: str) -> None:
    lines = [" ".join(line.split()) for line in lines]
    body = "\n".join("   " + (line.replace("'", "''") if style == "'" else line) for line in lines)
    text = f"é: 1\na:\n {style}\n{body}\n" if style != "'" else f"é: 1\na: '\n{body}'\n"
    source = Source("x.yaml", text)
    tree = find(read_tree(source), ("a",), source)
    start = str(tree.data).rindex(lines[-1])
    found = part(tree, start, start + len(lines[-1]), source)
    assert found.text == (lines[-1].replace("'", "''") if style == "'" else lines[-1])


EDITED = RULE.replace("\nexceptions:", "\nedit: %s\nexceptions:", 1)


def test_an_edit_becomes_plain_data() -> None:
    data = checked(EDITED % "{write: action, as: '{principal.text}x'}")
    assert data["edit"] == {
        "kind": "write",
        "part": "action",
        "texts": [[["principal.text"], "x"]],
    }
    assert checked(EDITED % "{remove: action}")["edit"]["kind"] == "remove"
    guard = "{add: {operator: StringEquals, key: 'aws:SourceAccount', value: '{role}'}}"
    assert checked(EDITED % guard)["edit"] == {
        "kind": "add",
        "part": "",
        "texts": [["StringEquals"], ["aws:SourceAccount"], [["role"]]],
    }
    assert checked(RULE)["edit"] is None


@pytest.mark.parametrize(
    ("edit", "said"),
    [
        ("{write: action}", "an edit does one thing"),
        ("{remove: action, write: action, as: x}", "an edit does one thing"),
        ("{remove: action, as: x}", "an edit does one thing"),
        ("{}", "an edit does one thing"),
        ("{write: acton, as: x}", "has no part `acton`"),
        ("{remove: acton}", "has no part `acton`"),
        ("{write: action, as: '{roll}'}", "`roll`"),
        ("{write: action, as: 'a{'}", "a brace that is no placeholder"),
        ("{add: {operator: x, key: y}}", "lacks `value`"),
        ("{replace: action}", "unknown field `replace`"),
    ],
)
def test_an_edit_that_is_wrong_is_refused(edit: str, said: str) -> None:
    assert said in errors(EDITED % edit)
