"""A model as one file of plain arrays and JSON: reading it never runs code."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import numpy as np

from youying.kernel.refusals import Refused
from youying.text.features import Block, Features
from youying.text.model import Calibration, Judges, Latent, Linear, Model

FORMAT = "youying-text-model-1"


def save(model: Model, path: Path) -> None:
    """Write the model whole or not at all."""
    features, latent = model.judges.features, model.judges.latent
    about = {
        "format": FORMAT,
        "labels": list(model.labels),
        "rows": model.rows,
        "blocks": [{"name": b.name, "share": b.share, "grams": list(b.vocabulary)} for b in features.blocks],
        "latent": latent is not None,
    }
    arrays = {f"rarity-{at}": block.rarity for at, block in enumerate(features.blocks)}
    arrays |= {"weights": model.judges.linear.weights.astype(np.float16), "bias": model.judges.linear.bias}
    arrays |= {"slopes": model.calibration.slopes, "shift": model.calibration.shift}
    if latent:
        arrays |= {"columns": latent.columns.astype(np.int32), "latent-weights": latent.weights}
        arrays |= {"axes": latent.axes.astype(np.float16), "points": latent.points.astype(np.float16)}
    arrays["about"] = np.frombuffer(json.dumps(about, ensure_ascii=False).encode(), np.uint8)
    written = io.BytesIO()
    np.savez_compressed(written, **arrays)  # type: ignore[arg-type]
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
    linear = Linear(stored["weights"].astype(np.float32), stored["bias"])
    latent = _latent(stored) if about["latent"] else None
    calibration = Calibration(stored["slopes"], stored["shift"])
    model = Model(tuple(about["labels"]), Judges(features, linear, latent), calibration, about["rows"])
    _check(model)
    return model


def _latent(stored: dict[str, np.ndarray]) -> Latent:
    axes, points = stored["axes"].astype(np.float32), stored["points"].astype(np.float32)
    return Latent(stored["columns"].astype(np.int64), axes, points, stored["latent-weights"])


def _check(model: Model) -> None:
    """Compare every shape, so that a damaged file is found here and not in the middle of a prediction."""
    many, width, latent = len(model.labels), model.judges.features.width, model.judges.latent
    fits = model.judges.linear.weights.shape == (width, many) and model.judges.linear.bias.shape == (many,)
    fits = fits and model.calibration.shift.shape == (many,) and len(model.calibration.slopes) == (2 if latent else 1)
    if latent:
        fits = fits and latent.axes.shape == (len(latent.columns), latent.points.shape[1])
        fits = fits and latent.weights.shape == (len(latent.points), many) and int(latent.columns.max()) < width
    if not fits:
        raise ValueError("the shapes of the parts differ")
