"""What a machine suggests of a referral from its words in context: it may raise a floor, and does nothing else."""
