import numpy as np


# gizli katmanın ve çıktının etkinleştirmesi
def sigmoid(v):
    return 1 / (1 + np.exp(-v))


def sigmoidTurev(a):
    return a * (1 - a)


class KapiAgi:
    def __init__(self):
        self.giris = 2
        self.gizli = 2
        self.cikis = 1
        # ağırlıklar
        self.agirlik_gizli = np.random.uniform(size=(self.giris, self.gizli))
        self.agirlik_cikis = np.random.uniform(size=(self.gizli, self.cikis))
        # sapmalar
        self.sapma_gizli = np.random.uniform(size=(1, self.gizli))
        self.sapma_cikis = np.random.uniform(size=(1, self.cikis))

    def ileriBesleme(self, X):
        self.gizli_giren = np.dot(X, self.agirlik_gizli) + self.sapma_gizli
        self.gizli_cikan = sigmoid(self.gizli_giren)
        self.cikis_giren = np.dot(self.gizli_cikan, self.agirlik_cikis) + self.sapma_cikis
        self.cikti = sigmoid(self.cikis_giren)
        return self.cikti

    def geriBesleme(self, X, y, hiz=0.1):
        hata_cikis = y - self.cikti
        delta_cikis = hata_cikis * sigmoidTurev(self.cikti)
        hata_gizli = delta_cikis.dot(self.agirlik_cikis.T)
        delta_gizli = hata_gizli * sigmoidTurev(self.gizli_cikan)

        self.agirlik_cikis += self.gizli_cikan.T.dot(delta_cikis) * hiz
        self.agirlik_gizli += X.T.dot(delta_gizli) * hiz
        self.sapma_cikis += np.sum(delta_cikis, axis=0, keepdims=True) * hiz
        self.sapma_gizli += np.sum(delta_gizli, axis=0, keepdims=True) * hiz

    def egit(self, X, y, tekrar=10000, hiz=0.1):
        for adim in range(tekrar):
            self.ileriBesleme(X)
            self.geriBesleme(X, y, hiz)
            if adim % 1000 == 0:
                kayip = np.mean(np.square(y - self.cikti))
                print(f"Döngü {adim}/{tekrar}, kayıp: {kayip}")

    def tahmin(self, X):
        return self.ileriBesleme(X)
