import math
import random
from dataclasses import dataclass

Numbers = list[float]
Table = list[list[float]]


@dataclass(frozen=True)
class Point:
    x: float
    y: float
    label: int

    def features(self) -> tuple[float, float]:
        return (self.x, self.y)


@dataclass(frozen=True)
class Kept:
    """What the way back needs of the way forward."""

    features: tuple[float, float]
    raw: Numbers
    active: Numbers
    logit: float


def no_numbers(n: int) -> Numbers:
    return [0.0 for _ in range(n)]


def no_table(rows: int, columns: int) -> Table:
    return [[0.0 for _ in range(columns)] for _ in range(rows)]


def sigmoid(logit: float) -> float:
    if logit >= 0.0:
        return 1.0 / (1.0 + math.exp(-logit))
    e = math.exp(logit)
    return e / (1.0 + e)


def logit_loss(logit: float, label: float) -> float:
    return max(logit, 0.0) - logit * label + math.log1p(math.exp(-abs(logit)))


@dataclass
class MoonsNet:
    hidden_w: Table
    hidden_b: Numbers
    out_w: Numbers
    out_b: float
    grad_hidden_w: Table
    grad_hidden_b: Numbers
    grad_out_w: Numbers
    grad_out_b: float

    @classmethod
    def drawn(cls, units: int, seed: int) -> 'MoonsNet':
        rng = random.Random(seed)
        reach = 1.0 / math.sqrt(2.0)
        out_reach = 1.0 / math.sqrt(float(units))
        return cls(
            hidden_w=[[rng.uniform(-reach, reach) for _ in range(2)] for _ in range(units)],
            hidden_b=[rng.uniform(-reach, reach) for _ in range(units)],
            out_w=[rng.uniform(-out_reach, out_reach) for _ in range(units)],
            out_b=rng.uniform(-out_reach, out_reach),
            grad_hidden_w=no_table(units, 2),
            grad_hidden_b=no_numbers(units),
            grad_out_w=no_numbers(units),
            grad_out_b=0.0,
        )

    @property
    def units(self) -> int:
        return len(self.hidden_b)

    def clear(self) -> None:
        self.grad_hidden_w = no_table(self.units, 2)
        self.grad_hidden_b = no_numbers(self.units)
        self.grad_out_w = no_numbers(self.units)
        self.grad_out_b = 0.0

    def forward(self, features: tuple[float, float]) -> Kept:
        raw: Numbers = []
        active: Numbers = []
        for k in range(self.units):
            w = self.hidden_w[k]
            value = w[0] * features[0] + w[1] * features[1] + self.hidden_b[k]
            raw.append(value)
            active.append(max(0.0, value))
        logit = self.out_b
        for k in range(self.units):
            logit += self.out_w[k] * active[k]
        return Kept(features, raw, active, logit)

    def accumulate(self, point: Point, scale: float) -> float:
        kept = self.forward(point.features())
        d_logit = (sigmoid(kept.logit) - float(point.label)) * scale
        for k in range(self.units):
            self.grad_out_w[k] += d_logit * kept.active[k]
        self.grad_out_b += d_logit
        for k in range(self.units):
            d_active = d_logit * self.out_w[k]
            d_raw = d_active * (1.0 if kept.raw[k] > 0.0 else 0.0)
            self.grad_hidden_w[k][0] += d_raw * kept.features[0]
            self.grad_hidden_w[k][1] += d_raw * kept.features[1]
            self.grad_hidden_b[k] += d_raw
        return logit_loss(kept.logit, float(point.label))


def one_epoch(net: MoonsNet, points: list[Point]) -> float:
    net.clear()
    scale = 1.0 / len(points)
    return sum(net.accumulate(point, scale) for point in points) * scale
