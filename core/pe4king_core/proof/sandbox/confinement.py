"""What keeps untrusted tests in on this machine, in words."""

from __future__ import annotations

import sys

from pe4king_core.model.message import Message
from pe4king_core.proof.sandbox.parts import Part

_IN_PROCESS = (
    " is checked inside the process only, and for Python only: that holds mistakes back, not malice"
)
_IN_PROCESS_RU = (
    " проверяется только внутри процесса и только для Python: это удержит от ошибок, "
    "но не от злого умысла"
)


def told(held: frozenset[Part]) -> tuple[Message, ...]:
    """One sentence each on network, files, processes, and what they may use."""
    return (
        _network(held),
        *_services(held),
        _files(held),
        _processes(held),
        _use(held),
        *(() if sys.platform == "linux" else (_UNVERIFIED,)),
    )


def _network(held: frozenset[Part]) -> Message:
    if Part.NETWORK in held:
        return Message(
            "Network: one of their own, with nothing in it but our server.",
            "Сеть: отдельная, в ней нет ничего, кроме нашего сервера.",
        )
    if Part.PORTS in held and Part.CALLS in held:
        return Message(
            "Network: the kernel allows TCP connections to our server's port only.",
            "Сеть: ядро разрешает только соединения TCP с портом нашего сервера.",
        )
    if Part.IN_PROCESS in held:
        return Message(f"Network: it{_IN_PROCESS}.", f"Сеть: доступ{_IN_PROCESS_RU}.")
    return Message("Network: not confined on this machine.", "Сеть: на этой машине не ограничена.")


def _services(held: frozenset[Part]) -> tuple[Message, ...]:
    if Part.CALLS in held or not held & {Part.NETWORK, Part.PORTS}:
        return ()
    return (
        Message(
            "Local services: programs of this machine that listen at UNIX sockets are in reach.",
            "Местные службы: программы этой машины, слушающие сокеты UNIX, доступны.",
        ),
    )


def _files(held: frozenset[Part]) -> Message:
    if Part.FILES in held:
        return Message(
            "Files: only the scratch folder can be written; your other files cannot be read.",
            "Файлы: запись только во временную папку; прочие ваши файлы недоступны для чтения.",
        )
    if Part.READ_ONLY in held:
        return Message(
            "Files: only the scratch folder can be written; all that you can read can be read.",
            "Файлы: запись только во временную папку; читать можно всё, что доступно вам.",
        )
    if Part.IN_PROCESS in held:
        return Message(f"Files: access{_IN_PROCESS}.", f"Файлы: доступ{_IN_PROCESS_RU}.")
    return Message("Files: not confined on this machine.", "Файлы: на этой машине не ограничены.")


def _processes(held: frozenset[Part]) -> Message:
    if Part.PROCESSES in held:
        return Message(
            "Processes: a namespace of their own; all of them end with the sandbox.",
            "Процессы: отдельное пространство; все они завершаются вместе с песочницей.",
        )
    if Part.WATCH in held:
        return Message(
            "Processes: all descendants are found and ended with the sandbox.",
            "Процессы: все потомки находятся и завершаются вместе с песочницей.",
        )
    return Message(
        "Processes: the group is ended; what leaves it on purpose may live on.",
        "Процессы: завершается группа; намеренно покинувший её процесс может остаться.",
    )


def _use(held: frozenset[Part]) -> Message:
    if Part.LIMITS in held and Part.WATCH in held:
        return Message(
            "Limits: memory, processes, processor time, file sizes and the scratch folder.",
            "Пределы: память, процессы, процессорное время, размер файлов и временной папки.",
        )
    if Part.LIMITS in held:
        return Message(
            "Limits: processor time and file sizes of each process only.",
            "Пределы: только процессорное время и размер файлов каждого процесса.",
        )
    return Message("Limits: time only.", "Пределы: только время.")


_UNVERIFIED = Message(
    "What is said of this system has not been verified by our tests: they run on Linux.",
    "Сказанное об этой системе не проверено нашими тестами: они идут в Linux.",
)
