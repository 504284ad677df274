"""Accounts: who signs in, under which roles, and what each role may do."""
