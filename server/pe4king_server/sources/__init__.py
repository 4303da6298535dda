"""The source files of a workspace: tests as read, with the helpers of other files, and an index.

Modules, lower ones may import higher ones:

batches   reading many test files one after the other, in whatever process
pool      batches in a child process for each core
store     what is known of every file, and when it has to be read again
"""
