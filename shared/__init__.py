"""What all services stand on. It knows no service."""
