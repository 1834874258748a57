"""Runs the ONNX files of a folder with Python's onnxruntime: prints the largest difference from the stored results."""

import sys
from pathlib import Path

import numpy as np
import onnxruntime

folder = Path(sys.argv[1])
worst = 0.0
for side in ("source", "target"):
    session = onnxruntime.InferenceSession(str(folder / f"{side}.onnx"), providers=["CPUExecutionProvider"])
    dim = session.get_inputs()[0].shape[1]
    points = np.fromfile(folder / f"{side}.points", "<f4").reshape(-1, dim)
    for name, found in zip(("shared", "mapped"), session.run(["shared", "mapped"], {"points": points})):
        wanted = np.fromfile(folder / f"{side}.{name}", "<f4").reshape(found.shape)
        worst = max(worst, float(np.abs(found - wanted).max()))
print(worst)
