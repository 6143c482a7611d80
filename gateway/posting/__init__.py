"""Letters out: printed in runs, marked posted, and settled when they come back."""
