#!/usr/bin/env bash
# Guess: safetensors.numpy.save({"w": W.T}) stores W.T, or refuses an array that is not C-contiguous, as
#   safetensors.torch.save does ("You are trying to save a non contiguous tensor").
# Behaviour: it stores W.T's shape and the bytes of W as they lie in memory: what load gives back has the right shape and
#   dtype, and its entries are permuted, without an error or a warning. The docstring asks for contiguous arrays;
#   nothing checks.
# Versions: safetensors 0.8.0, NumPy 2.4.6 (Python 3.11).
# Source: safetensors/numpy.py, _flatten: data_ptr=tensor.ctypes.data, data_len=tensor.nbytes, without a look at strides.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet safetensors==0.8.0 numpy==2.4.6
"$folder/venv/bin/python" - <<'PY'
import sys
import warnings

import numpy as np
import safetensors
from safetensors.numpy import load, save

warnings.simplefilter("error")
print("safetensors", safetensors.__version__, "NumPy", np.__version__)
W = np.arange(6.0).reshape(2, 3)
back = load(save({"w": W.T}))["w"]
print("saved", W.T.tolist(), "loaded", back.tolist())
if back.shape != (3, 2) or np.array_equal(back, W.T) or back.ravel().tolist() != W.ravel().tolist():
    sys.exit("CHANGED: a transposed view is no longer stored as the bytes of the array it is a view of")
PY
