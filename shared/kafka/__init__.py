"""Kafka: the topics of the platform, applied at start."""
