"""Reading documents in a child process: native parsers can die or hang, the server must not.

Modules, lower ones may import higher ones:

frames     what goes over the pipes between the two processes
child      the child: runs one job after the other, ends with its parent
failures   what a document that ends the child is told to the user as
process    the parent's side: starts, watches and replaces the child
reader     reads documents and their parts through it

The child imports `frames` and `child` only, and the module of a job when it is first asked for.
"""
