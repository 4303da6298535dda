"""Proposals that no gate has read: what only shows when they run stops them."""

from __future__ import annotations

from pathlib import Path

import pytest

from pe4king_core.model.source import SourceLanguage
from pe4king_server.consent import Consents
from tests.proof.whole.proposals_kit import Case, Entrance, cases

ALL = cases("unread")


@pytest.mark.slow
@pytest.mark.parametrize(
    "case",
    [
        pytest.param(
            each,
            id=str(each),
            marks=[pytest.mark.java] if each.language is SourceLanguage.JAVA else [],
        )
        for each in ALL
    ],
)
async def test_running_alone_stops_it(shop: Path, case: Case) -> None:
    Consents.of_user().give(shop)
    result = await Entrance(shop).stopped_by(case, reading=False)
    assert result is not None
    assert result.level == case.level
    assert case.name.partition(" | ")[2] in result.reason.en
    assert any("а" <= each <= "я" for each in result.reason.ru)
