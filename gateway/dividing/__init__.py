"""Makes letters out of the pages of a scan: which pages belong together, and a message and a file for each."""
