"""What every service's process consists of: settings, logs, health, metrics, traces, and its four roles."""
