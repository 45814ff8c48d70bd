"""What an analysis file may ask for beside the pooled result: ``further``, a list of methods with their options.

Each method is declared once: its options are the fields of a class, and its ``result`` calls the function of the
library.
"""

from guidewright.metaanalysis.further.methods import Method
from guidewright.metaanalysis.further.running import FurtherResult, run
from guidewright.metaanalysis.further.studies import Studies

__all__ = ["FurtherResult", "Method", "Studies", "run"]
