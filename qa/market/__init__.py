"""What the tape did: price history, the exchange calendar, and the metrics."""
