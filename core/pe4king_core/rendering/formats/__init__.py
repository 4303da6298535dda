"""The output formats. A module here with a `FORMAT` is found by name; nothing lists them."""

from __future__ import annotations

import importlib
import pkgutil

from pe4king_core.rendering.format import Format


def formats() -> dict[str, Format]:
    """Every format by its name, in alphabetical order."""
    modules = (
        importlib.import_module(f"{__name__}.{info.name}")
        for info in pkgutil.iter_modules(__path__)
    )
    found: list[Format] = [module.FORMAT for module in modules]
    return {item.name: item for item in sorted(found, key=lambda item: item.name)}
