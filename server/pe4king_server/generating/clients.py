"""Which cases the user's own clients can send."""

from __future__ import annotations

from pe4king_core.model.case import OwnTests, TestCase
from pe4king_core.model.fact import Credentials


def is_served(case: TestCase, own: OwnTests) -> bool:
    """Whether a client of the user's, or one of ours, sends what `case` needs."""
    if not own.client and not own.base_class:
        return True
    match case.request.credentials:
        case Credentials.NONE:
            return bool(own.anonymous_client) or not case.operation.security
        case Credentials.WRONG:
            return bool(own.wrong_client)
        case Credentials.OTHER:
            return False
    return True
