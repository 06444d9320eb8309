"""One process of PyTorch's DistributedDataParallel, as its tutorials write it, for ``benchmarks.stream_peers``."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import numpy as np
import torch
import torch.distributed as dist
from torch import nn
from torch.nn.parallel import DistributedDataParallel

from benchmarks.stream_peers import BATCH_SIZE, EPOCHS, HIDDEN, N_CLASSES, N_FEATURES, RATE, TARGET, WORKERS


def main(folder: Path) -> None:
    """Train on every second row of each epoch's order; the first process takes the losses and tells them."""
    dist.init_process_group("gloo")
    torch.manual_seed(0)
    torch.set_num_threads(1)
    rank, size = dist.get_rank(), BATCH_SIZE // WORKERS
    X, y = np.load(folder / "X.npy", mmap_mode="r"), np.load(folder / "y.npy", mmap_mode="r")
    V, v = torch.from_numpy(np.load(folder / "V.npy")), torch.from_numpy(np.load(folder / "v.npy"))
    widths = [N_FEATURES, *HIDDEN]
    hidden = [part for n, m in zip(widths, HIDDEN, strict=False) for part in (nn.Linear(n, m), nn.ReLU())]
    network = nn.Sequential(*hidden, nn.Linear(widths[-1], N_CLASSES))
    model = DistributedDataParallel(network)
    optimizer = torch.optim.Adam(model.parameters(), RATE, fused=True)
    cross_entropy, spent = nn.CrossEntropyLoss(), 0.0
    seconds, losses = [], []
    for epoch in range(EPOCHS):
        dist.barrier()
        began = time.perf_counter()
        order = np.random.default_rng(epoch).permutation(len(X))[rank::WORKERS]
        for at in range(0, len(order) // size * size, size):
            rows = order[at : at + size]
            optimizer.zero_grad()
            cross_entropy(model(torch.from_numpy(X[rows])), torch.from_numpy(y[rows])).backward()
            optimizer.step()
        dist.barrier()
        spent += time.perf_counter() - began
        with torch.no_grad():
            losses.append(cross_entropy(network(V), v).item())
        seconds.append(spent)
        if losses[-1] <= TARGET:
            break
    if rank == 0:
        sys.stdout.write(json.dumps([seconds, losses]) + "\n")
    dist.destroy_process_group()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
