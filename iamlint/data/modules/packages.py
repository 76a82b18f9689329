"""All public modules of which something is known."""

from __future__ import annotations

from iamlint.data.modules import eks, iam, moj

PACKAGES = (iam.PACKAGE, eks.PACKAGE, moj.GITHUB, moj.CROSS_ACCOUNT)
