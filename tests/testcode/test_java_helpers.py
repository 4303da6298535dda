"""Java tests read through helpers, base classes and other files."""

from __future__ import annotations

from java_code import IMPORTS, only_test, read, told

from pe4king_core.model.fact import AssertionFact, HasType, body
from pe4king_core.model.schema import JsonType
from pe4king_core.model.source import BodyKind, SourceLanguage
from pe4king_core.testcode import is_covered, read_tests
from pe4king_core.testcode.reasons import ROOTED

CLIENT = """
package shop.api;
import static io.restassured.RestAssured.given;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
public class Books extends Base {
    private final RequestSpecification spec;
    public Books(RequestSpecification spec) { this.spec = spec; }
    public Response read(String id) { return given(spec).get(Routes.BOOK.path(), id); }
    public Response create(Object body) { return send("POST", Routes.BOOKS.path(), body); }
    protected RequestSpecification common() { return spec; }
}
"""
BASE = """
package shop.api;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
abstract class Base {
    protected abstract RequestSpecification common();
    protected Response send(String method, String path, Object body) {
        switch (method) {
            case "POST": return common().body(body).post(path);
            default: return common().get(path);
        }
    }
}
"""
ROUTES = """
package shop.api;
enum Routes {
    BOOKS("/books"), BOOK("/books/{id}");
    private final String path;
    Routes(String path) { this.path = "/v1" + path; }
    String path() { return path; }
}
"""
FILES = {"shop/api/Books.java": CLIENT, "shop/api/Base.java": BASE, "shop/api/Routes.java": ROUTES}


def test_client_class_with_base_class_routes_and_virtual_method() -> None:
    test = only_test(
        'Response made = books.create(Map.of("title", "Emma"));'
        ' books.read(made.path("id")).then().statusCode(200);',
        members="private final shop.api.Books books = new shop.api.Books(given());",
        files=FILES,
    )
    assert told(test) == [
        "C1 POST /v1/books response as made json",
        "C2 GET /v1/books/{} chain",
        "C2 status == 200",
    ]
    assert test.calls[0].via == ("create", "send")
    assert test.calls[0].parts.body_names == ("title",)


def test_requests_more_than_three_helpers_deep_are_said_to_be_hidden() -> None:
    test = only_test(
        "one().then().statusCode(200);",
        members="Response one() { return two(); } Response two() { return three(); }"
        ' Response three() { return four(); } Response four() { return get("/books"); }',
    )
    assert told(test) == ["C1 ? ? chain ?", "C1 status == 200"]


def test_set_up_of_base_class_and_static_settings() -> None:
    base = f"""package shop;
    {IMPORTS}
    abstract class ApiBase {{
        protected String id;
        @BeforeAll static void address() {{ RestAssured.baseURI = System.getenv("SHOP") + "/v2"; }}
        @BeforeEach void book() {{
            id = given().body("{{}}").post("/books").then().statusCode(201).extract().path("id");
        }}
    }}"""
    text = f"""package shop;
    {IMPORTS}
    class BTest extends ApiBase {{ @Test void it() {{
        get("/books/" + id).then().body("id", equalTo(id));
    }} }}"""
    files = {"shop/ApiBase.java": base, "shop/BTest.java": text}
    (test,) = read(files, "shop/BTest.java").tests
    assert told(test) == [
        "C1 POST /v2/books bare json",
        "C2 GET /v2/books/{} chain",
        "C1 status == 201",
        "C2 body(/id) == C1/id",
    ]
    assert [call.setup for call in test.calls] == [True, False]
    assert test.assertions[0].via == ("book",)


def test_specifications_of_request_and_response() -> None:
    specs = """package shop;
    class Specs {
        static RequestSpecification json() {
            return new RequestSpecBuilder().setBasePath("/api").addQueryParam("lang", "en")
                .addHeader("X-Key", KEY).build();
        }
        static ResponseSpecification ok() {
            return new ResponseSpecBuilder().expectStatusCode(200).expectBody("id", notNullValue())
                .build();
        }
    }"""
    test = only_test(
        'given().spec(Specs.json()).get("/books?page=2").then().spec(Specs.ok());',
        files={"shop/Specs.java": specs},
    )
    assert told(test) == ["C1 GET /api/books chain", "C1 status == 200", "C1 body(/id) not null"]
    assert test.calls[0].parts.query == ("lang", "page")
    assert test.calls[0].parts.headers == ("X-Key",)
    assert test.assertions[0].text == ".spec(Specs.ok())"


def test_fluent_verifier_that_returns_itself() -> None:
    verifier = """package shop;
    class Verifier {
        private final Response response;
        Verifier(Response response) { this.response = response; }
        Verifier status(int wanted) { response.then().statusCode(wanted); return this; }
        Verifier title(String wanted) { response.then().body("title", is(wanted)); return this; }
    }"""
    test = only_test(
        'new Verifier(get("/books/1")).status(200).title("Emma");',
        files={"shop/Verifier.java": verifier},
    )
    assert told(test) == ["C1 GET /books/1 bare", "C1 status == 200", "C1 body(/title) == 'Emma'"]


def test_branches_of_a_helper_that_are_decided_by_its_arguments() -> None:
    members = """
    private Response send(Method method, String path, Object body) {
        RequestSpecification request = given();
        if (body != null) { request.body(body); }
        return request.request(method, path);
    }"""
    test = only_test(
        'send(Method.PUT, "/books/1", "{}"); send(Method.GET, "/books", null);', members=members
    )
    assert told(test) == ["C1 PUT /books/1 bare json", "C2 GET /books bare"]


def test_different_answers_of_a_helper_are_not_certain() -> None:
    members = """
    private Response any() {
        Response found = get("/a");
        if (Math.random() > 0.5) { found = get("/b"); }
        return found;
    }"""
    test = only_test("any().then().statusCode(200);", members=members)
    assert all(call.unsure for call in test.calls)


def test_what_stands_behind_an_early_return_may_not_be_asserted() -> None:
    members = """
    void check(Response response) {
        if (response.statusCode() == 204) { return; }
        response.then().body("id", notNullValue());
    }"""
    test = only_test('check(get("/books/1"));', members=members)
    assert [each.opaque for each in test.assertions] == [True]


def test_objects_of_classes() -> None:
    book = """package shop;
    @Data class Book {
        private String title;
        @JsonProperty("page_count") private int pages;
        private List<Author> authors;
        static class Author { public String name; }
    }"""
    test = only_test(
        'Book book = get("/books/1").as(Book.class);'
        ' assertEquals("Emma", book.getTitle()); assertThat(book.getPages()).isGreaterThan(1);'
        " assertThat(book.getAuthors().get(0).name).isNotNull();",
        files={"shop/Book.java": book},
    )
    assert told(test)[1:] == [
        "C1 body(/title) == 'Emma'",
        "C1 body(/page_count) range (1, ]",
        "C1 body(/authors/0/name) not null",
    ]
    (held,) = test.model_variables
    assert (held.name, held.type, dict(held.members)) == (
        "book",
        "Book",
        {"title": ".getTitle()", "page_count": ".getPages()", "authors": ".getAuthors()"},
    )
    assert held.optional == {"title", "authors"}


def test_a_class_without_source_says_nothing_of_its_members() -> None:
    test = only_test('Book book = get("/b").as(Book.class); assertEquals("x", book.getTitle());')
    assert told(test)[1:] == ["C1 ?"]


def test_other_clients_are_recognised_and_never_guessed() -> None:
    test = only_test(
        'RestTemplate other = new RestTemplate(); other.getForEntity("/books", String.class);'
        ' Map<String, String> cache = null; cache.get("/books");'
    )
    assert told(test) == ["C1 ? ? bare ?"]
    assert test.calls[0].unresolved is not None
    assert "other than REST Assured" in test.calls[0].unresolved.en


def test_rows_of_parametrised_tests() -> None:
    text = f"""package shop;
    {IMPORTS}
    class RowsTest {{
        @ParameterizedTest @CsvSource({{"1, 200", "2, 404"}})
        void csv(int id, int status) {{ get("/books/" + id).then().statusCode(status); }}
        @ParameterizedTest @MethodSource("paths")
        void paths(String path) {{ get(path).then().statusCode(200); }}
        static Stream<String> paths() {{ return Stream.of("/a", "/b"); }}
        @Test(dataProvider = "rows")
        void provided(String title, int status) {{ post("/books").then().statusCode(status); }}
        @DataProvider Object[][] rows() {{ return new Object[][] {{{{"a", 201}}, {{"b", 201}}}}; }}
    }}"""
    csv, paths, provided = read({"shop/RowsTest.java": text}, "shop/RowsTest.java").tests
    assert told(csv) == ["C1 GET /books/{} chain", "C1 status in [200, 404]"]
    assert told(paths)[0] == "C1 GET ? chain ?"
    assert told(provided) == ["C1 POST /books chain", "C1 status == 201"]
    assert all(test.parametrized for test in (csv, paths, provided))


def test_soft_assertions_and_libraries() -> None:
    test = only_test(
        'Response r = get("/b"); SoftAssertions softly = new SoftAssertions();'
        " softly.assertThat(r.statusCode()).isEqualTo(200); softly.assertAll();"
        " assertEquals(200, r.statusCode()); assert r.statusCode() == 200;"
        " r.then().statusCode(200);"
    )
    assert [(each.library, each.soft) for each in test.assertions] == [
        ("assertj", "softly"),
        ("junit5", ""),
        ("assert", ""),
        ("rest-assured", ""),
    ]


def test_what_was_sent_is_recognised_in_what_came_back() -> None:
    test = only_test(
        'String title = "Emma " + UUID.randomUUID();'
        ' Response r = given().body(Map.of("title", title)).post("/books");'
        ' assertEquals(title, r.path("title"));'
    )
    assert told(test)[1:] == ["C1 body(/title) == sent /title"]
    assert test.calls[0].parts.body is BodyKind.JSON


def test_texts_are_put_together() -> None:
    test = only_test(
        'StringBuilder url = new StringBuilder("/a"); url.append("/").append(id);'
        ' get(url.toString()); get(String.join("/", "", "b", id)); get("/c/%s/d".formatted(id));'
        ' get(BASE + "/e"); get(System.getProperty("host", "http://h/base") + "/f");',
        members='static final String BASE = Optional.ofNullable(System.getenv("X")).orElse("");',
    )
    assert [call.path for call in test.calls] == ["/a/{}", "/b/{}", "/c/{}/d", "/e", "/base/f"]


def test_a_root_path_that_a_helper_sets_is_told() -> None:
    text = """class ATest {
      ValidatableResponse rooted() { return given().get("/books").then().rootPath("items"); }
      ValidatableResponse plain() { return given().get("/books").then(); }
      @Test void a() { ValidatableResponse r = rooted(); r.body("size()", is(1)); }
      @Test void b() { ValidatableResponse r = plain(); r.statusCode(200); }
    }"""
    first, second = read_tests(text, SourceLanguage.JAVA).tests
    assert first.calls[0].unsure is ROOTED
    assert second.calls[0].blocked is None


def test_a_request_that_takes_a_value_of_an_earlier_answer_is_a_new_one() -> None:
    test = only_test(
        """Response book = api().when().post("/books");
        api().pathParam("id", book.path("id")).queryParam("title", book.path("title"))
            .when().get("/books/{id}").then().statusCode(200);""",
    )
    assert told(test) == [
        "C1 POST /books response as book",
        "C2 GET /books/{} chain",
        "C2 status == 200",
    ]


def test_what_a_specification_says_of_a_size_is_said_of_an_array() -> None:
    specs = """package shop;
    class Specs {
        static ResponseSpecification page() {
            return expect().body("items", hasSize(3)).body("none", anEmptyMap());
        }
    }"""
    test = only_test(
        'given().get("/books").then().spec(Specs.page());', files={"shop/Specs.java": specs}
    )
    array = HasType(frozenset({JsonType.ARRAY}))
    assert is_covered(test, AssertionFact("C1", body("/items"), array))
    assert not is_covered(test, AssertionFact("C1", body("/none"), array))
