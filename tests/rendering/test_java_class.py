"""What the tests of a Java class share: payloads, calls made before, and what answers have."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from pe4king_core.model.case import (
    Body,
    CleanUp,
    FactGroup,
    OwnTests,
    PlacedGroup,
    Request,
    Step,
    TestCase,
    TestModel,
    TestStyle,
)
from pe4king_core.model.fact import (
    CONTENT_TYPE,
    AssertionFact,
    Basis,
    CaseKind,
    Check,
    Equals,
    HasLength,
    HasType,
    Literal,
    RequestValue,
    ResponseValue,
    body,
)
from pe4king_core.model.json import Json
from pe4king_core.model.message import Message
from pe4king_core.model.operation import Operation
from pe4king_core.model.schema import Bounds, JsonType
from pe4king_core.model.source import SourceLanguage
from pe4king_core.rendering.formats.junit_restassured import FORMAT
from pe4king_core.testcode import read_tests

STYLE = TestStyle(allure=False)
CREATE = Operation("POST", "/books", "#/paths/~1books/post", "createBook")
GET = Operation("GET", "/books/{id}", "#/paths/~1books~1{id}/get", "getBook")
DELETE = Operation("DELETE", "/books/{id}", "#/paths/~1books~1{id}/delete", "deleteBook")
REVIEW = Operation("POST", "/books/{id}/reviews", "#/paths/r/post", "createReview")
BOOK: Json = {"title": "Dune", "price": 9.99, "authors": [{"name": "Frank", "born": 1920}]}
CREATED = ResponseValue("POST /books", "/id")


def case(name: str, operation: Operation, request: Request, **changes: object) -> TestCase:
    plain = TestCase(
        id=f"{operation.operation_id}.{name}",
        name=name,
        kind=CaseKind.POSITIVE,
        operation=operation,
        title=Message(name, name),
        call="C1",
        request=request,
        statuses=(200,),
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


def posting(name: str, value: Json, **changes: object) -> TestCase:
    request = Request("POST", "/books", body=Body("application/json", value))
    return case(name, CREATE, request, **changes)


def render(*cases: TestCase, style: TestStyle = STYLE) -> str:
    return FORMAT.render(TestModel("Books", "Bookstore", "http://127.0.0.1/", cases), style).text


def method(text: str, name: str) -> str:
    """The lines of the method `name` in the class `text`."""
    start = re.search(rf"\n  (?:void|private [^\n]*) {name}\(", text)
    assert start is not None, name
    first = text.rindex("\n\n", 0, start.start() + 1) + 2
    return text[first : text.index("\n  }", start.end()) + 4]


def changed(**members: Json) -> Json:
    assert isinstance(BOOK, dict)
    return {name: value for name, value in {**BOOK, **members}.items() if value != "gone"}


@pytest.mark.parametrize(
    ("value", "statements"),
    [
        (changed(title="x" * 201), ['body.put("title", "x".repeat(201));']),
        (changed(title=None), ['body.put("title", null);']),
        (changed(title="gone"), ['body.remove("title");']),
        (changed(price=10**30), [f'body.put("price", new BigInteger("{10**30}"));']),
        (changed(price=True), ['body.put("price", true);']),
        (changed(extra={"a": 1}), ['body.put("extra", Map.of("a", 1));']),
        (changed(extra={"a": None}), ['body.put("extra", json("{ \\"a\\": null }"));']),
        (changed(authors=[]), ['body.put("authors", List.of());']),
        (changed(authors=["a"] * 50), ['body.put("authors", Collections.nCopies(50, "a"));']),
        (changed(authors=[None, 1]), ['body.put("authors", Arrays.asList(null, 1));']),
        (changed(authors=[None]), ['body.put("authors", Collections.singletonList(null));']),
        (changed(authors=[{"name": "Frank"}]), ['at(body, "authors", 0).remove("born");']),
        (
            changed(authors=[{"name": "", "born": 1920}]),
            ['at(body, "authors", 0).put("name", "");'],
        ),
        ({"title": "Dune", "price": 9.99}, ['body.remove("authors");']),
    ],
)
def test_a_test_says_only_what_it_changes_in_the_usual_payload(
    value: Json, statements: list[str]
) -> None:
    text = render(posting("usual", BOOK), posting("other", value))
    assert method(text, "createBookBody").count("\n") == 14
    lines = [line.strip() for line in method(text, "other").splitlines()]
    start = lines.index("Map<String, Object> body = createBookBody();") + 1
    assert lines[start : lines.index("", start)] == statements
    assert 'api().contentType(ContentType.JSON).body(createBookBody()).when().post("/books")' in (
        method(text, "usual")
    )


def test_required_parts_alone_are_said_by_what_is_kept() -> None:
    wide: Json = dict.fromkeys("abcdef", 1)
    text = render(posting("usual", wide), posting("few", {"a": 1, "b": 2}))
    assert ('    body.keySet().retainAll(List.of("a", "b"));\n    body.put("b", 2);\n') in method(
        text, "few"
    )


@pytest.mark.parametrize(
    "value",
    [{f"m{index}": index for index in range(20)}, [1, 2], {"title": "\ud800"}, "text", None],
)
def test_another_payload_altogether_stands_in_its_test(value: Json) -> None:
    text = render(posting("usual", BOOK), posting("same", BOOK), posting("other", value))
    assert "createBookBody" not in method(text, "other")
    assert "createBookBody()" in method(text, "same")


def test_a_payload_of_one_test_stays_there() -> None:
    text = render(posting("usual", BOOK))
    assert "createBookBody" not in text
    assert '        "authors": [\n' in text.replace("          ", "        ")


def test_what_must_be_new_is_made_anew_and_compared() -> None:
    sent = Body("application/json", BOOK, unique={"/title": "Dune {unique} "})
    echoed = AssertionFact("C1", body("/title"), Equals(RequestValue("/title")))
    request = Request("POST", "/books", body=sent)
    first, second = (case(name, CREATE, request, assertions=(echoed,)) for name in ("a", "b"))
    text = render(first, second)
    assert 'body.put("title", "Dune " + unique() + " ");' in method(text, "createBookBody")
    assert '.body("title", equalTo(body.get("title")))' in method(text, "a")
    alone = FORMAT.render_case(first, STYLE)
    assert "{unique}" in alone.code
    assert "UUID.randomUUID().toString().substring(0, 8))" in alone.code
    assert 'equalTo(from(body).get("title"))' in alone.code
    assert {"java.util.UUID", "static io.restassured.path.json.JsonPath.from"} <= alone.imports


def step(unique: bool = False) -> Step:
    patterns = {"/title": "Dune {unique}"} if unique else {}
    sent = Body("application/json", BOOK, unique=patterns)
    removal = CleanUp(DELETE, Request("DELETE", "/books/{id}", {"id": CREATED}))
    return Step("POST /books", CREATE, Request("POST", "/books", body=sent), 201, removal)


def reading(name: str, given: Step, **changes: object) -> TestCase:
    request = Request("GET", "/books/{id}", {"id": CREATED})
    return case(name, GET, request, given=(given,), **changes)


def test_a_call_that_several_tests_make_first_is_a_method() -> None:
    made = step()
    reviewed = Step(
        "POST /books/{id}/reviews",
        REVIEW,
        Request("POST", "/books/{id}/reviews", {"id": CREATED}),
        200,
    )
    two = [reading("c", made), replace(reading("d", made), given=(made, reviewed))]
    text = render(reading("a", made), *two, replace(two[1], name="e"))
    assert method(text, "createdBook").splitlines()[0] == "  private Response createdBook() {"
    assert "    afterwards(() -> api().pathParam(" in method(text, "createdBook")
    assert "private Response createdReview(Response createdBook) {" in text
    assert "    createdReview(createdBook);\n" in method(text, "e")
    assert (
        "    Response createdBook = createdBook();\n"
        "\n"
        "    // Act\n"
        "    Response response = api()"
        '.pathParam("id", createdBook.path("id")).when().get("/books/{id}");\n'
    ) in method(text, "a")


def test_a_call_that_one_test_makes_first_stands_in_it() -> None:
    text = render(reading("a", step()))
    assert "private" not in text
    assert "    createdBook.then().statusCode(201);\n    afterwards(" in method(text, "a")


def test_a_test_alone_undoes_what_it_made_at_its_end() -> None:
    code = FORMAT.render_case(reading("a", step()), STYLE).code
    assert "afterwards" not in code
    assert code.endswith('createdBook.path("id")).when().delete("/books/{id}");\n}')


def test_what_the_call_under_test_made_is_removed_whatever_the_checks_say() -> None:
    removal = CleanUp(DELETE, Request("DELETE", "/books/{id}", {"id": ResponseValue("C1", "/id")}))
    code = method(render(posting("a", BOOK, clean_up=removal)), "a")
    assert code.index("afterwards(") < code.index("// Assert")


def test_behaviour_has_a_tag_of_its_own() -> None:
    text = render(posting("a", BOOK, basis=Basis.LAW), posting("b", BOOK))
    assert '@Tag("positive")\n  @Tag("behaviour")' in method(text, "a")
    assert "behaviour" not in method(text, "b")


def fact(pointer: str, check: Check) -> AssertionFact:
    return AssertionFact("", body(pointer), check)


def group() -> FactGroup:
    text = HasType(frozenset({JsonType.STRING}))
    facts = (
        fact("", HasType(frozenset({JsonType.OBJECT}))),
        fact("/title", text),
        fact("/title", HasLength(Bounds(1, 50))),
        fact("/isbn", text),
    )
    return FactGroup("Book", "#/components/schemas/Book 2", facts)


def test_what_a_schema_promises_is_one_method_that_is_read_back() -> None:
    book = group()
    json_type = AssertionFact("C1", CONTENT_TYPE, Equals(Literal("application/json")))
    listed = PlacedGroup("/items/*", book)
    text = render(
        reading("a", step(), groups=(PlacedGroup("", book),), assertions=(json_type,)),
        reading("b", step(), groups=(PlacedGroup("", book),)),
        reading("c", step(), groups=(listed,)),
    )
    assert ".statusCode(200).contentType(ContentType.JSON).spec(book());" in method(text, "a")
    assert "response.then().statusCode(200).spec(book());" in method(text, "b")
    assert '.body("items.isbn", everyItem(instanceOf(String.class)))' in method(text, "c")
    assert "  /** What the document promises of every Book. */\n" in text
    read = {test.name: test for test in read_tests(text, SourceLanguage.JAVA).tests}
    said = {str(each.subject) for each in read["b"].assertions}
    assert said == {"status", "body", "body(/title)", "body(/isbn)"}


@pytest.mark.parametrize(
    ("statuses", "name"),
    [(((422,), (422,)), "unprocessableContent"), (((404,), (400, 404)), "error")],
)
def test_errors_that_look_alike_are_one_method(
    statuses: tuple[tuple[int, ...], ...], name: str
) -> None:
    facts = tuple(fact(f"/{name}", HasType(frozenset({JsonType.STRING}))) for name in "abc")
    refused = [
        posting(f"x{index}", {"q": index}, kind=CaseKind.NEGATIVE, statuses=each, assertions=facts)
        for index, each in enumerate(statuses)
    ]
    text = render(*refused)
    assert text.count(f".spec({name}());") == 2
    assert text.count(f"private static ResponseSpecification {name}() {{") == 1


def test_what_little_an_error_says_is_one_method_where_several_tests_expect_it() -> None:
    json_type = AssertionFact("C1", CONTENT_TYPE, Equals(Literal("application/json")))
    presence = AssertionFact("", body("/code"))
    problem = FactGroup("Error", "#/components/schemas/Error 2", (group().facts[0], presence))
    refused = [
        posting(
            f"x{status}",
            {"q": status},
            kind=CaseKind.NEGATIVE,
            statuses=(status,),
            assertions=(json_type,),
            groups=(PlacedGroup("", problem),),
        )
        for status in (400, 401)
    ]
    text = render(*refused)
    assert "response.then().statusCode(400).spec(error());" in method(text, "x400")
    assert "response.then().statusCode(401).spec(error());" in method(text, "x401")
    assert "    return expect()\n        .contentType(ContentType.JSON)\n" in method(text, "error")
    assert "spec" not in render(refused[0])


def test_an_answer_with_many_members_is_a_method_even_for_one_test() -> None:
    text = HasType(frozenset({JsonType.STRING}))
    wide = FactGroup("Task", "#/t", tuple(fact(f"/m{index}", text) for index in range(31)))
    assert ".spec(task());" in method(
        render(posting("a", BOOK, groups=(PlacedGroup("", wide),))), "a"
    )
    few = replace(wide, facts=wide.facts[:30])
    assert "spec(" not in render(posting("a", BOOK, groups=(PlacedGroup("", few),)))


def test_the_usual_payload_is_the_valid_one_of_the_operation_itself() -> None:
    put = Operation("PUT", "/books/{id}", "#/paths/p/put", "updateBook")

    def sending(value: Json) -> Request:
        return Request("PUT", "/books/{id}", {"id": 1}, body=Body("application/json", value))

    before = Step("PUT /books/{id}", put, sending({"title": "Other"}), 200)
    usual: Json = {"title": "Dune", "price": 1}
    text = render(
        replace(reading("a", step()), given=(step(), before)),
        case("b", put, sending({"price": 1}), kind=CaseKind.NEGATIVE, base=sending(usual)),
        case("c", put, sending(usual)),
    )
    assert 'json("{ \\"title\\": \\"Dune\\", \\"price\\": 1 }")' in method(text, "updateBookBody")
    assert 'body.remove("title");' in method(text, "b")
    assert ".body(updateBookBody())" in method(text, "c")


def test_what_is_new_or_long_is_put_into_the_usual_payload() -> None:
    """A text block with a longer line would start at the left margin."""
    long = "A sentence. " * 12
    value: Json = {"id": 1, "email": "a@example.org", "about": {"text": long, "rank": 2}}
    sent = Body("application/json", value, unique={"/email": "{unique}@example.org"})
    request = Request("POST", "/books", body=sent)
    code = method(render(case("a", CREATE, request), case("b", CREATE, request)), "createBookBody")
    assert 'json("{ \\"id\\": 1, \\"about\\": { \\"rank\\": 2 } }")' in code
    assert 'body.put("email", unique() + "@example.org");' in code
    assert '    at(body, "about")\n        .put(\n            "text",\n' in code
    assert max(map(len, code.splitlines())) <= 100


def test_numbers_of_two_answers_compare_as_numbers() -> None:
    facts = (
        AssertionFact("C1", body("/price"), HasType(frozenset({JsonType.NUMBER}))),
        AssertionFact("C1", body("/price"), Equals(ResponseValue("POST /books", "/price"))),
    )
    code = method(render(reading("a", step(), assertions=facts)), "a")
    assert '"price.toDouble()", equalTo(createdBook.<Number>path("price").doubleValue())' in code


def test_the_words_of_the_users_own_tests_are_used() -> None:
    own = OwnTests(
        client="given(spec)",
        anonymous_client="given(open)",
        prefix="/api/v1",
        base_class="org.shop.Base",
        imports=("static org.shop.Specs.spec",),
        sections=False,
        support=False,
    )
    style = replace(STYLE, own=own)
    text = render(reading("a", step(unique=True)), reading("b", step()), style=style)
    assert "import org.shop.Base;\n" in text
    assert "import static org.shop.Specs.spec;\n" in text
    assert "class BooksTest extends Base {" in text
    assert 'given(spec).pathParam("id", createdBook.path("id")).when().get("/api/v1/books' in text
    assert "// A" not in text
    assert "json(" not in text
    for lacking in ("void afterwards(", "static String unique(", "java.util.function.Supplier;"):
        assert lacking in text
    assert FORMAT.support([], (), style) == ()


def test_a_class_too_large_for_java_is_several() -> None:
    operations = [replace(CREATE, path=f"/b{index}") for index in range(4)]
    cases = [
        case(f"t{index}", operations[index // 800], Request("POST", "/b")) for index in range(3200)
    ]
    text = render(*cases)
    assert [line for line in text.splitlines() if line.startswith("class ")] == [
        "class BooksTest extends BaseApiTest {",
        "class Books2Test extends BaseApiTest {",
    ]
    assert text.count("@Test") == 3200


def test_a_path_that_must_be_new_is_a_variable() -> None:
    put = Operation("PUT", "/shelves/{name}", "#/paths/~1shelves~1{name}/put", "putShelf")
    request = Request("PUT", "/shelves/{name}", {"name": "s-0"}, unique={"name": "s-{unique}"})
    code = method(render(case("a", put, request)), "a")
    assert '    String name = "s-" + unique();\n' in code
    assert 'api().pathParam("name", name).noContentType().when().put("/shelves/{name}")' in code
    alone = FORMAT.render_case(case("a", put, request), STYLE).code
    assert '"s-" + UUID.randomUUID().toString().substring(0, 8);' in alone


def test_a_test_alone_undoes_only_what_the_document_promises_to_name() -> None:
    unsure = replace(CREATED, sure=False)
    removal = CleanUp(DELETE, Request("DELETE", "/books/{id}", {"id": unsure}))
    made = replace(step(), clean_up=removal)
    assert "delete(" not in FORMAT.render_case(reading("a", made), STYLE).code
    assert "delete(" in render(reading("a", made))


def test_a_value_that_the_document_does_not_promise_skips_the_test_where_it_is_missing() -> None:
    listed = Operation("GET", "/books", "#/paths/~1books/get", "listBooks")
    found = Step("GET /books", listed, Request("GET", "/books"), 200)
    value = ResponseValue("GET /books", "/items/0/id", sure=False)
    request = Request("GET", "/books/{id}", {"id": value})
    text = render(case("a", GET, request, given=(found,)))
    assert "import static org.junit.jupiter.api.Assumptions.assumeTrue;\n" in text
    assert (
        "    foundBook.then().statusCode(200);\n"
        '    assumeTrue(foundBook.path("items[0].id") != null, "No items[0].id to go on with");\n'
        "\n"
        "    // Act\n"
    ) in method(text, "a")
    assert "assumeTrue" not in render(reading("a", step()))
    again = Step("DELETE /books/{id}", DELETE, replace(request, method="DELETE"), 204)
    assert render(case("b", GET, request, given=(found, again))).count("assumeTrue(") == 1
