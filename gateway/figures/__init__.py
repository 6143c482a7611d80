"""How much came in and how fast it was answered, counted from the referrals themselves."""
