"""Public modules that make roles from inputs: which input becomes which part of a trust policy."""

from __future__ import annotations

from iamlint.data.modules import eks, iam, moj

PACKAGES = (iam.PACKAGE, eks.PACKAGE, moj.GITHUB, moj.CROSS_ACCOUNT)
