"""What a service's process stands on: settings, logs, health, metrics, traces, and its four roles."""
