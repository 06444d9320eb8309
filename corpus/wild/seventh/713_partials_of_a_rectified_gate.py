import numpy as np


class GateNet:
    def __init__(self, n_hidden=2):
        self._x = None
        self._w_hid = np.random.rand(n_hidden, 2)
        self._b_hid = np.random.rand(n_hidden)
        self._w_out = np.random.rand(1, n_hidden)
        self._b_out = np.random.rand(1)
        self._z_hid = self._z_out = None
        self._h = self._o = None

    def _there(self, x: np.ndarray):
        self._x = x
        self._z_hid = np.dot(x, self._w_hid.T) + self._b_hid
        self._h = self._relu(self._z_hid)
        self._z_out = np.dot(self._h, self._w_out.T) + self._b_out
        self._o = self._relu(self._z_out)
        return self._o

    def _back(self, wanted):
        dc_do = self._cost_prime(wanted)  # ∂c/∂o
        do_dz = self._relu_prime(self._z_out)  # ∂o/∂z
        dc_dz = dc_do * do_dz
        dc_dw = np.dot(dc_dz.T, self._h)
        dc_db = np.sum(dc_dz, axis=0)

        dc_dh = np.dot(dc_dz, self._w_out)
        dc_dz_hid = dc_dh * self._relu_prime(self._z_hid)
        dc_dw_hid = np.dot(dc_dz_hid.T, self._x)
        dc_db_hid = np.sum(dc_dz_hid, axis=0)

        self._step(dc_dw, dc_db, dc_dw_hid, dc_db_hid)

    def _relu(self, x: np.ndarray):
        return np.maximum(0, x)

    def _relu_prime(self, x: np.ndarray):
        return (x > 0).astype(float)

    def _cost(self, wanted: np.ndarray):
        return np.mean((wanted - self._o) ** 2)

    def _cost_prime(self, wanted: np.ndarray):
        return 2 * (self._o - wanted) / wanted.shape[0]

    def _step(self, dc_dw, dc_db, dc_dw_hid, dc_db_hid, size=0.1):
        self._w_out -= size * dc_dw
        self._b_out -= size * dc_db
        self._w_hid -= size * dc_dw_hid
        self._b_hid -= size * dc_db_hid

    def train_step(self, x: np.ndarray, wanted: np.ndarray):
        out = self._there(x)
        self._back(wanted)
        return (out, self._cost(wanted))

    def predict(self, x: np.ndarray) -> np.ndarray:
        return self._there(x)
