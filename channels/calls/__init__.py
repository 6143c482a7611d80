"""A telephone call whoever carries it: what happened, what the caller hears next, and the order of both."""
