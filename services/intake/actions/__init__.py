"""What intake does: lets people in, takes their wishes, shows them how these fare, and takes them back."""
