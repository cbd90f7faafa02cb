# %% [markdown]
# # Exercises
#
# Six of the exercises of *Softmax, back-propagated*, under the numbers that they have there, in Python with NumPy. Write the body of each function, in the place of `...`, and run the cell below it. It tries the function as the book's test does, and says what it expected and what it found.
#
# Each exercise stands by itself. Logits, labels and probabilities are arrays with one entry a class, and a class is counted from 0.

# %% jupyter={"source_hidden": true}
# {{include checks.py}}


def differences_of(f, at):
    """The slopes of `f`, by moving one entry at a time: what gradients are compared with."""
    slopes = np.zeros(at.shape)
    for index in np.ndindex(at.shape):
        move = np.zeros(at.shape)
        move[index] = 1e-3 * max(1.0, abs(at[index]))
        near = (f(at + move) - f(at - move)) / (2 * move[index])
        far = (f(at + 2 * move) - f(at - 2 * move)) / (4 * move[index])
        slopes[index] = (4 * near - far) / 3
    return slopes


# %% [markdown]
# ## 2. Logits by index
#
# Write the logits of a layer with sums over indices, for any number of inputs and classes: no product of matrices.
#
# {{eq 2.4}}
#
# *Hint.* One logit for each column of `W`; the sum goes down the column, over as many inputs as there are.

# %%
def logits(x, W, b):
    """θ from x, W and b."""
    ### BEGIN SOLUTION
    return np.array([sum(x[i] * W[i, k] for i in range(len(x))) + b[k] for k in range(len(b))])
    ### END SOLUTION


# %% tags=["compare"]
W = numbers("{{out example/point.txt: W =}}")
b = numbers("{{out example/point.txt: b =}}")
x = numbers("{{out example/point.txt: x =}}")
same("θ", numbers("{{out example/forward/logits.txt: θ =}}"), logits(x, W, b))

W = np.array([[1.0, 0.0], [0.0, 1.0], [1.0, 0.0], [0.0, 1.0]])
found = logits(np.array([1.0, 2.0, 3.0, 4.0]), W, np.array([10.0, 20.0]))
same("θ of four inputs", [14.0, 26.0], found)

# %% [markdown]
# ## 4. The whole table
#
# Write the Jacobian of softmax, from the probabilities alone: $\partial \yhat_i / \partial \theta_j$ in row $i$ and column $j$, for any number of classes.
#
# {{eq 3.11}}
#
# *Hint.* Both cases stand in this one line.

# %%
def jacobian(y_hat):
    """∂ŷ/∂θ from ŷ."""
    ### BEGIN SOLUTION
    return np.diag(y_hat) - np.outer(y_hat, y_hat)
    ### END SOLUTION


# %% tags=["compare"]
sixty_fourths = np.array([[7.0, -2.0, -5.0], [-2.0, 12.0, -10.0], [-5.0, -10.0, 15.0]])
same("∂ŷ/∂θ", sixty_fourths / 64, jacobian(np.array([0.125, 0.25, 0.625])))
# One class is certain, whatever its logit.
same("∂ŷ/∂θ of one class", [[0.0]], jacobian(np.array([1.0])))

# %% [markdown]
# ## 6. Backward through a layer
#
# Given $\vdelta$, write the gradients of weights, biases and inputs. Each has the shape of what it belongs to.
#
# *Hint.* (3.28), (3.31), (3.34). Only one of the three needs the weights.

# %%
def gradients(x, W, delta):
    """∂J/∂W, ∂J/∂b and ∂J/∂x from x, W and δ."""
    ### BEGIN SOLUTION
    return np.outer(x, delta), delta, W @ delta
    ### END SOLUTION


# %% tags=["compare"]
W = np.array([[0.2, -0.4, 0.1, 0.6], [0.7, 0.3, -0.5, 0.2], [-0.3, 0.9, 0.4, -0.8]])
b, x = np.array([0.1, -0.2, 0.3, 0.5]), np.array([0.6, -1.1, 0.8])


def loss_of(W, b, x):
    theta = x @ W + b
    return np.log(np.exp(theta).sum()) - theta[2]


exps = np.exp(x @ W + b)
delta = exps / exps.sum() - np.array([0.0, 0.0, 1.0, 0.0])
measured = (
    differences_of(lambda W: loss_of(W, b, x), W),
    differences_of(lambda b: loss_of(W, b, x), b),
    differences_of(lambda x: loss_of(W, b, x), x),
)
each_same(["∂J/∂W", "∂J/∂b", "∂J/∂x"], measured, gradients(x, W, delta))

# %% [markdown]
# ## 9. A loss for all logits
#
# Write $J = -\log \yhat_t$ from the logits, for the class $t$, right to nine digits wherever the logits are. The formula alone fails at large ones:
#
# {{eq 2.10}}
#
# *Hint.* Leave the largest logit out of the sum, and let `np.log1p` add its 1. Subtract $\theta_t$ from the largest logit *before* the logarithm is added.

# %%
def loss(theta, t):
    """J from θ and the true class t."""
    ### BEGIN SOLUTION
    s = np.argmax(theta)
    rest = np.exp(np.delete(theta, s) - theta[s]).sum()
    return (theta[s] - theta[t]) + np.log1p(rest)
    ### END SOLUTION


# %% tags=["compare"]
for what, expected, theta, t in [
    ("three equal logits", np.log(3), [0, 0, 0], 1),
    ("three of 1e16", np.log(3), [1e16, 1e16, 1e16], 0),
    ("three of −1000", np.log(3), [-1e3, -1e3, -1e3], 2),
    ("a lead of 114", 2 * np.exp(-114), [-29.5, -29.5, 84.5], 2),
    # e⁻³⁰ is lost beside 1, but not to a logarithm that takes it by itself.
    ("a lead of 30", np.exp(-30), [30, 0, -740], 0),
    ("a gap of 740", 740, [0, -740], 1),
    ("a gap of 746", 746 + np.log(2), [0, 0, -746], 2),
    ("a lead of 1000", 0, [1e3, 0], 0),
]:
    same(what, expected, loss(np.array(theta, dtype=float), t))

# %% [markdown]
# ## 11. Differences of any function
#
# Write the slopes of a function at a point by central differences: move one entry at a time up and down, with a step that suits it.
#
# *Hint.* The two errors of a central difference balance near the cube root of the machine epsilon, `np.finfo(float).eps ** (1 / 3)`. At a million that step is too small; let it grow with the entry, but never shrink to 0.

# %%
def differences(f, at):
    """The slopes of `f`, which takes an array and gives one number, at a point."""
    ### BEGIN SOLUTION
    slopes = np.zeros(len(at))
    for i in range(len(at)):
        h = np.finfo(float).eps ** (1 / 3) * max(1.0, abs(at[i]))
        right, left = at.copy(), at.copy()
        right[i] += h
        left[i] -= h
        slopes[i] = (f(right) - f(left)) / (right[i] - left[i])
    return slopes
    ### END SOLUTION


# %% tags=["compare"]
at = np.array([0.5, -2.0, 1.5])
slopes = np.array([-2.0 * np.exp(0.5), np.exp(0.5), 6.75])
same("slopes of exp(a) b + c³", slopes, differences(lambda a: np.exp(a[0]) * a[1] + a[2] ** 3, at))
same("the point afterwards", [0.5, -2.0, 1.5], at)
same("slope of a² at 1e6", [2e6], differences(lambda a: a[0] * a[0], np.array([1e6])))
same("slope of 3a at 0", [3.0], differences(lambda a: 3.0 * a[0], np.array([0.0])))

# %% [markdown]
# ## 14. Rows as examples
#
# Write the gradients of the mean loss over many examples with products of matrices, without a loop over the examples. An example is a row of `X`, of `Y_hat` and of `Y`.
#
# {{eq 9.5}}
#
# {{eq 9.6}}
#
# *Hint.* Divide once, in $\mathbf{\Delta}$.

# %%
def batch_gradients(X, Y_hat, Y):
    """∂J/∂W and ∂J/∂b of the mean loss."""
    ### BEGIN SOLUTION
    Delta = (Y_hat - Y) / len(X)
    return X.T @ Delta, Delta.sum(axis=0)
    ### END SOLUTION


# %% tags=["compare"]
W = numbers("{{out example/point.txt: W =}}")
b = numbers("{{out example/point.txt: b =}}")
X = np.array([[0.6, -1.1], [1.7, 0.4], [-0.3, 0.9], [0.2, -0.8]])
Y = np.eye(3)[[1, 0, 2, 1]]


def mean_loss(W, b):
    Theta = X @ W + b
    return np.mean(np.log(np.exp(Theta).sum(axis=1)) - np.sum(Y * Theta, axis=1))


Exps = np.exp(X @ W + b)
measured = (
    differences_of(lambda W: mean_loss(W, b), W),
    differences_of(lambda b: mean_loss(W, b), b),
)
found = batch_gradients(X, Exps / Exps.sum(axis=1, keepdims=True), Y)
each_same(["∂J/∂W", "∂J/∂b"], measured, found)
