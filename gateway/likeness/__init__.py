"""Referrals that may be about the same: found by what they share, shown with the reasons, never merged."""
