"""Writes rows.txt: what both kinds of numbers must give, and the cross-entropy of rows.

    python3 -m pip install -r tests/reference/requirements.txt
    python3 tests/reference/rows.py > tests/reference/rows.txt

The format, the arithmetic and the mathematics are those of generate.py beside it. The first record
of a case says of which numbers its inputs are, `float f64` or `float f32`: they are written in the
shortest digits that give the same number back, and the results are computed from them as exact
numbers. A logit of -inf is a mask.

A case with `y` and `theta` starts from the logits of one example:
    inputs   theta, y
    results  softmax, log_softmax, loss, d_theta as in generate.py
             log_sum_exp  log(sum(exp(theta)))

A case with `w` is a whole network, as in generate.py.

A case with `labels` is of rows:
    inputs   labels     the class of each row
             theta      rows x classes
             weights    omega, one for each class; absent, all are 1
             ignore     the label of rows that do not count; absent, all count
             smoothing  epsilon; absent, 0
    with     tau_i = epsilon / K omega_i, and (1 - epsilon) omega_t more at the label t,
    results  losses     -sum(tau * log(y_hat)) of each row, over the classes with tau > 0; 0 where
                        the row does not count
             d_rows     sum(tau) y_hat - tau, rows x classes; 0 where the row does not count
             counts     the sum of omega_t over the rows that count, by which the mean divides
    or       masked     the first row, and in it the class, that is masked and counts in the label
"""

import random
import struct
import sys
from math import inf

from mpmath import mpf

# It would leave a directory here.
sys.dont_write_bytecode = True
import generate
from generate import cross_entropy, dot, exact, softmax, write, write_results

rng = random.Random(20240601)


# Numbers of both kinds.

def nearest(kind, value):
    """The nearest number of the kind, as a float."""
    return struct.unpack("f", struct.pack("f", value))[0] if kind == "f32" else float(value)


def shortest(kind, value):
    if kind == "f64" or value in (inf, -inf):
        return repr(value)
    digits = (f"{value:.{count}g}" for count in range(1, 10))
    return next(text for text in digits if nearest(kind, float(text)) == value)


def open_case(category, kind):
    generate.open_case(f"{category}_{kind}")
    write("float", [kind])


def write_inputs(kind, name, values):
    write(name, [shortest(kind, value) for value in values])


# The cases.

def of_each_kind(case):
    """Runs a function with the name of the numbers, and with what makes a list of such."""
    for kind in ["f64", "f32"]:
        case(kind, lambda values, kind=kind: [nearest(kind, value) for value in values])


def from_logits(category, kind, theta, y):
    open_case(category, kind)
    write_inputs(kind, "theta", theta)
    write_inputs(kind, "y", y)
    theta, y = exact(theta), exact(y)
    y_hat, log_y_hat = softmax(theta)
    top = theta.index(max(theta))
    write_results("softmax", y_hat)
    write_results("log_softmax", log_y_hat)
    write_results("log_sum_exp", [theta[top] - log_y_hat[top]])
    write_results("loss", [cross_entropy(log_y_hat, y)])
    write_results("d_theta", [p - t for p, t in zip(y_hat, y)])


def network(category, kind, w, b, x, y):
    open_case(category, kind)
    write_inputs(kind, "w", [entry for row in w for entry in row])
    write_inputs(kind, "b", b)
    write_inputs(kind, "x", x)
    write_inputs(kind, "y", y)
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


def rows(category, kind, theta, labels, weights=None, ignore=None, smoothing=None):
    open_case(category, kind)
    write("labels", [str(label) for label in labels])
    write_inputs(kind, "theta", [entry for row in theta for entry in row])
    if weights is not None:
        write_inputs(kind, "weights", weights)
    if ignore is not None:
        write("ignore", [str(ignore)])
    if smoothing is not None:
        write_inputs(kind, "smoothing", [smoothing])

    classes = len(theta[0])
    omega = exact(weights) if weights is not None else [mpf(1)] * classes
    epsilon = mpf(smoothing or 0)
    losses, d_rows, counts = [], [], mpf(0)
    for n, (row, label) in enumerate(zip(theta, labels)):
        if label == ignore:
            losses.append(mpf(0))
            d_rows += [mpf(0)] * classes
            continue
        tau = [epsilon / classes * omega_i for omega_i in omega]
        tau[label] += (1 - epsilon) * omega[label]
        masked = [i for i in range(classes) if tau[i] > 0 and row[i] == -inf]
        if masked:
            # The class of the label first.
            write("masked", [str(n), str(label if label in masked else masked[0])])
            return
        y_hat, log_y_hat = softmax(exact(row))
        losses.append(cross_entropy(log_y_hat, tau))
        total = sum(tau, mpf(0))
        d_rows += [total * p - t for p, t in zip(y_hat, tau)]
        counts += omega[label]
    write_results("losses", losses)
    write_results("d_rows", d_rows)
    write_results("counts", [counts])


# Inputs.

def uniform(count, size):
    return [rng.uniform(-size, size) for _ in range(count)]


def one_hot(classes, hot):
    return [float(i == hot) for i in range(classes)]


def any_target(classes):
    if rng.random() < 0.5:
        return one_hot(classes, rng.randrange(classes))
    weights = [rng.random() for _ in range(classes)]
    return [weight / sum(weights) for weight in weights]


def logits(kind, of):
    """Cases from the logits of one example."""
    # e^-88 is the last that is no subnormal f32, e^-103 the last above 0, and 1e38 near the end.
    gaps = [88.0, 103.0, 104.0, 746.0] if kind == "f32" else [708.0, 745.0, 746.0, 1e5]
    last = 1e38 if kind == "f32" else 1e308
    tiny = 1e-45 if kind == "f32" else 5e-324

    for k in range(12):
        n = rng.randint(2, 12)
        from_logits("ordinary", kind, of(uniform(n, 5)), of(any_target(n)))
    for n in [31, 32, 33, 40, 100]:
        from_logits("many_classes", kind, of(uniform(n, 20)), of(any_target(n)))
    for logit in [0.0, -3.25, tiny, last]:
        from_logits("one_class", kind, of([logit]), [1.0])
    for n, logit in [(2, 0.0), (3, last), (7, -last), (33, 0.1)]:
        from_logits("all_equal", kind, of([logit] * n), one_hot(n, n - 1))
    for gap in gaps:
        for hot in range(3):
            from_logits("gap", kind, of([0.0, -gap, -0.5]), one_hot(3, hot))
        from_logits("gap", kind, of([-gap, 0.0, -gap]), [0.25, 0.5, 0.25])
        from_logits("gap", kind, of([0.0, -gap * 0.97, -gap * 0.99]), one_hot(3, 1))
    for gap in [17.0, 30.0, 60.0, 87.0]:
        from_logits("saturated", kind, of([-gap, 0.0, -gap]), one_hot(3, 1))
        from_logits("saturated", kind, of([0.5, gap, gap + 0.5, -gap]), one_hot(4, 2))
    from_logits("huge", kind, of([last, -last]), one_hot(2, 0))
    from_logits("huge", kind, of([last, -last]), one_hot(2, 1))
    from_logits("huge", kind, of([last, last, -last, 0.0]), [0.25, 0.25, 0.0, 0.5])
    from_logits("tiny", kind, of([tiny, -tiny, 0.0]), one_hot(3, 0))
    for _ in range(4):
        n = rng.randint(2, 9)
        theta = [rng.uniform(-4, 4) + 1e5 for _ in range(n)]
        from_logits("shifted", kind, of(theta), of(any_target(n)))
    for n in [2, 5, 9, 33, 70]:
        theta = uniform(n, 5)
        masked = rng.sample(range(n), rng.randint(1, n - 1))
        for i in masked:
            theta[i] = -inf
        hot = next(i for i in range(n) if i not in masked)
        from_logits("mask", kind, of(theta), one_hot(n, hot))


def networks(kind, of):
    def matrix(inputs, classes, size):
        return [of(uniform(classes, size)) for _ in range(inputs)]

    for _ in range(10):
        m, n = rng.randint(1, 8), rng.randint(1, 8)
        network("network", kind, matrix(m, n, 1), of(uniform(n, 1)), of(uniform(m, 2)),
                of(any_target(n)))
    for m, n in [(50, 33), (31, 17)]:
        network("network_wide", kind, matrix(m, n, 0.5), of(uniform(n, 1)), of(uniform(m, 1)),
                of(any_target(n)))
    for _ in range(6):
        m, n = rng.randint(1, 6), rng.randint(2, 6)
        network("network_saturated", kind, matrix(m, n, 20), of(uniform(n, 1)),
                of(uniform(m, 10)), of(any_target(n)))
    network("network_of_the_example", kind, [[0.5] * 3] * 2, [1.0] * 3, [8.0, 7.0], one_hot(3, 2))


def combinations(kind, of):
    """Every combination of weights, a label that does not count, smoothing and masks."""
    far = 80.0 if kind == "f32" else 700.0
    for combination in range(16):
        weighted, ignoring, smooth, masking = [bool(combination & bit) for bit in [1, 2, 4, 8]]
        name = "rows" + "".join(part for part, there in [
            ("_weighted", weighted), ("_ignoring", ignoring), ("_smooth", smooth),
            ("_masking", masking)] if there)
        for size, classes in [(4.0, 5), (far / 2, 3), (3.0, 34)]:
            count = 5 if classes < 10 else 2
            # With weights and smoothing only a class that counts nothing can be masked.
            free = rng.randrange(classes) if weighted and smooth and masking else None
            named = [i for i in range(classes) if i != free]
            labels = [rng.choice(named) for _ in range(count)]
            theta = [of(uniform(classes, size)) for _ in labels]
            # Two at the maximum; and a label that is nearly certain.
            theta[0][:2] = [theta[0][0]] * 2
            theta[1][labels[1]] = size
            weights = of(rng.uniform(0.1, 3) for _ in range(classes)) if weighted else None
            # One that is a class, or one that is not.
            ignore = (labels[-1] if rng.random() < 0.5 else 1000) if ignoring else None
            if ignore == 1000:
                labels[-1] = 1000
            if masking:
                for row, label in zip(theta, labels):
                    for i in rng.sample(range(classes), rng.randint(1, classes - 1)):
                        if i != label:
                            row[i] = -inf
                if free is not None:
                    weights[free] = 0.0
                    for row in theta:
                        row[:] = of(uniform(classes, size))
                        row[free] = -inf
                if ignoring:
                    # A row that does not count may hold anything.
                    theta[-1] = [-inf] * classes
            smoothing = nearest(kind, 0.1) if smooth else None
            rows(name, kind, theta, labels, weights, ignore, smoothing)


def edges(kind, of):
    """Rows at the edges of weights and smoothing."""
    last = 1e38 if kind == "f32" else 1e308
    tenth = nearest(kind, 0.1)
    # The label counts nothing, or little, for its own sake; the other class is nearly certain.
    for gap in [3.0, 23.0, 50.0]:
        for weights in [[0.0, 1.0], [1e-6, 1.0], [1.0, 0.0], [1.0, 1.0]]:
            for smoothing in [None, tenth, 0.5, 1.0]:
                rows("edge_two_classes", kind, [of([0.0, gap]), of([gap, 0.0])], [0, 0],
                     of(weights), None, smoothing)
    rows("edge_small_weights", kind, [of([0.0, 40.0, 1.0]), of([40.0, 0.0, 1.0])], [2, 1],
         of([1e-3, 5.0, 1e-3]), None, tenth)
    # Smoothing that leaves nothing of the label, and probabilities that are nearly even.
    for classes in [3, 100]:
        rows("edge_even", kind, [of(uniform(classes, 1e-3))], [1], None, None, 1.0)
    rows("edge_saturated", kind, [of([0.0, 87.0, 0.0]), of([60.0, 0.0, 0.0])], [1, 0])
    rows("edge_all_equal", kind, [of([last] * 3), of([-last] * 3)], [0, 2], None, None, tenth)
    rows("edge_far", kind, [of([last, 0.0]), of([-last, 0.0])], [0, 0])
    rows("edge_far", kind, [of([last / 4, -last / 4])], [1], None, None, tenth)
    rows("edge_one_class", kind, [[3.0], [-3.0]], [0, 0], of([0.7]), None, tenth)
    # A class that is masked and counts nothing may be the label.
    rows("edge_masked_label", kind, [[-inf, 0.5, 0.25], [0.0, 0.5, 0.25]], [0, 1],
         of([0.0, 1.0, 2.0]), None, tenth)
    rows("edge_masked_label", kind, [[0.0, 0.5, 0.25], [0.0, -inf, 0.25]], [0, 1])
    rows("edge_masked_label", kind, [[0.0, 0.5, 0.25], [0.0, -inf, 0.25]], [0, 1], None, 1)


def main():
    write("#", ["Written by `python3 tests/reference/rows.py > tests/reference/rows.txt`,"])
    write("#", ["which says what each record means. One record a line: name, value, value, ..."])
    write("#", ["An input is an exact number of its kind; a result has 21 significant digits."])
    for part in [logits, networks, combinations, edges]:
        of_each_kind(part)


if __name__ == "__main__":
    main()
