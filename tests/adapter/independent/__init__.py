"""Our providers against servers by others: llmock, aimock, llama.cpp with a real model."""
