"""The rule book: compiled as a whole, cached, loaded, asked, and free of heavy imports."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from rules_support import LANGUAGE, RULE, Facts, rule
from test_rules_expression import BASE

import iamlint
from iamlint.facts.truth import Truth
from iamlint.rules.book import BookFormatError, RuleBook, parse_book
from iamlint.rules.cache import book_key, pack, unpack
from iamlint.rules.compile import book_bytes, compile_book
from iamlint.rules.errors import RuleBookError
from iamlint.rules.gathering import gather
from iamlint.rules.language import Language
from iamlint.rules.opening import open_book
from iamlint.source import DictFiles

SOURCE = Path(iamlint.__file__).parent.parent  # a checkout or `site-packages`


def named(name: str, **changes: str | None) -> bytes:
    return rule(id=name, **changes).encode()


def files(**subsumes: str) -> dict[str, bytes]:
    return {
        f"rules/a/{name}.yaml": named(name, subsumes=f"[{others}]")
        for name, others in subsumes.items()
    }


def errors(found: dict[str, bytes], known: tuple[str, ...] = ()) -> str:
    with pytest.raises(RuleBookError) as raised:
        compile_book(found, LANGUAGE, known)
    return str(raised.value)


def test_a_book_is_the_same_bytes_whatever_the_order() -> None:
    found = files(b="a", a="", c="a, b")
    book = compile_book(found, LANGUAGE)
    assert [one["id"] for one in book["rules"]] == ["a", "b", "c"]
    turned = dict(reversed(found.items()))
    assert book_bytes(compile_book(turned, LANGUAGE)) == book_bytes(book)


def test_ids_are_unique() -> None:
    found = {"rules/a/x.yaml": named("x"), "rules/b/x.yaml": named("x")}
    assert "rules/b/x.yaml:1:5: the id `x` is taken by `rules/a/x.yaml`" in errors(found)
    assert "taken by another rule book" in errors(files(x=""), ("x",))


def test_references_lead_to_rules() -> None:
    told = errors(files(first="secnd", second=""))
    assert "rules/a/first.yaml:29:12: there is no rule `secnd`" in told
    assert "did you mean `second`?" in told
    assert "`first` names itself" in errors(files(first="first"))
    compile_book(files(first="other"), LANGUAGE, ("other",))
    also = RULE.replace('who: "anyone"', "also: [nothing]")
    assert ":22:14: there is no rule `nothing`" in errors({"open-door.yaml": also.encode()})


def test_rules_do_not_subsume_in_a_circle() -> None:
    told = errors(files(a="b", b="c", c="a", d="a"))
    assert "rules subsume each other in a circle: " in told
    assert all(f"`{name}`" in told for name in "abc")
    assert "`d`" not in told


def test_every_bad_file_is_told() -> None:
    found = files(a="nothing", b="") | {"rules/d.yaml": b"\xff", "rules/c.yaml": b""}
    told = errors(found)
    assert "rules/c.yaml:1:1: the rule file is empty" in told
    assert "rules/d.yaml: the rule file is not UTF-8" in told
    assert told.index("rules/c.yaml") < told.index("rules/d.yaml")
    assert "nothing" not in told


def test_gathering_reads_rule_files_only() -> None:
    found = gather(
        DictFiles({"r/a/x.yaml": "1", "r/y.yml": "2", "r/z.md": "3", "r/.q.yaml": "4", "s": "5"}),
        "r",
    )
    assert found == {"r/a/x.yaml": b"1", "r/y.yml": b"2"}
    assert gather(DictFiles({"x.yaml": "1"}), ".") == {"x.yaml": b"1"}


def test_gathering_says_what_it_cannot_read() -> None:
    for content, folder, message in (
        ({"r/a.md": ""}, "r", "the folder holds no rule"),
        ({"r/a.md": ""}, "q", "q: no such folder"),
        ({"r/a.yaml": " " * 300_000}, "r", "larger than 256 KiB"),
        ({f"r/{n}.yaml": "" for n in range(1001)}, "r", "more than 1000"),
        ({f"r/{n}/x/y": "" for n in range(1001)}, "r", "more than 1000"),
    ):
        with pytest.raises(RuleBookError, match=message):
            gather(DictFiles(dict(content)), folder)


def test_a_rule_answers_and_speaks() -> None:
    book = RuleBook.of(compile_book({"rules/doors/open-door.yaml": RULE.encode()}, LANGUAGE))
    (one,) = book.rules
    truth = Truth("possible", "w", ("var.x",), "anyone")
    node = Facts(BASE | {"admits": {"public": truth}})
    assert one.when(node) == truth
    assert one.message(node) == "anyone can assume deploy"
    assert (one.id, one.severity, one.node, one.point) == (
        "open-door", "critical", "grant", "principal"
    )  # fmt: skip
    assert one.flag("deployment")
    assert not one.flag("spelling")
    assert book.get("open-door") is one
    assert book.of_node("grant") == [one]
    assert book.of_node("policy") == []


def test_messages_show_every_kind_of_fact() -> None:
    text = rule(
        when="admits.public && owner != `null`",
        message="'{{{owner}}} {actions} {hours} {statement.effect} {admits.public}'",
    )
    book = RuleBook.of(compile_book({"open-door.yaml": text.encode()}, LANGUAGE))
    truth = Truth("yes", None, (), "all")
    facts = {"admits": {"public": truth}, "owner": "me", "actions": ["a", "b"]}
    assert book.rules[0].message(Facts(BASE | facts)) == "{me} a, b 3 Allow all"


def test_a_joined_book_prefers_the_other() -> None:
    mine = RuleBook.of(compile_book(files(a="", b=""), LANGUAGE))
    theirs = RuleBook.of(compile_book(files(b="", c=""), LANGUAGE))
    joined = mine.joined(theirs)
    assert [one.id for one in joined.rules] == ["a", "b", "c"]
    assert joined.get("b") is theirs.get("b")


class Store:
    """A store in memory."""

    def __init__(self, found: dict[str, bytes] | None, compiled: bytes | None = None) -> None:
        self.found = found
        self.book = compiled
        self.cache: bytes | None = None
        self.written = 0

    def rule_files(self) -> dict[str, bytes] | None:
        return self.found

    def compiled(self) -> bytes | None:
        return self.book

    def language(self) -> Language:
        return LANGUAGE

    def read_cache(self) -> bytes | None:
        return self.cache

    def write_cache(self, content: bytes) -> None:
        self.cache = content
        self.written += 1


def ids(store: Store) -> list[str]:
    return [one.id for one in open_book(store).rules]


def test_an_installed_book_is_read_as_it_is() -> None:
    content = book_bytes(compile_book(files(a=""), LANGUAGE))
    store = Store(None, content)
    assert ids(store) == ["a"]
    assert store.written == 0
    compiled = compile_book(files(a=""), LANGUAGE)["rules"][0]
    assert open_book(store).rules[0].examples == compiled["examples"]
    with pytest.raises(BookFormatError, match="holds no rule book"):
        open_book(Store(None))


@pytest.mark.parametrize(
    "content",
    [b"", b"[]", b"{}", b"\xff", b'{"format": 0, "rules": []}', b'{"format": 2}',
     b'{"format": 2, "rules": [3]}', b'{"format": 2, "rules": [{"id": "x"}]}', b"[" * 100_000],
)  # fmt: skip
def test_a_damaged_book_is_refused(content: bytes) -> None:
    with pytest.raises(BookFormatError):
        parse_book(content)


def test_a_checkout_is_compiled_once() -> None:
    store = Store(files(a=""))
    assert ids(store) == ids(store) == ["a"]
    assert store.written == 1
    store.found = files(a="", b="")
    assert ids(store) == ["a", "b"]
    assert store.written == 2


def test_a_good_cache_is_believed() -> None:
    store = Store(files(a=""))
    other = book_bytes(compile_book(files(z=""), LANGUAGE))
    store.cache = pack(other, book_key(files(a=""), LANGUAGE))
    assert ids(store) == ["z"]


@pytest.mark.parametrize("damage", [0, 5, 80, 200, -2])
def test_a_damaged_cache_is_ignored_and_written_anew(damage: int) -> None:
    store = Store(files(a=""))
    open_book(store)
    good = store.cache or b""
    spot = damage % len(good)
    store.cache = good[:spot] + bytes([good[spot] ^ 1]) + good[spot + 1 :]
    assert ids(store) == ["a"]
    assert store.cache == good
    for content in (b"", b"\n", b"{}\n{}", b"[" * 100_000, b"\xff\n\xff", good[:-20]):
        assert unpack(content, book_key(files(a=""), LANGUAGE)) is None


def test_the_key_sees_rules_names_and_vocabulary() -> None:
    found = files(a="")
    keys = {
        book_key(found, LANGUAGE),
        book_key({"rules/b/a.yaml": found["rules/a/a.yaml"]}, LANGUAGE),
        book_key({name: content + b"#" for name, content in found.items()}, LANGUAGE),
        book_key(found, Language(LANGUAGE.vocabulary, {"grant": ("self",)})),
        book_key(found, Language({"grant": LANGUAGE.vocabulary["grant"]}, LANGUAGE.points)),
    }
    assert len(keys) == 5


def test_loading_needs_no_heavy_module(tmp_path: Path) -> None:
    content = book_bytes(compile_book({"open-door.yaml": RULE.encode()}, LANGUAGE))
    path = tmp_path / "book.json"
    path.write_bytes(content)
    code = (
        "import sys, json; from iamlint.rules.book import parse_book;"
        "parse_book(open(sys.argv[1], 'rb').read());"
        "import iamlint.shipped; print(json.dumps(sorted(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(path)], cwd=SOURCE, capture_output=True, check=True
    )
    loaded = set(json.loads(done.stdout))
    heavy = {"yaml", "pydantic", "jmespath", "dataclasses", "difflib", "hashlib", "inspect"}
    assert not loaded & (heavy | {"importlib.metadata", "importlib.resources", "logging"})
