# %% [markdown]
# # The derivation, checked
#
# Each formula of the chapter *Derivation* of *Softmax, back-propagated* is written as NumPy, and compared with a slope that no formula knows of: move a number a little up and down, and divide what came of it by the move. The numbers of the equations are those of the book.
#
# Fill in each blank, `...`, and run the cell below it.

# %% jupyter={"source_hidden": true}
# {{include checks.py}}

# %% [markdown]
# ## The witness
#
# `differences` moves each entry of its point by $h$, up and down. Of a function whose value is one number it gives an array in the shape of the point; of one with several values, a table with a row for each value and a column for each entry.

# %%
def differences(f, at, h=1e-5):
    slopes = []
    for index in np.ndindex(at.shape):
        move = np.zeros(at.shape)
        move[index] = h
        slopes.append((f(at + move) - f(at - move)) / (2 * h))
    slopes = np.array(slopes)
    return slopes.reshape(at.shape) if slopes.ndim == 1 else slopes.T


def softmax(theta):
    exps = np.exp(theta - theta.max())
    return exps / exps.sum()


def cross_entropy(y_hat, y):
    return -np.sum(y * np.log(y_hat))


# The worked example, with the true class 2, at index 1.
W = numbers("{{out example/point.txt: W =}}")
b = numbers("{{out example/point.txt: b =}}")
x = numbers("{{out example/point.txt: x =}}")
y = numbers("{{out example/point.txt: y =}}")
theta = x @ W + b
y_hat = softmax(theta)

# A point where nothing is equal, with four classes. Its label is a distribution.
rng = np.random.default_rng(1)
theta_4 = rng.normal(size=4)
y_hat_4 = softmax(theta_4)
y_4 = softmax(rng.normal(size=4))

# %% [markdown]
# ## The chain rule
#
# One weight, $w_{22}$, reaches the loss in three steps:
#
# {{eq 3.1}}
#
# Write the three slopes, as an array, with formulas: that of $-\log \yhat_2$, that of $\yhat_2$ by its own logit, (3.9), and that of the logit by the weight.

# %%
### BEGIN SOLUTION
steps = np.array([-1 / y_hat[1], y_hat[1] * (1 - y_hat[1]), x[1]])
### END SOLUTION

# %% tags=["compare"]
as_printed("the three steps", "{{out derivation/chain_rule/one.txt}}", steps)
as_printed("their product", "{{out derivation/chain_rule/one.txt: product}}", np.prod(steps))

# %% [markdown]
# ## The derivative of softmax
#
# A probability by its own logit, and by another:
#
# {{eq 3.9}}
#
# {{eq 3.10}}
#
# Write the table of all of them, for any number of classes, with two loops:

# %%
def jacobian_by_cases(y_hat):
    ### BEGIN SOLUTION
    classes = len(y_hat)
    table = np.empty((classes, classes))
    for i in range(classes):
        for j in range(classes):
            table[i, j] = y_hat[i] * (1 - y_hat[i]) if i == j else -y_hat[i] * y_hat[j]
    return table
    ### END SOLUTION


# %% tags=["compare"]
as_printed("∂ŷ/∂θ", "{{out derivation/softmax/jacobian.txt}}", jacobian_by_cases(y_hat))
same("∂ŷ/∂θ, four classes", differences(softmax, theta_4), jacobian_by_cases(y_hat_4), digits=7)

# %% [markdown]
# The same in one line, without a loop:
#
# {{eq 3.12}}

# %%
def jacobian(y_hat):
    ### BEGIN SOLUTION
    return np.diag(y_hat) - np.outer(y_hat, y_hat)
    ### END SOLUTION


# %% tags=["compare"]
as_printed("∂ŷ/∂θ", "{{out derivation/softmax/jacobian.txt}}", jacobian(y_hat))
same("∂ŷ/∂θ, four classes", differences(softmax, theta_4), jacobian(y_hat_4), digits=7)

# %% [markdown]
# Each row of the table sums to zero, and each column, too. Write both sums for the four classes, an array for the rows and one for the columns:
#
# {{eq 3.13}}
#
# {{eq 3.14}}

# %%
### BEGIN SOLUTION
rows = jacobian(y_hat_4).sum(axis=1)
columns = jacobian(y_hat_4).sum(axis=0)
### END SOLUTION

# %% tags=["compare"]
compare("the sums of the rows", np.zeros(4), rows, 1e-15)
compare("the sums of the columns", np.zeros(4), columns, 1e-15)

# %% [markdown]
# What goes back through softmax is a row times this table, and the table itself is not needed:
#
# {{eq 3.15}}

# %%
def back_through_softmax(g, y_hat):
    ### BEGIN SOLUTION
    return y_hat * (g - g @ y_hat)
    ### END SOLUTION


# %% tags=["compare"]
g = np.array([0.0, 2.0, -1.0])
as_printed("gᵀ ∂ŷ/∂θ", "{{out derivation/softmax/product.txt}}", back_through_softmax(g, y_hat))
g_4 = rng.normal(size=4)
expected = differences(lambda theta: g_4 @ softmax(theta), theta_4)
same("gᵀ ∂ŷ/∂θ, four classes", expected, back_through_softmax(g_4, y_hat_4), digits=7)

# %% [markdown]
# ## The derivative of the cross-entropy
#
# The row that the loss sends back:
#
# {{eq 3.18}}

# %%
def row(y_hat, y):
    ### BEGIN SOLUTION
    return -y / y_hat
    ### END SOLUTION


# %% tags=["compare"]
expected = differences(lambda y_hat: cross_entropy(y_hat, y_4), y_hat_4)
same("∂J/∂ŷ", expected, row(y_hat_4, y_4), digits=7)

# %% [markdown]
# ## Two ways to δ
#
# The long way multiplies the row with the table, the short way subtracts:
#
# {{eq 3.3}}
#
# {{eq 3.20}}

# %%
def long_way(y_hat, y):
    ### BEGIN SOLUTION
    return row(y_hat, y) @ jacobian(y_hat)
    ### END SOLUTION


def short_way(y_hat, y):
    ### BEGIN SOLUTION
    return y_hat - y
    ### END SOLUTION


# %% tags=["compare"]
expected = differences(lambda theta: cross_entropy(softmax(theta), y_4), theta_4)
for name, way in [("the long way", long_way), ("the short way", short_way)]:
    as_printed(f"δ, {name}", "{{out derivation/cross_entropy/delta.txt}}", way(y_hat, y))
    same(f"δ, {name}, four classes", expected, way(y_hat_4, y_4), digits=7)

# %% [markdown]
# The short way needs a label that sums to 1. For one with two classes true at once, which sums to 2, it must be
#
# {{eq 3.22}}

# %%
def delta_of_any(y_hat, y):
    ### BEGIN SOLUTION
    return y_hat * y.sum() - y
    ### END SOLUTION


# %% tags=["compare"]
both = np.array([0.0, 1.0, 1.0, 0.0])
expected = differences(lambda theta: cross_entropy(softmax(theta), both), theta_4)
same("∂J/∂θ of a label that sums to 2", expected, delta_of_any(y_hat_4, both), digits=7)

# %% [markdown]
# ## The gradients of weights, biases and inputs
#
# A logit by a weight:
#
# {{eq 3.25}}
#
# Write all of these as an array with three axes: the logit $k$, the row $i$ and the column $j$ of the weight.

# %%
def logits_by_weights(x, classes):
    ### BEGIN SOLUTION
    slopes = np.zeros((classes, len(x), classes))
    for k in range(classes):
        slopes[k, :, k] = x
    return slopes
    ### END SOLUTION


# %% tags=["compare"]
expected = differences(lambda W: x @ W + b, W).reshape(3, 2, 3)
same("∂θ/∂W", expected, logits_by_weights(x, 3), digits=7)

# %% [markdown]
# Multiplied by δ, the tables of the logits fold into one, and an outer product is left. The biases and the inputs:
#
# {{eq 3.28}}
#
# {{eq 3.31}}
#
# {{eq 3.34}}

# %%
def gradients(x, W, delta):
    ### BEGIN SOLUTION
    d_W = np.outer(x, delta)
    d_b = delta
    d_x = W @ delta
    ### END SOLUTION
    return d_W, d_b, d_x


# %% tags=["compare"]
def loss(x, W, b):
    return cross_entropy(softmax(x @ W + b), y)


d_W, d_b, d_x = gradients(x, W, y_hat - y)
as_printed("∇W", "{{out derivation/parameters/result.txt: ∇W =}}", d_W)
as_printed("∇b", "{{out derivation/parameters/result.txt: ∇b =}}", d_b)
as_printed("∇x", "{{out derivation/parameters/result.txt: ∇x =}}", d_x)
same("∇W, by differences", differences(lambda W: loss(x, W, b), W), d_W, digits=7)
same("∇b, by differences", differences(lambda b: loss(x, W, b), b), d_b, digits=7)
same("∇x, by differences", differences(lambda x: loss(x, W, b), x), d_x, digits=7)

# %% [markdown]
# ## The loss falls as it should
#
# To first order, a step with the learning rate η lowers the loss by η times the sum of the squares of the gradients:
#
# {{eq 4.31}}
#
# Write that sum. What the first order leaves out grows with the square of η: at a tenth of the rate a hundredth is left.

# %%
def squares(d_W, d_b):
    ### BEGIN SOLUTION
    return np.sum(d_W**2) + np.sum(d_b**2)
    ### END SOLUTION


# %% tags=["compare"]
d_W, d_b = np.outer(x, y_hat - y), y_hat - y
same("the sum of the squares", ((x @ x) + 1) * (d_b @ d_b), squares(d_W, d_b))
# What a step leaves out, over η². It comes to a fixed number as η falls.
left_out = []
for eta in [1e-3, 1e-4]:
    expected = loss(x, W, b) - eta * squares(d_W, d_b)
    left_out.append((loss(x, W - eta * d_W, b - eta * d_b) - expected) / eta**2)
same("what is left, over η²", left_out[0], left_out[1], digits=2)
