NAMES = ("U1", "c1", "U2", "c2", "U3", "c3")


def ended(m, *arguments):
    *parameters, X, T = arguments
    given = {name: p if p.ndim == 2 else p[None] for name, p in zip(NAMES, parameters, strict=True)}
    return m.run(samples=X, wanted=T, epochs=1, lr=0.01, **given)


def gradient(m, *arguments):
    end = ended(m, *arguments)
    return [end["d" + name] if name[0] == "U" else end["d" + name][0] for name in NAMES]


def loss(m, *arguments):
    return ended(m, *arguments)["loss"]
