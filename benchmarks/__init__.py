"""How fast and how small: every figure beside the anchor it is measured against, in the same run."""
