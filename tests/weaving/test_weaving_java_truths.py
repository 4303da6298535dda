"""What is woven into Java means what the facts say: it is compiled, run, asked of many answers."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

import pytest
from java_styles import MODEL, STYLES, Style, is_whole, woven

from pe4king_core.model.fact import AssertionFact, Equals, HasFormat, Literal, NotNull, OneOf
from pe4king_core.model.json import Json
from tests.rendering.fact_table import TRUTHS, fact
from tests.rendering.fact_truth import holds
from tests.rendering.java_kit import java_kit

EVERYTHING = ("junit 5", "junit 4", "testng", "assertj", "assertj soft", "hamcrest")
"""Styles with words of their own are asked everything, the others a part of it."""
ALL: dict[str, Style] = {**STYLES, "model": MODEL}
BOOKS: list[Json] = [
    *({"id": "1b4e28ba-2fa1-41d2-883f-0016d3cca427", "title": title}
      for title in ("Dune", "Solaris", "dune", 5, None, True)),
    {"title": "Dune"},
    {"id": None, "title": "Dune"},
    *({"id": id_} for id_ in ("x", 7, "1b4e28ba-2fa1-41d2-883f-0016d3cca427")),
]  # fmt: skip
OF_MODELS: list[tuple[tuple[AssertionFact, ...], list[Json]]] = [
    ((fact("/title", check),), BOOKS)
    for check in (Equals(Literal("Dune")), OneOf(("Dune", "Solaris")), NotNull())
] + [((fact("/id", check),), BOOKS) for check in (HasFormat("uuid"), NotNull())]
MAIN = """
package styles;

import com.sun.net.httpserver.HttpServer;
import io.restassured.RestAssured;
import java.lang.reflect.InvocationTargetException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Answers each request with the body of the current line, and tells what its test says to it. */
class Asked {
  static volatile String body;

  public static void main(String[] arguments) throws Exception {
    var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", exchange -> {
      byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().add("Content-Type", "application/json");
      exchange.sendResponseHeaders(200, bytes.length);
      try (var out = exchange.getResponseBody()) {
        out.write(bytes);
      }
    });
    server.start();
    RestAssured.baseURI = "http://127.0.0.1:" + server.getAddress().getPort();
    var told = new StringBuilder();
    var console = System.out;
    System.setOut(new java.io.PrintStream(java.io.OutputStream.nullOutputStream()));
    for (String line : Files.readAllLines(Path.of(arguments[0]))) {
      String[] row = line.split("\\t", -1);
      body = row[2];
      Object test = Class.forName("styles." + row[0]).getDeclaredConstructor().newInstance();
      var method = test.getClass().getMethod(row[1]);
      method.setAccessible(true);
      String outcome = "true";
      try {
        method.invoke(test);
      } catch (InvocationTargetException thrown) {
        boolean failed = thrown.getCause() instanceof AssertionError;
        String words = thrown.getCause().toString().replaceAll("\\\\s+", " ");
        outcome = failed ? "false" : "crashed: " + words;
      }
      told.append(outcome).append('\\n');
    }
    console.print(told);
    server.stop(0);
  }
}
"""


@dataclass(frozen=True, slots=True)
class Told:
    """What the test of a line said, and what it should say."""

    answer: str
    wanted: str
    what: str


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, list[Told]]:
    """By style, the answers of one program that was compiled from all styles and run once."""
    kit = java_kit()
    folder = tmp_path_factory.mktemp("asked")
    sources = {"styles/Asked.java": MAIN}
    lines: list[str] = []
    expected: list[tuple[str, str, str]] = []
    for number, (style_name, style) in enumerate(ALL.items()):
        name = f"Style{number}"
        groups = list(TRUTHS if style_name in EVERYTHING else TRUTHS[number % 9 :: 9])
        groups = OF_MODELS if style is MODEL else groups
        if style.body_only:
            groups = [group for group in groups if is_whole(style, group[0])]
        sources[f"styles/{name}.java"] = woven(style, name, [facts for facts, _ in groups])
        for group, (facts, values) in enumerate(groups):
            what = [(f.subject.name, f.check, f.presence.value) for f in facts]
            for value in values:
                body = json.dumps(value)
                lines.append(f"{name}\ta{group}\t{body}")
                truth = str(all(holds(each, value) for each in facts)).lower()
                expected.append((style_name, truth, f"{what} of {body}"))
    classes = kit.compile(sources, folder, options=("-Xlint:all", "-Werror"))
    path = folder / "lines.txt"
    path.write_text("\n".join(lines), encoding="utf-8")
    answers = kit.run_main(classes, "styles.Asked", str(path)).splitlines()
    found: dict[str, list[Told]] = {}
    for answer, (style_name, wanted, what) in zip(answers, expected, strict=True):
        found.setdefault(style_name, []).append(Told(answer, wanted, what))
    return found


@pytest.mark.java
@pytest.mark.slow
@pytest.mark.parametrize("style", ALL)
def test_woven_assertions_hold_exactly_when_their_facts_do(
    style: str, told: Mapping[str, list[Told]]
) -> None:
    loud = ALL[style].loud
    wrong = [
        each
        for each in told[style]
        if each.answer != each.wanted
        and not (loud and each.wanted == "false" and each.answer.startswith("crashed"))
    ]
    assert wrong == []
