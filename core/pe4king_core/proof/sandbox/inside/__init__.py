"""The side that confines: a process of ours that starts, watches and ends the untrusted ones.

Standard library only: it is started once per sandbox and is meant to be there at once.
"""
