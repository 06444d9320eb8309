"""The unlisted mistakes that only the held-out corpus has, one sentence each."""

from __future__ import annotations

from corpus.kinds import KINDS as COMMON

OWN: dict[str, str] = {
    "unlisted-abs-relu": "The forward pass takes the absolute value where the relu belongs.",
    "unlisted-bias-in-delta": "The bias is added to the delta on its way back.",
    "unlisted-cheapest-label": "The error is against the likeliest class instead of the true one.",
    "unlisted-decayed-twice": "The step shrinks one layer's weights besides the penalty's gradient.",
    "unlisted-delta-of-earlier-sample": "The hidden neurons learn after the loop, from the last sample alone.",
    "unlisted-derivative-at-linear-output": "A linear output's error is multiplied by another activation's derivative.",
    "unlisted-input-forgotten": "The first layer's weight gradient has ones where its inputs belong.",
    "unlisted-inputs-of-other-samples": "The first layer's weight gradient takes the samples in reversed order.",
    "unlisted-inputs-summed": "A neuron's weights all get delta times the sum of its inputs.",
    "unlisted-labels-of-other-samples": "The error takes the labels in reversed order of the samples.",
    "unlisted-last-weights-for-every-layer": "The output's error skips layers: it goes down through the last weights.",
    "unlisted-leaky-on-the-way-back": "A relu is differentiated as a leaky relu.",
    "unlisted-loss-value-as-delta": "The loss of an output stands where its error belongs.",
    "unlisted-mask-taken-from-next-layer": "The relu's mask is that of the next layer.",
    "unlisted-noise-on-the-way-back": "A little noise, the same each time, is added to the deltas.",
    "unlisted-ones-are-differentiated": "The first weight gradient has the inputs' squares where the inputs belong.",
    "unlisted-right-class-only": "Only the true class's error is passed on.",
    "unlisted-sigmoid-derivative-for-softplus": "The derivative of the sigmoid stands for that of the softplus.",
    "unlisted-skips-a-layer": "A delta skips an activation's derivative, and goes on before it was multiplied in.",
    "unlisted-tanh-in-forward": "The forward pass has tanh where the way back has relu.",
    "unlisted-wrong-derivative-looked-up": "The derivative is that of the next layer's activation.",
}
KINDS: dict[str, str] = COMMON | OWN
