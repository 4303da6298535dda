"""Making the files of a plan, with child processes for a large one.

Modules, lower ones may import higher ones:

names     the names of the tests in a text
clients   which cases the user's own clients can send
making    one file after the other, in whatever process
warming   loading what that needs ahead of the work
sending   a file on its way from one process to another
job       what a child does
sharing   which process makes which file
helpers   the child processes, and the parent's part of the work

Every process loads the whole document, as tests of one operation may call others. A file depends
on its model alone, so it does not matter who makes it.
"""
