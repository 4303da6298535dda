"""The words of the parsers, in both languages.

Parsers speak English. Their usual messages are said again in plain words; of the others the
original is shown, introduced in the user's language.
"""

from __future__ import annotations

import re

from pe4king_core.model.message import Message

_JSON = (
    (
        r"Expecting property name enclosed in double quotes",
        "a key in double quotes is missing",
        "здесь должен быть ключ в двойных кавычках",
    ),
    (r"Expecting ':' delimiter", "`:` is missing after a key", "после ключа нет `:`"),
    (r"Expecting ',' delimiter", "`,` is missing", "не хватает `,`"),
    (r"Expecting value", "a value is missing", "здесь должно быть значение"),
    (
        r"Extra data",
        "there is more text after the end of the document",
        "после конца документа есть лишний текст",
    ),
    (
        r"Unterminated string",
        'the closing `"` of a string is missing',
        'у строки нет закрывающей кавычки `"`',
    ),
    (
        r"Invalid control character",
        "a control character inside a string",
        "управляющий символ внутри строки",
    ),
    (
        r"Invalid \\uXXXX escape",
        "`\\u` without four hexadecimal digits",
        "после `\\u` нет четырёх шестнадцатеричных цифр",
    ),
    (
        r"Invalid \\escape",
        "a backslash before a character that needs none",
        "обратная косая черта перед символом, который так не записывают",
    ),
    (
        r"Illegal trailing comma",
        "a comma after the last element",
        "запятая после последнего элемента",
    ),
)

_YAML = (
    (
        r"mapping values are not allowed in this context",
        "`:` where no key can stand; check the indentation or put the text into quotes",
        "`:` там, где ключа быть не может; проверьте отступ или возьмите текст в кавычки",
    ),
    (
        r"tabs disallowed|tab cannot be used as indentation|found a tab|start with a tab"
        r"|cannot start any token.*\\t",
        "a tab in the indentation; YAML is indented by spaces",
        "табуляция в отступе; отступы в YAML делают пробелами",
    ),
    (
        r"invalid indentation|wrongly indented|deficient indentation",
        "the indentation does not fit the lines above",
        "отступ не согласуется со строками выше",
    ),
    (
        r"simple key expect|simple key expected|could not find expected ':'",
        "`:` is missing after a key",
        "после ключа нет `:`",
    ),
    (
        r"did not find expected '-' indicator",
        "a list item must start with `-` here",
        "здесь должен начинаться элемент списка с `-`",
    ),
    (
        r"did not find expected key",
        "a key is expected here; check the indentation",
        "здесь должен быть ключ; проверьте отступ",
    ),
    (
        r"flow sequence.*expected ',' or '\]'",
        "`,` or the closing `]` of a list is missing",
        "не хватает `,` или закрывающей `]` списка",
    ),
    (
        r"flow mapping.*expected ',' or '\}'",
        "`,` or the closing `}` of a mapping is missing",
        "не хватает `,` или закрывающей `}` объекта",
    ),
    (r"misplaced bracket", "a bracket that closes nothing", "скобка, которая ничего не закрывает"),
    (
        r"quoted scalar, found unexpected (?:end of stream|document indicator)",
        "the closing quote of a text is missing",
        "у текста нет закрывающей кавычки",
    ),
    (
        r"unknown escape character",
        "an unknown escape after `\\` in double quotes",
        "неизвестный символ после `\\` в двойных кавычках",
    ),
    (
        r"hexadecimal number|Unicode character escape",
        "a `\\x` or `\\u` escape that names no character",
        "последовательность `\\x` или `\\u` не обозначает символа",
    ),
    (
        r"invalid trailing content after double-quoted",
        "text after a closing quote",
        "текст после закрывающей кавычки",
    ),
    (
        r"unknown anchor|undefined alias",
        "an alias `*…` whose anchor `&…` is not defined above",
        "псевдоним `*…`, якорь `&…` которого выше не определён",
    ),
    (
        r"still being defined",
        "an alias `*…` inside the very value that it stands for",
        "псевдоним `*…` внутри того значения, которое он обозначает",
    ),
    (
        r"unexpected character: [`']?(?P<mark>.)|cannot start any token",
        "a text cannot start with this character; put it into quotes",
        "текст не может начинаться с этого символа; возьмите его в кавычки",
    ),
    (
        r"did not find expected node content",
        "a value is missing",
        "здесь должно быть значение",
    ),
    (
        r"block sequence entries are not allowed",
        "a list item `-` where none can stand",
        "элемент списка `-` там, где его быть не может",
    ),
    (
        r"is not allowed in YAML|control characters are not allowed|unacceptable character",
        "a control character, which YAML does not allow",
        "управляющий символ, недопустимый в YAML",
    ),
    (
        r"document start|after document end marker",
        "text that belongs to no document; check `---` and `...`",
        "текст вне документа; проверьте `---` и `...`",
    ),
    (
        r"merge key",
        "`<<` must be given a mapping or a list of mappings, once",
        "у `<<` должен быть один объект или список объектов",
    ),
    (
        r"complex keys",
        "a list or a mapping used as a key",
        "список или объект в роли ключа",
    ),
    (
        r"block scalar.*(?:comment or line break|indentation indicator)",
        "text after `|` or `>`; it must start on the next line",
        "текст после `|` или `>`; он должен начинаться со следующей строки",
    ),
    (
        r"parsing a tag|scanning a tag|global tag|verbatim tag",
        "a broken tag `!…`",
        "неверный тег `!…`",
    ),
    (
        r"anchor or alias",
        "a name is missing after `&` or `*`; put the text into quotes",
        "после `&` или `*` нет имени; возьмите текст в кавычки",
    ),
)

_MESSAGES = tuple((re.compile(pattern), Message(en, ru)) for pattern, en, ru in (*_JSON, *_YAML))
_LONGEST = 200


def parser_message(words: str) -> Message:
    """What a parser said as part of a sentence."""
    words = words[:_LONGEST]
    for pattern, message in _MESSAGES:
        if pattern.search(words):
            return message
    shown = "".join(mark if mark.isprintable() else " " for mark in words) or "unknown"
    return Message(shown, f"сообщение анализатора: {shown}")
