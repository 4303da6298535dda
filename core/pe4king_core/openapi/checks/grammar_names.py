"""What the kinds of elements are called, in both languages."""

from __future__ import annotations

from collections.abc import Mapping

from pe4king_core.model.message import Message
from pe4king_core.openapi.checks.grammar import ElementKind

_K = ElementKind

KIND_NAMES: Mapping[ElementKind, Message] = {
    _K.DOCUMENT: Message("document", "документ"),
    _K.INFO: Message("info", "сведения об API"),
    _K.CONTACT: Message("contact", "контакт"),
    _K.LICENSE: Message("license", "лицензия"),
    _K.SERVER: Message("server", "сервер"),
    _K.SERVER_VARIABLE: Message("server variable", "переменная сервера"),
    _K.PATHS: Message("paths", "пути"),
    _K.PATH_ITEM: Message("path item", "путь"),
    _K.OPERATION: Message("operation", "операция"),
    _K.PARAMETER: Message("parameter", "параметр"),
    _K.REQUEST_BODY: Message("request body", "тело запроса"),
    _K.MEDIA_TYPE: Message("media type", "тип содержимого"),
    _K.ENCODING: Message("encoding", "кодирование"),
    _K.RESPONSES: Message("responses", "ответы"),
    _K.RESPONSE: Message("response", "ответ"),
    _K.HEADER: Message("header", "заголовок"),
    _K.EXAMPLE: Message("example", "пример"),
    _K.LINK: Message("link", "ссылка на операцию"),
    _K.CALLBACK: Message("callback", "обратный вызов"),
    _K.SCHEMA: Message("schema", "схема"),
    _K.DISCRIMINATOR: Message("discriminator", "дискриминатор"),
    _K.XML: Message("XML form", "представление в XML"),
    _K.SECURITY_SCHEME: Message("security scheme", "схема безопасности"),
    _K.FLOWS: Message("OAuth flows", "потоки OAuth"),
    _K.FLOW: Message("OAuth flow", "поток OAuth"),
    _K.SECURITY_REQUIREMENT: Message("security requirement", "требование безопасности"),
    _K.TAG: Message("tag", "тег"),
    _K.EXTERNAL_DOCS: Message("external documentation", "внешняя документация"),
    _K.COMPONENTS: Message("components", "компоненты"),
    _K.PROPERTY: Message("property", "свойство"),
    _K.KEYWORD: Message("keyword", "ключевое слово"),
    _K.GROUP: Message("group", "группа"),
    _K.FIELD: Message("field", "поле"),
    _K.VALUE: Message("value", "значение"),
    _K.EXTENSION: Message("extension", "расширение"),
    _K.UNKNOWN: Message("unknown field", "неизвестное поле"),
}
