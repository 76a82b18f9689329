"""Settings of all tests."""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from hypothesis import settings

import iamlint
from iamlint import shipped

# how long an example takes depends on what else the machine does
settings.register_profile("iamlint", deadline=None)
settings.load_profile("iamlint")


def pytest_configure(config: pytest.Config) -> None:
    """Refuse to test the checkout where the installed package is meant."""
    here = Path(__file__).resolve().parent.parent
    tested = Path(iamlint.__file__).resolve().parent.parent
    if os.environ.get("IAMLINT_TEST_INSTALLED") == "1" and tested == here:
        raise pytest.UsageError(
            "these are tests of the installed package, but the checkout comes first: run `pytest`,"
            " not `python -m pytest`, in an environment with the wheel"
        )


@pytest.fixture(scope="session", autouse=True)
def one_book() -> Iterator[None]:
    """Load the rules that are shipped once a process: whoever asks for them gets the same book."""
    load = shipped.shipped_book
    shipped.shipped_book = cache(load)
    yield
    shipped.shipped_book = load
