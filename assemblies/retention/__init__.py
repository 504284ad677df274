"""Retention: how long each kind of record is kept, and erasing what is due."""
