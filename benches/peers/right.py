"""Writes right.txt: what softmax and the loss are where other crates are asked for them.

    python3 -m pip install -r tests/reference/requirements.txt
    python3 benches/peers/right.py > benches/peers/right.txt

One case a line, the fields separated by ` | `:

    NAME | TYPE | QUANTITY | CLASS | LOGITS | VALUE

NAME is the same for both types. TYPE is f64 or f32. The logits are exact in it; `;` stands between
two rows of a batch. QUANTITY is `probability`, that of CLASS in the first row, or `loss`, the sum
over the rows: that of CLASS in the first one and of class 1 in each other. Classes are counted from
1. VALUE has 21 digits and is computed from the exact logits with 400; it is `none` where every logit
is -inf, since there is no distribution.

QUANTITY can also be `fit`. Then LOGITS is a distance d, and VALUE the probability of CLASS at the
input 0, under the layer whose loss over thirteen examples is the smallest: twelve of which the
inputs are 0, 1 and 2 and the classes overlap, and one at d whose class is the third.
"""

from struct import pack, unpack

from mpmath import exp, inf, log1p, lu_solve, matrix, mp, mpf, norm, nstr

# 50 digits must be left beside 1 where the loss is 1e-50.
mp.dps = 400


def log_probabilities(theta):
    top = max(theta)
    gaps = [top - theta_i for theta_i in theta]
    first = gaps.index(0)
    above = log1p(sum((exp(-gap) for gap in gaps[:first] + gaps[first + 1:]), mpf(0)))
    return [-gap - above for gap in gaps]


def value(quantity, rows, label):
    if all(theta == -inf for theta in rows[0]):
        return "none"
    logs = [log_probabilities(row) for row in rows]
    if quantity == "probability":
        result = exp(logs[0][label - 1])
    else:
        result = -logs[0][label - 1] - sum((row[0] for row in logs[1:]), mpf(0))
    if abs(result) < mpf("1e-400"):
        return "0"
    return nstr(result, 21, strip_zeros=False, min_fixed=0, max_fixed=0)


# Of each class the inputs of its examples, but for the far one.
NEAR = [[0, 0, 1, 2], [0, 1, 1, 2], [0, 1, 2, 2]]


def fit(distance, label):
    """Newton's method for the slopes and biases of the first two classes; those of the third are 0."""
    examples = [(mpf(x), k) for k, inputs in enumerate(NEAR) for x in inputs] + [(distance, 2)]
    # The far example alone would make the Hessian singular at 0: each class starts a little tilted.
    theta = matrix([-mpf(4) / 5, mpf(4) / 5, -mpf(2) / 5, mpf(2) / 5])

    def probabilities(x):
        logs = log_probabilities([theta[0] * x + theta[1], theta[2] * x + theta[3], mpf(0)])
        return [exp(log) for log in logs]

    for _ in range(30):
        gradient, hessian = matrix(4, 1), matrix(4, 4)
        for x, k in examples:
            y_hat, inputs = probabilities(x), [x, mpf(1)]
            for i in range(4):
                gradient[i] += (y_hat[i // 2] - (k == i // 2)) * inputs[i % 2]
                for j in range(4):
                    slope = y_hat[i // 2] * ((i // 2 == j // 2) - y_hat[j // 2])
                    hessian[i, j] += slope * inputs[i % 2] * inputs[j % 2]
        theta -= lu_solve(hessian, gradient)
    assert norm(gradient) < mpf("1e-100"), distance
    return nstr(probabilities(mpf(0))[label - 1], 21, strip_zeros=False, min_fixed=0, max_fixed=0)


def write(name, quantity, label, text, f32=None):
    for kind, logits in [("f64", text), ("f32", f32 or text)]:
        rows = [[mpf(float(theta)) for theta in row.split()] for row in logits.split(";")]
        print(" | ".join([name, kind, quantity, str(label), logits, value(quantity, rows, label)]))


def main():
    # The f32 nearest to 1e38, in digits that a reader takes for the same number.
    top32 = repr(unpack("f", pack("f", 1e38))[0])
    huge = [f"{top} {top} -{top}" for top in ("1e308", top32)]

    write("gap", "probability", 1, "0 0 -746")
    write("beside", "probability", 1, "0 0 0; 1000 0 0")
    write("masked", "probability", 1, "0 -inf 0")
    write("all-masked", "probability", 1, "-inf -inf -inf")
    write("one-class", "probability", 1, "3.25")
    write("huge", "probability", 1, *huge)

    write("gap", "loss", 3, "0 0 -746")
    write("beside", "loss", 1, "0 0 0; 1000 0 0")
    write("masked", "loss", 1, "0 -inf 0")
    write("all-masked", "loss", 1, "-inf -inf -inf")
    write("one-class", "loss", 1, "3.25")
    write("huge", "loss", 1, *huge)
    write("sure", "loss", 3, "0 0 30", "0 0 10")
    write("certain", "loss", 3, "-29.5 -29.5 84.5", "-29.5 -29.5 34.5")

    for distance in ["30", "100", "300", "1000"]:
        print(" | ".join(["far", "f64", "fit", "1", distance, fit(mpf(distance), 1)]))


if __name__ == "__main__":
    main()
