"""Secrets of a development deployment: made once, kept in the data folder, readable by their owner alone."""

import contextlib
import os
import secrets
from pathlib import Path

from services.keyring import DeploymentKey, new_key, parse_keys, write_keys

_OWNER_ONLY = 0o600


def sticky_signing_secret(data_dir: Path) -> bytes:
    """The signing secret of this data folder."""
    return _kept(data_dir / "secret_key", secrets.token_urlsafe(48)).encode()


def sticky_deployment_keys(data_dir: Path) -> tuple[DeploymentKey, ...]:
    """The deployment keys of this data folder."""
    return parse_keys(_kept(data_dir / "pii_keys", write_keys([new_key("dev1")])))


def _kept(path: Path, fresh: str) -> str:
    """What `path` holds; `fresh` where it did not exist, the same for all processes that start at once."""
    if not path.exists():
        _create(path, fresh)
    return path.read_text("ascii").strip()


def _create(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _OWNER_ONLY), "w") as file:
        file.write(text + "\n")
        file.flush()
        os.fsync(file.fileno())
    with contextlib.suppress(FileExistsError):
        path.hardlink_to(draft)
    draft.unlink()
