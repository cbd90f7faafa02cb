"""Writes values.txt: softmax, cross-entropy and their gradients to 21 significant digits.

    python3 -m pip install -r tests/reference/requirements.txt
    python3 tests/reference/generate.py > tests/reference/values.txt

The output is the same to the byte each time: the generator has a fixed seed, and the inputs are
made with the operations that IEEE 754 rounds correctly.

The format, one record a line, the fields separated by spaces:

    # a comment
    case CATEGORY/NUMBER        opens a case; the records up to the next one belong to it
    NAME VALUE VALUE ...        a number, a vector, or a matrix row by row

An input is written in the shortest digits that give the same f64 back. A result is computed from
these exact f64 values and is written with 21 digits; its nearest f64 is what to expect. That may
be a subnormal number, 0 or an infinity. A result below 1e-400 is written as 0, and one above 1e400
as inf.

A case with `theta` starts from the logits:
    inputs   theta, y, g
    results  softmax      y_hat = exp(theta) / sum(exp(theta))
             log_softmax  log(y_hat)
             loss         -sum(y * log(y_hat))
             d_theta      y_hat - y
             product      y_hat * (g - sum(g * y_hat))
             jacobian     diag(y_hat) - y_hat y_hat^T, up to 10 classes
  and at p, the f64 values nearest to softmax, taken as exact:
             definition   -sum(y * log(p)), over the classes with y > 0
             d_y_hat      -y / p, and 0 where y = 0

A case with `w` is a whole network:
    inputs   w (inputs x classes), b, x, y
    results  logits       w^T x + b
             softmax, loss, d_theta as above
             d_w          x d_theta^T
             d_x          w d_theta
"""

import math
import random
import sys

from mpmath import exp, inf, log, log1p, mp, mpf, nstr

# 50 digits must be left in y_hat - 1 where that is 1e-324, so the arithmetic has 400.
mp.dps = 400
rng = random.Random(20240229)


# Writing.

def digits(value):
    if value == 0 or abs(value) < mpf("1e-400"):
        return "0"
    if abs(value) > mpf("1e400"):
        return "inf" if value > 0 else "-inf"
    return nstr(value, 21, strip_zeros=False, min_fixed=0, max_fixed=0)


def write(name, fields):
    sys.stdout.write(" ".join([name, *fields]) + "\n")


def write_inputs(name, values):
    write(name, [repr(value) for value in values])


def write_results(name, values):
    write(name, [digits(value) for value in values])


# The mathematics, without regard to cost.

def softmax(theta):
    """y_hat and log(y_hat), from exact logits."""
    top = max(theta)
    gaps = [top - theta_i for theta_i in theta]
    # Below exp(-5000) a term is far below the last of the 400 digits, and below any f64.
    exps = [exp(-gap) if gap < 5000 else mpf(0) for gap in gaps]
    first = gaps.index(0)
    above = log1p(sum(exps[:first] + exps[first + 1:], mpf(0)))
    total = sum(exps, mpf(0))
    return [e / total for e in exps], [-gap - above for gap in gaps]


def cross_entropy(log_y_hat, y):
    return -sum((y_i * log_i for y_i, log_i in zip(y, log_y_hat) if y_i > 0), mpf(0))


def dot(one, other):
    return sum((a * b for a, b in zip(one, other)), mpf(0))


def exact(values):
    return [mpf(value) for value in values]


# The cases.

counts = {}


def open_case(category):
    counts[category] = counts.get(category, 0) + 1
    write("case", [f"{category}/{counts[category]}"])


def from_logits(category, theta, y, g=None):
    if g is None:
        g = [rng.uniform(-3, 3) for _ in theta]
    open_case(category)
    write_inputs("theta", theta)
    write_inputs("y", y)
    write_inputs("g", g)
    theta, y, g = exact(theta), exact(y), exact(g)

    y_hat, log_y_hat = softmax(theta)
    write_results("softmax", y_hat)
    write_results("log_softmax", log_y_hat)
    write_results("loss", [cross_entropy(log_y_hat, y)])
    write_results("d_theta", [p - t for p, t in zip(y_hat, y)])
    mean = dot(g, y_hat)
    write_results("product", [p * (g_i - mean) for p, g_i in zip(y_hat, g)])
    if len(theta) <= 10:
        write_results("jacobian", [
            y_hat[i] * ((i == j) - y_hat[j])
            for i in range(len(theta)) for j in range(len(theta))
        ])

    p = exact(float(digits(p_i)) for p_i in y_hat)
    write_results("definition", [cross_entropy([log(p_i) if p_i else -inf for p_i in p], y)])
    write_results("d_y_hat", [
        (-y_i / p_i if p_i else -inf) if y_i else mpf(0) for y_i, p_i in zip(y, p)
    ])


def network(category, w, b, x, y):
    open_case(category)
    write_inputs("w", [entry for row in w for entry in row])
    write_inputs("b", b)
    write_inputs("x", x)
    write_inputs("y", y)
    w, b, x, y = [exact(row) for row in w], exact(b), exact(x), exact(y)

    theta = [dot(x, [row[k] for row in w]) + b[k] for k in range(len(b))]
    y_hat, log_y_hat = softmax(theta)
    d_theta = [p - t for p, t in zip(y_hat, y)]
    write_results("logits", theta)
    write_results("softmax", y_hat)
    write_results("loss", [cross_entropy(log_y_hat, y)])
    write_results("d_theta", d_theta)
    write_results("d_w", [x_i * d for x_i in x for d in d_theta])
    write_results("d_x", [dot(row, d_theta) for row in w])


# Inputs.

def uniform(count, size):
    return [rng.uniform(-size, size) for _ in range(count)]


def matrix(rows, columns, size):
    return [uniform(columns, size) for _ in range(rows)]


def magnitude(low, high):
    """A number of either sign whose decimal exponent is anywhere between the two."""
    return rng.choice([-1.0, 1.0]) * float(f"{rng.uniform(1, 10):.15f}e{rng.randint(low, high)}")


def one_hot(classes, hot=None):
    hot = rng.randrange(classes) if hot is None else hot
    return [float(i == hot) for i in range(classes)]


def normalised(weights):
    total = math.fsum(weights)
    y = [weight / total for weight in weights]
    assert abs(math.fsum(y) - 1) <= len(y) * 2.0**-53
    return y


def soft(classes):
    weights = [rng.random() for _ in range(classes)]
    if classes > 2 and rng.random() < 0.5:
        weights[rng.randrange(classes)] = 0.0
    return normalised(weights)


def any_target(classes):
    return one_hot(classes) if rng.random() < 0.5 else soft(classes)


def few(most=12):
    return rng.randint(2, most)


def main():
    write("#", ["Written by `python3 tests/reference/generate.py > tests/reference/values.txt`,"])
    write("#", ["which says what each record means. One record a line: name, value, value, ..."])
    write("#", ["An input is an exact f64; a result has 21 significant digits."])

    for _ in range(30):
        n = few()
        from_logits("ordinary", uniform(n, 5), any_target(n))

    for n in [40, 50, 64, 77, 99, 100, 100]:
        from_logits("many_classes", uniform(n, 20), any_target(n))

    # One class only: certain, whatever its logit.
    for logit in [0.0, -3.25, 1e-300, 700.0, -1e5, 1e308]:
        from_logits("one_class", [logit], [1.0])

    for n, logit in [(2, 0.0), (2, 1e308), (3, -1e308), (3, 8.5), (7, 1e-300), (10, -745.0),
                     (33, 1e5), (100, 0.1), (100, -1e308)]:
        from_logits("all_equal", [logit] * n, any_target(n))

    for k in range(12):
        n = few()
        theta = uniform(n, [3, 50, 800][k % 3])
        # At least two at the maximum, anywhere.
        for i in rng.sample(range(n), rng.randint(2, n)):
            theta[i] = 4.0 + 800 * (k % 3)
        from_logits("tied_at_the_maximum", theta, any_target(n))

    # The probability of the top class rounds to 1.
    from_logits("saturated", [-29.5, -29.5, 84.5], one_hot(3, 2))
    from_logits("saturated", [0.0, 0.0, 115.0], one_hot(3, 2))
    from_logits("saturated", [0.0, 0.0, 114.0], one_hot(3, 0))
    from_logits("saturated", [350.0, -350.0], one_hot(2, 0))
    from_logits("saturated", [700.0, -700.0], one_hot(2, 1))
    for k in range(16):
        n = few(8)
        theta = [-rng.uniform(30, 690) for _ in range(n)]
        top = rng.randrange(n)
        theta[top] = rng.uniform(-5, 5)
        from_logits("saturated", theta, one_hot(n, top) if k % 2 else any_target(n))

    # The smallest probabilities are subnormal.
    for k in range(16):
        n = few(8)
        top = rng.randrange(n)
        theta = [-rng.uniform(708, 745) for _ in range(n)]
        if k % 3 == 0 and n > 2:
            theta[top - 1] = rng.uniform(-3, 0)
        theta[top] = 0.0
        from_logits("subnormal", theta, one_hot(n, top) if k % 2 else any_target(n))
    from_logits("subnormal", [0.0, -745.0], one_hot(2, 0))
    from_logits("subnormal", [0.0, -744.0, -745.0], one_hot(3, 2))
    from_logits("subnormal", [350.0, -359.0, -360.0], one_hot(3, 0))

    # The smallest probabilities are 0.
    for k in range(12):
        n = few(8)
        theta = [-rng.uniform(750, [1000, 1e4, 1e5][k % 3]) for _ in range(n)]
        top = rng.randrange(n)
        theta[top] = rng.uniform(-1, 1)
        from_logits("underflow", theta, one_hot(n, top) if k % 2 else any_target(n))

    for _ in range(10):
        n = few(9)
        from_logits("tiny", [magnitude(-300, -14) for _ in range(n)], any_target(n))
    from_logits("tiny", [5e-324, -5e-324, 0.0], one_hot(3, 0))

    for _ in range(6):
        n = few(9)
        from_logits("huge", [magnitude(4, 5) for _ in range(n)], any_target(n))
    for _ in range(6):
        n = few(9)
        from_logits("huge", [magnitude(300, 307) for _ in range(n)], any_target(n))
    from_logits("huge", [1e308, -1e308], one_hot(2, 0))
    from_logits("huge", [1e308, -1e308], one_hot(2, 1))
    from_logits("huge", [1e308, -1e308], [0.9, 0.1])
    from_logits("huge", [1e308, 1e308, -1e308, 0.0], [0.25, 0.25, 0.0, 0.5])
    from_logits("huge", [1e5, -1e5, 99999.0], [0.5, 0.25, 0.25])

    # Far from 0, but near each other.
    for common in [700.0, 1e5, -1e5, 1e10, -1e15]:
        n = few(9)
        from_logits("shifted", [common + rng.uniform(-4, 4) for _ in range(n)], any_target(n))

    for _ in range(15):
        n = few(10)
        from_logits("every_size", [magnitude(-300, 2) for _ in range(n)], any_target(n))

    # y_hat - y cancels.
    for k in range(14):
        n = few(10)
        theta = uniform(n, 3)
        y_hat, _ = softmax(exact(theta))
        y = [float(digits(p)) for p in y_hat]
        moved = [0.0, 1e-3, 1e-6, 1e-9, 1e-12][k % 5] * min(y)
        y[0] += moved
        y[1] -= moved
        from_logits("near_target", theta, y)
    for k in range(6):
        # One class above one half, and the target as well.
        gap = rng.uniform(0.7, 30)
        theta = [gap, 0.0]
        y_hat, _ = softmax(exact(theta))
        rest = float(digits(y_hat[1] * (1 + mpf(10) ** -(2 * k))))
        from_logits("near_target", theta, [1.0 - rest, rest])

    # g is large at the class that is nearly certain, or everywhere.
    for k in range(10):
        n = few(8)
        theta = [-rng.uniform(5, 200) for _ in range(n)]
        top = rng.randrange(n)
        theta[top] = 0.0
        g = uniform(n, 1)
        if k % 2:
            g[top] = magnitude(3, 12)
        else:
            common = magnitude(3, 12)
            g = [common + g_i for g_i in g]
        from_logits("large_g", theta, any_target(n), g)

    for _ in range(28):
        m, n = rng.randint(1, 8), few(8)
        network("network", matrix(m, n, 1), uniform(n, 1), uniform(m, 2), any_target(n))

    # The author's first network, and the one that his step of size 1 leads to in exact
    # arithmetic, with its last digits rounded.
    network("network_of_the_example", [[0.5] * 3] * 2, [1.0] * 3, [8.0, 7.0], one_hot(3, 2))
    third = 1.0 / 3.0
    network("network_of_the_example",
            [[0.5 - 8 * third, 0.5 - 8 * third, 0.5 + 16 * third],
             [0.5 - 7 * third, 0.5 - 7 * third, 0.5 + 14 * third]],
            [1 - third, 1 - third, 1 + 2 * third], [8.0, 7.0], one_hot(3, 2))

    for logit in [0.3, -200.0]:
        network("network_of_one", [[logit]], [0.5], [1.5], [1.0])
    network("network_of_one", [[0.3, -0.2, 0.9]], [0.5, 0.0, -0.5], [1.5], one_hot(3, 1))
    network("network_of_one", [[0.3], [0.1], [-4.0]], [0.5], [1.5, 2.0, 0.1], [1.0])

    for m, n in [(50, 100), (50, 2), (1, 100), (31, 17)]:
        network("network_wide", matrix(m, n, 0.5), uniform(n, 1), uniform(m, 1), any_target(n))

    # The terms of a logit are large, and nearly cancel.
    for k in range(10):
        m, n = 2 * rng.randint(1, 4), few(6)
        size = [10.0, 1e3, 1e5][k % 3]
        w, x = matrix(m, n, size), uniform(m, 2)
        for i in range(0, m, 2):
            x[i + 1] = x[i]
            w[i + 1] = [-entry + rng.uniform(-1, 1) for entry in w[i]]
        network("network_cancelling", w, uniform(n, 1), x, any_target(n))

    for k in range(12):
        m, n = rng.randint(1, 6), few(6)
        w, x = matrix(m, n, 20), uniform(m, 10)
        network("network_saturated", w, uniform(n, 1), x, any_target(n))

    # Gaps of thousands: probabilities of 0, losses of thousands.
    for _ in range(6):
        m, n = rng.randint(1, 6), few(6)
        network("network_large", matrix(m, n, 1e3), uniform(n, 1e3), uniform(m, 1e2), any_target(n))

    for _ in range(6):
        m, n = rng.randint(1, 6), few(6)
        w = [[magnitude(-200, 0) for _ in range(n)] for _ in range(m)]
        b = [magnitude(-300, 0) for _ in range(n)]
        network("network_every_size", w, b, [magnitude(-200, 1) for _ in range(m)], any_target(n))

    # The target is what the network says already, nearly.
    for k in range(6):
        m, n = rng.randint(1, 6), few(6)
        w, b, x = matrix(m, n, 1), uniform(n, 1), uniform(m, 2)
        theta = [dot(exact(x), [mpf(row[j]) for row in w]) + mpf(b[j]) for j in range(n)]
        y = [float(digits(p)) for p in softmax(theta)[0]]
        moved = [0.0, 1e-4, 1e-9][k % 3] * min(y)
        y[0] += moved
        y[1] -= moved
        network("network_near_target", w, b, x, y)

    # The table of the book's page on numbers that stay finite, row by row.
    for theta, hot in [([-0.55, -0.77, 0.91], 1), ([710.0, 709.0, 708.0], 0),
                       ([-746.0, -746.0, -746.0], 0), ([0.0, 0.0, -740.0], 2),
                       ([0.0, 0.0, -746.0], 2), ([0.0, 0.0, 30.0], 2),
                       ([-29.5, -29.5, 84.5], 2)]:
        from_logits("ladder", theta, one_hot(3, hot))


if __name__ == "__main__":
    main()
