"""Calls: asking each person drawn whether they accept, and filling the seats they leave."""
