"""The shared account: what is genuine, what is fetched, what an error means."""
