"""Reference numbers for matching rows and graphs: pip install numpy scipy, then
python test/golden/matching.py > test/golden/matching.json"""

import json

import numpy as np
from scipy.optimize import linear_sum_assignment, quadratic_assignment

random = np.random.default_rng(11)


def assignment(rows, cols, ties):
    scores = random.integers(0, 4, (rows, cols)) if ties else random.normal(size=(rows, cols)).round(6)
    picked = linear_sum_assignment(scores, maximize=True)[1]
    return {
        "rows": rows,
        "cols": cols,
        "scores": scores.ravel().tolist(),
        "columns": None if ties else picked.tolist(),
        "total": float(scores[np.arange(rows), picked].sum()),
    }


def graphs(nodes):
    """Two Gram matrices; the best that SciPy finds in 200 tries of both of its methods."""
    a, b = (random.normal(size=(nodes, 6)).round(3) / (1 + np.arange(6)) for _ in range(2))
    a, b = a @ a.T, b @ b.T
    best = -np.inf
    for seed in range(200):
        for method in ("2opt", "faq"):
            options = {"maximize": True, "rng": np.random.default_rng(seed)}
            if method == "faq":
                options["P0"] = "randomized"
            best = max(best, quadratic_assignment(a, b, method=method, options=options).fun)
    return {"nodes": nodes, "source": a.ravel().tolist(), "target": b.ravel().tolist(), "score": float(best)}


print(
    json.dumps(
        {
            "assignments": [assignment(30, 30, False), assignment(20, 35, False), assignment(40, 40, True)],
            "graphs": [graphs(12), graphs(25)],
        }
    )
)
