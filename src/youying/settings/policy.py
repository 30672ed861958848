"""What the content security policy lets in beside ourselves."""

from urllib.parse import urlsplit


def tile_hosts(tile_url: str) -> list[str]:
    """The server of map tiles, where the installation names one: scheme and host, `{s}` as a wildcard."""
    if not tile_url:
        return []
    parts = urlsplit(tile_url)
    return [f"{parts.scheme}://{parts.netloc.replace('{s}', '*')}"]
