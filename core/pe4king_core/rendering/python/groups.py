"""Groups of facts in Python: a function for each that is used twice, else its facts in place."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from pe4king_core.model.case import FactGroup, PlacedGroup, TestCase
from pe4king_core.model.fact import AssertionFact
from pe4king_core.model.grouping import placed_fact, placed_inside
from pe4king_core.rendering.python.assertions import PythonCode, PythonNames, render_python
from pe4king_core.rendering.python.text import definition, docstring, identifier, short_identifier

_WORTH = 2
"""A group of so many facts is as short as the call of a function."""
_LONGEST = 40
NameOf = Callable[[FactGroup], str]


@dataclass(frozen=True, slots=True)
class Function:
    """A function of the file that tests share."""

    name: str
    code: str


@dataclass(slots=True)
class GroupFunctions:
    """The functions for the groups of one file, and what they use."""

    names: dict[str, str] = field(default_factory=dict)
    """By a group's key; groups that are written in place are not here."""
    functions: list[Function] = field(default_factory=list)
    imports: set[str] = field(default_factory=set)
    formats: set[str] = field(default_factory=set)

    def name_of(self, group: FactGroup) -> str:
        """The function that asserts `group`; "" where its facts are written in place."""
        return self.names.get(group.key, "")


def group_functions(cases: Iterable[TestCase], taken: set[str]) -> GroupFunctions:
    """Functions for the groups that `cases` place twice or more; their names join `taken`."""
    counted = _Counted()
    for each in {id(case.groups): case.groups for case in cases if case.groups}.values():
        for placed in each:
            counted.add(placed.group)
    made = GroupFunctions()
    by_name: dict[str, list[FactGroup]] = {}
    for key, group in counted.groups.items():
        if counted.uses[key] > 1 and group.size > _WORTH:
            by_name.setdefault(group.name, []).append(group)
    for name, groups in by_name.items():
        _name(name, groups, made, taken)
    written: set[str] = set()
    for group in counted.groups.values():
        name = made.name_of(group)
        if name and name not in written:
            written.add(name)
            _write(group, name, made, taken)
    return made


@dataclass(slots=True)
class _Counted:
    groups: dict[str, FactGroup] = field(default_factory=dict)
    uses: dict[str, int] = field(default_factory=dict)

    def add(self, group: FactGroup) -> None:
        """One more place of `group`; inner groups are counted with its first."""
        self.uses[group.key] = self.uses.get(group.key, 0) + 1
        if self.uses[group.key] == 1:
            for inner in group.groups:
                self.add(inner.group)
            self.groups[group.key] = group


def _name(name: str, groups: list[FactGroup], made: GroupFunctions, taken: set[str]) -> None:
    """Names for the groups of the schemas called `name`: the deepest has the plain one."""
    different: list[FactGroup] = []
    for group in sorted(groups, key=lambda each: -each.size):
        same = next((other for other in different if _is_same(group, other)), None)
        if same is not None:
            made.names[group.key] = made.names[same.key]
            continue
        short = different and group.size < different[0].size
        wanted = f"assert_{short_identifier(name, _LONGEST)}{'_briefly' if short else ''}"
        different.append(group)
        made.names[group.key] = identifier(wanted, taken)
        taken.add(made.names[group.key])


def _is_same(group: FactGroup, other: FactGroup) -> bool:
    return group.facts == other.facts and group.groups == other.groups


def _write(group: FactGroup, name: str, made: GroupFunctions, taken: set[str]) -> None:
    parameter = identifier(short_identifier(group.name, _LONGEST // 2), taken)
    names = PythonNames(body=parameter, taken=taken, own_file=True, types_first=True)
    root = PlacedGroup("", group)
    code = render_groups((root,), names, made.name_of, opening=root)
    shown = group.name if group.name.isprintable() else name
    lines = [
        definition(name, [parameter]),
        f"    {docstring(f'What the document promises of every {shown}.')}",
        *(f"    {line}" if line else "" for line in code.lines),
    ]
    made.functions.append(Function(name, "\n".join(lines)))
    made.imports |= code.imports
    made.formats |= code.formats


def render_groups(
    groups: Iterable[PlacedGroup],
    names: PythonNames,
    name_of: NameOf,
    *,
    facts: Iterable[AssertionFact] = (),
    opening: PlacedGroup | None = None,
) -> PythonCode:
    """Assertions for `facts` and `groups`; the group `opening` is written in place for sure."""
    stated = list(facts)
    helped: list[tuple[PlacedGroup, str]] = []
    for placed in groups:
        _open(placed, name_of, stated, helped, forced=placed is opening)
    return render_python(stated, names, helped)


def _open(
    placed: PlacedGroup,
    name_of: NameOf,
    facts: list[AssertionFact],
    helped: list[tuple[PlacedGroup, str]],
    *,
    forced: bool = False,
) -> None:
    name = "" if forced else name_of(placed.group)
    if name:
        helped.append((placed, name))
        return
    facts += (placed_fact(fact, placed) for fact in placed.group.facts)
    for inner in placed.group.groups:
        _open(placed_inside(inner, placed), name_of, facts, helped)
