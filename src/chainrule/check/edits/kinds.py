"""Kinds of mistakes: what is wrong with hand-written back-propagation, in one sentence each, and how it is mended."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Kind:
    """A kind of mistake: one sentence of what is wrong, and one of how to mend it. ``{where}`` is the place."""

    sentence: str
    remedy: str


KINDS: dict[str, Kind] = {
    "mean-missing": Kind(
        "The division by N is missing in {where}: the gradient is that of a sum over the samples, the loss a mean.",
        "Divide by the number of samples once, where the output error is made; everything behind it follows.",
    ),
    "mean-twice": Kind(
        "{where} is divided by N twice.",
        "Divide by the number of samples once, where the output error is made, and nowhere else.",
    ),
    "bias-mean": Kind(
        "The gradient of the bias in {where} is a mean over the samples where it must be a sum: 1/N is in dZ already.",
        "Sum dZ over the samples: db = dZ.sum(axis=0).",
    ),
    "bias-missing": Kind(
        "The gradient of the bias in {where} is 0: the bias never learns.",
        "The bias adds to every pre-activation: db = dZ.sum(axis=0).",
    ),
    "bias-one-sample": Kind(
        "The gradient of the bias in {where} comes from one sample alone.",
        "Sum dZ over all samples: db = dZ.sum(axis=0).",
    ),
    "bias-times-input": Kind(
        "The gradient of the bias in {where} is multiplied by the inputs, as if it were a weight's.",
        "A bias's input is 1: db = dZ.sum(axis=0), without the layer's inputs.",
    ),
    "bias-not-summed": Kind(
        "The gradient of the bias in {where} is not summed over the samples: it has a row for each of them.",
        "Sum dZ over the samples: db = dZ.sum(axis=0).",
    ),
    "weights-not-summed": Kind(
        "The gradient of W in {where} is a product entry by entry: it has a row or a column for each sample.",
        "A matrix product sums over the samples: dW = A_before.T @ dZ.",
    ),
    "bias-sum-axis": Kind(
        "The gradient of the bias in {where} is summed over the units, where it must be summed over the samples alone.",
        "Give the axis: db = dZ.sum(axis=0), one number for each unit.",
    ),
    "bias-from-dA": Kind(
        "The gradient of the bias in {where} is made of dA, the error before it is multiplied by f′(Z).",
        "The bias sits inside the activation: db = dZ.sum(axis=0), with dZ = dA * f′(Z).",
    ),
    "mean-of-wrong-count": Kind(
        "{where} is divided by another count than that of the samples: the number of features, units or outputs.",
        "N is the number of samples: len(X) where samples are rows, X.shape[1] where they are columns.",
    ),
    "averaged-too-early": Kind(
        "In {where} means over the samples are multiplied, where the products must be averaged.",
        "Multiply sample by sample and sum then: dW = A.T @ dZ with all rows of both.",
    ),
    "loss-for-derivative": Kind(
        "The loss itself stands where its derivative should, at the top of the way back.",
        "The derivative of ½ (y − t)² is y − t, with its sign.",
    ),
    "sign": Kind(
        "{where} has the opposite sign: with it, descent climbs.",
        "Look for a minus too many, or one that is missing; the output error is Y − T, prediction minus target.",
    ),
    "factor-two": Kind(
        "{where} is twice what it should be.",
        "Look for a 2 that does not belong there: that of a squared error is cancelled by its ½.",
    ),
    "factor-half": Kind(
        "{where} is half of what it should be.",
        "Look for a ½ that is there twice, or a 2 that is missing.",
    ),
    "factor": Kind(
        "Every entry of {where} is one and the same number of times what it should be.",
        "Look for a constant that does not belong there, or for one that is missing.",
    ),
    "derivative-missing": Kind(
        "The derivative of the activation is missing in {where}: the error goes through it as if f′ were 1.",
        "Multiply what comes back by f′(Z): dZ = dA * f′(Z).",
    ),
    "derivative-twice": Kind(
        "The derivative of the activation is multiplied in twice in {where}.",
        "Multiply by f′(Z) once: dZ = dA * f′(Z).",
    ),
    "derivative-of-preactivation": Kind(
        "The derivative in {where} is written for activations and given pre-activations: σ′ = a(1 − a) wants a = σ(z).",
        "Hand it A, or write the derivative for Z.",
    ),
    "derivative-of-activation": Kind(
        "The derivative in {where} is written for pre-activations and given activations: f′(z) wants z, not a = f(z).",
        "Hand it Z, or write the derivative for A.",
    ),
    "derivative-miswritten": Kind(
        "The derivative of the activation is written wrongly in {where}: a factor or a square is missing, or a sign.",
        "For the sigmoid it is a (1 − a), for tanh 1 − a², with a = f(z).",
    ),
    "activation-of-error": Kind(
        "The activation is applied to the error itself in {where}, where the error must be multiplied by f′(Z).",
        "For a ReLU let the error pass where Z > 0, whatever its own sign: dZ = dA * (Z > 0).",
    ),
    "derivative-of-error": Kind(
        "The derivative in {where} is taken at the error that comes back, not at what went forward.",
        "Take it where the activation was: dZ = dA * f′(Z).",
    ),
    "derivative-of-other-activation": Kind(
        "The derivative in {where} is that of another activation than the forward pass has.",
        "Take f′ of the same f that goes forward: for tanh 1 − a², for the sigmoid a (1 − a), for the ReLU z > 0.",
    ),
    "derivative-for-input": Kind(
        "The gradient of W in {where} is made of f′(Z) of the layer before, where its activations belong.",
        "Do not overwrite A by its derivative: dW = A.T @ dZ with A as it went forward.",
    ),
    "derivative-turned": Kind(
        "The derivative of the ReLU in {where} is turned round: it lets pass what it should stop.",
        "The slope is 1 where Z > 0 and 0 elsewhere: dZ = dA * (Z > 0).",
    ),
    "activation-for-derivative": Kind(
        "The activation itself stands where its derivative should, in {where}.",
        "Multiply by f′(Z), not by f(Z).",
    ),
    "derivative-of-other-layer": Kind(
        "The derivative of the activation in {where} is taken at another layer's values.",
        "Each layer's derivative is taken where its own activation was: f′(Z) of the same layer.",
    ),
    "output-derivative-extra": Kind(
        "The output error is multiplied by the output's derivative, which has cancelled with the loss's denominators.",
        "For this pair of output and loss the error is Y − T and nothing more.",
    ),
    "output-derivative-missing": Kind(
        "The derivative of the output activation is missing in the output error.",
        "Multiply the loss's derivative by f′(Z) of the output.",
    ),
    "preactivation-for-input": Kind(
        "The gradient of W in {where} is made of the pre-activations before it, where its inputs belong.",
        "The layer's inputs are activations: dW = A.T @ dZ, not Z.T @ dZ.",
    ),
    "wrong-input": Kind(
        "The gradient of W in {where} is made of another layer's values.",
        "Use what entered this layer: dW = A_before.T @ dZ.",
    ),
    "weights-for-input": Kind(
        "The gradient of W in {where} is made of W itself, where the layer's inputs belong.",
        "A weight's derivative is its input times the error: dW = A_before.T @ dZ.",
    ),
    "weights-transposed": Kind(
        "The error is passed back through W in {where} without a transpose.",
        "Forward is A @ W, so backward is dZ @ W.T.",
    ),
    "weights-missing": Kind(
        "The error is passed back through {where} without its weights.",
        "dA = dZ @ W.T: each error goes back along the weights it came by.",
    ),
    "gradient-zero": Kind(
        "The gradient is 0 in {where}: nothing there ever learns.",
        "dW = A_before.T @ dZ in every layer, the first one too.",
    ),
    "updated-weights": Kind(
        "The error is passed back through {where} with the weights that were updated already.",
        "Compute all gradients first, then update.",
    ),
    "gradient-for-weights": Kind(
        "The error is passed back through {where} along dW where W belongs.",
        "dA = dZ @ W.T, with the weights and not their gradient.",
    ),
    "wrong-error": Kind(
        "{where} gets the error of another layer, not the one that was passed back to it.",
        "Each layer's dZ comes from the dZ of the layer behind it: dZ = (dZ_behind @ W_behind.T) * f′(Z).",
    ),
    "one-sample": Kind(
        "Only one sample enters {where}.",
        "Every sample adds to the gradient: sum over all of them, do not overwrite.",
    ),
    "penalty-missing": Kind(
        "The penalty is in the loss and not in the gradient of {where}.",
        "The derivative of λ Σ W² is 2 λ W: add it to dW.",
    ),
    "penalty-halved": Kind(
        "The penalty's part of the gradient of {where} is half of what it should be.",
        "The derivative of λ Σ W² is 2 λ W; λ W belongs to λ/2 Σ W².",
    ),
    "penalty-doubled": Kind(
        "The penalty's part of the gradient of {where} is twice what it should be.",
        "The derivative of λ Σ W² is 2 λ W.",
    ),
    "penalty-on-biases": Kind(
        "The penalty is also taken of the bias in {where}.",
        "Only weights are penalised: leave db as it is.",
    ),
    "penalty-over-n": Kind(
        "The penalty's part of the gradient of {where} is divided by N.",
        "The penalty is no mean over samples: add 2 λ W after the division.",
    ),
    "penalty-times-n": Kind(
        "The penalty's part of the gradient of {where} is multiplied by N.",
        "The penalty is added once, not once a sample.",
    ),
    "penalty-sign": Kind(
        "The penalty's part of the gradient of {where} has the opposite sign.",
        "The penalty grows with the weights: add 2 λ W.",
    ),
    "softmax-axis": Kind(
        "The softmax is taken over the samples, where it must be taken over the outputs of each sample.",
        "Sum over the outputs: E / E.sum(axis=1, keepdims=True) with samples as rows.",
    ),
    "softmax-over-everything": Kind(
        "The softmax is taken over the whole array: all samples together sum to 1.",
        "Sum over the outputs of each sample: E / E.sum(axis=1, keepdims=True).",
    ),
    "softmax-diagonal": Kind(
        "The derivative of the softmax is taken as y (1 − y), entry by entry, but every output depends on every z.",
        "Use ∂y_k/∂z_j = y_k (δ_kj − y_j); after cross-entropy all of it is Y − T.",
    ),
    "exponent-sign": Kind(
        "The sigmoid in {where} is written with e^z for e^−z: it falls where it should rise.",
        "σ(z) = 1 / (1 + np.exp(-z)).",
    ),
    "activation-wrong": Kind(
        "The activation in {where} is another one than the network's.",
        "Use the activation that was asked for, forward and in its derivative.",
    ),
    "wrong-layer-fed": Kind(
        "{where} is fed with another layer's values on the way forward.",
        "Z = A @ W + b, with A of the layer just before it.",
    ),
    "activation-twice": Kind(
        "The activation in {where} is applied twice: to Z, and once more to A.",
        "A = f(Z), once.",
    ),
    "bias-outside": Kind(
        "The bias in {where} is added outside the activation.",
        "A = f(A_before @ W + b): the bias belongs into the brackets.",
    ),
    "bias-not-added": Kind(
        "The bias is not added in {where}.",
        "Z = A @ W + b.",
    ),
    "loss-and-gradient-differ": Kind(
        "Loss and gradient belong to two different losses.",
        "Take the derivative of the loss that you compute.",
    ),
    "integers": Kind(
        "Numbers are cut to whole ones on the way: an integer array holds them.",
        "Make arrays of floats: np.zeros(shape), not np.zeros(shape, dtype=int); X.astype(float).",
    ),
    "blocks-swapped": Kind(
        "The gradients of two blocks are exchanged: {where}.",
        "Return them in the order of the parameters.",
    ),
    "columns-swapped": Kind(
        "The columns or rows of the gradient of {where} are in another order.",
        "Keep units in their order.",
    ),
    "inner-for-outer": Kind(
        "An inner product stands in {where} where the outer product belongs: one number for all entries of dW.",
        "dW = A_before.T @ dZ: each input times each error, (n_in, n_out).",
    ),
    "bias-row-kept": Kind(
        "The bias's row of the augmented weights stays in on the way back.",
        "Pass the error back through the weights without the bias's row: dZ @ W[:-1].T.",
    ),
    "gradient-transposed": Kind(
        "The gradient of {where} is transposed: its rows stand where its columns belong.",
        "dW has the shape of W: inputs of the layer times dZ, dW = A.T @ dZ.",
    ),
    "accumulated": Kind(
        "Gradients add up over calls: a second call at the same place gives more.",
        "Start every call with zeros.",
    ),
    "stale": Kind(
        "A second call uses what the first one left behind.",
        "Run the forward pass anew before every backward pass, and keep nothing from call to call.",
    ),
    "changes-arguments": Kind(
        "Your function changes {where} in place: the caller's own arrays are others after it.",
        "Work on copies: W = W - rate * dW, not W -= rate * dW.",
    ),
    "overflow": Kind(
        "At large inputs the numbers overflow or a logarithm of 0 is taken.",
        "Subtract the row's maximum before e^z, and compute the loss from Z, not from log(Y).",
    ),
    "broadcast": Kind(
        "Every target meets every output: what should be n numbers is n × n.",
        "Targets of shape (n,) beside outputs (n, 1) do that: t.reshape(-1, 1). So does np.dot of the two: use *.",
    ),
    "loss-wrong": Kind(
        "The loss is not the one that was asked for.",
        "Compare its formula with the network's loss, term by term.",
    ),
    "loss-label-blind": Kind(
        "The loss does not look at the label in every term: right and wrong predictions score alike.",
        "Cross-entropy is −[t log y + (1 − t) log(1 − y)].",
    ),
}
