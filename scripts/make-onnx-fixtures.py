#!/usr/bin/python3
"""Writes the ONNX files that test/unit/formats imports, made by PyTorch's exporter.

Each NAME.onnx comes with NAME.safetensors: an input batch and PyTorch's output for it. Needs Debian's python3-torch
(1.13; the files committed were made with it). Run from the repository root:

    /usr/bin/python3 scripts/make-onnx-fixtures.py
"""

import json
import struct
from pathlib import Path

import torch
from torch import nn
from torch.nn import functional as F

FOLDER = Path("test/fixtures/onnx")
BATCH = 3


class LeNet(nn.Module):
    """Flattens by view(size(0), -1), which old operator sets write as Shape, Gather, Unsqueeze, Concat, Reshape."""

    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 6, 5, padding=2)
        self.conv2 = nn.Conv2d(6, 12, 5)
        self.fc1 = nn.Linear(12, 24)
        self.fc2 = nn.Linear(24, 16)
        self.fc3 = nn.Linear(16, 10)

    def forward(self, x):
        x = F.max_pool2d(torch.tanh(self.conv1(x)), 2)
        x = F.max_pool2d(F.relu(self.conv2(x)), 3)
        x = x.view(x.size(0), -1)
        return self.fc3(torch.sigmoid(self.fc2(F.relu(self.fc1(x)))))


class Vgg(nn.Module):
    def __init__(self):
        super().__init__()
        layers, channels = [], 3
        for width in [8, 8, "pool", 16, "pool"]:
            if width == "pool":
                layers.append(nn.MaxPool2d(2))
            else:
                layers += [nn.Conv2d(channels, width, 3, padding=1), nn.BatchNorm2d(width, eps=1e-2), nn.ReLU()]
                channels = width
        self.features = nn.Sequential(*layers)
        self.classifier = nn.Sequential(nn.Dropout(), nn.Linear(64, 24), nn.ReLU(), nn.Dropout(), nn.Linear(24, 10))

    def forward(self, x):
        return self.classifier(torch.flatten(self.features(x), 1))


class ResidualBlock(nn.Module):
    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, outputs, 3, stride, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(outputs)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(outputs)
        self.shortcut = nn.Sequential()
        if stride != 1 or inputs != outputs:
            self.shortcut = nn.Sequential(
                nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs)
            )

    def forward(self, x):
        y = self.bn2(self.conv2(F.relu(self.bn1(self.conv1(x)))))
        return F.relu(y + self.shortcut(x))


class ResNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = nn.Sequential(
            nn.Conv2d(3, 6, 3, padding=1, bias=False), nn.BatchNorm2d(6), nn.ReLU(), nn.MaxPool2d(3, 2, padding=1)
        )
        self.layer1 = nn.Sequential(ResidualBlock(6, 6, 1), ResidualBlock(6, 12, 2))
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.fc = nn.Linear(12, 10)

    def forward(self, x):
        return self.fc(torch.flatten(self.pool(self.layer1(self.stem(x))), 1))


class InceptionModule(nn.Module):
    def __init__(self, inputs):
        super().__init__()
        self.one = nn.Conv2d(inputs, 4, 1)
        self.three = nn.Sequential(nn.Conv2d(inputs, 3, 1), nn.ReLU(), nn.Conv2d(3, 5, 3, padding=1))
        self.five = nn.Sequential(nn.Conv2d(inputs, 2, 1), nn.ReLU(), nn.Conv2d(2, 3, 5, padding=2))
        self.pooled = nn.Sequential(nn.AvgPool2d(3, 1, padding=1), nn.Conv2d(inputs, 2, 1))

    def forward(self, x):
        return F.relu(torch.cat([self.one(x), self.three(x), self.five(x), self.pooled(x)], 1))


class Inception(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = nn.Conv2d(3, 6, 3, padding=1)
        self.inception1 = InceptionModule(6)
        self.inception2 = InceptionModule(14)
        self.dropout = nn.Dropout(0.2)
        self.fc = nn.Linear(14, 10)

    def forward(self, x):
        x = F.avg_pool2d(self.inception1(F.relu(self.stem(x))), 2)
        return self.fc(self.dropout(self.inception2(x).mean([2, 3])))


class Mobile(nn.Module):
    """Depthwise and dilated kernels, and pads and strides that differ by axis."""

    def __init__(self):
        super().__init__()
        self.stem = nn.Conv2d(2, 6, (3, 5), stride=(2, 1), padding=(0, 2))
        self.depthwise = nn.Conv2d(6, 6, 3, padding=1, groups=6, bias=False)
        self.norm = nn.BatchNorm2d(6, momentum=0.05)
        self.pointwise = nn.Conv2d(6, 8, 1)
        self.grouped = nn.Conv2d(8, 8, (2, 3), dilation=(2, 1), padding=(1, 2), groups=2)
        self.fc = nn.Linear(8, 5)

    def forward(self, x):
        x = F.silu(self.norm(self.depthwise(F.silu(self.stem(x)))))
        x = self.grouped(self.pointwise(x))
        return F.softmax(self.fc(x.mean([2, 3], keepdim=True).squeeze(3).squeeze(2)), 1)


class Mlp(nn.Module):
    """One of each activation function, a dense layer written as x @ W + b, and batch norm of vectors."""

    def __init__(self):
        super().__init__()
        self.widths = nn.ModuleList(nn.Linear(9, 9) for _ in range(6))
        self.norm = nn.BatchNorm1d(9)
        self.weight = nn.Parameter(torch.randn(9, 4))
        self.bias = nn.Parameter(torch.randn(4))

    def forward(self, x):
        functions = [F.gelu, F.silu, F.elu, F.leaky_relu, F.softplus, torch.tanh]
        for linear, function in zip(self.widths, functions):
            x = function(linear(x)) + x
        return self.norm(x) @ self.weight + self.bias


class UpDown(nn.Module):
    """A small U-Net: nearest and bilinear upsampling, a skip by concatenation, pads of their own, odd sizes."""

    def __init__(self):
        super().__init__()
        self.down = nn.Sequential(nn.ZeroPad2d((1, 2, 0, 1)), nn.Conv2d(2, 4, 3), nn.LeakyReLU(0.2))
        self.pool = nn.MaxPool2d(3, 2, ceil_mode=True)
        self.middle = nn.Sequential(nn.Conv2d(4, 6, 3, padding=1), nn.PReLU())
        self.mean = nn.AvgPool2d(2, 2, ceil_mode=True, count_include_pad=False)
        self.up = nn.Conv2d(10, 4, 1)
        self.head = nn.Linear(4, 3)

    def forward(self, x):
        x = (x - torch.tensor([0.1, -0.2]).view(1, 2, 1, 1)) / torch.tensor([0.5, 0.25]).view(1, 2, 1, 1)
        skip = self.down(x)
        y = self.mean(self.middle(self.pool(skip)))
        y = F.interpolate(F.interpolate(y, scale_factor=2), size=skip.shape[2:], mode="bilinear", align_corners=False)
        y = self.up(torch.cat([skip, y], 1)).clamp(min=0)
        return self.head(y.mean((2, 3), keepdim=True).flatten(1))


class UpDown9(nn.Module):
    """The same parts as operator set 9 writes them: Upsample, Pad and Clip with attributes, pools with ceiled pads."""

    def __init__(self):
        super().__init__()
        self.stem = nn.Sequential(nn.ZeroPad2d((0, 1, 2, 0)), nn.Conv2d(2, 4, 3), nn.Upsample(scale_factor=3))
        self.pool = nn.MaxPool2d(2, 3, ceil_mode=True)
        self.mean = nn.AvgPool2d(3, 2, padding=1)
        self.head = nn.Conv2d(4, 5, 1)

    def forward(self, x):
        x = self.mean(self.pool(self.stem(x)).clamp(min=0))
        return self.head(F.adaptive_avg_pool2d(x, 1)).squeeze(3).squeeze(2)


class NormedMlp(nn.Module):
    """Layer norms with and without weights, a learned and a fixed factor on branches, a difference, rows of x @ W."""

    def __init__(self, affine):
        super().__init__()
        self.first = nn.Linear(6, 8)
        self.norm = nn.LayerNorm(8, eps=1e-3)
        self.second = nn.Linear(8, 8, bias=False)
        self.last_norm = nn.LayerNorm(8, elementwise_affine=affine)
        self.gate = nn.Parameter(torch.tensor([0.3]))
        self.scales = nn.Parameter(torch.randn(8))
        self.last = nn.Linear(8, 4)

    def forward(self, x):
        x = F.gelu(self.norm(self.first(x)))
        y = self.second(x) * self.scales
        x = x + self.gate * F.silu(y)
        x = self.last_norm(x - 0.5 * torch.tanh(y))
        return F.softmax(1 - self.last(x) / 2, dim=1)


def randomise(model):
    """Gives every parameter and statistic values that hide no mistake."""
    for module in model.modules():
        if isinstance(module, (nn.BatchNorm2d, nn.BatchNorm1d)):
            with torch.no_grad():
                module.weight.copy_((0.5 + torch.rand_like(module.weight)) * torch.randn_like(module.weight).sign())
                module.bias.normal_(0, 0.3)
                module.running_mean.normal_(0, 0.3)
                module.running_var.uniform_(0.2, 1.5)
        if isinstance(module, nn.LayerNorm) and module.elementwise_affine:
            with torch.no_grad():
                module.weight.copy_((0.5 + torch.rand_like(module.weight)) * torch.randn_like(module.weight).sign())
                module.bias.normal_(0, 0.3)


def write_safetensors(path, tensors):
    header, data = {}, b""
    for name, tensor in tensors.items():
        values = tensor.detach().contiguous().numpy().tobytes()
        header[name] = {"dtype": "F32", "shape": list(tensor.shape), "data_offsets": [len(data), len(data) + len(values)]}
        data += values
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    path.write_bytes(struct.pack("<Q", len(text)) + text + data)


def write_fixture(name, model, shape, opset=13, kept=False, open_batch=True):
    """`kept` keeps batch norms as operators; otherwise the exporter folds them into the convolutions."""
    randomise(model)
    model.eval()
    batch = torch.randn(BATCH, *shape)
    torch.onnx.export(
        model,
        batch,
        str(FOLDER / f"{name}.onnx"),
        opset_version=opset,
        input_names=["image"],
        output_names=["logits"],
        dynamic_axes={"image": {0: "batch"}, "logits": {0: "batch"}} if open_batch else None,
        training=torch.onnx.TrainingMode.PRESERVE if kept else torch.onnx.TrainingMode.EVAL,
    )
    write_safetensors(FOLDER / f"{name}.safetensors", {"input": batch, "output": model(batch)})


if __name__ == "__main__":
    FOLDER.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(1)
    write_fixture("lenet", LeNet(), (1, 14, 14), opset=9)
    vgg = Vgg()
    write_fixture("vgg-batch-norm", vgg, (3, 8, 8), kept=True)
    write_fixture("vgg-folded", vgg, (3, 8, 8), open_batch=False)
    write_fixture("resnet", ResNet(), (3, 16, 16), opset=17)
    write_fixture("inception", Inception(), (3, 8, 8))
    write_fixture("mobile", Mobile(), (2, 11, 8), kept=True)
    write_fixture("mlp", Mlp(), (9,))
    write_fixture("up-down", UpDown(), (2, 9, 8))
    write_fixture("up-down-9", UpDown9(), (2, 9, 8), opset=9)
    write_fixture("normed-mlp-9", NormedMlp(False), (6,), opset=9)
    write_fixture("normed-mlp-17", NormedMlp(True), (6,), opset=17)
