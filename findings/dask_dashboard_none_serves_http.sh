#!/usr/bin/env bash
# Guess: LocalCluster(dashboard_address=None) opens no port for HTTP: its docstring says that None disables the dashboard.
# Behaviour: the scheduler serves HTTP all the same, at port 8787 or, where that is taken, at another: /health answers 200, and
#   cluster.dashboard_link names a page. Two clusters told None meet at the port. With bokeh installed the dashboard is on it.
# Versions: distributed 2026.8.0, dask 2026.8.0 (Python 3.11, x86-64).
# Source: https://github.com/dask/distributed/issues/8136 and https://github.com/dask/distributed/issues/7207
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet dask==2026.8.0 distributed==2026.8.0
cat > "$folder/cluster.py" <<'PY'
import sys
import urllib.request
import warnings

import dask
import distributed
from distributed import LocalCluster


def serving(address):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that port 8787 is taken
        with LocalCluster(n_workers=1, threads_per_worker=1, processes=True, host="127.0.0.1", dashboard_address=address) as cluster:
            port = cluster.scheduler.http_server.port
            answer = urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=10).status
            return answer, cluster.dashboard_link.startswith("http"), port


if __name__ == "__main__":
    print("distributed", distributed.__version__, "dask", dask.__version__)
    answer, linked, port = serving(None)
    print(f"dashboard_address=None: /health at port {port} answers {answer}; a link to a dashboard: {linked}")
    if (answer, linked) != (200, True):
        sys.exit("CHANGED: None serves no HTTP any more")
PY
"$folder/venv/bin/python" "$folder/cluster.py"
