"""The demo and its pretend providers, on real sockets."""
