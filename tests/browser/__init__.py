"""The desk in a real browser: every page by machine and by keyboard, with and without scripts."""
