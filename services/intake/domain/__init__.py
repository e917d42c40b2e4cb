"""Rules and states of people, sessions, briefs and commissions. No I/O; the clock and ids come in as arguments."""
