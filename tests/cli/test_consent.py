"""Consent to run a workspace: given once, by the user, kept where no workspace can write."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from pe4king_core.errors import UserError
from pe4king_server.cli import main
from pe4king_server.consent import Consents
from tests.server.environment_kit import put


@pytest.fixture
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    folder = tmp_path / "work"
    put(folder / "pyproject.toml", "")
    monkeypatch.chdir(folder)
    return folder


def consents() -> Path:
    return Path(os.environ["XDG_STATE_HOME"], "pe4king", "consent")


def test_consent_is_given_shown_and_withdrawn(
    work: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["consent"]) == 0
    assert "No consent was given." in capsys.readouterr().out
    assert main(["consent", "give"]) == 0
    assert str(work) in capsys.readouterr().out
    assert main(["consent", "show", "--json"]) == 0
    [given] = json.loads(capsys.readouterr().out)["consents"]
    assert given["folder"] == str(work)
    assert main(["consent", "withdraw"]) == 0
    assert not Consents.of_user().given(work)
    assert main(["consent", "withdraw"]) == 0
    assert "There was no consent" in capsys.readouterr().out


def test_it_is_kept_by_the_user_and_not_in_the_workspace(work: Path) -> None:
    main(["consent", "give"])
    assert [path.name for path in work.iterdir()] == ["pyproject.toml"]
    [file] = consents().iterdir()
    assert file.stat().st_mode & 0o077 == 0
    assert Consents.of_user().given(work)


def test_a_folder_says_nothing_of_those_below_and_above(work: Path) -> None:
    main(["consent", "give"])
    (work / "vendored").mkdir()
    assert not Consents.of_user().given(work / "vendored")
    assert not Consents.of_user().given(work.parent)


def test_a_link_is_the_folder_that_it_leads_to(work: Path, tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(work)
    main(["consent", "give", str(link)])
    assert Consents.of_user().given(work)
    assert Consents.of_user().given(link)


def test_a_state_folder_inside_the_workspace_proves_nothing(
    work: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["consent", "give"])
    inside = work / ".state"
    (inside / "pe4king").mkdir(parents=True)
    consents().rename(inside / "pe4king" / "consent")
    monkeypatch.setenv("XDG_STATE_HOME", str(inside))
    assert not Consents.of_user().given(work)
    capsys.readouterr()
    assert main(["consent", "give"]) == 1
    assert "lies inside" in capsys.readouterr().err


@pytest.mark.parametrize("mode", [0o666, 0o620])
def test_a_file_that_others_can_write_is_no_consent(work: Path, mode: int) -> None:
    main(["consent", "give"])
    [file] = consents().iterdir()
    file.chmod(mode)
    with pytest.raises(UserError) as caught:
        Consents.of_user().given(work)
    assert caught.value.code == "consent-distrusted"
    assert main(["consent", "withdraw"]) == 0
    assert not Consents.of_user().given(work)


def test_a_broken_file_is_no_consent(work: Path) -> None:
    main(["consent", "give"])
    [file] = consents().iterdir()
    file.write_text("{", encoding="utf-8")
    with pytest.raises(UserError):
        Consents.of_user().given(work)


def test_a_folder_that_is_not_there_gets_none(
    work: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["consent", "give", "nowhere"]) == 1
    assert "is not a folder" in capsys.readouterr().err


def test_it_speaks_russian(
    work: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PE4KING_LANG", "ru")
    assert main(["consent", "give"]) == 0
    assert "теперь можно запускать, в песочнице" in capsys.readouterr().out
