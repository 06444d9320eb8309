import numpy as np


class JaringanMaju():
    """Backpropagation sederhana dengan mini batch, antarmukanya seperti sebuah regressor."""

    def __init__(self, hidden_layer_sizes=(5,), batch_size=1, learning_rate=0.1, max_iter=100, momentum=0):
        self.layer_sizes = hidden_layer_sizes
        self.batch_size = batch_size
        self.learning_rate = learning_rate
        self.max_iter = max_iter
        self.momentum = momentum
        self.weights = []
        self.delta_weights = []
        self.aktivasi = lambda v: 1 / (1 + np.exp(-v))
        self.galat = lambda o, t: o * (1 - o) * (t - o)

    def _mulai(self, n_input=4):
        """Inisialisasi bobot; setiap layer tersembunyi mendapat satu neuron lagi."""
        tanpa_bias = [n_input, *self.layer_sizes]
        neuron = [n + 1 for n in tanpa_bias] + [1]
        for i in range(len(neuron) - 1):
            ukuran = (neuron[i + 1], neuron[i])
            self.weights.append(np.random.random(ukuran) - 0.5)
            self.delta_weights.append(np.zeros(ukuran))

    def fit(self, X, y):
        self._mulai(X.shape[1])
        self.batch_size = min(X.shape[0], self.batch_size)
        for epoch in range(self.max_iter):
            mulai = 0
            while mulai < X.shape[0]:
                self._satu_batch(X[mulai:mulai + self.batch_size], y[mulai:mulai + self.batch_size])
                mulai += self.batch_size

    def predict(self, X):
        return [self._maju(x) for x in np.array(X)]

    def _satu_batch(self, batch_X, batch_y):
        galat = 0
        for x, y in zip(batch_X, batch_y):
            hasil = self._maju(x)
            galat += self.galat(hasil, y)
        self._mundur(galat)
        self._ubah_bobot()
        return galat

    def _maju(self, x):
        masukan = np.append(x, 1)  # bias
        self.outputs = [masukan]
        for lapis in self.weights:
            masukan = self.aktivasi(np.dot(lapis, masukan))
            self.outputs.append(masukan)
        return masukan[0]

    def _mundur(self, galat):
        rambat = np.array([galat])
        self.errors = [rambat]
        for bobot, keluar in zip(reversed(self.weights[1:]), reversed(self.outputs[1:-1])):
            rambat = keluar * (1 - keluar) * np.dot(bobot.transpose(), rambat)
            self.errors.append(rambat)
        self.errors = list(reversed(self.errors))

    def _ubah_bobot(self):
        for i in range(len(self.weights)):
            ubah = self.learning_rate * (self.errors[i].reshape((len(self.errors[i]), 1)) * self.outputs[i])
            self.delta_weights[i] = ubah + (self.momentum * self.delta_weights[i])
            self.weights[i] = self.weights[i] + self.delta_weights[i]
