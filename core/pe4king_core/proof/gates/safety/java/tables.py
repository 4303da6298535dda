"""What Java tests of an API may use."""

from __future__ import annotations

ALLOWED = (
    *("java.util.", "java.time.", "java.math.", "java.text.", "java.nio.charset."),
    *("java.net.URI", "java.net.URLEncoder", "java.net.URLDecoder", "java.net.http."),
    *("java.io.IOException", "java.io.UncheckedIOException", "java.io.InputStream"),
    *("java.io.ByteArray", "java.io.StringReader", "java.io.StringWriter", "java.io.Serializable"),
    *("java.io.PrintStream", "java.io.Closeable", "java.lang.", "java.net.URISyntaxException"),
    *("java.security.MessageDigest", "java.security.NoSuchAlgorithmException", "javax.crypto."),
    *("javax.annotation.", "jakarta.annotation.", "javax.inject.", "jakarta.inject."),
    *("javax.validation.", "jakarta.validation.", "javax.xml.bind.annotation."),
)
"""Of the platform's own packages."""

REFUSED = (
    *("java.lang.reflect.", "java.lang.invoke.", "java.lang.management.", "java.lang.instrument."),
    *("java.lang.foreign.", "java.lang.module.", "java.lang.Runtime", "java.lang.Process"),
    *("java.lang.Thread", "java.lang.ClassLoader", "java.lang.ModuleLayer", "java.lang.Module"),
    *("java.lang.StackWalker", "java.lang.Shutdown", "java.lang.Compiler"),
    *("java.util.concurrent.", "java.util.jar.", "java.util.zip.", "java.util.prefs."),
    *("java.util.ServiceLoader", "java.util.Timer", "java.util.Scanner", "java.util.logging."),
    *("java.util.PropertyResourceBundle", "java.util.ResourceBundle", "java.util.spi."),
)
EXCEPT = (
    *("java.util.concurrent.TimeUnit", "java.util.concurrent.ThreadLocalRandom"),
    *("java.util.concurrent.atomic.", "java.util.concurrent.ConcurrentHashMap"),
    *("java.util.concurrent.TimeoutException", "java.util.concurrent.ExecutionException"),
    *("java.util.logging.Logger", "java.util.logging.Level", "java.util.concurrent.CopyOnWrite"),
)
"""Exceptions from REFUSED."""

PLATFORM = ("java.", "javax.", "jdk.", "sun.", "com.sun.", "jakarta.", "netscape.", "org.ietf.")
HARMFUL = (
    *("groovy.", "org.codehaus.groovy.", "org.apache.groovy.", "javassist.", "net.bytebuddy."),
    *("org.objectweb.asm.", "org.apache.commons.exec.", "org.apache.commons.io.File"),
    *(
        "com.google.common.io.Files",
        "com.google.common.reflect.",
        "org.apache.commons.lang3.reflect.",
    ),
    *("org.springframework.util.ReflectionUtils", "org.springframework.expression."),
    *("org.mvel2.", "ognl.", "bsh.", "org.python.", "com.jcraft.", "org.zeroturnaround."),
    *("org.springframework.test.util.ReflectionTestUtils", "org.junit.platform.commons.util."),
    *(
        "org.mockito.MockedStatic",
        "org.powermock.",
        "io.netty.channel.",
        "com.thoughtworks.xstream.",
    ),
    *("org.junit.platform.launcher.", "org.junit.runner.JUnitCore", "org.testng.TestNG"),
    *("org.mozilla.javascript.", "kotlin.script.", "io.github.classgraph.", "com.sun.jna."),
    *(
        "org.junit.platform.commons.support.",
        "org.apache.commons.net.",
        "org.apache.logging.log4j.core.",
    ),
)
LIBRARIES = (
    *("org.junit.", "junit.framework.", "org.hamcrest.", "io.restassured.", "org.testng."),
    *("com.fasterxml.jackson.", "io.qameta.allure.", "org.assertj.", "com.google.gson."),
    *("org.json.", "org.skyscreamer.jsonassert.", "com.networknt.schema.", "org.everit.json."),
    *("net.javacrumbs.jsonunit.", "com.jayway.jsonpath.", "lombok.", "org.slf4j."),
    *("org.apache.http.", "org.apache.hc.", "okhttp3.", "retrofit2.", "org.springframework."),
    *("org.apache.commons.lang3.", "com.github.javafaker.", "net.datafaker.", "org.awaitility."),
    *("org.mockito.", "com.google.common.", "com.google.truth.", "kong.unirest.", "feign."),
    *("io.swagger.", "com.atlassian.oai.", "org.jetbrains.annotations.", "org.xmlunit."),
    *("com.consol.citrus.", "io.rest.assured.", "jakarta.ws.rs.", "javax.ws.rs.", "reactor.test."),
    *("org.apiguardian.", "org.opentest4j.", "groovy.json.", "com.intuit.karate.", "org.jspecify."),
)

TYPES_PROGRAMS = frozenset(
    {"Runtime", "ProcessBuilder", "Process", "ProcessHandle", "Shutdown", "Desktop", "Robot"}
)
TYPES_CODE = frozenset(
    {"ClassLoader", "URLClassLoader", "MethodHandles", "MethodHandle", "Unsafe", "GroovyShell"}
    | {"ScriptEngineManager", "ScriptEngine", "ObjectInputStream", "ServiceLoader", "Proxy"}
    | {"ModuleLayer", "StackWalker", "SecurityManager", "ToolProvider", "VarHandle", "Eval"}
    | {"ReflectionTestUtils", "ReflectionUtils", "FieldUtils", "MethodUtils", "InitialContext"}
    | {"ManagementFactory", "AccessibleObject", "Constructor", "MockedStatic", "BinaryContent"}
)
TYPES_FILES = frozenset(
    {"File", "Files", "Paths", "Path", "FileReader", "FileWriter", "FileInputStream"}
    | {"FileOutputStream", "RandomAccessFile", "FileUtils", "PrintWriter", "FileSystems"}
    | {"FileChannel", "Scanner", "ZipFile", "JarFile", "ResourceBundle", "FileHandler"}
)
TYPES_NETWORK = frozenset(
    {"Socket", "ServerSocket", "DatagramSocket", "SocketChannel", "URL", "URLConnection"}
    | {"HttpURLConnection", "InetAddress", "InetSocketAddress", "ServerSocketChannel"}
    | {"DatagramPacket", "MulticastSocket", "SSLSocketFactory", "HttpServer", "HttpHost"}
)
TYPES_THREADS = frozenset(
    {"ThreadGroup", "Executors", "ExecutorService", "CompletableFuture", "ForkJoinPool"}
    | {"ScheduledExecutorService", "Timer", "TimerTask", "Executor", "FutureTask"}
    | {"ThreadPoolExecutor", "CountDownLatch", "Semaphore", "CyclicBarrier", "StructuredTaskScope"}
)

METHODS_CODE = frozenset(
    {"forName", "getDeclaredMethod", "getDeclaredMethods", "getDeclaredField", "getMethods"}
    | {"getDeclaredFields", "setAccessible", "newInstance", "invokeExact", "loadClass"}
    | {
        "defineClass",
        "getClassLoader",
        "getContextClassLoader",
        "getConstructor",
        "trySetAccessible",
    }
    | {
        "getDeclaredConstructor",
        "getDeclaredConstructors",
        "getConstructors",
        "getProtectionDomain",
    }
    | {"getEngineByName", "readObject", "enableDefaultTyping", "activateDefaultTyping"}
    | {"invokeWithArguments", "getModule", "getSystemClassLoader", "getPlatformClassLoader"}
    | {"getEnclosingClass", "addOpens", "mockStatic", "invokeMethod"}
    | {"getMetaClass"}
)
METHODS_OF_CLASSES = frozenset({"getMethod", "getField", "invoke", "asSubclass"})
"""Reflection where they have arguments."""
METHODS_PROGRAMS = frozenset(
    {"getRuntime", "exec", "halt", "addShutdownHook", "startPipeline", "destroyForcibly"}
)
METHODS_FILES = frozenset(
    {"ofFile", "ofFileDownload", "getResourceAsStream", "getResource", "createTempFile"}
    | {
        "createTempDirectory",
        "toFile",
        "toPath",
        "deleteIfExists",
        "deleteOnExit",
        "keyStore",
        "certificate",
    }
    | {"trustStore", "newBufferedWriter", "newBufferedReader", "openStream", "openConnection"}
)
METHODS_THREADS = frozenset(
    {"parallelStream", "parallel", "supplyAsync", "runAsync", "newFixedThreadPool", "newThread"}
    | {"newCachedThreadPool", "newSingleThreadExecutor", "startVirtualThread", "ofVirtual"}
)
SYSTEM = frozenset(
    {"getenv", "getProperty", "currentTimeMillis", "nanoTime", "lineSeparator", "out", "err"}
    | {"identityHashCode", "arraycopy"}
)
"""Members of `System` that tests may use."""

LOAD_BEARING = frozenset(
    {"Object", "String", "Integer", "Long", "Boolean", "Math", "System", "Assertions", "Assert"}
    | {"Matchers", "MatcherAssert", "RestAssured", "AssertionError", "Test", "Response", "Objects"}
    | {"CoreMatchers", "Is", "Throwable", "Exception", "List", "Map", "JsonPath", "ObjectMapper"}
)
JUDGING = frozenset(
    {"TestExecutionExceptionHandler", "InvocationInterceptor", "ExecutionCondition", "TestRule"}
    | {"LifecycleMethodExecutionExceptionHandler", "IRetryAnalyzer", "IInvokedMethodListener"}
    | {"IHookable", "IAnnotationTransformer", "MethodRule", "LauncherSessionListener"}
    | {"TestInstanceFactory", "TestInstancePostProcessor"}
)
"""Types that see to how tests are run."""
