"""Pictures of paper to text: open, straighten, find the lines, recognise them, put them in reading order."""
