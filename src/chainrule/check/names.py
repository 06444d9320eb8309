"""Names: what a parameter or an attribute of hand-written code is, told by how people call it."""

from __future__ import annotations

import re
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

ROLES: dict[str, frozenset[str]] = {
    role: frozenset(names.split())
    for role, names in {
        "X": "x xs inputs input data features x_train x_batch input_data training_inputs inputs_list xb train_x "
        "input_vector xi x_i input_list sample example a0 a_0 values came",
        "T": "t ts y ys targets labels target label gt y_true y_train y_batch yb targets_list training_outputs train_y "
        "target_vector expected desired ground_truth yi y_i",
        "Y": "o output outputs y_hat yhat y_pred pred preds predictions al a_last last_a a_out a_final out probs p "
        "probas proba probabilities",
        "X and T": "training_data mini_batch minibatch batch train_data dataset training_set train_set data_points "
        "points examples training_examples trainset train patterns observations instances "
        "rows records zeilen filas lignes",
        "l2": "l2 lam lambda lambd reg lmbda lmb lamda regularization weight_decay reg_lambda l2_lambda l2_reg "
        "lambda_reg reg_strength lambda_l2 wd reg_param decay l",
        "rate": "lr learning_rate rate eta alpha step_size learning_rate_init",
        "momentum": "momentum beta mu beta1 gamma",
        "kept": "keep_prob keep_probability keep_rate prob_keep p_keep keep retain_prob",
        "dropped": "drop dropout dropout_rate drop_rate dropout_prob drop_prob p_drop drop_probability p_dropout "
        "use_dropout",
        "weights": "weights ws w_list",
        "biases": "biases bs b_list",
        "theta": "theta flat w_flat vec nn_params thetas_flat params_flat flat_params weights_flat",
        "parameters": "params parameters model net_params param network",
        "cache": "cache memory fw fwd forward forward_pass acts outs forward_cache activations store "
        "forward_values intermediates",
        "caches": "caches",
        "once": "epochs n_epochs num_epochs iterations n_iter num_iterations max_iter iters n_iters rounds epoch steps "
        "number_of_training_iterations num_iters max_epochs max_steps n_steps num_steps max_iterations n_iterations",
        "count": "m n minibatch_size n_batches bs n_samples batch_size n_batch n_examples num_examples num_samples "
        "mini_batch_size batchsize",
        "wanted": "training is_training is_train train_mode requires_grad return_grad return_grads compute_grad "
        "compute_grads with_grad need_grad",
        "quiet": "verbose print_cost print_loss plot display show debug log",
        "widths": "sizes layers layer_sizes layer_dims layers_dims architecture dims structure shape topology nodes "
        "layers_size network_structure nn_architecture",
        "first width": "input_size input_layer_size n_input n_inputs n_x input_dim inputnodes n_features n_in "
        "input_nodes num_inputs input_layer_nodes inputsize in_dim",
        "hidden width": "hidden_size hidden_layer_size n_hidden n_h hidden_dim hiddennodes hidden hidden_nodes "
        "num_hidden hid_dim nn_hdim hid_size n_hid hidden_units n_units hiddensize hidden_layer_nodes",
        "last width": "output_size num_labels n_classes n_y num_classes output_dim outputnodes n_out n_outputs "
        "n_output output_nodes num_outputs outputsize k output_layer_nodes out_dim n_labels",
        "error": "dout d_out d_output d_outputs dvalues grad output_gradient grad_output grad_outputs grad_out dl_dy "
        "loss_gradient dy error dc grad_scores delta delta_out upstream output_error err d_loss dloss dl loss_grad "
        "upstream_grad output_delta gradient gradients g gy gout dz da dh grad_y top_diff upstream_gradient "
        "incoming_grad",
    }.items()
}
WORDS: dict[str, frozenset[str]] = {
    role: frozenset(words.split())
    for role, words in {
        "rate": "tasa taxa lr eta rate lrate learnrate learningrate",
        "momentum": "momentum",
        "l2": "lambda lambd lam lmbda lamda reg regularization l2 decay penalty",
        "once": "epocas iteraciones epochs epoch iterations iters rounds epochen durchlaeufe iterationen",
        "T": "objetivo objetivos esperado esperada etiquetas label labels target targets expected truth true trues "
        "desired onehot hot actual answer answers soll sollwert ziel zielwert ziele cible cibles attendu alvo alvos",
        "Y": "pred prediction predictions predicted hat prob probs probas proba probabilities",
        "X": "entrada entradas dados datos input inputs sample samples features datum image images img imgs "
        "picture pictures pattern observation instance eingabe eingaben entree entrees",
        "quiet": "verbose print",
    }.items()
}
ONE_SAMPLE = frozenset(["xi", "x_i", "inputs_list", "input_list", "input_vector", "sample", "example"])
TRUE_OUTPUTS = re.compile(
    r"(data|dataset|train|training|real|correct|known|given|ideal|wanted)_?(outputs?|out|results?)"
)
OF_SAMPLES = re.compile(r"([xy])_?(tr|train|trn|batch|samples?|data|val|valid|validation|test|dev|mini)")
WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+")


ASSUMED: ContextVar[Mapping[str, str]] = ContextVar("ASSUMED")  # of names that tell nothing, while they are tried


@contextmanager
def assuming(roles: Mapping[str, str]) -> Iterator[None]:
    """Let names have these roles.

    >>> with assuming({"stuff": "T"}):
    ...     role_of("stuff")
    'T'
    """
    token = ASSUMED.set(roles)
    try:
        yield
    finally:
        ASSUMED.reset(token)


@lru_cache(maxsize=4096)
def plain(name: str) -> str:
    """Return a name without capitals and underscores around it.

    >>> plain("_Learning_Rate")
    'learning_rate'
    """
    return name.lower().strip("_")


def role_of(name: str) -> str | None:
    """Return what something of this name is: a name that is known, or a word in it that tells.

    >>> role_of("x_train"), role_of("weight_decay_lambda"), role_of("stuff")
    ('X', 'l2', None)
    """
    if (assumed := ASSUMED.get({}).get(name)) is not None:
        return assumed
    return _told_by(name)


@lru_cache(maxsize=4096)
def _told_by(name: str) -> str | None:
    """What a name tells by itself."""
    for role, names in ROLES.items():
        if plain(name) in names:
            return role
    if (sample := OF_SAMPLES.fullmatch(plain(name))) is not None:
        return "X" if sample[1] == "x" else "T"
    if TRUE_OUTPUTS.fullmatch(plain(name)):
        return "T"
    words = {word.lower() for word in WORD.findall(name)}
    return next((role for role, telling in WORDS.items() if not words.isdisjoint(telling)), None)
