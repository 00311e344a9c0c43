"""What the language names and this version does not run yet; each use is a problem with its line."""

from campaigns.fields import Reader
from campaigns.yaml_source import Node

NOT_BUILT: dict[str, str] = {
    "schedule": "'schedule' is not available in this version: use steps with 'at' or 'on'",
    "on: promise.broken": "'on: promise.broken' is not available in this version: use 'at'",
    "unless: read": "'unless: read' is not available in this version: use 'unless: delivered'",
}


def refuse_not_built(reader: Reader, node: Node, feature: str) -> None:
    """Note a problem where the feature is in the table."""
    if feature in NOT_BUILT:
        reader.fault(node, NOT_BUILT[feature])
