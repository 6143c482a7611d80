"""A caller's voice as it is spoken: what a stream says, where each of its frames belongs, and what it leaves."""
