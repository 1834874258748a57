"""Reference numbers for the aligner's kernels and anchors: pip install numpy scikit-learn, then
python test/golden/kernels.py > test/golden/kernels.json"""

import json

import numpy as np
from sklearn.kernel_ridge import KernelRidge
from sklearn.metrics.pairwise import cosine_similarity, linear_kernel, rbf_kernel
from sklearn.preprocessing import KernelCenterer, normalize

random = np.random.default_rng(11)
count, asked = 20, 7


def rounded(a):
    return np.round(np.asarray(a, dtype=np.float64), 9).tolist()


def single(a):
    # Inputs are exact in single precision, so that both sides compute from the same numbers.
    return a.astype(np.float32).astype(np.float64)


x = single(random.normal(size=(count + asked, 6)))
y = single(x @ random.normal(size=(6, 5)) + 0.3 * random.normal(size=(count + asked, 5)))


def unit_centred(a):
    return normalize(a - a[:count].mean(0))


def compare(sharpness):
    return linear_kernel if sharpness == 0 else lambda a, b: rbf_kernel(a, b, gamma=sharpness / 2)


def weights(a, sharpness, strength, left_out=()):
    """With which kernel ridge regression rebuilds the rows asked about from the others; centred by all."""
    rows = unit_centred(a)
    kernel = compare(sharpness)
    centre = KernelCenterer().fit(kernel(rows[:count], rows[:count]))
    gram = centre.transform(kernel(rows[:count], rows[:count]))
    rank = min(count, a.shape[1]) if sharpness == 0 else count
    penalty = strength * np.trace(gram) / rank
    rest = [i for i in range(count) if i not in left_out]
    ridge = KernelRidge(kernel="precomputed", alpha=penalty).fit(gram[np.ix_(rest, rest)], np.eye(len(rest)))
    if len(left_out):
        return ridge.predict(gram[np.ix_(left_out, rest)])
    return ridge.predict(centre.transform(kernel(rows[count:], rows[:count])))


def sparse(a, keep, power):
    rows = unit_centred(a)
    cosines = np.maximum(rows[count:] @ rows[:count].T, 0)
    border = np.sort(cosines, axis=1)[:, -keep][:, None]
    return np.where(cosines >= border, cosines, 0) ** power


def relative(a):
    rows = unit_centred(a)
    return rows[count:] @ rows[:count].T


out = [2, 5, 11, 17]
settings = [(0, 1.0), (0.5, 3.0), (2, 1.0)]
print(
    json.dumps(
        {
            "count": count,
            "x": {"rows": count + asked, "cols": 6, "data": x.ravel().tolist()},
            "y": {"rows": count + asked, "cols": 5, "data": y.ravel().tolist()},
            "kernel": [
                {
                    "sharpness": sharpness,
                    "strength": strength,
                    "cosines": rounded(cosine_similarity(weights(x, sharpness, strength), weights(y, sharpness, strength))),
                    "out": out,
                    "outCosines": rounded(
                        cosine_similarity(weights(x, sharpness, strength, out), weights(y, sharpness, strength, out))
                    ),
                }
                for sharpness, strength in settings
            ],
            "relative": rounded(cosine_similarity(relative(x), relative(y))),
            "asif": {
                "keep": 5,
                "power": 4,
                "cosines": rounded(cosine_similarity(sparse(x, 5, 4), sparse(y, 5, 4))),
            },
        }
    )
)
