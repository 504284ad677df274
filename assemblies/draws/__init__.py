"""Draws as records: a pool frozen with its digest, a lottery, a public number, a panel."""
