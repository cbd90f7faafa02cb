# %% [markdown]
# # The worked example
#
# The network with two inputs and three classes goes forward, backward and one step down, in Python with NumPy. It is the chapter *Example* of the book *Softmax, back-propagated*; an equation has the number that it has there.
#
# Fill in each blank, `...`, with the line or lines of NumPy that the equation above it says. The cell below it compares what you have with what the book prints, to the last digit printed.

# %% jupyter={"source_hidden": true}
# {{include checks.py}}

# %% [markdown]
# ## The point
#
# {{eq 4.1}}
#
# The label says class 2. NumPy counts from 0, so class 2 stands at index 1.

# %%
W = numbers("{{out example/point.txt: W =}}")
b = numbers("{{out example/point.txt: b =}}")
x = numbers("{{out example/point.txt: x =}}")
y = numbers("{{out example/point.txt: y =}}")

# %% [markdown]
# ## Forward
#
# The logits, from all inputs to all classes at once:
#
# {{eq 4.2}}

# %%
### BEGIN SOLUTION
theta = x @ W + b
### END SOLUTION

# %% tags=["compare"]
as_printed("θ", "{{out example/forward/logits.txt: θ =}}", theta)

# %% [markdown]
# Their exponentials, and the sum of these:
#
# {{eq 4.4}}

# %%
### BEGIN SOLUTION
exps = np.exp(theta)
total = exps.sum()
### END SOLUTION

# %% tags=["compare"]
as_printed("exp(θ)", "{{out example/forward/sum.txt: exp(θ) =}}", exps)
as_printed("Σ", "{{out example/forward/sum.txt: Σ =}}", total)

# %% [markdown]
# The probabilities:
#
# {{eq 4.6}}

# %%
### BEGIN SOLUTION
y_hat = exps / total
### END SOLUTION

# %% tags=["compare"]
as_printed("ŷ", "{{out example/forward/probabilities.txt: ŷ =}}", y_hat)

# %% [markdown]
# The loss, once from the probabilities and once from the logits:
#
# {{eq 4.8}}
#
# {{eq 4.10}}

# %%
### BEGIN SOLUTION
loss = -np.sum(y * np.log(y_hat))
loss_from_logits = np.log(total) - theta[1]
### END SOLUTION

# %% tags=["compare"]
as_printed("J", "{{out example/forward/loss.txt: J =}}", loss)
as_printed("J from the logits", "{{out example/forward/loss.txt: J =}}", loss_from_logits)

# %% [markdown]
# ## Backward
#
# The loss sends a row to the probabilities:
#
# {{eq 4.12}}
#
# Softmax turns it into a row for the logits, with a table:
#
# {{eq 4.14}}

# %%
### BEGIN SOLUTION
row = -y / y_hat
table = np.diag(y_hat) - np.outer(y_hat, y_hat)
### END SOLUTION

# %% tags=["compare"]
as_printed("∂J/∂ŷ", "[0, {{out example/backward/delta.factor.txt}}, 0]", row)
as_printed("∂ŷ/∂θ", "{{out derivation/softmax/jacobian.txt}}", table)

# %% [markdown]
# The long way, a row times a table, and the short way, a difference:
#
# {{eq 4.16}}
#
# {{eq 4.18}}

# %%
### BEGIN SOLUTION
long_way = row @ table
delta = y_hat - y
### END SOLUTION

# %% tags=["compare"]
as_printed("δ, the long way", "{{out example/backward/delta.txt}}", long_way)
as_printed("δ, the short way", "{{out example/backward/delta.txt}}", delta)

# %% [markdown]
# From δ, the gradients of weights, biases and inputs. Each has the shape of its variable.
#
# {{eq 4.20}}
#
# {{eq 4.22}}
#
# {{eq 4.24}}

# %%
### BEGIN SOLUTION
d_W = np.outer(x, delta)
d_b = delta
d_x = W @ delta
### END SOLUTION

# %% tags=["compare"]
as_printed("∇W", "{{out example/backward/gradients.txt: ∇W =}}", d_W)
as_printed("∇b", "{{out example/backward/gradients.txt: ∇b =}}", d_b)
as_printed("∇x", "{{out example/backward/gradients.txt: ∇x =}}", d_x)

# %% [markdown]
# ## Move a weight and look
#
# Row 2, column 2 of the gradient of the weights promises how far the loss moves when that weight moves. Move it by $h$, up and down, and divide:
#
# {{eq 4.26}}
#
# Write the loss as a function of this one weight, all others as they are, and the quotient.

# %%
h = 0.01


def loss_at(w_22):
    ### BEGIN SOLUTION
    moved = W.copy()
    moved[1, 1] = w_22
    theta = x @ moved + b
    return np.log(np.exp(theta).sum()) - theta[1]
    ### END SOLUTION


### BEGIN SOLUTION
slope = (loss_at(W[1, 1] + h) - loss_at(W[1, 1] - h)) / (2 * h)
### END SOLUTION

# %% tags=["compare"]
as_printed("J", "{{out example/backward/nudge.txt: J =}}", loss_at(W[1, 1]))
as_printed("J⁺", "{{out example/backward/nudge.txt: J⁺ =}}", loss_at(W[1, 1] + h))
as_printed("J⁻", "{{out example/backward/nudge.txt: J⁻ =}}", loss_at(W[1, 1] - h))
as_printed("(J⁺ − J⁻) / 2h", "{{out example/backward/nudge.txt: (J⁺ − J⁻) / 2h =}}", slope)

# %% [markdown]
# ## Update
#
# One step against the gradients, with the learning rate η of one half:
#
# {{eq 4.27}}
#
# {{eq 4.29}}
#
# Then forward again, with the new weights and biases.

# %%
eta = 0.5
### BEGIN SOLUTION
new_W = W - eta * d_W
new_b = b - eta * d_b
new_theta = x @ new_W + new_b
new_y_hat = np.exp(new_theta) / np.exp(new_theta).sum()
new_loss = -np.log(new_y_hat[1])
### END SOLUTION

# %% tags=["compare"]
as_printed("W′", "{{out example/update/step.txt: W′ =}}", new_W)
as_printed("b′", "{{out example/update/step.txt: b′ =}}", new_b)
as_printed("θ′", "{{out example/update/again.txt: θ′ =}}", new_theta)
as_printed("ŷ′", "{{out example/update/again.txt: ŷ′ =}}", new_y_hat)
as_printed("J′", "{{out example/update/again.txt: J′ =}}", new_loss)

# %% [markdown]
# ## How much was to be expected
#
# A small step lowers the loss by η times the sum of the squares of all entries of the gradients:
#
# {{eq 4.31}}
#
# Write how far the loss after a step is from that: $J'$ less what is expected of it. A step ten times smaller is off by a hundredth.

# %%
def off(eta):
    ### BEGIN SOLUTION
    theta = x @ (W - eta * d_W) + b - eta * d_b
    found = np.log(np.exp(theta).sum()) - theta[1]
    expected = loss - eta * (np.sum(d_W**2) + np.sum(d_b**2))
    return found - expected
    ### END SOLUTION


# %% tags=["compare"]
as_printed("off by, at η = 0.001", "{{out example/update/expected.txt: η = 0.001: off by}}", off(0.001))
as_printed("off by, at η = 0.01", "{{out example/update/expected.txt: η = 0.01: off by}}", off(0.01))
as_printed("off by, at η = 0.5", "{{out example/update/expected.txt: η = 0.5: off by}}", off(0.5))
