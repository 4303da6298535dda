"""The language server and the command line: thin rooms that wire core and adapter together."""
