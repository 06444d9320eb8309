from math import exp
import random

# Wahrheitstafel
tafel = [[0, 0, 0], [0, 1, 1], [1, 0, 1], [1, 1, 0]]

gewichte_ein = [random.uniform(-1, 1) for _ in range(4)]
gewichte_aus = [random.uniform(-1, 1) for _ in range(2)]
bias_mitte = [random.uniform(-1, 1) for _ in range(2)]
bias_aus = random.uniform(-1, 1)


def sigmoid(x):
    return 1 / (1 + exp(-x))


def verlust(aus, soll):
    return 0.5 * (aus - soll) ** 2


def vorwaerts(ein, gewichte_ein, gewichte_aus, bias_mitte, bias_aus):
    mitte = []
    for i in range(2):
        summe = ein[0] * gewichte_ein[i * 2] + ein[1] * gewichte_ein[i * 2 + 1] + bias_mitte[i]
        mitte.append(sigmoid(summe))
    aus = sigmoid(mitte[0] * gewichte_aus[0] + mitte[1] * gewichte_aus[1] + bias_aus)
    return mitte, aus


def rueckwaerts(ein, mitte, aus, soll, gewichte_ein, gewichte_aus, bias_mitte, bias_aus, rate=0.1):
    fehler = aus - soll
    delta_aus = fehler * aus * (1 - aus)

    deltas = []
    for i in range(2):
        delta = delta_aus * gewichte_aus[i] * mitte[i] * (1 - mitte[i])
        deltas.append(delta)

    # mittlere Schicht
    for i in range(2):
        gewichte_ein[i * 2] -= rate * deltas[i] * ein[0]
        gewichte_ein[i * 2 + 1] -= rate * deltas[i] * ein[1]
        bias_mitte[i] -= rate * deltas[i]

    # letzte Schicht
    for i in range(2):
        gewichte_aus[i] -= rate * delta_aus * mitte[i]
    bias_aus -= rate * delta_aus


def lernen(tafel, runden=1000):
    global bias_aus
    for runde in range(runden):
        summe = 0
        for zeile in tafel:
            ein = zeile[:2]
            soll = zeile[2]
            mitte, aus = vorwaerts(ein, gewichte_ein, gewichte_aus, bias_mitte, bias_aus)
            summe += verlust(aus, soll)
            rueckwaerts(ein, mitte, aus, soll, gewichte_ein, gewichte_aus, bias_mitte, bias_aus)
        if runde % 1000 == 0:
            print(f'Runde {runde}, Verlust {summe}')


if __name__ == "__main__":
    lernen(tafel)
    for zeile in tafel:
        print(zeile[:2], round(vorwaerts(zeile[:2], gewichte_ein, gewichte_aus, bias_mitte, bias_aus)[1]), zeile[2])
