# Wrong answers to the exercises, each the mistake that a student makes, and words that the
# comparison must say of it; "accepted" is a right one by another way. `run.py` tries them.

# %% no bias: "θ[0]: expected -0.55"
def logits(x, W, b):
    return x @ W

# %% the bias within the sum: "θ[0]: expected -0.55"
def logits(x, W, b):
    return np.array([sum(x[i] * W[i, k] + b[k] for i in range(len(x))) for k in range(len(b))])

# %% counted from 1: "θ[0]: expected -0.55"
def logits(x, W, b):
    return np.array([sum(x[i] * W[i, k] for i in range(1, len(x))) + b[k] for k in range(len(b))])

# %% two inputs, whatever the layer has: "θ of four inputs[0]"
def logits(x, W, b):
    return np.array([x[0] * W[0, k] + x[1] * W[1, k] + b[k] for k in range(len(b))])

# %% one logit an input: "expected an array of shape (3,), found an array of shape (2,)"
def logits(x, W, b):
    return np.array([x[i] + b[i] for i in range(len(x))])

# %% softmax as well: "θ[0]: expected -0.55"
def logits(x, W, b):
    return np.exp(x @ W + b) / np.exp(x @ W + b).sum()

# %% a product of matrices: "accepted"
def logits(x, W, b):
    return W.T @ x + b

# %% a list, input by input: "accepted"
def logits(x, W, b):
    theta = list(b)
    for i in range(len(x)):
        for k in range(len(b)):
            theta[k] += x[i] * W[i, k]
    return theta

# %% the diagonal alone: "∂ŷ/∂θ[0, 1]: expected -0.03125, found 0"
def jacobian(y_hat):
    return np.diag(y_hat * (1 - y_hat))

# %% no sign off the diagonal: "∂ŷ/∂θ[0, 1]: expected -0.03125, found 0.03125"
def jacobian(y_hat):
    return abs(np.diag(y_hat) - np.outer(y_hat, y_hat))

# %% without the factor: "∂ŷ/∂θ[0, 0]"
def jacobian(y_hat):
    return np.eye(len(y_hat)) - y_hat

# %% diag(ŷ): "∂ŷ/∂θ[0, 0]"
def jacobian(y_hat):
    return np.diag(y_hat)

# %% the sign of the whole: "all signs are turned"
def jacobian(y_hat):
    return np.outer(y_hat, y_hat) - np.diag(y_hat)

# %% the slopes as a vector: "expected an array of shape (3, 3), found an array of shape (3,)"
def jacobian(y_hat):
    return y_hat * (1 - y_hat)

# %% three classes, whatever there are: "∂ŷ/∂θ of one class: expected an array of shape (1, 1)"
def jacobian(y_hat):
    return np.eye(3) * y_hat - np.outer(y_hat, y_hat) * np.ones((3, 3))

# %% a loop: "accepted"
def jacobian(y_hat):
    K = range(len(y_hat))
    return [[y_hat[i] * ((i == j) - y_hat[j]) for j in K] for i in K]

# %% δ xᵀ: "rows and columns are exchanged"
def gradients(x, W, delta):
    return np.outer(delta, x), delta, W @ delta

# %% the way down: "all signs are turned"
def gradients(x, W, delta):
    return -np.outer(x, delta), -delta, -W @ delta

# %% a mean over the inputs: "all entries are 0.3333 times what they should be"
def gradients(x, W, delta):
    return np.outer(x, delta) / len(x), delta, W @ delta

# %% the bias's slope without δ: "∂J/∂b[0]"
def gradients(x, W, delta):
    return np.outer(x, delta), np.ones(len(delta)), W @ delta

# %% the inputs' slope without δ: "∂J/∂x[0]"
def gradients(x, W, delta):
    return np.outer(x, delta), delta, W.sum(axis=1)

# %% x in the place of the inputs' gradient: "∂J/∂x[0]"
def gradients(x, W, delta):
    return np.outer(x, delta), delta, x

# %% the inputs forgotten: "expected ∂J/∂W, ∂J/∂b, ∂J/∂x, found 2 of them"
def gradients(x, W, delta):
    return np.outer(x, delta), delta

# %% a column times a row: "accepted"
def gradients(x, W, delta):
    return x[:, None] * delta[None, :], delta, delta @ W.T

# %% the formula alone: "three of 1e16: expected 1.098612289, found nan"
def loss(theta, t):
    return -np.log(np.exp(theta[t]) / np.exp(theta).sum())

# %% log-sum-exp, whose 1 swallows what is small: "a lead of 114"
def loss(theta, t):
    return theta.max() - theta[t] + np.log(np.exp(theta - theta.max()).sum())

# %% the same, patched where the sum is 1: "a lead of 30"
def loss(theta, t):
    exps = np.sort(np.exp(theta - theta.max()))
    total = exps.sum()
    rest = exps[:-1].sum()
    return theta.max() - theta[t] + (rest if total == 1 else np.log(total))

# %% the probability clipped: "a lead of 114"
def loss(theta, t):
    exps = np.exp(theta - theta.max())
    return -np.log(max(exps[t] / exps.sum(), 1e-15))

# %% the logits clipped: "a gap of 740"
def loss(theta, t):
    theta = np.clip(theta, -700, 700)
    s = theta.argmax()
    return (theta[s] - theta[t]) + np.log1p(np.exp(np.delete(theta, s) - theta[s]).sum())

# %% the logarithm added before the difference is taken: "three of 1e16"
def loss(theta, t):
    s = theta.argmax()
    return (theta[s] + np.log1p(np.exp(np.delete(theta, s) - theta[s]).sum())) - theta[t]

# %% bits, not nats: "three equal logits"
def loss(theta, t):
    exps = np.exp(theta - theta.max())
    return -np.log2(exps[t] / exps.sum())

# %% the class counted from 1: "a lead of 114"
def loss(theta, t):
    s = theta.argmax()
    return (theta[s] - theta[t - 1]) + np.log1p(np.exp(np.delete(theta, s) - theta[s]).sum())

# %% the other logits all in the sum, the largest among them twice: "three equal logits"
def loss(theta, t):
    s = theta.argmax()
    return (theta[s] - theta[t]) + np.log1p(np.exp(theta - theta[s]).sum())

# %% sorted, the last one taken away: "accepted"
def loss(theta, t):
    ordered = np.sort(theta)
    return (ordered[-1] - theta[t]) + np.log1p(np.exp(ordered[:-1] - ordered[-1]).sum())

# %% a step without a floor: "slope of 3a at 0"
def differences(f, at):
    moves = np.diag(np.finfo(float).eps ** (1 / 3) * abs(at))
    return np.array([(f(at + m) - f(at - m)) / (2 * m.sum()) for m in moves])

# %% a step that is too small: "slopes of exp(a) b + c³"
def differences(f, at):
    return np.array([(f(at + m) - f(at - m)) / 2e-9 for m in 1e-9 * np.eye(len(at))])

# %% one step for all sizes: "slope of a² at 1e6"
def differences(f, at):
    return np.array([(f(at + m) - f(at - m)) / 1.2e-5 for m in 6e-6 * np.eye(len(at))])

# %% a step that is too large: "slopes of exp(a) b + c³"
def differences(f, at):
    moves = np.diag(1e-2 * (1 + abs(at)))
    return np.array([(f(at + m) - f(at - m)) / (2 * m.sum()) for m in moves])

# %% to the right alone: "slopes of exp(a) b + c³"
def differences(f, at):
    return np.array([(f(at + m) - f(at)) / 1e-6 for m in 1e-6 * np.eye(len(at))])

# %% over h and not 2h: "all entries are 2 times what they should be"
def differences(f, at):
    moves = np.diag(1e-6 * (1 + abs(at)))
    return np.array([(f(at + m) - f(at - m)) / m.sum() for m in moves])

# %% all entries moved at once: "slopes of exp(a) b + c³[0]"
def differences(f, at):
    return np.full(len(at), (f(at + 1e-5) - f(at - 1e-5)) / 2e-5)

# %% an entry that is not moved back: "slopes of exp(a) b + c³[1]"
def differences(f, at):
    moved, slopes = at.copy(), []
    for i in range(len(at)):
        h = 6e-6 * max(1, abs(at[i]))
        moved[i] += h
        right = f(moved)
        moved[i] -= 2 * h
        slopes.append((right - f(moved)) / (2 * h))
    return np.array(slopes)

# %% the point itself moved, and not back: "the point afterwards"
def differences(f, at):
    here, slopes = at.copy(), []
    for i in range(len(at)):
        h = np.finfo(float).eps ** (1 / 3) * max(1, abs(here[i]))
        at[:] = here
        at[i] = here[i] + h
        right = f(at)
        at[i] = here[i] - h
        slopes.append((right - f(at)) / (2 * h))
    return np.array(slopes)

# %% another floor: "accepted"
def differences(f, at):
    moves = np.diag(1e-5 * (1 + abs(at)))
    return np.array([(f(at + m) - f(at - m)) / (2 * m.sum()) for m in moves])

# %% the sum, not the mean: "all entries are 4 times what they should be"
def batch_gradients(X, Y_hat, Y):
    return X.T @ (Y_hat - Y), (Y_hat - Y).sum(axis=0)

# %% divided by the number of inputs: "all entries are 2 times what they should be"
def batch_gradients(X, Y_hat, Y):
    Delta = (Y_hat - Y) / X.shape[1]
    return X.T @ Delta, Delta.sum(axis=0)

# %% the biases divided twice: "∂J/∂b[0]"
def batch_gradients(X, Y_hat, Y):
    Delta = (Y_hat - Y) / len(X)
    return X.T @ Delta, Delta.mean(axis=0)

# %% Y − Ŷ: "all signs are turned"
def batch_gradients(X, Y_hat, Y):
    Delta = (Y - Y_hat) / len(X)
    return X.T @ Delta, Delta.sum(axis=0)

# %% ΔᵀX: "rows and columns are exchanged"
def batch_gradients(X, Y_hat, Y):
    Delta = (Y_hat - Y) / len(X)
    return Delta.T @ X, Delta.sum(axis=0)

# %% the sums of the rows: "∂J/∂b: expected an array of shape (3,), found an array of shape (4,)"
def batch_gradients(X, Y_hat, Y):
    Delta = (Y_hat - Y) / len(X)
    return X.T @ Delta, Delta.sum(axis=1)

# %% example by example: "accepted"
def batch_gradients(X, Y_hat, Y):
    Delta = (Y_hat - Y) / len(X)
    return sum(np.outer(x, d) for x, d in zip(X, Delta)), Delta.sum(axis=0)
