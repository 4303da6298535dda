"""Facts as REST Assured links: how they read, and that they mean what the fact says."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import pytest

from pe4king_core.model.fact import (
    CONTENT_TYPE,
    STATUS,
    AssertionFact,
    Check,
    Condition,
    Conforms,
    CountOf,
    Equals,
    HasFormat,
    InRange,
    Literal,
    Matches,
    OneOf,
    Presence,
    RequestValue,
    ResponseValue,
    body,
    header,
)
from pe4king_core.model.schema import Bounds
from pe4king_core.rendering.java.assertions import render_java
from pe4king_core.rendering.java.matchers import NAMES, definitions, shortened
from pe4king_core.rendering.java.patterns import java_pattern
from tests.rendering.fact_table import (
    ARRAY,
    BOOLEAN,
    INTEGER,
    NUMBER,
    OBJECT,
    OPTIONAL,
    STRING,
    TRUTHS,
    fact,
    has_type,
)
from tests.rendering.fact_truth import holds
from tests.rendering.java_kit import JavaKit, java_kit


def links(*facts: AssertionFact) -> list[str]:
    code = render_java(facts)
    assert code.skipped == ()
    return list(code.links)


def test_status_and_content_type_are_links_of_their_own() -> None:
    code = render_java(
        [
            AssertionFact("C1", STATUS, Equals(Literal(201))),
            AssertionFact("C1", CONTENT_TYPE, Equals(Literal("application/json"))),
            AssertionFact("C1", header("Location"), HasFormat("uri")),
        ]
    )
    assert code.links == (
        ".statusCode(201)",
        ".contentType(ContentType.JSON)",
        '.header("Location", matchesPattern("[A-Za-z][A-Za-z0-9+.-]*:\\\\S*"))',
    )
    assert code.imports == {
        "io.restassured.http.ContentType",
        "static org.hamcrest.Matchers.matchesPattern",
    }


def test_other_media_types_are_compared_by_their_start() -> None:
    problem = AssertionFact("C1", CONTENT_TYPE, Equals(Literal("application/problem+json")))
    assert links(problem) == ['.contentType(startsWith("application/problem+json"))']


def test_presence_and_type_are_one_matcher() -> None:
    assert links(fact("/title"), fact("/title", STRING)) == [
        '.body("title", instanceOf(String.class))'
    ]


def test_a_format_says_the_type_as_well() -> None:
    assert links(fact("/id", STRING), fact("/id", HasFormat("date"))) == [
        '.body("id", matchesPattern("\\\\d{4}-(?!02-3)[01]\\\\d-[0-3]\\\\d"))'
    ]


def test_required_keys_without_a_check_share_one_link() -> None:
    assert links(fact("/id"), fact("/title"), fact("/price")) == [
        '.body("$", allOf(hasKey("id"), hasKey("title"), hasKey("price")))'
    ]


def test_null_and_absence_are_told_apart() -> None:
    assert links(fact("/subtitle", STRING, nullable=True)) == [
        '.body("$", hasKey("subtitle"))',
        '.body("subtitle", anyOf(nullValue(), instanceOf(String.class)))',
    ]
    assert links(fact("/subtitle", STRING, OPTIONAL)) == [
        '.body("$", anyOf(not(hasKey("subtitle")),'
        ' hasEntry(equalTo("subtitle"), instanceOf(String.class))))'
    ]
    assert links(fact("/password", presence=Presence.ABSENT)) == [
        '.body("$", not(hasKey("password")))'
    ]


def test_small_integers_use_plain_matchers() -> None:
    assert links(fact("/rating", INTEGER), fact("/rating", InRange(Bounds(1, 5)))) == [
        '.body("rating", allOf(instanceOf(Integer.class),'
        " greaterThanOrEqualTo(1), lessThanOrEqualTo(5)))"
    ]


def test_decimals_are_compared_as_doubles() -> None:
    assert links(fact("/price", NUMBER), fact("/price", InRange(Bounds(0.01)))) == [
        '.body("price", instanceOf(Number.class))',
        '.body("price.toDouble()", greaterThanOrEqualTo(0.01))',
    ]


def test_items_are_checked_one_by_one() -> None:
    assert links(
        fact("/items", ARRAY),
        fact("/items/*", OBJECT),
        fact("/items/*/price", NUMBER),
        fact("/items/*/price", InRange(Bounds(0))),
        fact("/items/*/subtitle", STRING, OPTIONAL),
    ) == [
        '.body("items", instanceOf(List.class))',
        '.body("items", everyItem(instanceOf(Map.class)))',
        '.body("items.price", everyItem(instanceOf(Number.class)))',
        '.body("items.price*.toDouble()", everyItem(greaterThanOrEqualTo(0.0)))',
        '.body("items", everyItem(anyOf(not(hasKey("subtitle")),'
        ' hasEntry(equalTo("subtitle"), instanceOf(String.class)))))',
    ]


def test_what_a_matcher_cannot_say_becomes_a_closure() -> None:
    assert links(
        fact("/items", ARRAY),
        fact("/items/*/author/name", STRING, guards=("/items/*/author",)),
        fact("/items/*/meow", BOOLEAN, conditions=(Condition("/items/*/type", ("cat",)),)),
    )[1:] == [
        '.body("items.every { it.author == null || it.author.name instanceof String }", is(true))',
        ".body(\"items.every { it.type != 'cat' || it.meow instanceof Boolean }\", is(true))",
    ]


def test_odd_keys_are_quoted() -> None:
    assert links(fact("/my-key/a b/ключ/new/it's", Equals(Literal('say "hi"')))) == [
        r""".body("'my-key'.'a b'.'ключ'.'new'.'it\\'s'", equalTo("say \"hi\""))"""
    ]


def test_counts_and_sums_compare_parts_of_one_answer() -> None:
    assert links(fact("/total", Equals(CountOf("/items")))) == [
        '.body("with { it.total instanceof Number && it.items instanceof List'
        ' && it.total == it.items.size() }", is(true))'
    ]


def test_an_earlier_answer_is_named_by_its_variable() -> None:
    echoed = fact("/id", Equals(ResponseValue("C0", "/id")))
    code = render_java([echoed], {"C0": "created"})
    assert code.links == ('.body("id", equalTo(created.path("id")))',)
    assert render_java([echoed]).skipped[0][0] is echoed


@pytest.mark.parametrize(
    "check",
    [
        Conforms("#/components/schemas/Book"),
        HasFormat("color"),
        Matches("(?<=a+)b"),
        Equals(RequestValue("/title")),
        Equals(Literal({"price": 1.5})),
    ],
)
def test_what_cannot_be_said_is_skipped_with_a_reason(check: Check) -> None:
    stated = fact("/x", check)
    code = render_java([stated])
    assert [skipped for skipped, _ in code.skipped] == [stated]
    reason = code.skipped[0][1]
    assert reason.en
    assert reason.ru
    assert code.links == ('.body("$", hasKey("x"))',)


def test_a_skipped_check_keeps_its_condition() -> None:
    stated = fact("/meow", Conforms("#/Meow"), conditions=(Condition("/type", ("cat",)),))
    assert render_java([stated]).links == (
        ".body(\"with { it.type != 'cat' || it.containsKey('meow') }\", is(true))",
    )


def test_facts_for_another_status_are_skipped() -> None:
    status = AssertionFact("C1", STATUS, Equals(Literal(200)))
    other = AssertionFact("C1", body("/error"), STRING, when=404)
    code = render_java([status, other])
    assert code.links == (".statusCode(200)",)
    assert code.skipped[0][0] is other


def test_a_body_that_is_a_bare_value_is_left_out_with_a_reason() -> None:
    code = render_java([fact("", has_type("string")), fact("", Matches("a"))])
    assert code.links == ()
    assert [message.en for _, message in code.skipped] == [code.skipped[0][1].en] * 2
    assert "bare value" in code.skipped[0][1].en


def test_rendering_is_deterministic() -> None:
    facts = [
        fact("/a", has_type("string", "integer", "null"), guards=("", "/a")),
        fact("/b/*/c", NUMBER, OPTIONAL, guards=("/b", "/b/*")),
    ]
    assert render_java(facts) == render_java(list(facts))


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("^[A-Z]{3}$", "[A-Z]{3}"),
        ("abc", "(?s:.*)abc(?s:.*)"),
        ("^abc", "abc(?s:.*)"),
        ("^a$|^b$", "a|b"),
        ("^a|b$", r"(?s:.*)(?:^a|b\z)(?s:.*)"),
        (r"^\/x\/$", "/x/"),
        ("^[[&&]$", r"[\[\&\&]"),
        ("^a{,3}$", r"a\{,3\}"),
        (r"^\u{1F600}$", r"\x{1F600}"),
        (r"^(?<year>\d{4})$", r"(\d{4})"),
        ("a++", None),
        (r"(a)\1", None),
        ("(?i)a", None),
        (r"\A", None),
        ("(", None),
    ],
)
def test_patterns_become_full_matches(pattern: str, expected: str | None) -> None:
    assert java_pattern(pattern) == expected


def _java_source(groups: list[list[str]], imports: frozenset[str]) -> str:
    """A program that answers every line of a table and tells whether its group's links hold."""
    cases = "\n".join(
        f"      case {index} -> response{''.join(group)};" for index, group in enumerate(groups)
    )
    helpers = "\n\n".join(definitions(NAMES - {"textPart"}))
    listed = "\n".join(f"import {name};" for name in sorted(imports))
    return f"""
{listed}
import static io.restassured.RestAssured.given;
import com.sun.net.httpserver.HttpServer;
import io.restassured.config.JsonConfig;
import io.restassured.config.RestAssuredConfig;
import io.restassured.path.json.config.JsonPathConfig.NumberReturnType;
import io.restassured.response.ValidatableResponse;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

class Truths {{
  static volatile String[] row;

{helpers}

  static void check(int group, ValidatableResponse response) {{
    switch (group) {{
{cases}
      default -> throw new IllegalStateException();
    }}
  }}

  public static void main(String[] arguments) throws Exception {{
    var json = JsonConfig.jsonConfig().numberReturnType(NumberReturnType.valueOf(arguments[1]));
    var config = RestAssuredConfig.config().jsonConfig(json);
    var server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", exchange -> {{
      exchange.getResponseHeaders().add("Content-Type", row[2]);
      if (!row[3].isEmpty()) exchange.getResponseHeaders().add(row[3], row[4]);
      byte[] body = row[5].getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(Integer.parseInt(row[1]), body.length);
      try (var out = exchange.getResponseBody()) {{
        out.write(body);
      }}
    }});
    server.start();
    String url = "http://127.0.0.1:" + server.getAddress().getPort() + "/";
    for (String line : Files.readAllLines(Path.of(arguments[0]))) {{
      row = line.split("\\t", -1);
      var response = given().config(config).get(url).then();
      String outcome = "true";
      try {{
        check(Integer.parseInt(row[0]), response);
      }} catch (AssertionError failed) {{
        outcome = "false";
      }} catch (RuntimeException crashed) {{
        outcome = "crashed: " + crashed.toString().replaceAll("\\\\s+", " ");
      }}
      System.out.println(outcome);
    }}
    server.stop(0);
  }}
}}
"""


def test_the_table_of_truths_has_both_kinds() -> None:
    told = [all(holds(f, value) for f in facts) for facts, values in TRUTHS for value in values]
    assert len(told) >= 120
    assert min(told.count(True), told.count(False)) > 100


RESPONSES: list[tuple[AssertionFact, list[tuple[int, str, str, str, bool]]]] = [
    (
        AssertionFact("C1", STATUS, OneOf((200, 201))),
        [(200, "text/plain", "", "", True), (202, "text/plain", "", "", False)],
    ),
    (
        AssertionFact("C1", STATUS, InRange(Bounds(400, 499))),
        [(404, "text/plain", "", "", True), (500, "text/plain", "", "", False)],
    ),
    (
        AssertionFact("C1", CONTENT_TYPE, Equals(Literal("application/json"))),
        [(200, "application/json;charset=UTF-8", "", "", True), (200, "text/html", "", "", False)],
    ),
    (
        AssertionFact("C1", CONTENT_TYPE, OneOf(("text/csv", "application/problem+json"))),
        [(200, "application/problem+json", "", "", True), (200, "text/html", "", "", False)],
    ),
    (
        AssertionFact("C1", header("X-Total"), INTEGER),
        [
            (200, "text/plain", "X-Total", "-12", True),
            (200, "text/plain", "X-Total", "1.5", False),
            (200, "text/plain", "", "", False),
        ],
    ),
    (
        AssertionFact("C1", header("X-Total"), InRange(Bounds(0, 5.5))),
        [
            (200, "text/plain", "X-Total", "5.5", True),
            (200, "text/plain", "X-Total", "6", False),
            (200, "text/plain", "X-Total", "many", False),
            (200, "text/plain", "", "", False),
        ],
    ),
    (
        AssertionFact("C1", header("X-Total"), InRange(Bounds(0)), OPTIONAL),
        [
            (200, "text/plain", "", "", True),
            (200, "text/plain", "X-Total", "0", True),
            (200, "text/plain", "X-Total", "-1", False),
            (200, "text/plain", "X-Total", "many", False),
        ],
    ),
    (
        AssertionFact("C1", header("X-Flag"), BOOLEAN, OPTIONAL),
        [(200, "text/plain", "", "", True), (200, "text/plain", "X-Flag", "yes", False)],
    ),
    (
        AssertionFact("C1", header("X-Flag"), None, Presence.ABSENT),
        [(200, "text/plain", "", "", True), (200, "text/plain", "X-Flag", "yes", False)],
    ),
    (
        AssertionFact("C1", header("X-Count"), Equals(Literal(5))),
        [(200, "text/plain", "X-Count", "5", True), (200, "text/plain", "X-Count", "6", False)],
    ),
]


@dataclass(frozen=True, slots=True)
class Table:
    """A compiled program, the lines it answers, and what it should say to each."""

    kit: JavaKit
    classes: Path
    lines: Path
    expected: tuple[tuple[str, str], ...]


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Table:
    kit = java_kit()
    folder = tmp_path_factory.mktemp("truths")
    codes = [render_java(facts) for facts, _ in TRUTHS]
    codes += [render_java([stated]) for stated, _ in RESPONSES]
    assert [code.skipped for code in codes if code.skipped] == []
    lines: list[str] = []
    expected: list[tuple[str, str]] = []
    for group, (facts, values) in enumerate(TRUTHS):
        for value in values:
            text = json.dumps(value)
            lines.append(f"{group}\t200\tapplication/json\t\t\t{text}")
            told = all(holds(stated, value) for stated in facts)
            expected.append((str(told).lower(), f"{codes[group].links} for {text}"))
    for group, (_, answers) in enumerate(RESPONSES, len(TRUTHS)):
        for status, media_type, name, value, told in answers:
            lines.append(f"{group}\t{status}\t{media_type}\t{name}\t{value}\tx")
            what = f"{codes[group].links} for {status} {media_type} {value}"
            expected.append((str(told).lower(), what))
    lines += [f"{int(at) + len(codes)}\t{rest}" for at, rest in (x.split("\t", 1) for x in lines)]
    expected += [(told, f"shortened {what}") for told, what in expected]
    path = folder / "table.txt"
    path.write_text("\n".join(lines), encoding="utf-8")
    imports = frozenset[str]().union(*(code.imports for code in codes))
    imports |= {"org.hamcrest.Matcher", "java.util.Map"}
    written = [list(code.links) for code in codes]
    written += [[shortened(each) for each in links] for links in written]
    source = _java_source(written, imports)
    options = ("-Xlint:all", "-Werror")
    classes = kit.compile({"Truths.java": source}, folder, options=options)
    return Table(kit, classes, path, tuple(expected))


@pytest.mark.java
@pytest.mark.parametrize("numbers", ["FLOAT_AND_DOUBLE", "BIG_DECIMAL"])
def test_links_hold_exactly_when_their_facts_do(numbers: str, table: Table) -> None:
    answers = table.kit.run_main(table.classes, "Truths", str(table.lines), numbers).splitlines()
    wrong = [
        f"expected {wanted}, {answer}: {what}"
        for answer, (wanted, what) in zip(answers, table.expected, strict=True)
        if answer != wanted
    ]
    assert wrong == []
