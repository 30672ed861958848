"""The home folder and the secret that Django signs with: made on the first start, never shipped."""

import os
import secrets
from pathlib import Path


def home_folder() -> Path:
    """The folder of keys, uploads and the embedded database, made where it is missing (mode 700)."""
    home = Path(os.environ.get("YOUYING_HOME", "var")).resolve()
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    return home


def secret_key(home: Path) -> str:
    """Django's signing secret: from YOUYING_SECRET, else from a file that only the owner reads."""
    if given := os.environ.get("YOUYING_SECRET"):
        return given
    path = home / "signing-secret"
    try:
        handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        return path.read_text("utf-8")
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(secrets.token_urlsafe(48))
    return path.read_text("utf-8")
