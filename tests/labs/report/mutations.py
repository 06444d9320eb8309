"""Mutations: a results.json with one thing wrong in it, drawn at random."""

from __future__ import annotations

import copy
import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import random
    from collections.abc import Iterator

OTHERS: tuple[Any, ...] = (
    *(None, True, -1, 0, 7, 2**70, -2.5, 1e300, "", "x", "../x", "a/b", "\0", "ä\n<b>", "9" * 400),
    *([], {}, [None], [[]]),
    *({"name": "x"}, [1, "x"], {"": 0}),
)


def mutated(content: dict[str, Any], stream: random.Random) -> bytes:
    """Return a results.json of which one to three places, or its text, are damaged."""
    damaged = copy.deepcopy(content)
    for _ in range(stream.choice((1, 1, 1, 2, 3))):
        _damage(damaged, stream)
    text = json.dumps(damaged).encode()
    if stream.random() < 0.8:
        return text
    place = stream.randrange(len(text))
    if stream.random() < 0.3:
        return text[:place]
    return (
        text[:place]
        + stream.choice((b"", b"\0", b"\xff", b"}", b'"', b"1e999", b"NaN", b"\\ud800"))
        + text[place + 1 :]
    )


def _damage(content: dict[str, Any], stream: random.Random) -> None:
    """Take out, double, exchange or replace one value, mostly one that is not deep inside a curve."""
    places = list(_places(content, 0))
    holder, key, _ = min(stream.sample(places, min(3, len(places))), key=lambda place: place[2])
    match stream.choice(("gone", "other", "other", "other", "swap", "longer")):
        case "gone":
            del holder[key]
        case "swap":
            other, there, _ = stream.choice(places)
            holder[key] = copy.deepcopy(other.get(there) if isinstance(other, dict) else other[there])
        case "longer" if isinstance(holder[key], list):
            holder[key] = holder[key] * stream.choice((0, 2))
        case _:
            holder[key] = copy.deepcopy(stream.choice(OTHERS))


def _places(value: Any, depth: int) -> Iterator[tuple[Any, Any, int]]:
    """Yield every place of a tree: what holds it, its key there, how deep it is."""
    items = (
        list(value.items()) if isinstance(value, dict) else list(enumerate(value)) if isinstance(value, list) else []
    )
    for key, inner in items:
        yield value, key, depth
        if key != "history":
            yield from _places(inner, depth + 1)
