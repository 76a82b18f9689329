"""Runs `python -m iamlint`."""

from __future__ import annotations

import sys

from iamlint.cli import main

sys.exit(main())
