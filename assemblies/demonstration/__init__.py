"""A year in the life of the secretariat, invented: large enough to be real, made by real acts."""
