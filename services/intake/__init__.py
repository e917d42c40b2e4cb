"""Intake: people and sign-in, forms, briefs and their pictures, and the customer's page of a commission."""
