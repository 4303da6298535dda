"""Decorators of tests: Allure labels and pytest markers, those of all tests once for the file."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache

from pe4king_core.model.case import EXISTING_DATA, TestCase, TestStyle
from pe4king_core.model.fact import Basis, CaseKind
from pe4king_core.rendering.python.text import WIDTH, columns, string

BEHAVIOUR = "behaviour"
MARKERS = {
    BEHAVIOUR: "rests on how services work, not on the document alone",
    "edge": "a valid request at the limit of what is allowed",
    "negative": "an invalid request, which must be refused",
}
"""The kinds of tests that can be selected, with what they mean."""
NEEDS_DATA = "needs_existing_data"
_SKIPPED = (
    "pytest.mark.skipif(",
    '    "API_EXISTING_DATA" not in os.environ,',
    '    reason="put in data that exist, then set API_EXISTING_DATA=1",',
    ")",
)
NEEDS_DATA_CODE = "\n".join((f"{NEEDS_DATA} = {_SKIPPED[0]}", *_SKIPPED[1:]))
"""What skips tests of data that they cannot make, once for a file."""


@dataclass(slots=True)
class Labels:
    """The decorators of the tests of one file."""

    style: TestStyle
    shared: tuple[str, ...] = ()
    """Labels of every test, such as `allure.feature("books")`."""
    width: int = WIDTH
    alone: bool = False
    """Whether the test has no file of ours around it."""
    _own: dict[int, list[str]] = field(default_factory=dict)
    _stories: dict[str, str] = field(default_factory=dict)

    @property
    def code(self) -> str:
        """The statement that gives all tests of the file their shared labels; "" without any."""
        if not self.shared:
            return ""
        if len(self.shared) == 1:
            return _label("pytestmark = ", self.shared[0], WIDTH)
        flat = f"pytestmark = [{', '.join(self.shared)}]"
        if columns(flat) <= WIDTH:
            return flat
        listed = [_label("", label, WIDTH - 5).replace("\n", "\n    ") for label in self.shared]
        return "pytestmark = [\n" + "".join(f"    {label},\n" for label in listed) + "]"

    def of(self, case: TestCase) -> list[str]:
        """The decorators of one test."""
        lines = self._allure(case) if self.style.allure else []
        if self.style.markers:
            lines += _marked(case.kind, case.basis)
        if case.law == EXISTING_DATA:
            lines += [f"@{_SKIPPED[0]}", *_SKIPPED[1:]] if self.alone else [f"@{NEEDS_DATA}"]
        return lines

    def _allure(self, case: TestCase) -> list[str]:
        own = self._own.get(id(case.labels))
        if own is None:
            labels = constant_labels(case)
            own = [f"@{label}" for label in labels if label not in self.shared]
            self._own[id(case.labels)] = own
        key = case.operation.key
        story = self._stories.get(key)
        if story is None:
            story = self._stories[key] = self._decorator("allure.story", key)
        return [*own, story, self._decorator("allure.title", case.title.en)]

    def _decorator(self, name: str, text: str) -> str:
        flat = f"@{name}({string(text)})"
        return flat if columns(flat) <= self.width else f"@{name}(\n    {string(text)}\n)"


def _label(start: str, label: str, width: int) -> str:
    if columns(start + label) <= width:
        return start + label
    function, _, arguments = label.partition("(")
    return f"{start}{function}(\n    {arguments[:-1]}\n)"


def shared_labels(cases: Sequence[TestCase]) -> tuple[str, ...]:
    """The labels that all `cases` carry."""
    if not cases:
        return ()
    kinds = {id(case.labels): case for case in cases}
    first, *others = [constant_labels(case) for case in kinds.values()]
    return tuple(label for label in first if all(label in other for other in others))


def constant_labels(case: TestCase) -> list[str]:
    """The Allure labels of `case` that do not depend on its operation."""
    labels = case.labels
    found = [f"allure.feature({string(labels.feature)})"] if labels.feature else []
    if labels.severity:
        found.append(f"allure.severity({string(labels.severity)})")
    if labels.owner:
        found.append(f'allure.label("owner", {string(labels.owner)})')
    return found


def markers_of(case: TestCase) -> list[str]:
    """The names in `MARKERS` that `case` has."""
    return _markers(case.kind, case.basis)


def _markers(kind: CaseKind, basis: Basis) -> list[str]:
    kinds = [] if kind is CaseKind.POSITIVE else [kind.value]
    return sorted([*kinds, *([BEHAVIOUR] if basis is Basis.LAW else [])])


@cache
def _marked(kind: CaseKind, basis: Basis) -> tuple[str, ...]:
    return tuple(f"@pytest.mark.{name}" for name in _markers(kind, basis))


def imports_of(style: TestStyle, cases: Iterable[TestCase]) -> frozenset[str]:
    """The modules that decorators of `cases` need."""
    known = list(cases)
    marked = style.markers and any(markers_of(case) for case in known)
    skips = needs_data(known)
    return frozenset(
        (*(["allure"] * style.allure), *(["pytest"] * (marked or skips)), *(["os"] * skips))
    )


def needs_data(cases: Iterable[TestCase]) -> bool:
    """Whether a test of `cases` is about something that it cannot make."""
    return any(case.law == EXISTING_DATA for case in cases)
