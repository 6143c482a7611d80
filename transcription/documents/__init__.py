"""Documents that carry their own text: PDF, Word, OpenDocument, RTF, web pages and plain text."""
