"""PyTorch's side of the train-step benchmark: forward pass and training step of the same network."""
import json
import sys
import time

import torch
from torch import nn

threads, batch, runs = (int(value) for value in sys.argv[1:4])
torch.set_num_threads(threads)
torch.manual_seed(0)
model = nn.Sequential(
    nn.Conv2d(3, 32, 3, padding=1), nn.ReLU(),
    nn.Conv2d(32, 32, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
    nn.Conv2d(32, 64, 3, padding=1), nn.ReLU(),
    nn.Conv2d(64, 64, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
    nn.Flatten(), nn.Linear(64 * 8 * 8, 100),
)
optimiser = torch.optim.Adam(model.parameters(), lr=1e-3)
images = torch.randn(batch, 3, 32, 32)
labels = torch.randint(0, 100, (batch,))
loss_of = nn.CrossEntropyLoss()


def forward():
    with torch.no_grad():
        model(images)


def step():
    optimiser.zero_grad()
    loss_of(model(images), labels).backward()
    optimiser.step()


def median_ms(work):
    times = []
    for run in range(runs + 3):
        start = time.perf_counter()
        work()
        if run >= 3:
            times.append(1000 * (time.perf_counter() - start))
    return sorted(times)[len(times) // 2]


print(json.dumps({"version": torch.__version__, "forward": median_ms(forward), "step": median_ms(step)}))
