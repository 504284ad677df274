"""The journal: who did what, when and on what ground; nothing in it is ever changed."""
