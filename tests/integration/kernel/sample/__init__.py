"""A service of nothing but a relay and an inbox, so that both can be killed in a process of their own."""
