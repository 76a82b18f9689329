"""Holds what a user asked for: thresholds, rules, and the estate that roles are judged in."""

from __future__ import annotations

from iamlint.findings import severity_rank


class Config:
    """The settings of one check; a user of the library names only what differs."""

    __slots__ = (
        "accounts",
        "edits",
        "fail_on",
        "fail_on_possible",
        "format",
        "ignore",
        "level",
        "organizations",
        "parameter_files",
        "parameters",
        "root",
        "rules",
        "select",
        "trusted_accounts",
        "variable_files",
        "variables",
    )

    def __init__(  # noqa: PLR0913 - one name a setting
        self,
        *,
        level: str = "low",
        fail_on: str = "low",
        fail_on_possible: bool = False,
        select: tuple[str, ...] = (),
        ignore: tuple[str, ...] = (),
        rules: tuple[str, ...] = (),
        root: str | None = None,
        accounts: tuple[str, ...] = (),
        organizations: tuple[str, ...] = (),
        trusted_accounts: tuple[str, ...] = (),
        parameters: tuple[str, ...] = (),
        parameter_files: tuple[str, ...] = (),
        variables: tuple[str, ...] = (),
        variable_files: tuple[str, ...] = (),
        format: str = "text",
        edits: bool = False,
    ) -> None:
        self.level = level  # the lowest severity that is shown
        self.fail_on = fail_on  # the lowest severity that fails a check, of those shown
        self.fail_on_possible = fail_on_possible  # whether possible findings fail it, too
        self.select = select  # ids of rules; none: all rules
        self.ignore = ignore  # ids of rules
        self.rules = rules  # folders with further rules
        self.root = root  # the folder beyond which nothing is read
        self.accounts = accounts  # the user's own accounts, 12 digits each
        self.organizations = organizations  # the user's own organisations, `o-...`
        self.trusted_accounts = trusted_accounts  # accounts of others that may enter
        self.parameters = parameters  # values for parameters of templates, `NAME=VALUE`
        self.parameter_files = parameter_files  # files with such values
        self.variables = variables  # values for variables of Terraform, `NAME=VALUE`
        self.variable_files = variable_files  # files with such values
        self.format = format  # text, json or sarif
        self.edits = edits  # whether findings are to say what would end them

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
