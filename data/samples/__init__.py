"""Invented pools and bodies, for the demonstration, the documentation and the tests."""
