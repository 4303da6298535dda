"""Places in a JSON value, under which circumstances something is there, and facts about them."""

from __future__ import annotations

from pe4king_core.generation.answers.checks import value_checks
from pe4king_core.model.case import Depth
from pe4king_core.model.fact import AssertionFact, Check, Condition, Presence, body
from pe4king_core.model.json import EACH, join, split
from pe4king_core.model.message import Message
from pe4king_core.model.record import record
from pe4king_core.model.schema import Schema


@record(frozen=True, slots=True)
class Where:
    """A place in a value.

    `level` counts the fields on the way and `tokens` all steps.
    """

    pointer: str = ""
    presence: Presence = Presence.REQUIRED
    guards: tuple[str, ...] = ()
    conditions: tuple[Condition, ...] = ()
    level: int = 0
    tokens: int = 0

    def entered(self, *, nullable: bool) -> Where:
        """The same place for what lies inside, where it is there and not null."""
        guards = self.guards
        if nullable or self.presence is Presence.IF_PRESENT:
            guards = (*guards, self.pointer)
        return Where(
            self.pointer, Presence.REQUIRED, guards, self.conditions, self.level, self.tokens
        )

    def under(self, condition: Condition) -> Where:
        """The same place in bodies for which `condition` holds."""
        conditions = (*self.conditions, condition)
        return Where(self.pointer, self.presence, self.guards, conditions, self.level, self.tokens)

    def item(self) -> Where:
        """Each item of the array that was entered."""
        pointer = f"{self.pointer}/{EACH}"
        return Where(
            pointer, Presence.REQUIRED, self.guards, self.conditions, self.level, self.tokens + 1
        )

    def member(self, name: str, *, required: bool) -> Where:
        """The member `name` of the object that was entered."""
        presence = Presence.REQUIRED if required else Presence.IF_PRESENT
        pointer = join(self.pointer, name)
        return Where(
            pointer, presence, self.guards, self.conditions, self.level + 1, self.tokens + 1
        )

    def fact(
        self, schema: Schema, check: Check | None, reason: Message, *, nullable: bool = False
    ) -> AssertionFact:
        """That `check` holds of the value here, which `schema` says."""
        return AssertionFact(
            "",
            body(self.pointer),
            check,
            self.presence,
            nullable,
            self.guards,
            self.conditions,
            source=schema.pointer,
            reason=reason,
        )


def own_facts(schema: Schema, where: Where, depth: Depth, *, nullable: bool) -> list[AssertionFact]:
    """What is said of the value at `where` as a whole; at least that it must be there."""
    facts = [
        where.fact(schema, check, reason, nullable=nullable)
        for check, reason in value_checks(schema, depth, top=where.pointer == "")
    ]
    is_member = where.pointer != "" and not where.pointer.endswith(f"/{EACH}")
    if not facts and is_member and where.presence is Presence.REQUIRED:
        name = split(where.pointer)[-1]
        reason = Message(en=f"{name} is required", ru=f"поле {name} обязательно")
        facts.append(where.fact(schema, None, reason))
    return facts
