"""Runtimes that read ONNX files: what each answers, as NumPy arrays in the order of the file's outputs."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import onnx

SCRIPT = Path(__file__).with_name("onnx_web.mjs")


def by_onnxruntime(path: Path, X: np.ndarray) -> list[np.ndarray]:
    """Return the answers of onnxruntime's CPU provider."""
    import onnxruntime  # noqa: PLC0415  # each runtime is there or not

    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    return session.run(None, {session.get_inputs()[0].name: X})


def by_reference(path: Path, X: np.ndarray) -> list[np.ndarray]:
    """Return the answers of onnx's own evaluator, which is NumPy."""
    from onnx.reference import ReferenceEvaluator  # noqa: PLC0415

    evaluator = ReferenceEvaluator(str(path))
    with np.errstate(over="ignore", invalid="ignore"):
        return evaluator.run(None, {evaluator.input_names[0]: X})


def by_tract(path: Path, X: np.ndarray) -> list[np.ndarray | None]:
    """Return the answers of tract, None for strings, which its Python package does not hand over."""
    import tract  # noqa: PLC0415

    answers = tract.onnx().load(str(path)).into_model().into_runnable().run([X])
    strings = [one.type.tensor_type.elem_type == onnx.TensorProto.STRING for one in onnx.load(path).graph.output]
    return [None if text else one.to_numpy() for text, one in zip(strings, answers, strict=True)]


def by_web(paths: list[Path], samples: list[np.ndarray], packages: Path) -> list[list[Any]]:
    """Return the answers of onnxruntime-web in Node, from the folder whose node_modules has it, for many files."""
    jobs = [
        {"path": str(path.resolve()), "rows": len(X), "dtype": str(X.dtype), "values": X.ravel().tolist()}
        for path, X in zip(paths, samples, strict=True)
    ]
    command = ["node", str(SCRIPT.resolve())]
    done = subprocess.run(command, input=json.dumps(jobs), capture_output=True, text=True, cwd=packages, check=True)  # noqa: S603
    return [[_web_array(one) for one in answers] for answers in json.loads(done.stdout)]


def _web_array(answer: dict[str, Any]) -> np.ndarray:
    """Return a tensor that came as JSON; numbers are texts in it, so that NaN and 64 bits come through."""
    kinds = {"float32": np.float32, "float64": np.float64, "int64": np.int64, "bool": bool, "string": object}
    kind = kinds[answer["type"]]
    data = [text == "1" for text in answer["data"]] if kind is bool else answer["data"]
    return np.array(data, dtype=object).astype(kind).reshape(answer["dims"])


def web_version(packages: Path) -> str:
    """Return the version of onnxruntime-web that npm installed there."""
    return json.loads((packages / "node_modules/onnxruntime-web/package.json").read_text(encoding="utf-8"))["version"]
