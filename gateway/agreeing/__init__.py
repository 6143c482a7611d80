"""A step as it would be: shown before it is taken, and where two must agree, kept until the second one has."""
