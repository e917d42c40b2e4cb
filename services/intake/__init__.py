"""Intake: people and sign-in, the crafts' forms, briefs and their pictures, and the customer's page of a commission."""
