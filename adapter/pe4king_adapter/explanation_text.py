"""A model's explanation as text that is safe to show and to put into a comment.

Markdown from a model may not load images, run commands or hide links; comment text may not end
the comment it stands in, in Python, Java or after Java's unicode escapes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from pe4king_core.model.json import Json
from pe4king_core.model.message import Language, Message
from pe4king_core.model.proposal import Explanation

_HEADINGS: Mapping[str, Message] = {
    "checks": Message("What is checked", "Что проверяется"),
    "scenarios": Message("Scenarios covered", "Какие сценарии покрыты"),
    "improvements": Message("What could be improved", "Что можно улучшить"),
}
_TITLE = Message("What this test checks", "Что проверяет этот тест")
_LINES_LIMIT = 30
_LINE_LIMIT = 400
_TEXT_LIMIT = 20_000
_SHORTEST = 15
_MARKUP = re.compile(r"^[ \t]*(#{1,6}|[*+-]|\d+\.)[ \t]+|[*_`]{1,3}", re.MULTILINE)


def explanation_of(fields: Mapping[str, Json], language: Language) -> Explanation | None:
    """The explanation that a JSON answer holds, or None where it says nothing."""
    summary = _line(fields.get("summary"))
    sections = {name: _lines(fields.get(name)) for name in _HEADINGS}
    if len(summary) < _SHORTEST and not any(sections.values()):
        return None
    title = _line(fields.get("title")) or _TITLE.text(language)
    parts = [f"# {title}", summary]
    for name, lines in sections.items():
        if lines:
            parts.append(f"## {_HEADINGS[name].text(language)}")
            parts.append("\n".join(f"- {line}" for line in lines))
    comment = [summary, *(f"- {line}" for line in sections["checks"])]
    return _explanation(title, "\n\n".join(filter(None, parts)), "\n".join(filter(None, comment)))


def explanation_of_prose(text: str, language: Language) -> Explanation | None:
    """The explanation in free text, or None where it is too short to be one."""
    markdown = _visible(text).strip()[:_TEXT_LIMIT]
    if len(markdown) < _SHORTEST:
        return None
    plain = re.sub(
        r"^[ \t]*(#{1,6}|[*+-]|\d+\.)[ \t]+|[*_`]{1,3}", "", markdown, flags=re.MULTILINE
    )
    paragraphs = [part.strip() for part in re.split(r"\n\s*\n", plain) if part.strip()]
    return _explanation(_TITLE.text(language), markdown, "\n".join(paragraphs[:3]))


def comment_text(text: str) -> str:
    """`text` without anything that could end a docstring or a Javadoc comment."""
    text = text.replace("\\", "/").replace('"""', "'''").replace("*/", "* /").replace("/*", "/ *")
    return text.rstrip('"').strip()


def _explanation(title: str, markdown: str, comment: str) -> Explanation:
    safe = comment_text(comment)
    return Explanation(Message(title, title), Message(markdown, markdown), Message(safe, safe))


def _lines(value: Json) -> list[str]:
    if not isinstance(value, Sequence) or isinstance(value, str):
        return []
    return [line for item in value[:_LINES_LIMIT] if (line := _line(item))]


def _line(value: Json) -> str:
    if not isinstance(value, str):
        return ""
    return " ".join(_visible(value).split())[:_LINE_LIMIT]


def _visible(text: str) -> str:
    """`text` with markup that acts made plain: tags, images and links show what they are."""
    text = "".join(c if c.isprintable() or c in "\n\t" else " " for c in text)
    text = re.sub(r"!?\[([^\]\n]{0,300})\]\(([^)\n]{0,500})\)", r"\1", text)
    return text.replace("<", "&lt;")
