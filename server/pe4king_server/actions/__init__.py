"""The tasks of Pe4King, one module each: from a snapshot to a `Proposal`, with no LSP in sight.

A module here with an `ACTION` is found by name; commands, code actions and the command line are
made from what they find, so a new task is one module.
"""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache

from pe4king_server.actions.base import Action


@cache
def actions() -> dict[str, Action]:
    """Every action by its id, in the order in which menus show them."""
    modules = (
        importlib.import_module(f"{__name__}.{info.name}")
        for info in pkgutil.iter_modules(__path__)
    )
    found: list[Action] = [module.ACTION for module in modules if hasattr(module, "ACTION")]
    return {action.id: action for action in sorted(found, key=lambda action: action.order)}
