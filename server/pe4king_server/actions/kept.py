"""What support files that are there already do not do for the tests that are new."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pe4king_core.model.operation import SecurityScheme
from pe4king_core.model.security import SchemeKind
from pe4king_core.rendering.format import environment_name

_SAYS = {SchemeKind.BEARER: "Bearer ", SchemeKind.BASIC: "Basic "}
"""What the code of a client that sends such credentials says."""


def unsent(
    ours: str, theirs: str, schemes: Sequence[SecurityScheme], names: Mapping[str, str]
) -> tuple[str, ...]:
    """The variables of credentials that `ours` sends and the file that is kept does not.

    `names` are the user's own for ours. A scheme that only got another name is sent all the same.
    """
    found: dict[str, None] = {}
    for scheme in schemes:
        variable = environment_name(scheme)
        variable = names.get(variable, variable)
        says = _SAYS.get(scheme.kind, scheme.parameter)
        sent = bool(says) and says.lower() in theirs.lower()
        if variable in ours and variable not in theirs and not sent:
            found[variable] = None
    return tuple(found)
