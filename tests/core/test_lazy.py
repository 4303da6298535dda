"""Sequences that are made when somebody first looks at them."""

from __future__ import annotations

import threading

import pytest

from pe4king_core.model.lazy import LazySequence


def test_items_are_made_once_when_looked_at():
    made: list[int] = []

    def make() -> list[str]:
        made.append(1)
        return ["a", "b", "c"]

    lazy = LazySequence(make)
    assert not lazy.is_made
    assert (repr(lazy), made) == ("LazySequence(…)", [])
    assert (len(lazy), lazy[0], lazy[-1], lazy[1:]) == (3, "a", "c", ("b", "c"))
    assert list(lazy) == ["a", "b", "c"]
    assert "b" in lazy
    assert (lazy.is_made, made) == (True, [1])


def test_equal_to_a_tuple_of_the_same_items():
    lazy = LazySequence(lambda: (1, 2))
    assert lazy == (1, 2)
    pair = (1, 2)
    assert pair == lazy
    assert lazy == LazySequence(lambda: [1, 2])
    assert lazy != (1,)
    assert lazy != [1, 2]
    assert hash(lazy) == hash((1, 2))


def test_what_fails_is_tried_again():
    answers = iter([ValueError("not yet"), None])

    def make() -> tuple[int, ...]:
        failure = next(answers)
        if failure is not None:
            raise failure
        return (1,)

    lazy = LazySequence(make)
    with pytest.raises(ValueError, match="not yet"):
        len(lazy)
    assert lazy == (1,)


def test_many_threads_get_the_same_items():
    started = threading.Barrier(8)
    lazy = LazySequence(lambda: [object() for _ in range(100)])
    found: list[tuple[object, ...]] = []

    def look() -> None:
        started.wait()
        found.append(tuple(lazy))

    threads = [threading.Thread(target=look) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [found[0]] * 8
