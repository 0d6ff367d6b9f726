"""A site's scenes before and after the works: cut out for page and print, and what changed in vegetation."""
