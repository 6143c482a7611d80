"""What we keep: one file per noun, its table and the questions asked of it."""
