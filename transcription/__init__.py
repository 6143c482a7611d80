"""Sound and pictures to text: what was said on a recording, what stands on a page."""
