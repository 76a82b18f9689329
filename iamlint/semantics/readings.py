"""A policy with holes, as it reads once each of them has a text."""

from __future__ import annotations

import re

from iamlint.policy.document import TrustPolicy
from iamlint.policy.holes import OWN_ACCOUNT, OWN_PARTITION, OpenDocument
from iamlint.policy.parse import parse_policy
from iamlint.semantics.cases import mentioned
from iamlint.semantics.filling import Callers, Filling, Option, Setting
from iamlint.semantics.universe import SOME_ACCOUNT, own_account, own_partition


class OpenPolicy:
    """The readings of one document with holes; see `Readings`."""

    __slots__ = (
        "_document", "_late", "_names", "_own", "_pattern", "_read", "_setting", "callers",
        "first", "lone",
    )  # fmt: skip

    def __init__(self, document: OpenDocument, setting: Setting) -> None:
        self._document = document
        self._setting = setting
        self._read: dict[tuple[str, ...], TrustPolicy] = {}
        account, partition = setting.account or SOME_ACCOUNT, setting.partition or "aws"
        self._own = {OWN_ACCOUNT: account, OWN_PARTITION: partition}
        self.first = self._policy(dict[str, str](), account, partition)
        """The policy with the likeliest text in each hole."""
        if setting.account is None:
            document.spare(mentioned(self.first, ()).literals["account"])
        self.lone = frozenset(f"hole:{name}" for name in document.lone)
        """Unknowns of which one at most is other than usual."""
        self.callers = self._of_callers(document.callers)
        """Where principals stand, the unknowns in them that nothing else hangs on."""
        self._late = {name for found in self.callers.values() for name, _ in found}
        self._names = {self._plain(text): name for text, name in document.names.items()} | {
            OWN_ACCOUNT: "the account of the role",
            OWN_PARTITION: partition,
        }
        if document.own_name and setting.account is None:
            self._names[SOME_ACCOUNT] = f"${{{document.own_name}}}"
        longest = sorted(self._names, key=len, reverse=True)
        self._pattern = re.compile("|".join(map(re.escape, longest)) or "(?!)")

    def policy(self, filling: Filling, literals: dict[str, tuple[str, ...]]) -> TrustPolicy:
        """The policy with its holes filled as `filling` says, the same for equal texts."""
        chosen = {
            name: str(self._chosen(name, options, filling))
            for name, options in self._document.options.items()
            if len(options) > 1
        }
        account = (
            own_account(self._setting, filling, literals) if self._document.own_account else ""
        )
        return self._policy(chosen, account, own_partition(self._setting, filling, literals))

    def _plain(self, text: str) -> str:
        """What was made up for a hole, as it reads in the first policy."""
        for char, own in self._own.items():
            text = text.replace(char, own)
        return text

    def _of_callers(self, names: frozenset[str]) -> Callers:
        # what is made up for a hole is a text that stands nowhere else
        made_up = {name: self._document.options[name] for name in sorted(names)}
        usual = {name: self._plain(options[0]) for name, options in made_up.items()}
        return {
            principal.span: found
            for statement in self.first.statements
            for principal in statement.principals
            if (
                found := tuple(
                    (f"hole:{name}", options)
                    for name, options in made_up.items()
                    if usual[name] in principal.text
                )
            )
        }

    def _chosen(self, name: str, options: tuple[str, ...], filling: Filling) -> Option:
        """The text of a hole; of one that only a caller hangs on it is not noted yet."""
        unknown = f"hole:{name}"
        look = filling.peek if unknown in self._late else filling.choose
        return look(unknown, options)

    def _policy(self, chosen: dict[str, str], account: str, partition: str) -> TrustPolicy:
        texts, document = self._document.filled(chosen, account, partition)
        if texts not in self._read:
            self._read[texts] = parse_policy(document)
        return self._read[texts]

    def told(self, text: str) -> str:
        """The text with what was made up for a hole replaced by the hole's name."""
        return self._pattern.sub(lambda found: self._names[found[0]], text)
