"""The site: pages for the secretariat, the members drawn, Parliament and the public."""
