"""Our providers against servers by others: llmock, aimock, and llama.cpp with a small real model."""
