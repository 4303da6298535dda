"""What one assertion in Python asks, before it is written the way of a test library.

A `Condition` is an expression that must be true. It also says what it compares with what, so
that a library's own words can be found for it; where there are none, the expression stands.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple

from pe4king_core.rendering.python.text import WIDTH, call, columns, raw_string

_NO_IMPORTS: frozenset[str] = frozenset()


class Relation(StrEnum):
    """What `left` has to be to `right`."""

    TRUE = "true"
    """Nothing but the expression itself."""
    EQUAL = "=="
    IS = "is"
    """One of the constants of the language; `NOTHING` and `SOMETHING` for None."""
    NOTHING = "is None"
    SOMETHING = "is not None"
    AT_LEAST = ">="
    ABOVE = ">"
    AT_MOST = "<="
    BELOW = "<"
    KEY = "key in"
    """The object `right` has the key `left`."""
    NO_KEY = "key not in"
    MEMBER = "in"
    """`right`, whatever it is, contains `left`."""
    NO_MEMBER = "not in"
    ONE_OF = "one of"
    """`left` is one of the values in the tuple `right`."""
    INSTANCE = "isinstance"
    TYPE = "type is"
    """The class of `left` is exactly `right`, which parts 1 from True."""
    TYPES = "type in"
    SEARCH = "search"
    """The pattern `right` is found in `left`."""
    FULLMATCH = "fullmatch"


class Condition(NamedTuple):
    """An expression that must be true; `parts` say the same one after the other."""

    text: str
    """The whole expression; it may be written over several lines."""
    relation: Relation = Relation.TRUE
    left: str = ""
    right: str = ""
    imports: frozenset[str] = _NO_IMPORTS
    """What the expression needs."""
    parts: tuple[Condition, ...] = ()


def compared(left: str, relation: Relation, right: str, needs: set[str] | None = None) -> Condition:
    """`left relation right` for relations that are signs of the language."""
    return Condition(
        f"{left} {relation} {right}", relation, left, right, frozenset(needs or _NO_IMPORTS)
    )


def equal_constant(subject: str, constant: str) -> Condition:
    """`subject is constant`, for None, True and False."""
    relation = Relation.NOTHING if constant == "None" else Relation.IS
    return Condition(f"{subject} is {constant}", relation, subject, constant)


def something(subject: str) -> Condition:
    """`subject` is anything but None."""
    return Condition(f"{subject} is not None", Relation.SOMETHING, subject)


def has_key(key: str, parent: str, *, absent: bool = False) -> Condition:
    """The object `parent` has the member whose name is the literal `key`, or has it not."""
    if absent:
        return Condition(f"{key} not in {parent}", Relation.NO_KEY, key, parent)
    return Condition(f"{key} in {parent}", Relation.KEY, key, parent)


def has_keys(keys: Sequence[str], parent: str, room: int) -> Condition:
    """The object `parent` has every one of `keys` (literals); at most `room` columns wide."""
    text = f"{{{', '.join(keys)}}} <= {parent}.keys()"
    if columns(text) > room:
        items = "".join(f"    {key},\n" for key in keys)
        text = f"{{\n{items}}} <= {parent}.keys()"
    return Condition(text, parts=tuple(has_key(key, parent) for key in keys))


def only_keys(keys: Sequence[str], subject: str, room: int) -> Condition:
    """The object `subject` has no other members than `keys` (literals)."""
    text = f"{subject}.keys() <= {{{', '.join(keys)}}}"
    if columns(text) > room:
        items = "".join(f"    {key},\n" for key in keys)
        text = f"{subject}.keys() <= {{\n{items}}}"
    return Condition(text)


def member(value: str, container: str, *, absent: bool = False, needs: set[str]) -> Condition:
    """`value in container`, whatever the container is."""
    relation = Relation.NO_MEMBER if absent else Relation.MEMBER
    return Condition(
        f"{value} {relation} {container}", relation, value, container, frozenset(needs)
    )


def one_of(subject: str, values: Sequence[str], room: int) -> Condition:
    """`subject` equals one of `values`; at most `room` columns wide where that is possible."""
    flat = f"({', '.join(values)})"
    text = f"{subject} in {flat}"
    if columns(text) > room:
        items = "".join(f"    {value},\n" for value in values)
        text = f"{subject} in (\n{items})"
    return Condition(text, Relation.ONE_OF, subject, flat)


def any_of(conditions: Sequence[Condition]) -> Condition:
    """One of `conditions` holds."""
    if len(conditions) == 1:
        return conditions[0]
    return Condition(" or ".join(each.text for each in conditions))


def pattern(function: str, expression: str, subject: str, indent: int) -> Condition:
    """`expression` found by `re.search` or `re.fullmatch` (`function`) in `subject`.

    `indent` is where the line with the word `assert` will start.
    """
    literal = raw_string(expression)
    width = WIDTH - indent
    arguments = [literal, subject]
    text = call(f"re.{function}", arguments, indent=0, reserve=len("assert "), width=width)
    if not expression:  # which some libraries refuse
        return Condition(text, imports=frozenset({"re"}))
    return Condition(text, Relation(function), subject, expression, frozenset({"re"}))


def interval(subject: str, low: str | None, high: str | None, signs: tuple[str, str]) -> Condition:
    """`subject` lies between two ends; `signs` are the ends' own: `<` or `<=`."""
    below, above = signs
    parts = []
    if low is not None:
        parts.append(compared(subject, Relation(below.replace("<", ">")), low))
    if high is not None:
        parts.append(compared(subject, Relation(above), high))
    if len(parts) == 1:
        return parts[0]
    return Condition(f"{low} {below} {subject} {above} {high}", parts=tuple(parts))


def room_at(indent: int) -> int:
    """The columns left for an expression behind `assert` on a line that starts at `indent`."""
    return WIDTH - indent - len("assert ")
