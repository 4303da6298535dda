"""Data that is made by the hundred thousand: frozen dataclasses whose making costs little.

A frozen dataclass fills itself through `object.__setattr__`, field by field, which takes ten times
as long as plain assignment; with the views, places, facts and cases of a large document that was
a fifth of the time of generating its tests. So `record` is `dataclass(frozen=True)` for the type
checker, which refuses every assignment, and makes a class that does not check again when it runs.
Equality, hash and all else are those of the frozen dataclass.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dataclasses import dataclass as record
    from dataclasses import replace
else:
    from dataclasses import dataclass, fields
    from functools import cache
    from operator import attrgetter

    def record(*, frozen: bool, slots: bool, eq: bool = True):
        """`dataclass`, hashed as a frozen one; `frozen` is what the type checker goes by."""
        return dataclass(slots=slots, eq=eq, unsafe_hash=frozen and eq)

    def replace(of, /, **changes):
        """`dataclasses.replace` for a record of two or more fields, all of which it is made of."""
        kind = type(of)
        made = kind(*_values_of(kind)(of))
        for name, value in changes.items():
            setattr(made, name, value)
        return made

    @cache
    def _values_of(kind):
        return attrgetter(*(field.name for field in fields(kind)))


__all__ = ["record", "replace"]
