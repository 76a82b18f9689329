"""Says which release this is, without asking the installer's metadata (30 ms)."""

from __future__ import annotations

VERSION = "0.1.0"
