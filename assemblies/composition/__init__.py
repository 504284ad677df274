"""Bodies, their colleges and their seats, set up from dated templates."""
