"""What is known of one test before it runs: its text as read, and what its calls mean."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from pe4king_core.improvement.matching import match_call
from pe4king_core.improvement.missing import is_judged
from pe4king_core.model.operation import Operation
from pe4king_core.model.source import TestCall, TestFunction
from pe4king_core.proof.proving.addresses import cuts, openings
from pe4king_core.proof.proving.job import Api, TestSource
from pe4king_core.proof.running import TestItem


@dataclass(frozen=True, slots=True)
class Understood:
    """One test. `given` is the test as it was before a proposal; None: it, or all of it, is new.

    `is_generated`: it has to pass for every answer that the document allows. `operations` go by
    call, each with the number of its document.
    """

    test: TestFunction | None = None
    given: TestFunction | None = None
    is_generated: bool = False
    source: str = ""
    operations: Mapping[str, tuple[int, Operation]] = field(default_factory=dict)
    given_operations: Mapping[str, tuple[int, Operation]] = field(default_factory=dict)

    @property
    def about(self) -> frozenset[tuple[int, str]]:
        """The operations whose answers the test asserts on."""
        if self.test is None:
            return frozenset()
        asserted = {each.call for each in self.test.assertions}
        return frozenset(
            (api, operation.key)
            for call, (api, operation) in self.operations.items()
            if call in asserted
        )

    @property
    def prepared(self) -> frozenset[tuple[int, str]]:
        """The operations that it calls only to set up or clean up, so it is not about them."""
        if self.test is None:
            return frozenset()
        judged, called = set[tuple[int, str]](), set[tuple[int, str]]()
        for call in self.test.calls:
            if call.id in self.operations:
                api, operation = self.operations[call.id]
                called.add((api, operation.key))
                if is_judged(self.test, call):
                    judged.add((api, operation.key))
        return frozenset(called - judged)

    def only_prepares(self, operation: tuple[int, str]) -> bool:
        """Whether it calls `operation` to set up or clean up; of ours no other call is hidden."""
        if operation in self.prepared:
            return True
        known = {(api, each.key) for api, each in self.operations.values()}
        return self.is_generated and bool(known) and operation not in known


def understood(item: TestItem, sources: Sequence[TestSource], apis: Sequence[Api]) -> Understood:
    """What is known of `item`; little where its file was not given, or it is made at run time."""
    source = next((each for each in sources if each.path == item.file), None)
    if source is None:
        return Understood()
    test = source.file.test_named(item.name)
    given = test if source.before is None else source.before.test_named(item.name)
    is_new = source.before is not None and given is None
    is_generated = is_new or item.name in source.generated
    given = None if is_generated else given
    return Understood(
        test,
        given,
        is_generated,
        source.file.text,
        _operations(test, source, apis) if test is not None else {},
        # The calls of the old text have places and ids of their own.
        _operations(given, source if given is test else None, apis) if given is not None else {},
    )


def _operations(
    test: TestFunction, source: TestSource | None, apis: Sequence[Api]
) -> dict[str, tuple[int, Operation]]:
    found: dict[str, tuple[int, Operation]] = {}
    for call in test.calls:
        known = source.operations.get((test.qualified_name, call.id)) if source else None
        meant = _named(known, apis) if known is not None else _matched(call, apis)
        if meant is not None:
            found[call.id] = meant
    return found


def _named(operation: Operation, apis: Sequence[Api]) -> tuple[int, Operation] | None:
    for number, api in enumerate(apis):
        if api.document.operation(operation.key) is operation:
            return number, operation
    return None


def _matched(call: TestCall, apis: Sequence[Api]) -> tuple[int, Operation] | None:
    """As the server understands the request: by the end of its path where need be."""
    found = list(_fitting(call, apis))
    if found:
        return found[0]
    path, mark, rest = call.path.partition("?")
    for _, end in cuts(path, openings(api.document for api in apis)):
        found = list(_fitting(replace(call, path=end + mark + rest), apis))
        if found:
            return found[0] if len(found) == 1 else None
    return None


def _fitting(call: TestCall, apis: Sequence[Api]) -> Iterator[tuple[int, Operation]]:
    for number, api in enumerate(apis):
        operation = match_call(call, api.document).operation
        if operation is not None:
            yield number, operation
