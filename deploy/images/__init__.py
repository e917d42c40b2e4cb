"""What the containers are made of."""
