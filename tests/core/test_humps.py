"""Words of names in camelCase."""

from __future__ import annotations

import pytest

from pe4king_core.model.humps import spaced_humps


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("listBooks", "list_Books"),
        ("HTTPServer", "HTTP_Server"),
        ("createAUser", "create_A_User"),
        ("isbn13Code", "isbn13_Code"),
        ("listOAuthTokens", "list_Oauth_Tokens"),
        ("OAuth2", "Oauth2"),
        ("studios", "studios"),
        ("создатьЗаказ", "создать_Заказ"),
        ("APIКлюч", "API_Ключ"),
        ("名前Name", "名前Name"),
        ("", ""),
    ],
)
def test_words_begin_at_capitals(name: str, words: str) -> None:
    assert spaced_humps(name, "_") == words
