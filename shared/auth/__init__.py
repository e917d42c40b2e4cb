"""Who is asking: roles, sign-in tokens that every service verifies offline, and who may see what."""
