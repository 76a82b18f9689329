"""Finds the settings of open documents, as the command line finds those of files."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping

from iamlint.config import Config, Excludes, thresholds
from iamlint.disk import DiskFiles, project_root, slashed
from iamlint.lsp.buffers import Document
from iamlint.lsp.preferences import Preferences
from iamlint.project.books import open_rules
from iamlint.project.configuration import (
    Configurations,
    below_rules,
    check_rules,
    settings_of,
    shown_from,
)
from iamlint.project.fault import UsageFault
from iamlint.rules.book import RuleBook
from iamlint.rules.errors import RuleBookError
from iamlint.rules.gathering import gather
from iamlint.settings.loading import Loaded
from iamlint.typed import NamedTuple

# What a document without a file is called, by its language. Terraform reads whole folders.
_UNTITLED = {
    **dict.fromkeys(("json", "jsonc"), "{}.json"),
    **dict.fromkeys(("yaml", "cloudformation", "yaml-cloudformation"), "{}.yaml"),
    **dict.fromkeys(("terraform", "opentofu", "hcl", "tf"), "{}/main.tf"),
}


class Terms(NamedTuple):
    """What is in force for some documents."""

    config: Config
    book: RuleBook
    roots: tuple[str, ...]  # beyond which nothing is read


class Group(NamedTuple):
    """Open documents that are checked together, by the names they have in the check.

    `terms`: what is in force for them, or why that cannot be known.
    """

    here: str  # the absolute folder that names start from
    documents: Mapping[str, Document]
    terms: Terms | UsageFault
    key: tuple[str, str]  # tells it from other groups


class _Opened(NamedTuple):
    """A rule book, and the files of the user's own rules in it."""

    files: tuple[dict[str, bytes], ...]
    book: RuleBook


class _Known(NamedTuple):
    """What was in force last, and what it was made of."""

    loaded: Loaded | None
    preferences: Preferences
    now: int | None
    terms: Terms


class Grouping:
    """The groups of one workspace; settings that did not change stay the same object."""

    __slots__ = ("_books", "_environment", "_known")

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = environment
        self._known: dict[tuple[str, str], _Known] = {}
        self._books: dict[tuple[str, ...], _Opened] = {}

    def refresh(self) -> None:
        """Rules of the user's own may have changed."""
        for folders, opened in tuple(self._books.items()):
            if folders and opened.files != _rule_files(folders):
                del self._books[folders]

    def of(
        self, documents: Iterable[Document], preferences: Preferences, folders: tuple[str, ...]
    ) -> list[Group]:
        """The groups of the documents that may be judged; `folders` are those of the workspace."""
        one = _One(self, preferences, folders)
        for document in documents:
            one.add(document)
        return one.groups()

    def terms(self, here: str, loaded: Loaded | None, preferences: Preferences) -> Terms:
        """What is in force below a folder; raises UsageFault."""
        home = slashed(here) if os.path.lexists(os.path.join(here, ".git")) else ""
        given = settings_of(loaded, here, home)
        key = (here, loaded.source.name if loaded else "")
        known = self._known.get(key)
        book = self._book(_rules_of(here, given))
        if known is not None and _is_same(known, loaded, preferences, given.now, book):
            return known.terms
        terms = self._made(loaded, preferences, given, book)
        self._known[key] = _Known(loaded, preferences, given.now, terms)
        return terms

    def try_out(self, folder: str, loaded: Loaded) -> None:
        """Raises UsageFault where settings in a folder could not be used."""
        given = settings_of(loaded, folder, "")
        check_rules(loaded, self._book(_rules_of(folder, given)))

    def configurations(self, here: str) -> Configurations:
        """The settings in files, by the names they have from a folder."""
        return Configurations(self._environment, here)

    def _made(
        self, loaded: Loaded | None, preferences: Preferences, given: Config, book: RuleBook
    ) -> Terms:
        if loaded is not None:
            check_rules(loaded, book)
        if preferences.level is not None:
            level, fail_on = thresholds(preferences.level, None)
            given = given._replace(level=level, fail_on=fail_on)
        patterns = below_rules(given.rules)
        if patterns:
            given = given._replace(exclude=(*given.exclude, Excludes(given.here, tuple(patterns))))
        roots = (given.here,) if loaded is None else (given.here, loaded.folder)
        return Terms(given._replace(as_found=True, edits=True), book, roots)

    def _book(self, folders: tuple[str, ...]) -> RuleBook:
        if folders not in self._books:
            files = _rule_files(folders)
            self._books[folders] = _Opened(files, open_rules(folders, self._environment))
        return self._books[folders].book


class _One:
    """The documents of one check, as they are put into groups."""

    __slots__ = ("_configurations", "_documents", "_folders", "_grouping", "_preferences", "_terms")

    def __init__(
        self, grouping: Grouping, preferences: Preferences, folders: tuple[str, ...]
    ) -> None:
        self._grouping = grouping
        self._preferences = preferences
        self._folders = folders
        self._configurations: dict[str, Configurations] = {}
        self._documents: dict[tuple[str, str], dict[str, Document]] = {}
        self._terms: dict[tuple[str, str], Terms | UsageFault] = {}

    def add(self, document: Document) -> None:
        path = document.path or self._untitled(document)
        if path is None:
            return
        here = _root(path, self._folders)
        try:
            loaded = self._loaded(path, here)
            key = (here, loaded.source.name if loaded else "")
            if key not in self._terms:
                self._terms[key] = self._grouping.terms(here, loaded, self._preferences)
        except UsageFault as fault:
            key = (here, f"\0{fault}{fault.problems}")
            self._terms[key] = fault
        name = shown_from(here, path)
        self._documents.setdefault(key, {})[name] = document

    def groups(self) -> list[Group]:
        return [Group(key[0], each, self._terms[key], key) for key, each in self._documents.items()]

    def _loaded(self, path: str, here: str) -> Loaded | None:
        """The settings of a path; raises UsageFault."""
        opened = self._configurations.setdefault(here, self._grouping.configurations(here))
        named = self._preferences.config
        if named is None:
            return opened.nearest(path, here)
        whole = os.path.join(self._folders[0] if self._folders else here, named)
        if not os.path.isfile(whole):
            raise UsageFault(f"the setting `iamlint.config` names `{named}`: there is no such file")
        return opened.at(os.path.realpath(whole))

    def _untitled(self, document: Document) -> str | None:
        """A path for a document that is no file; None for what is not judged."""
        shape = _UNTITLED.get(document.language)
        scheme, _, name = document.uri.partition(":")
        if shape is None or scheme != "untitled":
            return None
        folder = self._folders[0] if self._folders else os.getcwd()
        return os.path.join(folder, shape.format(os.path.basename(name) or "untitled"))


def _rules_of(here: str, given: Config) -> tuple[str, ...]:
    return tuple(os.path.join(here, folder) for folder in given.rules)


def _rule_files(folders: tuple[str, ...]) -> tuple[dict[str, bytes], ...]:
    """What the rules in some folders say; nothing where that cannot be read."""
    try:
        return tuple(gather(DiskFiles([folder]), folder) for folder in folders)
    except RuleBookError:
        return ()


def _root(path: str, folders: tuple[str, ...]) -> str:
    """The folder beyond which nothing is read: that of the project, else of the workspace."""
    root = project_root(path)
    if any(os.path.lexists(os.path.join(root, name)) for name in (".git", "iamlint.toml")):
        return root
    around = [each for each in folders if os.path.join(root, "").startswith(os.path.join(each, ""))]
    return min(around, key=len, default=root)


def _is_same(
    known: _Known, loaded: Loaded | None, preferences: Preferences, now: int | None, book: RuleBook
) -> bool:
    text = loaded and loaded.source.text
    before = known.loaded and known.loaded.source.text
    same = (text, preferences, now) == (before, known.preferences, known.now)
    return same and known.terms.book is book
