"""Shapes that cross packages: events, tables, messages, enums. No behaviour beyond validation."""
