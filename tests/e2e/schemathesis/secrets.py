"""The credentials that are right when schemathesis judges; all others are wrong."""

from __future__ import annotations

SECRET = "pe4king-right"
RIGHT_PAIR = f"user:{SECRET}"
RIGHT = ("--credential", SECRET, "--credential", RIGHT_PAIR)
"""As options of `pe4king mock`."""
