"""What is kept is bounded; the oldest goes first."""

from __future__ import annotations

from pe4king_core.mock.state.store import MOST_OCTETS, MOST_SHELVES, MOST_THINGS, Store, Thing


def kept(store: Store, path: str) -> list[str]:
    return list(store.shelf(path).things)


def test_a_shelf_keeps_the_newest_things() -> None:
    store = Store()
    for number in range(MOST_THINGS + 3):
        store.put("/things", str(number), Thing(number, made=True))
    assert len(kept(store, "/things")) == MOST_THINGS
    assert kept(store, "/things")[0] == "3"
    assert store.shelf("/things").number == MOST_THINGS + 3


def test_large_things_push_out_older_ones_of_other_shelves() -> None:
    store = Store()
    store.put("/small", "1", Thing(1, made=True))
    for number in range(5):
        store.put("/large", str(number), Thing(number, made=True, size=MOST_OCTETS // 3))
    assert kept(store, "/small") == []
    assert kept(store, "/large") == ["3", "4"]
    store.put("/huge", "1", Thing(1, made=True, size=MOST_OCTETS * 2))
    assert kept(store, "/huge") == ["1"]
    assert kept(store, "/large") == []


def test_removed_and_restored_things_weigh_what_they_did() -> None:
    store = Store()
    half = MOST_OCTETS // 2 - 2_000
    store.put("/things", "1", Thing(1, made=True, size=half))
    store.put("/things/1/parts", "a", Thing("a", made=True, size=half))
    saved = store.saved()
    store.remove("/things", "1")
    store.load(saved)
    store.remove("/things", "1")
    store.put("/things", "2", Thing(2, made=True, size=half))
    store.put("/things", "3", Thing(3, made=True, size=half))
    assert kept(store, "/things") == ["2", "3"]


def test_shelves_are_bounded_too() -> None:
    store = Store()
    for number in range(MOST_SHELVES + 2):
        store.put(f"/things/{number}/parts", "1", Thing(1, made=True))
    assert kept(store, "/things/1/parts") == []
    assert kept(store, f"/things/{MOST_SHELVES + 1}/parts") == ["1"]


def test_what_belongs_to_something_made_begins_empty() -> None:
    store = Store()
    store.put("/things", "1", Thing(1, made=True))
    store.put("/things", "2", Thing(2))
    assert store.shelf("/things/1/parts").fresh
    assert store.shelf("/things/1/parts/7/bits").fresh
    assert not store.shelf("/things/2/parts").fresh
    assert not store.shelf("/others").fresh


def test_a_saved_state_does_not_change_with_the_store() -> None:
    store = Store()
    store.put("/things", "1", Thing(1, made=True))
    saved = store.saved()
    store.remove("/things", "1")
    store.load(saved)
    store.put("/things", "2", Thing(2, made=True))
    store.load(saved)
    assert kept(store, "/things") == ["1"]
    assert not store.shelf("/things").removed
