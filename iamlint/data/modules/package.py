"""What is known of a public module: where it is had, its releases, the roles it makes."""

from __future__ import annotations

from collections.abc import Mapping

from iamlint.typed import NamedTuple


class Model(NamedTuple):
    """The part of a module that says who may assume its roles, as files of Terraform.

    `local.release` is the release as a number, see `number`. `first` and `last` are the releases
    that it holds for, all of them where they are empty; what an older one of them has no input
    for, its callers do not give.
    """

    files: tuple[str, ...]
    first: str
    last: str


class Package(NamedTuple):
    """Modules that are released together.

    `registry` is their address in the public registry; empty where they are not in it.
    `commits` holds a release and its commit, in turn; `models` go by the folder of the module.
    """

    registry: str
    repository: str
    commits: str
    models: Mapping[str, Model]

    def releases(self) -> dict[str, str]:
        """The commits of all releases."""
        words = self.commits.split()
        return dict(zip(words[::2], words[1::2], strict=True))


def number(release: str) -> int:
    """A release as a number: 5.39.1 is 53901."""
    major, minor, patch = map(int, release.split("."))
    return major * 10_000 + minor * 100 + patch
