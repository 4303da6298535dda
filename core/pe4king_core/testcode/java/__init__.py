"""Reading of Java tests: JUnit 4 and 5, TestNG; REST Assured with Hamcrest, JUnit, AssertJ.

Modules, lower ones may import higher ones:

types        Java's classes as JSON types        closures    what Groovy's operations give
groovy       GPath and Groovy conditions         outline     what a file declares
objects      values that only Java has           resolving   where a name leads, in any file
models       classes that stand for JSON         scope       what is known where code is read
answers      what methods make of an answer      inlining    helpers read in place
texts        texts, maps, the environment        names       fields, constants, local names
requests     specifications and verbs            matchers    Hamcrest matchers to claims
chains       links behind `.then()`              assertj     links behind `assertThat(x)`
expressions  an expression to a value            truths      a condition to claims
assertions   assert methods to claims            own         methods whose source is there
deferred     lambdas given to libraries          foreign     other HTTP clients
sending      requests begun by a method call     invocations method calls, whatever they are
creations    `new X(...)`                        binding     declarations and assignments
statements   the statements of one body          reading     all of them, as `scope` asks
parameters   rows of parameterised tests         setup       what runs before a test
function     one test                            header      imports and own types
places       tests in a sound tree               bounds      tests by annotations and braces
reader       surroundings and tests, as `pe4king_core.testcode.incremental` asks for them
"""
