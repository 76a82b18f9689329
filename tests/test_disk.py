"""The real disk: nothing beyond the root is read, only files are opened, writing is whole."""

from __future__ import annotations

import os
import socket
import stat
from pathlib import Path

import pytest

from iamlint import disk
from iamlint.disk import DiskFiles, Overlay, project_root, write_whole
from iamlint.source import DictFiles, FileError

posix = pytest.mark.skipif(os.name != "posix", reason="links, modes and pipes are POSIX here")
not_root = pytest.mark.skipif(
    hasattr(os, "geteuid") and os.geteuid() == 0, reason="the superuser may read everything"
)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project beside things that are none of its business."""
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret" / "key.json").write_text("secret")
    root = tmp_path / "project"
    (root / "sub").mkdir(parents=True)
    (root / "a.json").write_text("A")
    (root / "sub" / "b.json").write_bytes(b"\xff\x00B")
    return root


def refused(files: DiskFiles, path: Path | str) -> str:
    with pytest.raises(FileError) as caught:
        files.read(str(path))
    return caught.value.reason


def test_files_below_the_root_are_read(project: Path) -> None:
    files = DiskFiles([str(project)])
    assert files.read(str(project / "a.json")) == b"A"
    assert files.read(str(project / "sub" / ".." / "sub" / "b.json")) == b"\xff\x00B"
    assert files.kind(str(project / "sub")) == "folder"
    assert files.kind(str(project / "a.json")) == "file"
    assert files.kind(str(project / "none.json")) is None
    assert files.kind(str(project / "a.json" / "below")) is None
    assert files.kind(str(project / ("n" * 3000))) is None


def test_paths_may_be_relative(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(project)
    files = DiskFiles(["."])
    assert files.read("sub/../a.json") == b"A"
    assert refused(files, "../secret/key.json") == "outside the project root"


def test_nothing_outside_the_root_is_touched(project: Path) -> None:
    files = DiskFiles([str(project)])
    for path in (project.parent, project.parent / "secret" / "key.json", Path("/")):
        assert refused(files, path) == "outside the project root"
        with pytest.raises(FileError, match="outside the project root"):
            files.kind(str(path))
        with pytest.raises(FileError, match="outside the project root"):
            files.list(str(path))


def test_a_root_is_no_prefix_of_names(project: Path) -> None:
    twin = project.with_name("project-twin")
    twin.mkdir()
    (twin / "x.json").write_text("x")
    assert refused(DiskFiles([str(project)]), twin / "x.json") == "outside the project root"


def test_there_may_be_several_roots_or_none(project: Path) -> None:
    both = DiskFiles([str(project / "sub"), str(project.parent / "secret")])
    assert both.read(str(project.parent / "secret" / "key.json")) == b"secret"
    assert refused(both, project / "a.json") == "outside the project root"
    assert refused(DiskFiles([]), project / "a.json") == "outside the project root"


@posix
def test_links_are_resolved_before_anything_is_read(project: Path) -> None:
    secret = project.parent / "secret"
    (project / "out.json").symlink_to(secret / "key.json")
    (project / "out").symlink_to(secret)
    (project / "in.json").symlink_to("a.json")
    (project / "in").symlink_to("sub")
    (project / "self").symlink_to(".")
    (project / "dead").symlink_to("nowhere")
    (project / "loop").symlink_to("loop")
    files = DiskFiles([str(project)])
    kinds = {entry.name: entry.kind for entry in files.list(str(project))}
    assert kinds == {
        "a.json": "file",
        "dead": "other",
        "in": "other",
        "in.json": "file",
        "loop": "other",
        "out": "link-out",
        "out.json": "link-out",
        "self": "other",
        "sub": "folder",
    }
    assert refused(files, project / "out.json") == "outside the project root"
    assert refused(files, project / "out" / "key.json") == "outside the project root"
    assert files.kind(str(project / "out.json")) == "link-out"
    assert files.kind(str(project / "dead")) is None
    assert files.read(str(project / "in.json")) == b"A"
    assert files.read(str(project / "in" / "b.json")) == b"\xff\x00B"
    assert "regular" in refused(files, project / "loop")


@posix
def test_a_root_may_be_a_link(project: Path) -> None:
    link = project.with_name("link")
    link.symlink_to(project)
    assert DiskFiles([str(link)]).read(str(link / "a.json")) == b"A"


@posix
def test_pipes_sockets_and_devices_are_never_opened(project: Path, tmp_path: Path) -> None:
    os.mkfifo(project / "pipe")
    (project / "null").symlink_to("/dev/null")
    (project / "cd").mkdir()
    with socket.socket(socket.AF_UNIX) as listener:
        here = os.getcwd()
        os.chdir(project)  # the name of a socket is short
        try:
            listener.bind("socket")
        finally:
            os.chdir(here)
        files = DiskFiles([str(project)])
        kinds = {entry.name: entry.kind for entry in files.list(str(project))}
        assert kinds["pipe"] == kinds["socket"] == files.kind(str(project / "pipe")) == "other"
        assert refused(files, project / "pipe") == "not a regular file"
        assert refused(files, project / "socket") == "not a regular file"
    assert refused(files, project / "null") == "outside the project root"
    assert refused(DiskFiles(["/dev"]), "/dev/null") == "not a regular file"
    assert refused(files, project / "cd") == "is a folder"


@posix
@not_root
def test_what_may_not_be_read_says_so(project: Path) -> None:
    (project / "a.json").chmod(0)
    (project / "sub").chmod(0)
    files = DiskFiles([str(project)])
    try:
        assert refused(files, project / "a.json") == "permission denied"
        assert refused(files, project / "sub" / "b.json") == "permission denied"
        with pytest.raises(FileError, match="permission denied"):
            files.list(str(project / "sub"))
        with pytest.raises(FileError, match="permission denied"):
            files.kind(str(project / "sub" / "b.json"))
    finally:
        (project / "sub").chmod(stat.S_IRWXU)


def test_a_file_that_is_refused_by_the_system_says_why(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def denied(*_: object) -> int:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("iamlint.disk.os.open", denied)
    assert refused(DiskFiles([str(project)]), project / "a.json") == "permission denied"


def test_what_is_missing_says_so(project: Path) -> None:
    files = DiskFiles([str(project)])
    assert refused(files, project / "none") == "no such file or folder"
    with pytest.raises(FileError, match="not a folder"):
        files.list(str(project / "a.json"))
    for name in ("nul\0", "half\ud83d"):
        assert refused(files, project / name) == "no file can have that name"


def test_a_file_that_is_too_large_is_refused(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(disk, "MOST_BYTES", 2)
    files = DiskFiles([str(project)])
    assert files.read(str(project / "a.json")) == b"A"
    assert refused(files, project / "sub" / "b.json") == "larger than 2 bytes"


def test_entries_are_sorted_and_know_their_size(project: Path) -> None:
    for name in ("z.json", "B.json", "é.json"):
        (project / name).write_text("x" * 7)
    entries = DiskFiles([str(project)]).list(str(project))
    assert [entry.name for entry in entries] == ["B.json", "a.json", "sub", "z.json", "é.json"]
    assert [entry.size for entry in entries if entry.kind == "file"] == [7, 1, 7, 7]


def test_the_project_is_the_nearest_repository(project: Path) -> None:
    assert project_root(str(project / "sub" / "b.json")) == str((project / "sub").resolve())
    assert project_root(str(project / "sub")) == str((project / "sub").resolve())
    (project / ".git").mkdir()
    for path in ("sub/b.json", "sub", "a.json", ".", "sub/..", "sub/", "sub/none.json"):
        assert project_root(os.path.join(project, path)) == str(project.resolve())


@posix
def test_a_named_link_belongs_to_where_it_stands(project: Path) -> None:
    (project / ".git").write_text("gitdir: elsewhere")
    (project / "out").symlink_to(project.parent / "secret")
    assert project_root(str(project / "out")) == str(project.resolve())
    assert project_root(str(project / "out" / "key.json")) == str(
        (project.parent / "secret").resolve()
    )


def test_an_overlay_lies_over_other_files() -> None:
    files = Overlay(DictFiles({"a": "1", "b": "2"}), {"a": b"other", "<stdin>": b"in"})
    assert [files.read(name) for name in ("a", "b", "<stdin>")] == [b"other", b"2", b"in"]
    assert (files.kind("<stdin>"), files.kind("b"), files.kind("c")) == ("file", "file", None)
    assert [entry.name for entry in files.list(".")] == ["a", "b"]


# --- writing ------------------------------------------------------------------------------------


def test_a_file_is_written_as_a_whole(tmp_path: Path) -> None:
    target = tmp_path / "report.json"
    write_whole(str(target), b"one")
    write_whole(str(target), b"two")
    assert target.read_bytes() == b"two"
    assert os.listdir(tmp_path) == ["report.json"]


def test_a_failure_leaves_what_was_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "report.json"
    target.write_bytes(b"old")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("iamlint.disk.os.replace", full)
    with pytest.raises(OSError, match="No space"):
        write_whole(str(target), b"new")
    assert target.read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["report.json"]


@posix
def test_modes_and_links_outlive_a_new_report(tmp_path: Path) -> None:
    real, link = tmp_path / "real.json", tmp_path / "link.json"
    real.write_bytes(b"old")
    real.chmod(0o640)
    link.symlink_to(real)
    write_whole(str(link), b"new")
    assert link.is_symlink()
    assert real.read_bytes() == b"new"
    assert stat.S_IMODE(real.stat().st_mode) == 0o640


@posix
def test_a_new_report_obeys_the_mask(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        write_whole(str(tmp_path / "r"), b"x")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "r").stat().st_mode) == 0o640


@posix
def test_a_device_is_written_to_and_not_replaced() -> None:
    write_whole("/dev/null", b"x")
    assert not stat.S_ISREG(os.stat("/dev/null").st_mode)
