import numpy as np


class SiecKwiatow:
    def __init__(self, x, d, ziarno, liczba_ukrytych=4):
        np.random.seed(ziarno)
        self.x = x
        self.d = d
        self.w1 = 2 * np.random.random((len(x[0]), liczba_ukrytych)) - 1
        self.w2 = 2 * np.random.random((liczba_ukrytych, len(d[0]))) - 1
        self.v = np.zeros((len(x), liczba_ukrytych))
        self.delta_v = np.zeros((liczba_ukrytych, len(d[0])))
        self.delta_y = np.zeros((len(d[0]), 1))

    def sigmoida(self, s):
        return 1 / (1 + np.exp(-s))

    def pochodna(self, s):
        """Pochodna sigmoidy, z jej wartości."""
        return s * (1 - s)

    def uczenie(self, liczba_iteracji, wspolczynnik=0.1):
        e = 0
        for _ in range(liczba_iteracji):
            y = self.do_wyjscia()
            e = 0.5 * np.power((y - self.d), 2)
            self.wstecz(y)
            zmiana_w2 = wspolczynnik * self.v.T.dot(self.delta_y)
            zmiana_w1 = wspolczynnik * self.x.T.dot(self.delta_v)
            self.w2 += zmiana_w2
            self.w1 += zmiana_w1
        return self.w1, self.w2

    def do_wyjscia(self):
        self.v = self.sigmoida(np.dot(self.x, self.w1))
        return self.sigmoida(np.dot(self.v, self.w2))

    def wstecz(self, wyjscie):
        self.delta_wyjscia(wyjscie)
        self.delta_ukrytej()

    def delta_wyjscia(self, out):
        self.delta_y = (self.d - out) * (self.pochodna(out))

    def delta_ukrytej(self):
        self.delta_v = (self.delta_y.dot(self.w2.T)) * (self.pochodna(self.v))

    def trafne(self, x, d):
        self.x, self.d = x, d
        y = self.do_wyjscia()
        return round(np.mean(y.argmax(axis=1) == d.argmax(axis=1)) * 100, 2)
