"""Writes pytorch.txt: what PyTorch answers to the rows of rows.txt.

    python3 -m pip install torch==2.15.0
    python3 tests/reference/pytorch.py > tests/reference/pytorch.txt

Nothing here is right by itself: rows.txt has what is right. This file holds, for the version in its
first line, `torch.nn.functional.cross_entropy` with the same options, and its gradient:

    case CATEGORY/NUMBER        the case of rows.txt
    losses                      of each row, with reduction="none"
    sum, mean                   with these reductions
    d_sum, d_mean               their gradients at the logits, rows x classes

A number is written in the shortest digits that give the same number of its kind back.
"""

import pathlib

import torch
from torch.nn.functional import cross_entropy


def cases():
    found = []
    for line in (pathlib.Path(__file__).parent / "rows.txt").read_text().splitlines():
        name, *fields = line.split(" ")
        if name == "case":
            found.append({"case": fields[0]})
        elif name != "#":
            found[-1][name] = fields
    return [case for case in found if "labels" in case]


def write(name, tensor):
    # The shortest digits of each kind are those that NumPy prints.
    numbers = tensor.detach().numpy().ravel()
    print(name, *(repr(number).split("(")[1].rstrip(")") for number in numbers))


def main():
    print(f"# PyTorch {torch.__version__.split('+')[0]}, torch.nn.functional.cross_entropy")
    print("# Written by `python3 tests/reference/pytorch.py > tests/reference/pytorch.txt`.")
    for case in cases():
        kind = torch.float32 if case["float"] == ["f32"] else torch.float64
        labels = torch.tensor([int(label) for label in case["labels"]])

        def numbers(name):
            return torch.tensor([float(field) for field in case[name]], dtype=kind)

        options = {}
        if "weights" in case:
            options["weight"] = numbers("weights")
        if "ignore" in case:
            options["ignore_index"] = int(case["ignore"][0])
        if "smoothing" in case:
            options["label_smoothing"] = float(case["smoothing"][0])
        theta = numbers("theta").reshape(len(labels), -1)

        print("case", case["case"])
        write("losses", cross_entropy(theta, labels, reduction="none", **options))
        for reduction in ["sum", "mean"]:
            leaf = theta.clone().requires_grad_()
            loss = cross_entropy(leaf, labels, reduction=reduction, **options)
            loss.backward()
            write(reduction, loss)
            write(f"d_{reduction}", leaf.grad)


if __name__ == "__main__":
    main()
