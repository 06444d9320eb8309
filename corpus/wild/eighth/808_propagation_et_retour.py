import numpy as np

# trois couches
Entree = np.array([0, 0, 0, 0])
Cachee = np.array([0, 0, 0, 0])
Sortie = np.array([0, 0])

# poids synaptiques
Pc = np.array([[0.5 for j in range(4)] for i in range(4)])
Ps = np.array([[0.5 for j in range(4)] for i in range(2)])

taux = 0.5
donnees = np.array([1, 0, 1, 0])
But = np.array([1, 0])


def sigma(x):
    return 1 / (1 + np.exp(-1 * x))


def propager(d):
    global Entree, Cachee, Sortie
    Entree = d
    Cachee = sigma(np.dot(Pc, Entree))
    Sortie = sigma(np.dot(Ps, Cachee))
    return Sortie


def apprendre():
    global Pc, Ps
    ecart = But - Sortie

    # gradients de la couche de sortie
    Gs = -np.outer(ecart * Sortie * (1 - Sortie), Cachee)

    # gradients de la couche cachée
    Gc = -ecart @ Ps * Cachee * (1 - Cachee) * Entree.T

    Ps = Ps - taux * Gs
    Pc = Pc - taux * Gc
    return Sortie


def application(fois=1):
    for tour in range(fois):
        propager(donnees)
        apprendre()
    print("obtenu :", Sortie, "écarts :", Sortie - But)


if __name__ == "__main__":
    application(200)
