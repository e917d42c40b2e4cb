"""Rules and states of a commission's life. No I/O; the clock and the durations come in as arguments."""
