"""Puts a checksum of the tensors into a model file, so that the daemon notices at load what changed since.

python -m timbre_training.seal FILE...
"""

import hashlib
import json
import sys
from pathlib import Path

from .errors import TrainingError

KEY = "tensors_sha256"


def sealed(content: bytes) -> bytes:
    """The same safetensors file with the SHA-256 of everything behind its header among its metadata."""
    size = int.from_bytes(content[:8], "little")
    if len(content) < 8 + size:
        raise TrainingError("the file ends inside its header")
    header = json.loads(content[8:8 + size])
    tensors = content[8 + size:]
    header.setdefault("__metadata__", {})[KEY] = hashlib.sha256(tensors).hexdigest()
    text = json.dumps(header, separators=(",", ":")).encode()
    # Tensors begin at a multiple of 8, as the format wants it.
    text += b" " * (-len(text) % 8)
    return len(text).to_bytes(8, "little") + text + tensors


def seal(path: Path) -> None:
    """Seals a file in its place, whole or not at all."""
    part = path.with_suffix(".sealed")
    part.write_bytes(sealed(path.read_bytes()))
    part.chmod(path.stat().st_mode & 0o777)
    part.rename(path)


if __name__ == "__main__":
    for name in sys.argv[1:]:
        seal(Path(name))
