"""The words of messages and the code that renders them."""
