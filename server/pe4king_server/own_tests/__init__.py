"""The user's own tests as a model for generated ones: their clients, base classes and style.

    recognise(document, context, format, folder)    what generated tests can use of them

Nothing here may break anything: where it is not certain that something of theirs serves, ours
is used, and what came in the way is told.
"""

from __future__ import annotations

from pe4king_server.own_tests.model import NOTHING, Recognised
from pe4king_server.own_tests.recognising import recognise

__all__ = ["NOTHING", "Recognised", "recognise"]
