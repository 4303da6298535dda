"""What a test is about, told without a model: what it calls, checks, covers and leaves out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from pe4king_core.improvement.depth import oracle_depth
from pe4king_core.improvement.expectation import expectation
from pe4king_core.improvement.missing import is_judged, missing_facts
from pe4king_core.improvement.ranking import ranked
from pe4king_core.improvement.scenarios import Scenario, Understood, scenarios
from pe4king_core.improvement.wording import check_words, source_words, subject_words
from pe4king_core.model.case import Depth
from pe4king_core.model.fact import AssertionFact, Presence
from pe4king_core.model.message import Message
from pe4king_core.model.operation import Operation
from pe4king_core.model.proposal import Explanation
from pe4king_core.model.source import TestAssertion, TestCall, TestFunction

_SHOWN = 12
_NAMED = 3

_TEXTS: Mapping[str, tuple[str, str]] = {
    "calls": ("Calls", "Вызовы"),
    "before": ("before the test", "до теста"),
    "via": ("through", "через"),
    "sends": ("sends", "отправляет"),
    "checks": ("Checks", "Проверки"),
    "scenarios": ("Scenarios", "Сценарии"),
    "this": ("this test", "этот тест"),
    "nobody": ("no test in this file", "в этом файле теста нет"),
    "missing": ("Not checked yet", "Пока не проверяется"),
    "nothing": ("nothing", "ничего"),
    "unknown": ("not in the document", "нет в документе"),
    "all": ("Everything the document promises is checked.", "Проверено всё, что обещает документ."),
    "untold": ("Cannot be told", "Нельзя сказать"),
    "more": ("and {} more", "и ещё {}"),
    "depth": ("Depth", "Глубина"),
    "other": ("a check we cannot read", "проверка, которую не удалось разобрать"),
    "absent": ("is absent", "отсутствует"),
    "setup": (
        "Its requests are made before it, and it does not keep their answers.",
        "Запросы выполняются до теста, и их ответы он не сохраняет.",
    ),
    "optional": ("if present", "если есть"),
    "body": ("body", "тело"),
    "answer": ("of", "ответа"),
}
_DEPTHS: Mapping[Depth, tuple[str, str]] = {
    Depth.L0_NONE: ("nothing is checked", "ничего не проверяется"),
    Depth.L1_STATUS: ("the status only", "только статус"),
    Depth.L2_BODY: ("the status and that there is a body", "статус и наличие тела"),
    Depth.L3_FIELDS: ("fields at the top of the answer", "поля верхнего уровня"),
    Depth.L4_NESTED: ("nested fields", "вложенные поля"),
    Depth.L5_TYPES: ("types, formats and bounds", "типы, форматы и границы"),
    Depth.L6_RULES: ("business rules", "бизнес-правила"),
}
NO_CALL = Message("no HTTP call is visible in the test", "в тесте не видно HTTP-вызова")


def explain_test(
    test: TestFunction,
    operations: Mapping[str, Operation],
    source: str,
    others: Sequence[Understood] = (),
    problems: Mapping[str, Message] | None = None,
    notes: Sequence[Message] = (),
) -> Explanation:
    """What `test`, a part of `source`, calls and checks, how deep, and what it leaves out.

    `operations` maps the ids of its calls to the operations they mean; `problems` says why a call
    has none, `notes` what else is to know of them. `others` are the file's other tests, for the
    scenarios that they cover.
    """
    told = _Told(test, operations, source, tuple(others), problems or {}, tuple(notes))
    return Explanation(
        title=Message(en=f"What {test.name} checks", ru=f"Что проверяет {test.name}"),
        markdown=Message(en=told.markdown("en"), ru=told.markdown("ru")),
        comment=Message(en=told.comment("en"), ru=told.comment("ru")),
    )


def _text(key: str, language: str) -> str:
    return _TEXTS[key][language == "ru"]


@dataclass(frozen=True, slots=True)
class _Told:
    """One test with everything that its explanation rests on."""

    test: TestFunction
    operations: Mapping[str, Operation]
    source: str
    others: tuple[Understood, ...]
    problems: Mapping[str, Message]
    notes: tuple[Message, ...]

    def markdown(self, language: str) -> str:
        """The explanation as a document."""
        depth = oracle_depth(self.test)
        level = f"{depth.name.split('_')[0]}, {_DEPTHS[depth][language == 'ru']}"
        lines = [f"# `{self.test.qualified_name}`", ""]
        for key, content in (
            ("calls", self._calls(language)),
            ("checks", self._checks(language)),
            ("scenarios", self._scenarios(language)),
            ("missing", self._missing(language)),
        ):
            if content:
                lines += [f"## {_text(key, language)}", "", *content, ""]
        return "\n".join((*lines, f"{_text('depth', language)}: {level}", ""))

    def _calls(self, language: str) -> list[str]:
        lines: list[str] = []
        for call in self.test.calls:
            operation = self.operations.get(call.id)
            if operation is not None:
                known = operation.summary or operation.operation_id or operation.key
            else:
                known = self._problem(call).text(language)
            aside = [_text("before", language)] if call.setup else []
            if call.via:
                aside.append(f"{_text('via', language)} `{' → '.join(call.via)}`")
            sent = ", ".join(_sent(call, language))
            if sent:
                aside.append(f"{_text('sends', language)} {sent}")
            shown = f"`{call.method or '?'} {call.path or '?'}`"
            mark = f"{len(lines) + 1}." if len(self.test.calls) > 1 else "-"
            lines.append(f"{mark} {shown}: {known}{' (' + '; '.join(aside) + ')' if aside else ''}")
        lines = lines or [f"- {NO_CALL.text(language)}"]
        return [*lines, *(f"\n{note.text(language)}" for note in self.notes)]

    def _problem(self, call: TestCall) -> Message:
        """Why nothing is known of what a call means."""
        known = call.unresolved or self.problems.get(call.id)
        return known or Message(*_TEXTS["unknown"])

    def _checks(self, language: str) -> list[str]:
        """One line a subject with all that is asked of it; what we cannot read stands last."""
        asked: dict[str, list[str]] = {}
        unread: list[str] = []
        for item in self.test.assertions:
            if item.subject is None:
                unread.append(f"{_text('other', language)}: `{_one_line(item.text)}`")
                continue
            asked.setdefault(self._subject(item, language), []).append(_words(item, language))
        lines = [f"- **{name}**: {', '.join(dict.fromkeys(w))}" for name, w in asked.items()]
        lines += [f"- {line}" for line in dict.fromkeys(unread)]
        return lines or [f"- {_text('nothing', language)}"]

    def _subject(self, item: TestAssertion, language: str) -> str:
        """What is checked, with the call where several are."""
        assert item.subject is not None  # noqa: S101 - asked by the caller
        checked = {each.call for each in self.test.assertions if each.call}
        words = subject_words(item.subject).text(language)
        return f"{words}{self._of(item.call, language)}" if len(checked) > 1 else words

    def _of(self, call_id: str | None, language: str) -> str:
        """` of 2. POST /books`: which call's answer is meant, by its place in the list."""
        for number, call in enumerate(self.test.calls, 1):
            if call.id == call_id:
                named = f" {call.method} {call.path}" if call.path else ""
                return f" {_text('answer', language)} {number}.{named}"
        return ""

    def _scenarios(self, language: str) -> list[str]:
        own = [
            self.operations[call.id]
            for call in self.test.calls
            if call.id in self.operations and not call.setup
        ]
        everybody = ((self.test, self.operations), *self.others)
        return [
            f"- `{each.operation.key}` {self._scenario(each, language)}"
            for each in scenarios(own, everybody, self.source)
        ]

    def _scenario(self, scenario: Scenario, language: str) -> str:
        others = [f"`{name}`" for name in scenario.tests if name != self.test.name]
        shown = [_text("this", language)] if self.test.name in scenario.tests else []
        shown += others[:_NAMED]
        if len(others) > _NAMED:
            shown.append(_text("more", language).format(len(others) - _NAMED))
        words = f" {_one_line(scenario.description)}".rstrip()
        return f"{scenario.status}{words}: {', '.join(shown) or _text('nobody', language)}"

    def _missing(self, language: str) -> list[str]:
        unknown = [f"- {_text('untold', language)}: {m.text(language)}" for m in self._untold()]
        missing = ranked(self._facts())
        if not missing:
            return unknown or [_text("all" if self._judged() else "setup", language)]
        grouped: dict[str, list[AssertionFact]] = {}
        for fact in missing:
            grouped.setdefault(f"{fact.call} {fact.subject}", []).append(fact)
        shown = list(grouped.values())[:_SHOWN]
        several = len({fact.call for fact in missing}) > 1
        lines = unknown + [
            _missing_line(facts, self._of(facts[0].call, language) if several else "", language)
            for facts in shown
        ]
        rest = len(missing) - sum(map(len, shown))
        return [*lines, f"- {_text('more', language).format(rest)}"] if rest else lines

    def _judged(self) -> list[TestCall]:
        """The calls whose answers the test is about."""
        return [call for call in self.test.calls if is_judged(self.test, call)]

    def _facts(self) -> Iterator[AssertionFact]:
        for call in self._judged():
            if call.id in self.operations:
                operation = self.operations[call.id]
                yield from missing_facts(self.test, call, operation, self.source)

    def _untold(self) -> tuple[Message, ...]:
        """Why it cannot be told for some calls what is missing."""
        found = []
        for call in self._judged():
            operation = self.operations.get(call.id)
            if operation is None:
                found.append(self._problem(call))
                continue
            problem = call.unsure or expectation(self.test, call, operation, self.source).problem
            if problem is not None:
                found.append(problem)
        return tuple(dict.fromkeys(found)) if self.test.calls else (NO_CALL,)

    def comment(self, language: str) -> str:
        """Two or three plain sentences for a docstring or Javadoc."""
        made = [call for call in self.test.calls if not call.setup]
        calls = [f"{call.method} {call.path}" for call in made if call.method and call.path]
        subjects = list(
            dict.fromkeys(
                subject_words(item.subject).text(language)
                for item in self.test.assertions
                if item.subject is not None
            )
        )
        known = [
            self.operations[call.id].summary.rstrip(".")
            for call in made
            if call.id in self.operations and self.operations[call.id].summary
        ]
        first = known[-1] if known else self.test.name.replace("_", " ").strip()
        listed = ", ".join(subjects[:6]) or _text("nothing", language)
        named = ", ".join(dict.fromkeys(calls)) or _text("nothing", language)
        if language == "ru":
            return f"{first}. Вызывает {named}. Проверяет: {listed}."
        return f"{first}. Calls {named}. Checks {listed}."


def _sent(call: TestCall, language: str) -> Iterator[str]:
    """What a call sends, in short: `query limit`, `json title, price`."""
    parts = call.parts
    for word, names in (
        ("query", parts.query),
        ("headers", parts.headers),
        ("cookies", parts.cookies),
        ("form", parts.form),
    ):
        if names:
            yield f"{word} {', '.join(names)}"
    if parts.body.value not in ("none", "form"):
        shown = ", ".join(parts.body_names)
        yield f"{parts.body} {shown or _text('body', language)}"


def _words(item: TestAssertion, language: str) -> str:
    """What an assertion asks for, with whether it lets its subject be absent."""
    if item.presence is Presence.ABSENT:
        return _text("absent", language)
    words = check_words(item.check).text(language)
    return f"{words} ({_text('optional', language)})" if item.conditional else words


def _missing_line(facts: Sequence[AssertionFact], call: str, language: str) -> str:
    """All that is missing of one subject, and where the document says so."""
    name = f"{subject_words(facts[0].subject).text(language)}{call}"
    asked = ", ".join(dict.fromkeys(check_words(fact.check).text(language) for fact in facts))
    optional = all(fact.presence is Presence.IF_PRESENT for fact in facts)
    aside = f" ({_text('optional', language)})" if optional else ""
    place = source_words(facts[0].source)
    return f"- **{name}**: {asked}{aside}{f' — `{place}`' if place else ''}"


def _one_line(text: str) -> str:
    return " ".join(text.split()).replace("`", "'")
