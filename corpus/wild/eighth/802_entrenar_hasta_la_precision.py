import numpy as np


def f_activacion(v):
    return 1 / (1 + np.exp(-v))


def entrenamiento(x, d, w_oculta, w_salida, Q, alfa, precision):
    """
    x: entradas, una por fila; d: salidas deseadas
    Q: cantidad de filas; regresa los pesos nuevos
    """
    error, epoca = float("inf"), 0

    while error > precision and epoca < 1000:
        epoca += 1
        error = 0

        for j in range(Q):
            # hacia adelante
            neto_oculta = np.dot(w_oculta, x[j].T)
            y_oculta = f_activacion(neto_oculta)
            neto_salida = np.dot(w_salida, y_oculta)
            y = f_activacion(neto_salida)

            # hacia atras
            delta_salida = (d[j] - y) * y * (1 - y)
            delta_oculta = y_oculta * (1 - y_oculta) * np.dot(w_salida.T, delta_salida)

            cambio_salida = alfa * np.outer(delta_salida, y_oculta)
            cambio_oculta = alfa * np.outer(delta_oculta, x[j])
            w_salida = w_salida + cambio_salida
            w_oculta = w_oculta + cambio_oculta

        error += np.linalg.norm(delta_salida)

    return w_oculta, w_salida


def funcionamiento(x, Q, M, w_oculta, w_salida):
    y = np.zeros((Q, M))
    for j in range(Q):
        y[j] = f_activacion(np.dot(w_salida, f_activacion(np.dot(w_oculta, x[j].T))))
    return np.round(y).astype(int)


if __name__ == "__main__":
    x = np.array([[0, 0, 1], [0, 1, 1], [1, 0, 1], [1, 1, 1]])
    d = np.array([[0], [1], [1], [0]])
    azar = np.random.default_rng(4)
    w_oculta, w_salida = azar.uniform(-1, 1, (4, 3)), azar.uniform(-1, 1, (1, 4))
    w_oculta, w_salida = entrenamiento(x, d, w_oculta, w_salida, 4, 0.6, 0.01)
    print(funcionamiento(x, 4, 1, w_oculta, w_salida))
