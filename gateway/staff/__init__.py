"""What staff do: sign in, work the queue, read a referral and decide, write a note, oversee."""
