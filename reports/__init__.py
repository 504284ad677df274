"""Documents on paper: minutes of a draw, certificates, statements, evaluation reports."""
