"""The field app's shell: a page that knows nobody, and the worker that keeps it on the tablet."""
