"""A model as one file of plain arrays and JSON: reading it never runs code."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import numpy as np

from youying.kernel.refusals import Refused
from youying.text.features import Block, Features
from youying.text.learning import Model
from youying.text.members import Linear

FORMAT = "youying-text-model-1"


def save(model: Model, path: Path) -> None:
    """Write the model whole or not at all."""
    about = {
        "format": FORMAT,
        "labels": list(model.labels),
        "rows": model.rows,
        "slope": model.slope,
        "blocks": [{"name": b.name, "share": b.share, "grams": list(b.vocabulary)} for b in model.features.blocks],
    }
    arrays = {f"rarity-{at}": block.rarity for at, block in enumerate(model.features.blocks)}
    written = io.BytesIO()
    np.savez_compressed(
        written,
        about=np.frombuffer(json.dumps(about, ensure_ascii=False).encode(), np.uint8),
        weights=model.linear.weights.astype(np.float32),
        bias=model.linear.bias,
        shift=model.shift,
        **arrays,
    )
    beside = path.with_name(path.name + ".part")
    beside.write_bytes(written.getvalue())
    beside.replace(path)


def load(path: Path) -> Model:
    """Read a model. Refused: no such file, or a file that is not one of ours or is damaged."""
    if not path.is_file():
        say = f"找不到模型文件“{path.name}”；请先用历史事项训练，或检查路径。"
        raise Refused("model-file-missing", say=say, have=path.name)
    try:
        with np.load(path, allow_pickle=False) as stored:
            return _model({name: stored[name] for name in stored.files})
    except (OSError, ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile) as fault:
        say = f"“{path.name}”不是本系统的分类模型，或文件已损坏；请重新训练。"
        raise Refused("model-file-unreadable", say=say, have=path.name) from fault


def _model(stored: dict[str, np.ndarray]) -> Model:
    about = json.loads(stored["about"].tobytes())
    if about["format"] != FORMAT:
        raise ValueError(about["format"])
    blocks = [
        Block(block["name"], block["share"], {gram: n for n, gram in enumerate(block["grams"])}, stored[f"rarity-{at}"])
        for at, block in enumerate(about["blocks"])
    ]
    features = Features(blocks)
    linear = Linear(stored["weights"], stored["bias"])
    labels = tuple(about["labels"])
    if linear.weights.shape != (features.width, len(labels)):
        raise ValueError(linear.weights.shape)
    return Model(labels, features, linear, about["slope"], stored["shift"], about["rows"])
