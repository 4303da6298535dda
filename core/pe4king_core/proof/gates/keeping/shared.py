"""Files without tests that tests share: fixtures, helpers, base classes.

Who uses them is not seen here, so each function must keep its own checks by their spelling.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from pe4king_core.model.message import Message
from pe4king_core.proof.gates.keeping import reasons
from pe4king_core.proof.gates.keeping.arguments import parameters
from pe4king_core.proof.gates.keeping.definitions import Definition, Definitions
from pe4king_core.proof.gates.keeping.tracing import Tracer, trace

_HOOK = "pytest_"


def lost_in_shared(old: Definitions, new: Definitions) -> Iterator[Message]:
    """What functions of `old` check and those of `new` do not, where `old` has no tests."""
    if old.tests():
        return
    for name in new.functions:
        if name.startswith(_HOOK) and name not in old.functions:
            yield reasons.redefined(name)
    after = {(each.owner, each.name): each for each in _all(new)}
    for each in _all(old):
        other = after.get((each.owner, each.name))
        if other is None:
            if _traced(old, each).sites:
                yield reasons.gone(each.name)
        elif old.source.of(each.whole) != new.source.of(other.whole):
            yield from _lost(each.name, _traced(old, each), _traced(new, other))


def _all(defined: Definitions) -> list[Definition]:
    return [each for listed in defined.functions.values() for each in listed]


def _lost(name: str, old: Tracer, new: Tracer) -> Iterator[Message]:
    for stop in Counter(new.stops) - Counter(old.stops):
        yield reasons.switched_off(name, stop)
    offered = [(site.text, frozenset(site.under)) for site in new.sites]
    for site in old.sites:
        under = frozenset(site.under)
        if not any(text == site.text and other <= under for text, other in offered):
            yield reasons.check_lost(name, site.span.of(old.defined.source.text) or site.text)


def _traced(defined: Definitions, each: Definition) -> Tracer:
    """The checks of a function; its parameters are told by their places."""
    names = [] if defined.is_fixture(each) else parameters(defined, each)
    given = {name: f"given[{at}]" for at, name in enumerate(names)}
    return trace(defined, each, given)
