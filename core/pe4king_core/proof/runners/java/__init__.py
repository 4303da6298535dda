"""Runs Java tests again and again in one virtual machine: JUnit 5 and 6, JUnit 4 by its engine."""
