"""The order in which things happen: the only room that knows all the others."""
