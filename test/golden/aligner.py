"""Reference numbers for the aligner's closed forms: pip install numpy scipy scikit-learn, then
python test/golden/aligner.py > test/golden/aligner.json"""

import json

import numpy as np
from scipy.linalg import inv, orthogonal_procrustes, polar, sqrtm
from sklearn.cross_decomposition import CCA
from sklearn.linear_model import Ridge, RidgeCV

random = np.random.default_rng(7)
count, source_dim, target_dim = 24, 6, 5


def rounded(a):
    return np.round(np.asarray(a, dtype=np.float64), 12).tolist()


x = random.normal(size=(count, source_dim))
y = x @ random.normal(size=(source_dim, target_dim)) + 0.5 * random.normal(size=(count, target_dim))
# Inputs are exact in single precision, so that both sides compute from the same numbers.
x = (x - x.mean(0)).astype(np.float32).astype(np.float64)
y = (y - y.mean(0)).astype(np.float32).astype(np.float64)
square = (x @ random.normal(size=(source_dim, source_dim))).astype(np.float32).astype(np.float64)

lambdas = [10 ** (k / 2) for k in range(-6, 5)]
cv = RidgeCV(alphas=lambdas, scoring="neg_mean_squared_error").fit(x, y)
groups = [i // 3 for i in range(count)]
left_out = []
for group in range(count // 3):
    out = np.array(groups) == group
    fitted = Ridge(alpha=1.0).fit(x[~out], y[~out])
    left_out.append(((y[out] - fitted.predict(x[out])) ** 2).sum())

wide = random.normal(size=(4, 6))
rank_two = random.normal(size=(5, 2)) @ random.normal(size=(2, 5))
u, s, vt = np.linalg.svd(rank_two)


def regularised_cca(strength):
    cxx, cyy, cxy = x.T @ x / count, y.T @ y / count, x.T @ y / count
    cxx = cxx + strength * np.trace(cxx) / min(count, source_dim) * np.eye(source_dim)
    cyy = cyy + strength * np.trace(cyy) / min(count, target_dim) * np.eye(target_dim)
    wx, wy = inv(sqrtm(cxx)).real, inv(sqrtm(cyy)).real
    u, rho, vt = np.linalg.svd(wx @ cxy @ wy)
    k = len(rho)
    left, right = wx @ u[:, :k] * np.sqrt(rho), wy @ vt[:k].T * np.sqrt(rho)
    # Signs of directions are free; the product of both sides is not.
    return {"correlations": rounded(rho), "bilinear": rounded(left @ right.T)}


plain = CCA(n_components=target_dim, scale=False, max_iter=100_000, tol=1e-14).fit(x, y)
a, b = plain.transform(x, y)
correlations = [np.corrcoef(a[:, i], b[:, i])[0, 1] for i in range(target_dim)]

print(
    json.dumps(
        {
            "x": {"rows": count, "cols": source_dim, "data": x.ravel().tolist()},
            "y": {"rows": count, "cols": target_dim, "data": y.ravel().tolist()},
            "square": {"rows": count, "cols": source_dim, "data": square.ravel().tolist()},
            "ridge": {
                "lambdas": lambdas,
                "lambda": cv.alpha_,
                "weight": rounded(cv.coef_.T),
                "groups": groups,
                "groupError": sum(left_out) / count,
            },
            "procrustes": rounded(orthogonal_procrustes(x, square)[0]),
            "semiOrthogonal": rounded(polar(x.T @ y)[0]),
            "wide": {"m": rounded(wide), "polar": rounded(polar(wide)[0])},
            "rankTwo": {"m": rounded(rank_two), "polar": rounded(u[:, :2] @ vt[:2])},
            "csa": {"0.5": regularised_cca(0.5), "0": regularised_cca(0.0)},
            "ccaCorrelations": rounded(correlations),
            "eigh": rounded(np.linalg.eigvalsh(x.T @ x)[::-1]),
        }
    )
)
