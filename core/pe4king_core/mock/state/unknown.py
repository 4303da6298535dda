"""Ids that nobody has made: which of them exist.

`INVENTED`: any id exists, as if it had always been there, except those that say of themselves that
they are unknown, which is what tests of a 404 send. `REFUSED`: only what was made, what is in a
list, and what the document gives as an example exists.
"""

from __future__ import annotations

import re
from enum import StrEnum

from pe4king_core.generation.variations.unknown import unknown_value
from pe4king_core.mock.state.keys import text_of
from pe4king_core.model.case import Request
from pe4king_core.model.operation import Parameter


class Unknown(StrEnum):
    """What becomes of ids that nobody has made."""

    INVENTED = "invented"
    REFUSED = "refused"


_SAYS_SO = re.compile(
    r"""(unknown|nonexist|non-exist|non_exist|missing|not-found|not_found|notfound
         |no-such|no_such|does-not-exist|doesnotexist).*
        |9{6,}                                      # nothing but nines
        |(?:0{8}-0{4}-0{4}-0{4}-0{12})              # the nil UUID (RFC 9562 section 5.9)
        |(?:f{8}-f{4}-f{4}-f{4}-f{12})              # the max UUID (RFC 9562 section 5.10)
        |[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{8}dead""",
    re.IGNORECASE | re.VERBOSE | re.DOTALL,
)


def reserved_values(parameter: Parameter) -> frozenset[str]:
    """The ids that generated tests take for unknown ones, as texts."""
    found: list[str] = []
    for _ in range(2):
        known = {parameter.name: found[-1] if found else None}
        typed = {name: _typed(value, parameter) for name, value in known.items()}
        value = unknown_value(parameter, Request("GET", "", path_parameters=typed))
        if value is not None:
            found.append(text_of(value))
    return frozenset(found)


def says_unknown(text: str) -> bool:
    """Whether an id says of itself that nothing has it."""
    return _SAYS_SO.fullmatch(text) is not None


def documented_values(parameter: Parameter) -> frozenset[str]:
    """The values that the document gives as examples, or as all there are."""
    schema = parameter.schema
    stated = list(parameter.examples)
    if schema is not None:
        stated += [*schema.examples, *(schema.enum or ())]
        stated += [schema.default] if schema.has_default else []
    return frozenset(text_of(value) for value in stated if isinstance(value, str | int | float))


def _typed(text: str | None, parameter: Parameter) -> str | int | None:
    """An id as the parameter's schema types it."""
    if text is None or parameter.schema is None or not text.isdecimal():
        return text
    return int(text) if "integer" in parameter.schema.types else text
