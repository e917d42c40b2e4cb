"""What intake does: signs people up and in, accepts their requests, shows their status, and cancels them."""
