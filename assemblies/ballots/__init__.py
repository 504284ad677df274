"""Officers' ballots: secret votes among the members, counted, decided by rules stated before."""
