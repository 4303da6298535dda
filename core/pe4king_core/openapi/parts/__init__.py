"""The parts of operations: parameters, bodies, answers, security, servers, callbacks."""
