"""PyTorch's side of the benchmarks: the networks of networks.ts, run when told to on standard input.

Usage: pytorch.py NETWORK THREADS BATCH. First line out: the version. For each line "forward" or "step" in, one run and
its milliseconds out; for "memory" the resident set in bytes, largest and before the network was built.
"""
import resource
import sys
import time

import torch
from torch import nn

name, threads, batch = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
torch.set_num_threads(threads)
torch.manual_seed(0)
with open("/proc/self/statm") as statm:
    at_start = int(statm.read().split()[1]) * resource.getpagesize()


def convolve(inputs, channels):
    return nn.Sequential(nn.Conv2d(inputs, channels, 3, padding=1, bias=False), nn.BatchNorm2d(channels))


class Residual(nn.Module):
    def __init__(self, inputs, channels):
        super().__init__()
        self.first = convolve(inputs, channels)
        self.inner = nn.Sequential(convolve(channels, channels), nn.ReLU(), convolve(channels, channels))

    def forward(self, x):
        skip = torch.relu(self.first(x))
        return nn.functional.max_pool2d(torch.relu(self.inner(skip) + skip), 2)


NETWORKS = {
    "cnn": lambda: nn.Sequential(
        nn.Conv2d(3, 32, 3, padding=1), nn.ReLU(),
        nn.Conv2d(32, 32, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(32, 64, 3, padding=1), nn.ReLU(),
        nn.Conv2d(64, 64, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(64 * 8 * 8, 100),
    ),
    "residual": lambda: nn.Sequential(
        Residual(3, 32), Residual(32, 64), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(64, 10)
    ),
    "mlp": lambda: nn.Sequential(
        nn.Linear(784, 512), nn.ReLU(), nn.Linear(512, 512), nn.ReLU(), nn.Linear(512, 10)
    ),
}
model = NETWORKS[name]()
optimiser = torch.optim.Adam(model.parameters(), lr=1e-3)
samples = torch.randn(batch, *([784] if name == "mlp" else [3, 32, 32]))
with torch.no_grad():
    classes = model(samples[:2]).shape[1]
labels = torch.randint(0, classes, (batch,))
loss_of = nn.CrossEntropyLoss()


def forward():
    model.eval()
    with torch.no_grad():
        model(samples)


def step():
    model.train()
    optimiser.zero_grad()
    loss_of(model(samples), labels).backward()
    optimiser.step()


def memory():
    return f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024} {at_start}"


print(torch.__version__, flush=True)
for line in sys.stdin:
    order = line.strip()
    if order == "memory":
        print(memory(), flush=True)
        continue
    start = time.perf_counter()
    {"forward": forward, "step": step}[order]()
    print(1000 * (time.perf_counter() - start), flush=True)
