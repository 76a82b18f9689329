"""What is told of a Terraform configuration that cannot be evaluated as it is written."""

from __future__ import annotations

from iamlint.formats import faults
from iamlint.source import Span


class Fault(faults.Fault):
    """A part of a configuration has no value: what it would give is a hole."""

    def __init__(
        self, message: str, span: Span, help: str | None = None, code: str = "invalid-terraform"
    ) -> None:
        super().__init__(message, span, help, code)
