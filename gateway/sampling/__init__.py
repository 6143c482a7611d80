"""The inspector's pack: the last reports in strict order of receipt, how fast each was looked at, and by whom."""

from gateway.sampling.as_it_was import Report, drawn
from gateway.sampling.pack import Pack, take, written, zipped
from gateway.sampling.sentence import sentence
from gateway.sampling.table import HEADINGS, line_of, table

__all__ = ["HEADINGS", "Pack", "Report", "drawn", "line_of", "sentence", "table", "take", "written", "zipped"]
