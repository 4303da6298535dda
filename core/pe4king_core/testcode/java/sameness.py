"""Whether two values of the code are the same, whatever the server answers."""

from __future__ import annotations

from pe4king_core.testcode.java.objects import Constant, Entries, Instance, Lambda, Request
from pe4king_core.testcode.values import Answer, Known, Template, Validated, Value


def same(left: Value, right: Value) -> bool | None:
    """Whether `left == right`; None where that is open."""
    for one, other in ((left, right), (right, left)):
        if one == Known(None):
            if isinstance(other, Known):
                return other.value is None
            there = Instance | Entries | Request | Lambda | Template | Answer | Validated | Constant
            outside = isinstance(other, Template) and len(other.parts) == 1
            return False if isinstance(other, there) and not outside else None
    if isinstance(left, Known) and isinstance(right, Known):
        return left.value == right.value
    if isinstance(left, Constant) and isinstance(right, Constant):
        return left.name == right.name
    if isinstance(left, Instance) and isinstance(right, Instance) and left.constant:
        return left is right
    return None
