"""The Bookstore API as a program: an implementation of its own, which never reads the document.

Modules, later ones may import earlier ones:

values       JSON values, formats and how they are checked
errors       the answers that are refusals
bodies       what the bodies of requests must look like
parameters   the same for path, query and header parameters
records      what the shop keeps
seed         what is there at the start
store        the state of the shop and its rules
operations   the operations of the document
routes       which operation answers a request, and who may call it
server       HTTP
"""
