"""What is said about every problem, its error class, and whether asking again can help.

The texts may name `{where}` (the endpoint's origin) and `{model}`; nothing else of a call ever
enters them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pe4king_adapter.errors import (
    AuthenticationError,
    InvalidResponseError,
    LlmConnectionError,
    LlmError,
    LlmTimeoutError,
    QuotaExceededError,
    RateLimitError,
)
from pe4king_adapter.problem_codes import Problem
from pe4king_core.model.message import Message


@dataclass(frozen=True, slots=True)
class Description:
    """One problem, as the user is told about it."""

    error: type[LlmError]
    retryable: bool
    message: Message
    next_step: Message


_CHECK_ENDPOINT = Message(
    "Check the endpoint in the settings.", "Проверьте адрес провайдера модели в настройках."
)
_LATER = Message(
    "Try again later, or choose another provider.",
    "Повторите позже или выберите другого провайдера.",
)
_ENTER_KEY = Message(
    "Enter a valid key for this provider.", "Введите действующий ключ этого провайдера."
)
_OTHER_MODEL = Message(
    "Try again, or choose another model.", "Повторите запрос или выберите другую модель."
)

DESCRIPTIONS: Mapping[Problem, Description] = {
    Problem.REFUSED: Description(
        LlmConnectionError,
        True,
        Message("Nothing answers at {where}.", "По адресу {where} никто не отвечает."),
        Message(
            "Start the model server, or correct the endpoint in the settings.",
            "Запустите сервер модели или исправьте адрес в настройках.",
        ),
    ),
    Problem.NO_HOST: Description(
        LlmConnectionError,
        True,
        Message("The host of {where} cannot be found.", "Не удалось найти хост {where}."),
        Message(
            "Check the network and the endpoint in the settings.",
            "Проверьте сеть и адрес в настройках.",
        ),
    ),
    Problem.TLS: Description(
        LlmConnectionError,
        False,
        Message(
            "The certificate of {where} was not issued by a certificate authority we trust.",
            "Сертификат {where} выдан удостоверяющим центром, которому система не доверяет.",
        ),
        Message(
            "Set `ca_bundle` to the file with that authority's certificate.",
            "Укажите в `ca_bundle` файл с сертификатом этого центра.",
        ),
    ),
    Problem.TLS_STALE: Description(
        LlmConnectionError,
        False,
        Message(
            "The certificate of {where} has expired, or it is for another host.",
            "Сертификат {where} просрочен или выдан другому хосту.",
        ),
        Message(
            "Check this machine's clock and the endpoint; else whoever runs it has to renew it.",
            "Проверьте часы этого компьютера и адрес; иначе его должен обновить владелец сервера.",
        ),
    ),
    Problem.CERTIFICATE_FILE: Description(
        LlmConnectionError,
        False,
        Message(
            "A certificate file that is set for {where} cannot be used.",
            "Не годится файл сертификата, указанный для {where}.",
        ),
        Message(
            "It has to hold certificates in PEM form, and a key of one's own without a password.",
            "В нём должны быть сертификаты в формате PEM, а свой ключ — без пароля.",
        ),
    ),
    Problem.NO_TLS: Description(
        LlmConnectionError,
        False,
        Message("{where} does not speak TLS.", "{where} не поддерживает TLS."),
        Message(
            "Check the port; a server on this machine usually has an http:// address.",
            "Проверьте порт; у сервера на этом компьютере адрес обычно начинается с http://.",
        ),
    ),
    Problem.NOT_ENCRYPTED: Description(
        LlmConnectionError,
        False,
        Message(
            "{where} is not encrypted: no key is sent there.",
            "{where} работает без шифрования: ключ туда не отправляется.",
        ),
        Message("Use an https:// endpoint.", "Укажите адрес с https://."),
    ),
    Problem.BROKEN: Description(
        LlmConnectionError,
        True,
        Message("The connection to {where} broke.", "Соединение с {where} прервалось."),
        _LATER,
    ),
    Problem.PROXY: Description(
        LlmConnectionError,
        True,
        Message(
            "The proxy on the way to {where} does not work.",
            "Прокси на пути к {where} не работает.",
        ),
        Message(
            "Check `proxy` in the settings, or HTTPS_PROXY, ALL_PROXY and NO_PROXY in the "
            "environment; only proxies of HTTP are spoken to, none of SOCKS.",
            "Проверьте `proxy` в настройках или HTTPS_PROXY, ALL_PROXY и NO_PROXY в окружении; "
            "поддерживаются только прокси HTTP, не SOCKS.",
        ),
    ),
    Problem.SERVER: Description(
        LlmConnectionError,
        True,
        Message("{where} failed to answer.", "{where} не смог ответить: ошибка на его стороне."),
        _LATER,
    ),
    Problem.REDIRECT: Description(
        LlmConnectionError,
        False,
        Message(
            "{where} redirects elsewhere; a key is never sent along.",
            "{where} перенаправляет на другой адрес; ключ туда не отправляется.",
        ),
        Message("Enter the final address as the endpoint.", "Укажите в настройках конечный адрес."),
    ),
    Problem.TIMEOUT: Description(
        LlmTimeoutError,
        True,
        Message("{where} did not answer in time.", "{where} не ответил вовремя."),
        Message(
            "Try again, raise `timeout`, or choose a faster model.",
            "Повторите запрос, увеличьте `timeout` или выберите модель быстрее.",
        ),
    ),
    Problem.KEY_MISSING: Description(
        AuthenticationError,
        False,
        Message("No key is stored for {where}.", "Для {where} не сохранён ключ."),
        _ENTER_KEY,
    ),
    Problem.KEY_REFUSED: Description(
        AuthenticationError,
        False,
        Message("{where} does not accept the key.", "{where} не принимает ключ."),
        _ENTER_KEY,
    ),
    Problem.FORBIDDEN: Description(
        AuthenticationError,
        False,
        Message(
            "{where} does not allow this request (account, region or rights).",
            "{where} не разрешает этот запрос (аккаунт, регион или права).",
        ),
        Message(
            "Check the rights of the key, or choose another provider.",
            "Проверьте права ключа или выберите другого провайдера.",
        ),
    ),
    Problem.KEYCHAIN: Description(
        AuthenticationError,
        False,
        Message(
            "The system's keychain cannot be used safely, or it is locked.",
            "Системное хранилище ключей заблокировано или небезопасно.",
        ),
        Message(
            "Unlock it, or put the key into an environment variable and use `env:NAME`.",
            "Разблокируйте его или задайте ключ в переменной окружения и укажите `env:ИМЯ`.",
        ),
    ),
    Problem.RATE_LIMIT: Description(
        RateLimitError,
        True,
        Message(
            "{where} receives too many requests from this account.",
            "{where}: превышен лимит частоты запросов.",
        ),
        _LATER,
    ),
    Problem.OVERLOADED: Description(
        RateLimitError,
        True,
        Message(
            "{where} is overloaded or still starting.", "{where} перегружен или ещё запускается."
        ),
        _LATER,
    ),
    Problem.QUOTA: Description(
        QuotaExceededError,
        False,
        Message(
            "The account at {where} has no quota left.", "На аккаунте {where} закончилась квота."
        ),
        Message(
            "Top up the account, or switch to another provider or a local model.",
            "Пополните счёт, смените провайдера или перейдите на локальную модель.",
        ),
    ),
    Problem.NOT_JSON: Description(
        InvalidResponseError,
        True,
        Message("{where} did not answer with JSON.", "{where} ответил не в формате JSON."),
        _CHECK_ENDPOINT,
    ),
    Problem.WEB_PAGE: Description(
        InvalidResponseError,
        False,
        Message(
            "{where} answered with a web page instead of a model's answer.",
            "{where} вернул веб-страницу вместо ответа модели.",
        ),
        Message(
            "Check the endpoint (most end with /v1), the proxy and the network's sign-in page.",
            "Проверьте адрес (чаще всего он кончается на /v1), прокси и вход в сеть.",
        ),
    ),
    Problem.NO_ANSWER: Description(
        InvalidResponseError,
        True,
        Message("The model's answer is empty.", "Модель вернула пустой ответ."),
        _OTHER_MODEL,
    ),
    Problem.UNREADABLE: Description(
        InvalidResponseError,
        False,
        Message(
            "The model's answer is not in the form we asked for.",
            "Ответ модели не в том виде, о котором её просили.",
        ),
        _OTHER_MODEL,
    ),
    Problem.TOO_LARGE: Description(
        InvalidResponseError,
        False,
        Message("The answer of {where} is too large.", "Ответ {where} слишком велик."),
        _CHECK_ENDPOINT,
    ),
    Problem.TRUNCATED: Description(
        InvalidResponseError,
        False,
        Message(
            "The model's answer was cut off at its length limit.",
            "Ответ модели оборван: достигнут предел длины.",
        ),
        Message(
            "Raise `max_tokens`, or choose a model that thinks less.",
            "Увеличьте `max_tokens` или выберите модель, которая меньше рассуждает.",
        ),
    ),
    Problem.STREAM_CUT: Description(
        InvalidResponseError,
        True,
        Message(
            "The model's answer stopped before its end.", "Ответ модели прервался до его конца."
        ),
        _LATER,
    ),
    Problem.FILTERED: Description(
        InvalidResponseError,
        False,
        Message(
            "The provider's content filter stopped the answer.",
            "Ответ остановлен фильтром содержимого провайдера.",
        ),
        Message("Choose another model or provider.", "Выберите другую модель или провайдера."),
    ),
    Problem.DECLINED: Description(
        InvalidResponseError,
        False,
        Message("The model declined to answer.", "Модель отказалась отвечать."),
        _OTHER_MODEL,
    ),
    Problem.MODEL_UNKNOWN: Description(
        InvalidResponseError,
        False,
        Message("{where} does not know the model `{model}`.", "{where} не знает модель `{model}`."),
        Message("Correct `model` in the settings.", "Исправьте `model` в настройках."),
    ),
    Problem.ADDRESS_UNKNOWN: Description(
        InvalidResponseError,
        False,
        Message(
            "{where} has no chat completions at this address.",
            "По этому адресу {where} не принимает запросы к модели.",
        ),
        Message(
            "Check the endpoint: most end with /v1.",
            "Проверьте адрес: чаще всего он кончается на /v1.",
        ),
    ),
    Problem.CONTEXT_LENGTH: Description(
        InvalidResponseError,
        False,
        Message(
            "The request is longer than the model `{model}` can read.",
            "Запрос длиннее, чем может прочитать модель `{model}`.",
        ),
        Message(
            "Ask about less at once, let the server run it with a longer context, or choose a "
            "model that reads more.",
            "Спросите о меньшем, запустите модель с большим контекстом или выберите модель, "
            "которая читает больше.",
        ),
    ),
    Problem.BAD_REQUEST: Description(
        InvalidResponseError,
        False,
        Message("{where} did not accept the request.", "{where} не принял запрос."),
        Message(
            "Check the model and its parameters in the settings.",
            "Проверьте модель и её параметры в настройках.",
        ),
    ),
    Problem.PLUGIN: Description(
        InvalidResponseError,
        False,
        Message(
            "The plug-in of the provider {where} made a mistake.",
            "В плагине провайдера {where} произошла ошибка.",
        ),
        Message(
            "Update or remove it, or choose another provider.",
            "Обновите или удалите его либо выберите другого провайдера.",
        ),
    ),
    Problem.CANCELLED: Description(
        LlmConnectionError,
        False,
        Message("The request was cancelled.", "Запрос отменён."),
        Message("Ask again.", "Повторите запрос."),
    ),
}
