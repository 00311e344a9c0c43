"""PostgreSQL and a Kafka-protocol broker that start with the product, for development and tests."""


class EmbeddedProblem(Exception):
    """An embedded part could not start or be reached; the text says what to do."""
