"""What the tests of a workspace run with: interpreter or build tool, libraries, the API's address.

Everything is found by looking at files and variables; nothing is run and nobody is contacted.
"""

from pe4king_server.environment.finding import environment_of
from pe4king_server.environment.model import Environment

__all__ = ["Environment", "environment_of"]
