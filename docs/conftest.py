"""What pytest reads of the documentation: the doctests of its pages, nothing else."""

collect_ignore_glob = ["_build/*", "_ext/*", "api/*", "auto_examples/*", "examples/*"]
collect_ignore = ["conf.py"]
