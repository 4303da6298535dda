"""The words of the proof's page."""

from __future__ import annotations

from types import MappingProxyType

from pe4king_core.mock.mutant import MutantKind
from pe4king_core.model.message import Message
from pe4king_core.proof.report import CellState

TITLES = MappingProxyType(
    {
        MutantKind.CONTRACT: Message("Contract mutants killed", "Убито мутантов контракта"),
        MutantKind.LAW: Message("Law mutants killed", "Убито мутантов законов"),
    }
)
STATE_NOTES = MappingProxyType(
    {
        CellState.KILLED: Message(
            "an assertion failed: the test noticed", "проверка провалилась: тест заметил"
        ),
        CellState.SURVIVED: Message(
            "the fault was in the answer, the test passed", "ошибка была в ответе, тест прошёл"
        ),
        CellState.CRASHED: Message(
            "the test itself broke; no kill", "сломался сам тест; не считается"
        ),
        CellState.FIXTURE_ERROR: Message(
            "set-up or clean-up broke; no kill", "сломалась подготовка или уборка; не считается"
        ),
        CellState.TIMEOUT: Message("no end in time; no kill", "не закончился; не считается"),
        CellState.NOT_REACHED: Message(
            "the fault never showed in an answer", "ошибка не попала в ответы"
        ),
    }
)
WORDS = MappingProxyType(
    {
        "totals": Message("Totals", "Итоги"),
        "tests": Message("Tests", "Тесты"),
        "test": Message("Test", "Тест"),
        "of_reached": Message("of those reached", "из задетых"),
        "unreached": Message("not reached", "не задето"),
        "survivors": Message("Survivors", "Выжившие"),
        "curable": Message("with a check that would kill them", "с проверкой, которая убила бы"),
        "map": Message("Tests and mutants", "Тесты и мутанты"),
        "columns": Message("Columns", "Столбцы"),
        "by_operation": Message("by operation", "по операциям"),
        "by_mutant": Message("every mutant", "каждый мутант"),
        "zoom": Message("Zoom", "Масштаб"),
        "smaller": Message("smaller", "мельче"),
        "larger": Message("larger", "крупнее"),
        "only_survivors": Message("only survivors", "только выжившие"),
        "find": Message("find tests", "найти тесты"),
        "map_label": Message(
            "Heat map of tests and mutants; arrow keys move, the text below tells",
            "Тепловая карта тестов и мутантов; стрелки двигают, текст ниже поясняет",
        ),
        "hint": Message(
            "Point at a cell, or move with the arrow keys. A click on an operation shows its "
            "mutants.",
            "Наведите на ячейку или двигайтесь стрелками. Щелчок по операции покажет её мутантов.",
        ),
        "no_script": Message(
            "The map is drawn by a script; all figures and lists are below.",
            "Карту рисует скрипт; все цифры и списки ниже.",
        ),
        "any": Message("any test", "хоть один тест"),
        "killed": Message("killed", "убито"),
        "untried": Message("not tried", "не опробован"),
        "operations": Message("Operations", "Операции"),
        "operation": Message("Operation", "Операция"),
        "survivors_note": Message(
            "Faults that reached a test and that no test noticed, with the check that would.",
            "Ошибки, которые дошли до тестов и остались незамеченными, и нужная проверка.",
        ),
        "accidents": Message("Noticed by accident", "Замечены случайно"),
        "of_accidents": Message("noticed by accident", "замечены случайно"),
        "accidents_note": Message(
            "Faults that a test broke on though none of its checks failed: a crash, a fixture "
            "error or a timeout.",
            "Ошибки, на которых тест сломался, хотя ни одна его проверка не провалилась: сбой, "
            "ошибка фикстуры или тайм-аут.",
        ),
        "idle": Message("Tests that notice nothing", "Тесты, которые ничего не замечают"),
        "fault": Message("Fault of the server", "Ошибка сервера"),
        "cure": Message("Check that would kill it", "Проверка, которая убила бы"),
        "verdict": Message("Verdict", "Вердикт"),
        "milliseconds": Message("ms a run", "мс на запуск"),
        "remarks": Message("How it was run", "Как запускалось"),
    }
)
