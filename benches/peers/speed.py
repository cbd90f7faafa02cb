"""A peer of the benchmark in Python: NumPy, PyTorch, JAX or scikit-learn.

`cargo run --release --manifest-path benches/peers/Cargo.toml --bin speed` starts it, with the name of
the peer. It reads lines and answers each, as `src/bin/speed/serve.rs` does.
"""

import math
import sys
import time
from pathlib import Path

import numpy as np

# A measurement lasts at least so long, in seconds: the first runs find the caches as the peer before
# has left them.
LONG = 0.2


class Task:
    def __init__(self, line):
        kind, self.float, *sizes, tolerance = line.split()
        self.kind, self.tolerance = kind, float(tolerance)
        self.n, self.m, self.k = (int(size) for size in sizes)
        folder = Path(__file__).parent / "target" / "speed"
        kind = np.float32 if self.float == "f32" else np.float64

        def numbers(name, shape):
            found = np.fromfile(folder / name, dtype="<f8").astype(kind)
            return found.reshape(shape) if found.size else None

        self.x = numbers("x", (self.n, self.m))
        self.w = numbers("w", (self.m, self.k))
        self.b = numbers("b", (self.k,))
        self.theta = numbers("theta", (self.n, self.k))
        self.labels = np.fromfile(folder / "labels", dtype="<u4").astype(np.int64)


def length(gradients):
    return math.sqrt(sum(float(np.sum(np.square(g.astype(np.float64)))) for g in gradients))


# Each peer gives for a task what runs it, and what turns the result of a run into loss and
# gradients. All write into memory that they had before where they can.

def of_numpy(task):
    rows = np.arange(task.n)
    size = task.n, task.k
    kind = np.float32 if task.float == "f32" else np.float64
    buffer = np.empty(size, kind)

    def gradient_at(theta):
        """The loss; what is below `theta` becomes the gradient, in `buffer`."""
        np.subtract(theta, theta.max(axis=1, keepdims=True), out=buffer)
        picked = buffer[rows, task.labels]
        np.exp(buffer, out=buffer)
        sums = buffer.sum(axis=1)
        loss = np.mean(np.log(sums) - picked)
        np.divide(buffer, (sums * task.n)[:, None], out=buffer)
        buffer[rows, task.labels] -= kind(1.0 / task.n)
        return loss

    def layer():
        np.matmul(task.x, task.w, out=buffer)
        np.add(buffer, task.b, out=buffer)
        loss = gradient_at(buffer)
        return loss, task.x.T @ buffer, buffer.sum(axis=0)

    def alone():
        return gradient_at(task.theta), buffer

    return layer if task.kind == "layer" else alone


def of_torch(task):
    import torch
    from torch.nn.functional import cross_entropy

    torch.set_num_threads(1)
    torch.set_num_interop_threads(1) if torch.get_num_interop_threads() != 1 else None
    labels = torch.from_numpy(task.labels)
    if task.kind == "layer":
        x, w, b = (torch.from_numpy(a) for a in (task.x, task.w, task.b))
        variables = [w.requires_grad_(), b.requires_grad_()]

        def loss_of():
            return cross_entropy(torch.addmm(b, x, w), labels)
    else:
        theta = torch.from_numpy(task.theta).requires_grad_()
        variables = [theta]

        def loss_of():
            return cross_entropy(theta, labels)

    def run():
        loss = loss_of()
        return loss, *torch.autograd.grad(loss, variables)

    return run, lambda found: [found[0].item(), *(g.numpy() for g in found[1:])]


def of_jax(task):
    import jax
    import jax.numpy as jnp

    jax.config.update("jax_enable_x64", True)
    labels = jnp.asarray(task.labels)

    def loss_at(theta):
        logs = jax.nn.log_softmax(theta, axis=1)
        return -jnp.mean(jnp.take_along_axis(logs, labels[:, None], axis=1))

    if task.kind == "layer":
        x, w, b = (jnp.asarray(a) for a in (task.x, task.w, task.b))
        both = jax.jit(jax.value_and_grad(lambda w, b, x: loss_at(x @ w + b), argnums=(0, 1)))
        arguments = w, b, x
    else:
        both = jax.jit(jax.value_and_grad(loss_at, argnums=(0,)))
        arguments = (jnp.asarray(task.theta),)

    def run():
        return jax.block_until_ready(both(*arguments))

    return run, lambda found: [float(found[0]), *(np.asarray(g) for g in found[1])]


def of_sklearn(task):
    from sklearn.linear_model import LogisticRegression

    def run():
        model = LogisticRegression(C=np.inf, solver="lbfgs", tol=task.tolerance, max_iter=100_000)
        return model.fit(task.x, task.labels)

    def found(model):
        theta = task.x @ model.coef_.T + model.intercept_
        theta -= theta.max(axis=1, keepdims=True)
        losses = np.log(np.exp(theta).sum(axis=1)) - theta[np.arange(task.n), task.labels]
        return [float(np.mean(losses))]

    return run, found


def take(name, task):
    if (name == "sklearn") != (task.kind == "train"):
        raise NotImplementedError(f"{name} does not {task.kind}")
    peer = {"numpy": of_numpy, "torch": of_torch, "jax": of_jax, "sklearn": of_sklearn}[name]
    taken = peer(task)
    return taken if isinstance(taken, tuple) else (taken, list)


def begin(run):
    """The result of a run, and how often a measurement is to run it."""
    once = math.inf
    for _ in range(2):
        start = time.perf_counter()
        result = run()
        once = min(once, time.perf_counter() - start)
        if once > LONG:
            break
    return result, max(1, math.ceil(LONG / once))


def measure(run, times):
    start, busy = time.perf_counter(), time.process_time()
    for _ in range(times):
        run()
    took, busy = time.perf_counter() - start, time.process_time() - busy
    # Of one thread. The clocks of threads are coarse.
    if busy > 1.2 * took + 0.02:
        raise RuntimeError(f"{busy} seconds of work in {took}: more than one thread")
    return took / times


def version(name):
    from importlib.metadata import version as of

    package = {"sklearn": "scikit-learn"}.get(name, name)
    return f"{package} {of(package)}"


def answer(name, line, state):
    if line == "version":
        return version(name)
    if line == "time":
        return repr(measure(*state))
    try:
        run, found = take(name, Task(line))
    except NotImplementedError as error:
        return f"no {error}"
    result, times = begin(run)
    state[:] = run, times
    loss, *gradients = found(result)
    return f"ok {float(loss)!r} {length(gradients)!r}"


def main():
    state = []
    for line in sys.stdin:
        print(answer(sys.argv[1], line.strip(), state), flush=True)


if __name__ == "__main__":
    main()
