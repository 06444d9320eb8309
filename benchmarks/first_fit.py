"""First fit: one fresh process that imports a library, then fits S4's network twice; it prints its seconds as JSON.

``python -m benchmarks.first_fit CONTENDER IMPORTS`` is started by ``benchmarks.startup``. The import is the first thing
that it does, so that NumPy is in the time of everyone who uses it.
"""

import sys
import time

_begin = time.perf_counter()
try:
    __import__(sys.argv[2] if len(sys.argv) > 2 else "chainrule")
except ImportError as error:
    sys.exit(f"Missing {error.name}: install chainrule[bench]")
IMPORTED = time.perf_counter() - _begin

import json  # noqa: E402  # the clock comes first

EPOCHS = 100


def main(contender_name: str) -> None:
    """Fit twice; the first includes whatever the library loads, and compiles, when it is first used."""
    begin = time.perf_counter()
    from benchmarks import contenders  # noqa: PLC0415  # these load inside the clock
    from benchmarks.data import load  # noqa: PLC0415
    from benchmarks.workloads import WORKLOADS  # noqa: PLC0415

    workload = WORKLOADS["xor-21"]
    load(workload)
    loaded = time.perf_counter() - begin  # parts of chainrule: for the others they are the suite's affair
    begin = time.perf_counter()
    contender = contenders.make(contender_name)
    contender.prepare(workload)  # type: ignore[union-attr]  # every contender here trains
    contender.train(EPOCHS)  # type: ignore[union-attr]
    first = time.perf_counter() - begin + (loaded if contender_name.startswith("chainrule") else 0.0)
    begin = time.perf_counter()
    contender.train(EPOCHS)  # type: ignore[union-attr]
    second = time.perf_counter() - begin
    sys.stdout.write(json.dumps({"import": IMPORTED, "first_fit": first, "second_fit": second}) + "\n")


if __name__ == "__main__":
    main(sys.argv[1])
