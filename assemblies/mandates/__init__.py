"""Mandates: who holds which seat from which day to which day, and what may stand in the way."""
