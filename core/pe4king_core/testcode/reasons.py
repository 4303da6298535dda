"""Why something in a test could not be resolved or written, in both languages."""

from __future__ import annotations

from pe4king_core.model.message import Message

HIDDEN_CALL = Message(
    en="The request is made inside a helper that cannot be followed, so its method and path are "
    "not known.",
    ru="Запрос выполняется внутри вспомогательной функции, за которой не удалось проследить: "
    "метод и путь неизвестны.",
)
GIVEN_RESPONSE = Message(
    en="The response comes into the test as a parameter, so its request cannot be seen here.",
    ru="Ответ приходит в тест параметром: запрос отсюда не виден.",
)
LOOP = Message(
    en="The request is sent inside a loop.",
    ru="Запрос выполняется в цикле.",
)
DEFERRED = Message(
    en="The request is sent from a lambda, so it is not known when and how often.",
    ru="Запрос выполняется из лямбды: неизвестно, когда и сколько раз.",
)
RAISES = Message(
    en="The request is expected to raise an exception, so there is no answer to check.",
    ru="Ожидается, что запрос бросит исключение: проверять нечего.",
)
REASSIGNED = Message(
    en="The response variable is assigned again under a condition, so it is not certain "
    "which request it belongs to.",
    ru="Переменная ответа присваивается повторно при условии: неизвестно, к какому запросу "
    "она относится.",
)
UNKNOWN_METHOD = Message(
    en="The HTTP method is computed at run time.",
    ru="HTTP-метод вычисляется во время выполнения.",
)


def unknown_path(name: str) -> Message:
    """The path, or its beginning, is the value of `name`, which is not in this file."""
    if not name:
        return Message(
            en="The path is computed at run time.", ru="Путь вычисляется во время выполнения."
        )
    return Message(
        en=f"The path begins with {name}, whose value cannot be told from the code.",
        ru=f"Путь начинается с {name}, значение которого из кода не видно.",
    )


FOREIGN = Message(
    en="The request is sent with an HTTP client other than REST Assured.",
    ru="Запрос отправляется не через REST Assured, а через другой HTTP-клиент.",
)
ROOTED = Message(
    en="A helper sets a root path for the checks of the answer, so new checks would mean "
    "something else.",
    ru="Вспомогательная функция задаёт корневой путь для проверок ответа: новые проверки "
    "означали бы другое.",
)
