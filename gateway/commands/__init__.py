"""What the operator can say: each file adds its commands to the parser and runs them."""
