"""A whole front door on one machine: pretend providers, invented people and a scripted minute of messages."""
