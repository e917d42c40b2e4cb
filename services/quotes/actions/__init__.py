"""What quotes does: drafts and offers quotes, agrees contracts, and keeps the money of commissions."""
