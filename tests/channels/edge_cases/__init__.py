"""What gateways get wrong with a telephony provider: each known case, and the test that holds it."""
