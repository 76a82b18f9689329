"""Holds what a user asked for: thresholds, rules, and the estate that roles are judged in."""

from __future__ import annotations

from collections.abc import Mapping

from iamlint.findings import Known, severity_rank
from iamlint.source import Span
from iamlint.typed import NamedTuple


class Excludes(NamedTuple):
    """Patterns as `.gitignore` has them, and the folder that they are relative to."""

    folder: str  # absolute, or as `Files` names it
    lines: tuple[str, ...]


class Pair(NamedTuple):
    """A `NAME=VALUE`, and where the value is written."""

    text: str
    span: Span


class Local(NamedTuple):
    """Settings of some files: those that `match` means; without patterns all of them."""

    match: Excludes
    account: str | None = None  # that they are deployed to
    ignore: frozenset[str] = frozenset()  # ids of rules
    severities: Mapping[str, str] = {}  # by id of a rule
    parameters: tuple[Pair, ...] = ()
    parameter_files: tuple[str, ...] = ()
    variables: tuple[Pair, ...] = ()
    variable_files: tuple[str, ...] = ()


class Config(NamedTuple):
    """The settings of one check; a user of the library names only what differs."""

    level: str = "low"  # the lowest severity that is shown
    fail_on: str = "low"  # the lowest severity that fails a check, of those shown
    fail_on_possible: bool = False  # whether possible findings fail it, too
    select: tuple[str, ...] = ()  # ids of rules; none: all rules
    ignore: tuple[str, ...] = ()  # ids of rules
    rules: tuple[str, ...] = ()  # folders with further rules
    root: str | None = None  # the folder beyond which nothing is read
    accounts: tuple[str, ...] = ()  # the user's own accounts, 12 digits each
    organizations: tuple[str, ...] = ()  # the user's own organisations, `o-...`
    trusted_accounts: tuple[str, ...] = ()  # accounts of others that may enter
    names: Mapping[str, str] = {}  # of own accounts, by id
    environments: Mapping[str, str] = {}  # of own accounts, by id
    vendors: tuple[str, ...] = ()  # whom the user works with; none: any
    tenants: Mapping[str, tuple[str, ...]] = {}  # own ones, by OIDC issuer
    issuers: tuple[str, ...] | None = None  # OIDC issuers that may be trusted; None: any
    parameters: tuple[str, ...] = ()  # values for parameters of templates, `NAME=VALUE`
    parameter_files: tuple[str, ...] = ()  # files with such values
    variables: tuple[str, ...] = ()  # values for variables of Terraform, `NAME=VALUE`
    variable_files: tuple[str, ...] = ()  # files with such values
    severities: Mapping[str, str] = {}  # by id of a rule
    exclude: tuple[Excludes, ...] = ()  # what is not searched
    gitignore: bool = True  # whether what git ignores is not searched either
    # settings of some files; of two the later one counts, and of values those above before them
    locals: tuple[Local, ...] = ()
    here: str = "."  # the absolute folder that relative paths start from, where it is known
    home: str = ""  # the absolute folder that files are known by from check to check, if any
    now: int | None = None  # the time that dates are held against, seconds since 1970; None: none
    require_reason: bool = False  # whether an ignore without a reason counts for nothing
    known: tuple[Known, ...] | None = None  # what was found before; None: nobody asked
    as_found: bool = False  # whether files that were named are taken as if a search had found them
    edits: bool = False  # whether findings are to say what would end them

    def enables(self, rule: str) -> bool:
        """Whether findings of a rule were asked for."""
        return rule not in self.ignore and (not self.select or rule in self.select)


def thresholds(level: str | None, fail_on: str | None) -> tuple[str, str]:
    """Level and threshold, each `low` unless asked for, or unless the other one asks for more.

    What fails a check is shown, and what is hidden never fails one.
    """
    shown = level or min("low", fail_on or "low", key=severity_rank)
    return shown, fail_on or max("low", shown, key=severity_rank)


def is_account(text: str) -> bool:
    """Whether a text is an account id: twelve digits."""
    return len(text) == 12 and text.isascii() and text.isdigit()


def is_organization(text: str) -> bool:
    """Whether a text is an organisation id: `o-` and 10 to 32 lower-case letters or digits."""
    name = text.removeprefix("o-")
    return (
        text.startswith("o-")
        and 10 <= len(name) <= 32
        and name.isascii()
        and name.isalnum()
        and name == name.lower()
    )
