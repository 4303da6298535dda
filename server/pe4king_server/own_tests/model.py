"""What was recognised of the user's own tests."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from pe4king_core.model.case import OwnTests, TestCase, TestStyle
from pe4king_core.model.message import Message
from pe4king_core.rendering.format import RenderedFile
from pe4king_server.generating.clients import is_served
from pe4king_server.own_tests.variables import Variables


@dataclass(frozen=True, slots=True)
class Recognised:
    """What generated tests take over. Empty fields say nothing: settings and defaults hold."""

    own: OwnTests = field(default_factory=OwnTests)
    client: str = ""
    """`httpx` or `requests`, whichever the client at hand speaks like."""
    classes: bool | None = None
    allure: bool | None = None
    package: str = ""
    folder: str = ""
    """URI of the folder below which tests are written where the user chose none."""
    source_root: str = ""
    """Java: the folder of the sources below `folder` (`src/it/java`)."""
    project: bool = True
    """Whether the tests need a project of their own (`pom.xml`)."""
    support: tuple[RenderedFile, ...] = ()
    """Files that lead from their clients to what generated tests ask for."""
    variables: Variables | None = None
    """The environment variables that existing tests read, where ours would be asked for."""
    told: tuple[Message, ...] = ()
    """What is used, and what could not be."""

    def style(self, style: TestStyle) -> TestStyle:
        """`style` with what was recognised in it."""
        return replace(
            style,
            client=self.client or style.client,
            classes=style.classes if self.classes is None else self.classes,
            allure=style.allure if self.allure is None else style.allure and self.allure,
            package=style.package or self.package,
            own=self.own,
        )

    def serves(self, case: TestCase) -> bool:
        """Whether a client of the user's, or one of ours, sends what `case` needs."""
        return is_served(case, self.own)

    def without_support(self) -> Recognised:
        """What is left in a folder that gets no files of ours."""
        ours = {
            name
            for name in (self.own.anonymous_client, self.own.wrong_client)
            if any(f"def {name}(" in file.text for file in self.support)
        }
        own = replace(
            self.own,
            anonymous_client="" if self.own.anonymous_client in ours else self.own.anonymous_client,
            wrong_client="" if self.own.wrong_client in ours else self.own.wrong_client,
        )
        return replace(self, own=own, support=())


NOTHING = Recognised()
