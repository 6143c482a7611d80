"""Two people at one step: what the second one is shown is what is done, and nobody agrees to their own."""
