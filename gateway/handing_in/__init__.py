"""Post that somebody hands in: files taken from a browser or a program in pieces, and kept as letters."""
