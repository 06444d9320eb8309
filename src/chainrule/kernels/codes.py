"""What the kernels are called and the numbers they go by. Nothing here needs numba."""

from __future__ import annotations

LEAK = 0.01
SELU_SCALE = 1.0507009873554805
SELU_ALPHA = 1.6732632423543772

# --- kernels, by the names of what they compute ---------------------------------------------------------------------

ACTIVATIONS = {
    name: (name, f"{name}_back")
    for name in (
        "identity",
        "sigmoid",
        "tanh",
        "relu",
        "leaky_relu",
        "elu",
        "selu",
        "softplus",
        "gelu",
        "silu",
        "mish",
        "softmax",
        "exp",
    )
}  # forward and backward
KEEPING_INPUTS = ("gelu", "silu", "mish")  # their derivatives need Z
FUSED = {
    "log_loss": "log_loss_from_logits",
    "cross_entropy": "cross_entropy_from_logits",
    "poisson": "poisson_from_logs",
}  # by the loss: each has one activation
OPTIMIZERS = ("sgd", "momentum", "nesterov", "adam", "rmsprop", "adagrad")
ALL_KERNELS = (
    "run",
    "predict",
    "forward",
    "backward",
    *(kernel for pair in ACTIVATIONS.values() for kernel in pair),
    *FUSED.values(),
    "any_loss",
    *OPTIMIZERS,
    "drop",
    "penalize",
    "shorten",
    "include",
)

# --- losses ---------------------------------------------------------------------------------------------------------

LOSSES = {
    name: code
    for code, name in enumerate(
        (
            "half_squared_error",
            "log_loss",
            "cross_entropy",
            "perceptron",
            "hinge",
            "squared_hinge",
            "poisson",
            "absolute_error",
            "huber",
            "log_cosh",
            "quantile",
        )
    )
}
(
    HALF_SQUARED_ERROR,
    LOG_LOSS,
    CROSS_ENTROPY,
    PERCEPTRON,
    HINGE,
    SQUARED_HINGE,
    POISSON,
    ABSOLUTE_ERROR,
    HUBER,
    LOG_COSH,
    QUANTILE,
) = LOSSES.values()

# --- a run ----------------------------------------------------------------------------------------------------------

A_AT, Z_AT, M_AT, F_AT, T_AT, W_AT = range(6)  # rows of a network's table of places (``network.encoding.lay_out``)
TRAIN, MEASURE, VALUE, ONLY_UPDATE = range(4)  # modes
WELL, MEASURED_NON_FINITE, UPDATED_NON_FINITE, NO_SUCH_SAMPLE = range(4)  # ends
UPDATES, MOMENTS, AVERAGED = range(3)  # counts: updates made, those Adam knows of, parameters averaged
