"""What every face shares when it speaks HTTP: problems, parameters, caching, language."""
