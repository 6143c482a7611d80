"""Values found in somebody's words, each proposed with the words it rests on; a person confirms or rejects it."""
