"""What the command line prints: sentences, tables and diffs, coloured where a person looks."""

from __future__ import annotations

import difflib
import io
import re
import sys
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, NoReturn

from rich.cells import cell_len
from rich.console import Console
from rich.markdown import Markdown
from rich.syntax import Syntax
from rich.text import Text

from pe4king_core.errors import UserError
from pe4king_core.model.message import Message
from pe4king_core.model.proposal import FileEdit, Origin, Proposal
from pe4king_core.model.text import apply_edits
from pe4king_core.model.verdict import Evidence, LevelState
from pe4king_server.actions.evidence import evidence_line, reasons_not_run
from pe4king_server.files import path_of

if TYPE_CHECKING:
    from pe4king_server.cli.progress import ProgressBar

_SHOWN_NOTES = 5
_WIDEST_COLUMN = 60
_BLANKS = re.compile(r"[ \t\r\n]+")
_UNPRINTABLE = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]"
)

_STEERING = re.compile(rf"(?![\n\t]){_UNPRINTABLE.pattern}")
"""As above, but for texts of several lines."""


class _Console(Console):
    """A console that lets `program.run` see when its reader has gone."""

    def on_broken_pipe(self) -> NoReturn:
        """Called where BrokenPipeError is caught, which is raised again."""
        raise BrokenPipeError


class Output:
    """One place that writes to the terminal, in one language."""

    def __init__(self, language: str, *, color: bool | None = None) -> None:
        self.language = language
        plain = color is False
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, io.TextIOWrapper):
                # What a stream's encoding lacks is better shown as an escape than not at all.
                stream.reconfigure(errors="backslashreplace")
        self._console = _Console(file=sys.stdout, highlight=False, no_color=plain, soft_wrap=True)
        self._errors = _Console(file=sys.stderr, highlight=False, no_color=plain, soft_wrap=True)

    def say(self, message: Message, style: str = "") -> None:
        """One line."""
        self._console.print(Text(message.text(self.language), style=style))

    def line(self, text: str = "", style: str = "") -> None:
        """One line that needs no translation (paths, names, code)."""
        self._console.print(Text(text, style=style))

    def raw(self, text: str) -> None:
        """One line for programs, exactly as it is."""
        self._console.out(text, highlight=False)

    def piece(self, text: str) -> None:
        """A part of a text that goes on, shown at once; a terminal is not steered by it."""
        shown = _STEERING.sub(_escape, text) if self._console.is_terminal else text
        self._console.out(shown, end="", highlight=False)
        self._console.file.flush()

    def note(self, message: Message) -> None:
        """One line beside the result, on standard error."""
        self._errors.print(Text(message.text(self.language), style="dim"))

    def progress(self, title: str) -> ProgressBar:
        """A bar for work that takes a while, where a person looks at standard error."""
        from pe4king_server.cli.progress import ProgressBar

        return ProgressBar(self._errors, title)

    def asks(self, told: Message, question: Message, yes: Collection[str]) -> bool:
        """Whether the user, told something, answers with one of `yes`; an end of input is a no."""
        self._errors.print(Text(told.text(self.language)))
        self._errors.print(Text(question.text(self.language)), end="")
        return sys.stdin.readline().strip().lower() in yes

    def problem(self, error: UserError) -> None:
        """What went wrong and what to do, on standard error."""
        self._errors.print(Text(error.message.text(self.language), style="bold red"))
        if error.next_step is not None:
            self._errors.print(Text(error.next_step.text(self.language)))

    def table(self, rows: Sequence[tuple[str, ...]], *, head: bool = True) -> None:
        """Rows in aligned columns, which no narrow terminal cuts; the first is the head.

        A cell that is far wider than others moves the rest of its own row only.
        """
        shown = [tuple(map(one_line, row)) for row in rows]
        widths = [
            max(
                (width for cell in column if (width := cell_len(cell)) <= _WIDEST_COLUMN), default=0
            )
            for column in zip(*shown, strict=True)
        ]
        lines = [
            "  ".join(
                cell + " " * (width - cell_len(cell))
                for cell, width in zip(row, widths, strict=True)
            ).rstrip()
            for row in shown
        ]
        if head and lines:
            self.line(lines.pop(0), "dim")
        if lines:
            self._console.out("\n".join(lines), highlight=False)

    def markdown(self, text: str) -> None:
        """A document such as an explanation."""
        self._console.print(Markdown(text) if self._console.is_terminal else Text(text))

    def diff(self, edit: FileEdit, context: int = 3) -> None:
        """What `edit` changes, as a unified diff."""
        after = apply_edits(edit.base, edit.edits)
        name = shown_path(edit.uri)
        lines = difflib.unified_diff(
            edit.base.splitlines(),
            after.splitlines(),
            "/dev/null" if edit.create else name,
            name,
            lineterm="",
            n=context,
        )
        text = "\n".join(lines)
        if self._console.is_terminal:
            self._console.print(Syntax(text, "diff", theme="ansi_dark", word_wrap=True))
        else:
            self._console.print(Text(text))

    def proposal(self, proposal: Proposal) -> None:
        """What is proposed, by whom, on which evidence, and what was left out."""
        self.say(proposal.message, "bold")
        models = sum(item.origin is Origin.MODEL for item in proposal.items)
        if models:
            rules = len(proposal.items) - models
            self.say(
                Message(f"{rules} from the document, {models} from the model",
                        f"{rules} из документа, {models} от модели"),
                "dim",
            )  # fmt: skip
        if proposal.edits:
            self.evidence(proposal.evidence)
        for note in proposal.notes[:_SHOWN_NOTES]:
            self.line(f"  {note.text(self.language)}", "yellow")
        hidden = len(proposal.notes) - _SHOWN_NOTES
        if hidden > 0:
            self.say(
                Message(f"  and {hidden} more notes", f"  и ещё замечаний: {hidden}"), "yellow"
            )

    def evidence(self, evidence: Evidence) -> None:
        """The levels on one line, and why some are amber or were not run."""
        self.say(evidence_line(evidence), "dim")
        for level in evidence.levels:
            if level.state is LevelState.WARNED:
                self.line(f"  {level.level} !: {level.reason.text(self.language)}", "yellow")
        for reason in reasons_not_run(evidence):
            self.line(f"  {reason.text(self.language)}", "dim")


def one_line(text: str) -> str:
    """`text` on one line, with escapes for what would steer the terminal instead of being shown."""
    return _UNPRINTABLE.sub(_escape, _BLANKS.sub(" ", text))


def _escape(match: re.Match[str]) -> str:
    code = ord(match[0])
    return f"\\x{code:02x}" if code < 256 else f"\\u{code:04x}"


def shown_path(uri: str) -> str:
    """The path of `uri`, relative to the current folder where it lies below."""
    import os

    path = path_of(uri)
    if path is None:
        return uri
    relative = os.path.relpath(path)
    return str(path) if relative.startswith("..") else relative.replace(os.sep, "/")
