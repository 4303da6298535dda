"""Why something is not written, in both languages, with what would help."""

from __future__ import annotations

from pe4king_core.model.message import Message

DAMAGED = Message(
    en="The test has syntax errors. Fix them and try again.",
    ru="В тесте есть синтаксические ошибки. Исправьте их и повторите.",
)
NO_CALL = Message(
    en="The test makes no such request.",
    ru="Такого запроса в тесте нет.",
)
BARE = Message(
    en="The test throws the answer away. Keep it in a variable first.",
    ru="Тест не сохраняет ответ. Сначала сохраните его в переменную.",
)
OPEN_STATUS = Message(
    en="The expected status is not a constant in this test, so it is not known which answer "
    "would be checked.",
    ru="Ожидаемый статус в тесте не константа: неизвестно, какой ответ будет проверяться.",
)
OTHER_STATUS = Message(
    en="The check belongs to an answer with another status than the test expects.",
    ru="Проверка относится к ответу с другим статусом, чем ожидает тест.",
)
CROWDED = Message(
    en="Several statements share a line with the request or its last assertion. Put them on "
    "lines of their own first.",
    ru="На одной строке с запросом или его последней проверкой стоят другие инструкции. "
    "Сначала разнесите их по строкам.",
)
ONLY_BODY = Message(
    en="The test keeps the parsed body only, so status and headers cannot be checked.",
    ru="Тест сохраняет только разобранное тело ответа: статус и заголовки не проверить.",
)
ONLY_PART = Message(
    en="The test keeps only a part of the answer. Keep the response in a variable first.",
    ru="Тест сохраняет только часть ответа. Сначала сохраните ответ в переменную.",
)
ROOT_PATH = Message(
    en="The chain sets a root path, which changes the meaning of paths behind it.",
    ru="В цепочке задан корневой путь, он меняет смысл следующих за ним путей.",
)
FOREIGN_CLIENT = Message(
    en="The HTTP client of this test is not one that we can write assertions for.",
    ru="Для HTTP-клиента этого теста проверки писать не умеем.",
)
SAYS_NOTHING = Message(
    en="Every parsed answer satisfies it.",
    ru="Этому удовлетворяет любой разобранный ответ.",
)
WRITTEN = Message(
    en="The test has exactly this check already.",
    ru="Такая проверка в тесте уже есть.",
)


def unknown_sent(pointer: str) -> Message:
    """The value at `pointer` of what was sent is not visible in the test."""
    return Message(
        en=f"It is not certain that the request body has {pointer}.",
        ru=f"Неизвестно, есть ли в теле запроса {pointer}.",
    )


def name_taken(name: str) -> Message:
    """The import of `name` would collide with something else of that name."""
    return Message(
        en=f"The name {name} already means something else in this file.",
        ru=f"Имя {name} в этом файле уже занято.",
    )


def test_exists(name: str) -> Message:
    """A test of this name stands in the file already."""
    return Message(
        en=f"The file already has a test called {name}.",
        ru=f"В файле уже есть тест {name}.",
    )


def stands_beside(name: str) -> Message:
    """The test beside this one, `name`, makes the same request and has the check."""
    return Message(
        en=f"The check stands in {name}, which makes the same request.",
        ru=f"Эта проверка есть в {name}, где выполняется тот же запрос.",
    )


UNSEEN_TYPE = Message(
    en="It is not seen here that a REST Assured response comes out of this call. Keep it in a "
    "variable of the type Response first.",
    ru="Отсюда не видно, что этот вызов возвращает ответ REST Assured. Сначала сохраните его в "
    "переменную типа Response.",
)
EXPECTS_EXCEPTION = Message(
    en="The test expects an exception, so nothing can be checked behind it.",
    ru="Тест ожидает исключение: после него проверять нечего.",
)

HELPER_KEEPS = Message(
    en="The request is made inside a helper whose result the test does not keep, and it is not "
    "certain that the helper returns the response.",
    ru="Запрос выполняется внутри вспомогательной функции, результат которой тест не сохраняет: "
    "неизвестно, возвращает ли она ответ.",
)
FIXTURE_KEEPS = Message(
    en="The request is made by a fixture or a set-up method, and no variable of the test holds "
    "its answer.",
    ru="Запрос выполняет фикстура или метод подготовки, и в тесте нет переменной с ответом.",
)
CAUGHT = Message(
    en="The test handles exceptions of the block in which the request stands, so a failed check "
    "could go unnoticed.",
    ru="Тест перехватывает исключения блока, в котором стоит запрос: проверка могла бы упасть "
    "незаметно.",
)
LEAVES_EARLY = Message(
    en="Under some condition the test ends or is skipped behind the request, so it is not certain "
    "for which answers a check would be made.",
    ru="При некотором условии тест завершается или пропускается после запроса: неизвестно, для "
    "каких ответов делалась бы проверка.",
)
YIELDS = Message(
    en="The test is a generator: its code does not run when it is called.",
    ru="Тест является генератором: его код не выполняется при вызове.",
)
CHANGED = Message(
    en="The test changes the parsed body before, so it is not what the server sent.",
    ru="Тест сам меняет разобранное тело ответа: это уже не то, что прислал сервер.",
)
STREAMED = Message(
    en="The test reads the answer piece by piece, so it cannot be parsed as a whole.",
    ru="Тест читает ответ по частям, поэтому целиком разобрать его нельзя.",
)
CONVERTED = Message(
    en="The test has only an object made from the answer, which may have converted the value.",
    ru="В тесте есть только объект, созданный из ответа: значение могло быть преобразовано.",
)
NOT_A_MEMBER = Message(
    en="The test has only an object made from the answer, and its class does not show this value.",
    ru="В тесте есть только объект, созданный из ответа, а его класс не показывает это значение.",
)
FILLED_IN = Message(
    en="The test has only an object made from the answer, whose class fills in missing values.",
    ru="В тесте есть только объект, созданный из ответа, а его класс подставляет недостающие "
    "значения.",
)

DOCUMENTED = Message(
    en="The test has documentation already.",
    ru="У теста уже есть описание.",
)
ONE_LINE = Message(
    en="The body of the test stands on one line with its name. Put it on a line of its own first.",
    ru="Тело теста стоит на одной строке с его именем. Сначала перенесите его на новую строку.",
)
