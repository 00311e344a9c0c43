"""The JSON Schema of a pack file, for editors; the model is the one source of it."""

import json

from campaigns.pack_model import PackFile


def pack_schema_text() -> str:
    """The schema as it lies beside the packs, JSON with a final newline."""
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", **PackFile.model_json_schema()}
    return json.dumps(schema, ensure_ascii=False, indent=2) + "\n"
