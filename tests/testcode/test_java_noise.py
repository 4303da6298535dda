"""Whatever stands in the files around a Java test, reading it ends, and claims nothing false."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from java_code import IMPORTS, read, told

TEST = f"""package shop;
{IMPORTS}
class ATest extends Upper {{
    private final Helper helper = new Helper();
    @Test void it() {{
        get("/books").then().statusCode(200);
        helper.load("/x").then().statusCode(201);
    }}
}}
"""
UPPER = "package shop; class Upper extends Helper { Response up() { return up(); } }"
HELPER = """package shop;
class Helper extends Upper {
    static String a = Helper.b; static String b = Helper.a; Helper self = new Helper();
    Response load(String path) { return path.isEmpty() ? load(path + a) : again(path); }
    Response again(String path) { return load(path); }
}"""
SOUND = "C1 GET /books chain"
PIECES = st.sampled_from(["{", "}", '"', "(", ")", ";", "class Helper {", "/*", "@", "\n", "\0"])
MUTATIONS = st.lists(st.tuples(st.floats(0, 1), st.integers(0, 30), PIECES), max_size=4)


def mutated(text: str, mutations: list[tuple[float, int, str]]) -> str:
    for place, removed, inserted in mutations:
        at = int(place * len(text))
        text = text[:at] + inserted + text[at + removed :]
    return text


def lines(helper: str, upper: str = UPPER, **others: str) -> list[str]:
    files = {"shop/ATest.java": TEST, "shop/Helper.java": helper, "shop/Upper.java": upper}
    (test,) = read({**files, **others}, "shop/ATest.java").tests
    return told(test)


def test_cycles_of_classes_methods_and_constants() -> None:
    found = lines(HELPER)
    assert found[0] == SOUND
    assert "C1 status == 200" in found


@pytest.mark.parametrize(
    "helper",
    [
        "",
        "package shop; class Helper {",
        "\0" * 50,
        "class Helper {}",
        "package other; class Helper {}",
    ],
    ids=["empty", "open", "noise", "no package", "another package"],
)
def test_a_helper_that_cannot_be_read(helper: str) -> None:
    assert lines(helper) == [SOUND, "C2 ? ? chain ?", "C1 status == 200", "C2 status == 201"]


def test_a_class_of_the_same_name_elsewhere_is_not_taken() -> None:
    other = 'package other; class Helper { Response load(String p) { return get("/wrong"); } }'
    files = {
        "shop/ATest.java": TEST,
        "other/Helper.java": other,
        "shop/copy/Helper.java": other.replace("other", "shop.copy"),
    }
    (test,) = read(files, "shop/ATest.java").tests
    assert told(test)[:2] == [SOUND, "C2 ? ? chain ?"]


def test_a_large_helper() -> None:
    methods = "".join(f"int m{at}() {{ return {at}; }}\n" for at in range(25_000))
    helper = "package shop; class Helper {\n Response load(String p) { return get(p); }\n" + methods
    assert lines(helper + "}", "package shop; class Upper {}")[0] == SOUND


def test_many_calls_of_helpers_are_read_within_a_budget() -> None:
    helper = "package shop; class Helper { Response load(String p) { "
    helper += "more(p); " * 40 + "return get(p); } void more(String p) { " + "most(); " * 40
    helper += '} void most() { get("/deep"); } }'
    assert lines(helper, "package shop; class Upper {}")[0] == SOUND


@given(first=MUTATIONS, second=MUTATIONS)
@settings(max_examples=60, deadline=None)
def test_damaged_helpers_leave_the_test_alone(
    first: list[tuple[float, int, str]], second: list[tuple[float, int, str]]
) -> None:
    found = lines(mutated(HELPER, first), mutated(UPPER, second))
    assert found[0] == SOUND
    assert "C1 status == 200" in found
