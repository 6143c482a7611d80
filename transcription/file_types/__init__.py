"""What kind of file some bytes are, whatever they are called."""
