"""Which files below the named paths are given, which are told of, and that the rest is counted."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iamlint.formats import discovery
from iamlint.formats.discovery import Found, clean, discover, may_hold_roles, with_siblings
from iamlint.formats.encoding import decode
from iamlint.source import DictFiles, Entry, FileError, Files, Problem, Source

TRUST = '{"Statement": {"Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}}'


def trusts(*names: str) -> dict[str, str | bytes]:
    """Files that each hold a trust policy."""
    return dict.fromkeys(names, TRUST)


def texts(found: Iterable[Found]) -> list[str]:
    """The paths of what can be judged, in order."""
    return [path for path, content, _ in found if isinstance(content, Source)]


def problems(found: Iterable[Found]) -> list[Problem]:
    return [content for _, content, _ in found if isinstance(content, Problem)]


def walked(names: dict[str, str | bytes], *paths: str) -> list[str]:
    return texts(discover(DictFiles(names), paths or (".",)))


def skipped(names: dict[str, str | bytes], *paths: str) -> dict[str, int]:
    found = discover(DictFiles(names), paths or (".",))
    list(found)
    return dict(found.skipped)


class Recording(DictFiles):
    """Files that note what was read, and refuse or inflate some."""

    def __init__(
        self, files: dict[str, str | bytes], denied: tuple[str, ...] = (), size: int | None = None
    ) -> None:
        super().__init__(files)
        self.reads: list[str] = []
        self.lists: list[str] = []
        self.denied = denied
        self.size = size

    def read(self, path: str) -> bytes:
        self.reads.append(path)
        if path in self.denied:
            raise FileError("permission denied")
        return super().read(path)

    def list(self, path: str) -> list[Entry]:
        self.lists.append(path)
        if path in self.denied:
            raise FileError("permission denied")
        entries = super().list(path)
        return entries if self.size is None else [e._replace(size=self.size) for e in entries]


# -- walking


def test_a_folder_is_walked_in_order() -> None:
    names = ("z.json", "a/b/c.json", "a/z.json", "b/a.json", "a.json")
    expected = ["a.json", "z.json", "a/z.json", "a/b/c.json", "b/a.json"]
    assert walked(trusts(*names)) == expected
    assert walked(trusts(*reversed(names))) == expected
    assert walked(trusts(*names), "a") == ["a/z.json", "a/b/c.json"]


def test_only_files_that_could_hold_roles_are_given() -> None:
    names: dict[str, str | bytes] = {
        "trust.json": TRUST,
        "TRUST.JSON": TRUST,
        "trust.txt": TRUST,
        "package.json": '{"name": "assume"}',
    }
    assert walked(names) == ["TRUST.JSON", "trust.json"]
    assert skipped(names) == {
        "no trust policy in it": 1,
        "not a kind of file that holds roles": 1,
    }


@pytest.mark.parametrize(
    ("folder", "reason"),
    [
        (".git", "version control"),
        ("node_modules", "code of others"),
        ("vendor", "code of others"),
        ("third_party", "code of others"),
        ("site-packages", "code of others"),
        (".terraform", "code of others"),
        ("click-8.dist-info", "code of others"),
        (".venv", "a virtual environment"),
        ("__pycache__", "a cache"),
        (".mypy_cache", "a cache"),
    ],
)
def test_folders_of_others_are_passed_over_and_counted(folder: str, reason: str) -> None:
    names: dict[str, str | bytes] = {f"x/{folder}/deep/a.json": TRUST, "x/b.json": TRUST}
    assert walked(names) == ["x/b.json"]
    assert skipped(names) == {reason: 1}
    # But not when they, or what is in them, are what was asked for.
    assert walked(names, f"x/{folder}") == [f"x/{folder}/deep/a.json"]


def test_other_hidden_folders_are_walked() -> None:
    assert walked({".github/roles/a.json": TRUST, ".x/.b.json": TRUST}) == [
        ".github/roles/a.json",
        ".x/.b.json",
    ]


def test_a_virtual_environment_is_known_by_its_mark() -> None:
    names: dict[str, str | bytes] = {"py/pyvenv.cfg": "", "py/lib/a.json": TRUST, "a.json": TRUST}
    assert walked(names) == ["a.json"]
    assert skipped(names)["a virtual environment"] == 1


def test_each_file_is_given_once() -> None:
    names = trusts("a/x.json", "a/b/y.json", "c.json")
    found = list(discover(DictFiles(names), ["a/b", "./a", "a//x.json", "a", ".", "c.json"]))
    assert sorted(texts(found)) == ["a/b/y.json", "a/x.json", "c.json"]
    assert {path: named for path, _, named in found} == {
        "a/b/y.json": False,
        "a/x.json": True,
        "c.json": True,
    }


def test_it_can_be_iterated_again() -> None:
    found = discover(DictFiles({"a.json": TRUST, "b.txt": ""}), ["."])
    assert texts(found) == texts(found) == ["a.json"]
    assert found.skipped.total() == 1


def test_files_are_read_one_at_a_time() -> None:
    files = Recording(trusts("a.json", "b.json"))
    found = iter(discover(files, ["."]))
    assert files.reads == []
    next(found)
    assert files.reads == ["a.json"]


def test_files_of_other_kinds_are_not_read() -> None:
    files = Recording(trusts("a.py", "b.md", "node_modules/c.json"))
    assert list(discover(files, ["."])) == []
    assert (files.reads, files.lists) == ([], ["."])


NAMES = st.sampled_from(["a", "b.json", ".git", "c.json", "vendor", ".d", "e.txt"])
PATHS = st.lists(NAMES, min_size=1, max_size=4).map("/".join)


def without_clashes(paths: list[str]) -> list[str]:
    """Those that are not folders of others."""
    return [path for path in paths if not any(other.startswith(path + "/") for other in paths)]


@given(paths=st.lists(PATHS, max_size=12, unique=True).map(without_clashes))
def test_a_walk_finds_what_it_should(paths: list[str]) -> None:
    expected = {
        path
        for path in paths
        if path.endswith(".json") and not {".git", "vendor"} & set(path.split("/")[:-1])
    }
    found = walked(trusts(*paths))
    assert set(found) == expected
    assert len(found) == len(expected)


class Endless:
    """Files in which a folder holds itself, twice."""

    def read(self, path: str) -> bytes:
        return TRUST.encode()

    def list(self, path: str) -> list[Entry]:
        return [Entry("x", "folder", 0), Entry("y", "folder", 0)]

    def kind(self, path: str) -> str | None:
        return "folder"


def test_a_walk_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(discovery, "LIMIT_FOLDERS", 500)
    (problem,) = problems(discover(Endless(), ["."]))
    assert (problem.code, problem.blocking) == ("too-many-folders", True)
    monkeypatch.setattr(discovery, "LIMIT_DEPTH", 3)
    found = discover(Endless(), ["."])
    assert list(found) == []
    assert found.skipped == {"deeper than 3 folders": 16}


# -- what cannot be read


def test_what_is_not_there_is_told_and_the_rest_given() -> None:
    found = list(discover(DictFiles({"a.json": TRUST}), ["nope/x.json", "a.json"]))
    assert texts(found) == ["a.json"]
    (problem,) = problems(found)
    assert (problem.code, problem.path, problem.blocking) == ("no-such-path", "nope/x.json", True)
    assert "`nope/x.json`" in problem.message


def test_what_cannot_be_read_is_told_and_the_rest_given() -> None:
    names = trusts("a.json", "b.json", "locked/c.json", "d.json")
    files = Recording(names, denied=("b.json", "locked", "d.json"))
    found = list(discover(files, [".", "d.json"]))
    assert texts(found) == ["a.json"]
    assert [problem.path for problem in problems(found)] == ["b.json", "locked", "d.json"]
    assert [named for _, _, named in found] == [False, False, False, True]
    assert next(iter(discover(files, ["locked"]))).named
    for problem in problems(found):
        assert problem.message == f"cannot read `{problem.path}`: permission denied"
        assert problem.blocking


def test_a_file_in_a_folder_that_cannot_be_listed_is_read() -> None:
    files = Recording({"locked/a.json": TRUST}, denied=("locked",))
    assert texts(discover(files, ["locked/a.json"])) == ["locked/a.json"]


def test_a_named_file_is_read_whatever_it_is() -> None:
    names: dict[str, str | bytes] = {"notes": "hello", "vendor/a.txt": "", "b": "[]"}
    assert walked(names, "notes", "vendor/a.txt", "b") == ["notes", "vendor/a.txt", "b"]


def test_large_files_are_not_read() -> None:
    files = Recording({"a.json": TRUST}, size=1001)
    found = discover(files, ["."], limit=1000)
    assert list(found) == []
    assert found.skipped == {"larger than 1,000 bytes": 1}
    (problem,) = problems(discover(files, ["a.json"], limit=1000))
    assert (problem.code, problem.blocking) == ("too-large", True)
    assert files.reads == []
    assert texts(discover(files, ["."], limit=1001)) == ["a.json"]
    # A pipe has no size.
    files = Recording({"a.json": TRUST * 100}, size=0)
    assert [problem.code for problem in problems(discover(files, ["a.json"], limit=1000))] == [
        "too-large"
    ]
    assert texts(discover(Recording({"a.json": TRUST}), ["a.json"], limit=len(TRUST)))


def test_the_files_of_one_folder_are_listed_once() -> None:
    files = Recording(trusts("x/a.json", "x/b.json", "y.json"))
    list(discover(files, ["x/a.json", "x/b.json", "y.json"]))
    assert files.lists == ["x", "."]


# -- bytes


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b'{"AssumeRolePolicyDocument": 1}', True),
        (b'"sts:TagSession"', True),
        (b"sts%3Ax", True),
        (b"sts%3ax", True),
        (b'{"Statement": {"Principal": "*", "Action": "*"}}', True),
        (b'{"Statement": {"Action": "*"}}', False),
        (("\ufeff" + TRUST).encode("utf-16-le"), True),
        (("\ufeff" + TRUST).encode("utf-16-be"), True),
        ("\ufeff{}".encode("utf-16-le"), False),
    ],
)
def test_the_look_at_the_bytes(data: bytes, expected: bool) -> None:
    assert may_hold_roles(data) is expected


@given(text=st.text(st.characters(codec="utf-8", exclude_characters="\0\ufeff")))
def test_text_is_decoded(text: str) -> None:
    (source,) = decode("a.json", text.encode())
    assert isinstance(source, Source)
    assert source.text == text
    for encoding in ("utf-8", "utf-16-le", "utf-16-be"):
        doubt, source = decode("a.json", ("\ufeff" + text).encode(encoding))
        assert isinstance(doubt, Problem)
        assert not doubt.blocking
        assert isinstance(source, Source)
        assert source.text == text


@given(data=st.binary(), mark=st.sampled_from([b"", b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff"]))
def test_any_bytes_are_a_text_or_a_problem(data: bytes, mark: bytes) -> None:
    *doubts, last = decode("a.json", mark + data)
    assert all(isinstance(doubt, Problem) and not doubt.blocking for doubt in doubts)
    assert isinstance(last, Source) or (last.blocking and not doubts)


@given(
    before=st.text(st.characters(codec="utf-8", exclude_characters="\0\ufeff")),
    after=st.binary().filter(lambda data: 0 not in data),
    mark=st.sampled_from([b"", b"\xef\xbb\xbf"]),
)
def test_the_first_bad_byte_is_told(before: str, after: bytes, mark: bytes) -> None:
    (problem,) = decode("a.json", mark + before.encode() + b"\x80" + after)
    assert isinstance(problem, Problem)
    offset = len(mark) + len(before.encode())
    assert f"byte 0x80 at offset {offset:,}" in problem.message
    assert problem.span is not None
    assert problem.span.start == len(before)
    assert problem.span.source.position(len(before)) == Source("", before).position(len(before))


def test_binary_files_are_told() -> None:
    for data in (b"\0\1\2", b"\x89PNG\0\xff", b"\xff\xfe\0\0{\0\0\0", b"\xff\xfe\0"):
        (problem,) = decode("a.json", data)
        assert isinstance(problem, Problem)
        assert (problem.code, problem.blocking) == ("not-text", True)


def test_unrelated_files_that_are_no_text_stay_quiet() -> None:
    names: dict[str, str | bytes] = {
        "quiet.json": b'"sts:\xff"',
        "told.json": b'"sts:AssumeRole \xff"',
        "mark.json": b'\xef\xbb\xbf"sts:"',
        "wide.json": b"\xff\xfe" + TRUST.encode("utf-16-le") + b"\0",
    }
    found = discover(DictFiles(names), ["."])
    assert [problem.path for problem in problems(found)] == ["mark.json", "told.json", "wide.json"]
    assert texts(found) == ["mark.json"]
    assert found.skipped == {"not UTF-8 text": 1}
    assert len(problems(discover(DictFiles(names), ["quiet.json"]))) == 1


# -- the disk


class Disk:
    """A folder of the disk: links to folders are not followed, links out of it are told."""

    def __init__(self, root: Path) -> None:
        self.root = root.resolve()

    def read(self, path: str) -> bytes:
        try:
            return (self.root / path).read_bytes()
        except OSError as error:
            raise FileError(str(error.strerror).lower()) from error

    def list(self, path: str) -> list[Entry]:
        try:
            names = os.listdir(self.root / path)
        except OSError as error:
            raise FileError(str(error.strerror).lower()) from error
        return [self._entry(self.root / path / name) for name in names]

    def kind(self, path: str) -> str | None:
        at = self.root / path
        return self._entry(at).kind if os.path.lexists(at) else None

    def _entry(self, at: Path) -> Entry:
        if not at.resolve().is_relative_to(self.root):
            return Entry(at.name, "link-out", 0)
        if at.is_file():
            return Entry(at.name, "file", at.stat().st_size)
        return Entry(at.name, "folder" if at.is_dir() and not at.is_symlink() else "other", 0)


def test_links_on_the_disk(tmp_path: Path) -> None:
    root, outside = tmp_path / "root", tmp_path / "outside"
    (root / "a").mkdir(parents=True)
    outside.mkdir()
    (root / "a" / "x.json").write_text(TRUST)
    (outside / "secret.json").write_text(TRUST)
    (root / "a" / "loop").symlink_to(root)
    (root / "a" / "same.json").symlink_to("x.json")
    (root / "b").symlink_to(outside)
    (root / "out.json").symlink_to(outside / "secret.json")
    (root / "broken.json").symlink_to("nothing")
    files: Files = Disk(root)
    found = discover(files, ["."])
    assert texts(found) == ["a/same.json", "a/x.json"]
    assert found.skipped == {"a link out of the project": 2, "not a regular file": 2}
    (problem,) = problems(discover(files, ["out.json"]))
    assert (problem.code, problem.blocking) == ("outside-project", True)
    assert problem.help


def test_clean_paths() -> None:
    spelt = {".": ".", "": ".", "./a//b/.": "a/b", "/": "/", "//x/": "/x", "../a": "../a"}
    assert {path: clean(path) for path in spelt} == spelt
    assert clean("a/../b") == "a/../b"


def test_files_as_found_are_passed_over_where_a_search_would_do_so() -> None:
    files = DictFiles(
        {"a/role.json": TRUST, "a/other.json": "{}", "a/notes.txt": TRUST, "a/broken.json": b"\xff"}
    )
    names = ["a/role.json", "a/other.json", "a/notes.txt", "a/broken.json", "a/gone.json"]
    listed = discover(files, names, as_found=True)
    found = list(listed)
    assert texts(found) == ["a/role.json"]
    assert not found[0].named
    assert [problem.code for problem in problems(found)] == ["no-such-path"]
    assert sum(listed.skipped.values()) == 3
    assert listed.selects("a/role.json")


def test_a_file_of_a_module_comes_with_its_siblings() -> None:
    files = DictFiles(
        dict.fromkeys(("m/a.tf", "m/b.tf", "m/c.tf.json", "m/x.json", "m/in/d.tf", "e.tf"), "")
    )
    module = ["m/a.tf", "m/b.tf", "m/c.tf.json"]
    assert sorted(set(with_siblings(files, ["m/b.tf"]))) == module
    given = with_siblings(files, ["m/terraform.tfvars"])
    assert sorted(set(given)) == [*module, "m/terraform.tfvars"]
    assert list(with_siblings(files, ["m/x.json"])) == ["m/x.json"]
    assert sorted(set(with_siblings(files, ["e.tf"]))) == ["e.tf"]
    assert list(with_siblings(files, ["no/x.tf"])) == ["no/x.tf"]
