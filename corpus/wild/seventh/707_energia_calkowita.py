import numpy as np

LIMIT = 3000
WSPOLCZYNNIK = 0.5
TOLERANCJA = 10 ** -4
WEJSCIA = np.array([[1, 0, 0], [1, 0, 1], [1, 1, 0], [1, 1, 1]])  # jedynka na początku to bias
OCZEKIWANE = np.array([0, 1, 1, 0])
WAGI = np.array([[0.86, -0.16, 0.28], [0.82, -0.51, -0.89], [0.04, -0.43, 0.48]])


def blad(d, y):
    return (d - y) ** 2


def pochodna_bledu(d, y):
    return 2 * (d - y)


def f(t):
    return 1 / (1 + np.exp(-t))


def pochodna_f(y):
    return y * (1 - y)


def ucz_calkowita_energia():
    wagi = np.copy(WAGI)
    for i in range(LIMIT):
        koniec = True
        suma = np.zeros((3, 3))
        for x, d in zip(WEJSCIA, OCZEKIWANE):
            # w przód
            y21 = f(x.dot(wagi[0]))
            y22 = f(x.dot(wagi[1]))
            wyjscia = np.array([1, y21, y22])
            y3 = f(wyjscia.dot(wagi[2]))

            if blad(d, y3) > TOLERANCJA:
                koniec = False
            else:
                continue

            # wstecz
            d3 = pochodna_f(y3) * pochodna_bledu(d, y3)
            d21 = pochodna_f(y21) * wagi[2][1] * d3
            d22 = pochodna_f(y22) * wagi[2][2] * d3
            suma = np.add(suma, np.array([
                x * WSPOLCZYNNIK * d21,
                x * WSPOLCZYNNIK * d22,
                wyjscia * WSPOLCZYNNIK * d3,
            ]))
        if koniec:
            print(f"Sieć nauczona po {i} krokach")
            break
        wagi = np.add(wagi, suma)
    return wagi


if __name__ == '__main__':
    print(ucz_calkowita_energia())
