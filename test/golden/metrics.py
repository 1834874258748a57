"""Reference numbers for the metrics: pip install numpy scipy torch scikit-image sacrebleu pycocoevalcap, then
python test/golden/metrics.py > test/golden/metrics.json"""

import json

import numpy as np
import torch
from pycocoevalcap.cider.cider_scorer import CiderScorer
from sacrebleu.metrics import BLEU, CHRF
from scipy.linalg import sqrtm
from scipy.stats import skew
from skimage.metrics import peak_signal_noise_ratio, structural_similarity

random = np.random.default_rng(11)
count, dims = 30, (7, 5)


def single(a):
    """Exact in single precision, so that both sides compute from the same numbers."""
    return np.asarray(a).astype(np.float32).astype(np.float64)


x = single(random.normal(size=(count, dims[0])))
y = single(x @ random.normal(size=dims) + 2 * random.normal(size=(count, dims[1])))
z = single(random.normal(size=(count, dims[0])) * 1.5 + 0.3)


def hsic_unbiased(k, l):
    n = len(k)
    k, l = k - np.diag(np.diag(k)), l - np.diag(np.diag(l))
    one = np.ones(n)
    return (
        np.trace(k @ l)
        + (one @ k @ one) * (one @ l @ one) / ((n - 1) * (n - 2))
        - 2 / (n - 2) * (one @ k @ l @ one)
    ) / (n * (n - 3))


def hsic_biased(k, l):
    h = np.eye(len(k)) - 1 / len(k)
    return np.trace(k @ h @ l @ h)


def cka(hsic, a, b):
    k, l = a @ a.T, b @ b.T
    return hsic(k, l) / np.sqrt(hsic(k, k) * hsic(l, l))


def unit(a):
    return a / np.linalg.norm(a, axis=1, keepdims=True)


def neighbours(a, k):
    a = unit(a - a.mean(0))
    scores = a @ a.T
    np.fill_diagonal(scores, -np.inf)
    return np.argsort(-scores, axis=1, kind="stable")[:, :k]


def mutual_knn(a, b, k):
    return np.mean([len(set(p) & set(q)) / k for p, q in zip(neighbours(a, k), neighbours(b, k))])


def frechet(a, b):
    c, d = np.cov(a, rowvar=False), np.cov(b, rowvar=False)
    return ((a.mean(0) - b.mean(0)) ** 2).sum() + np.trace(c + d - 2 * sqrtm(c @ d).real)


def effective_rank(a):
    s = np.linalg.svd(unit(a - a.mean(0)), compute_uv=False)
    p = s / s.sum()
    p = p[p > 0]
    return np.exp(-(p * np.log(p)).sum())


cosines = torch.tensor(single(random.uniform(-1, 1, size=(6, 6))))
labels = torch.arange(6)
scale, bias = 12.5, -3.0
signs = 2 * torch.eye(6, dtype=torch.float64) - 1
unit_rows = torch.tensor(single(unit(x)))

hypotheses = [
    "The dog bit the man.",
    "It wasn't surprising that 3,141.59 people saw it - or so they said.",
    "A cat",
    'Said "no" &amp; left; e-mail me @ home (1-2 days)',
    "Être ou ne pas être, là est la question…",
]
references = [
    ["The dog bit the man!", "The dog had bitten the man."],
    ["No one was surprised that 3,142 people saw it, or so they said.", "It was not unexpected."],
    ["The cat", "A black cat sat on the mat"],
    ['He said "no" and left; mail me at home (1-2 days).', "Said no & left"],
    ["Être ou n'être pas, telle est la question.", "Vivre ou mourir"],
]
columns = [[each[i] for each in references] for i in range(2)]

captions = [
    "two dogs are running on the beach",
    "a man rides a red bicycle down a busy street",
    "a bowl of fruit on a table a bowl of fruit",
]
pictures = [
    ["two dogs run along the beach", "a pair of dogs playing on the sand", "dogs running on the beach near the water"],
    ["a man on a bicycle in a busy street", "a cyclist rides down the street", "man riding a bike"],
    ["a bowl of apples and oranges on a wooden table", "a bowl of fruit on a table", "some fruit"],
]
scorer = CiderScorer(n=4, sigma=6.0)
for caption, texts in zip(captions, pictures):
    scorer += (caption, texts)
cider_mean, cider_scores = scorer.compute_score()

width, height = 24, 17
picture = random.integers(0, 256, size=(height, width)).astype(np.float64)
other = np.clip(np.round(picture * 0.8 + 20 + random.normal(size=picture.shape) * 15), 0, 255)
smooth = dict(gaussian_weights=True, sigma=1.5, use_sample_covariance=False, data_range=255)

print(
    json.dumps(
        {
            "x": x.tolist(),
            "y": y.tolist(),
            "z": z.tolist(),
            "cka": {"biased": cka(hsic_biased, x, y), "unbiased": cka(hsic_unbiased, x, y)},
            "mutualKnn": {str(k): mutual_knn(x, y, k) for k in (1, 3, 10)},
            "frechet": frechet(x, z),
            "effectiveRank": {"x": effective_rank(x), "y": effective_rank(y)},
            "skewness": {"values": [0, 1, 1, 2, 7, 3], "value": float(skew([0, 1, 1, 2, 7, 3]))},
            "uniformity": float(torch.pdist(unit_rows).pow(2).mul(-2).exp().mean().log()),
            "losses": {
                "cosines": cosines.ravel().tolist(),
                "scale": scale,
                "bias": bias,
                "rows": float(torch.nn.functional.cross_entropy(scale * cosines, labels)),
                "columns": float(torch.nn.functional.cross_entropy(scale * cosines.T, labels)),
                "sigmoid": float(-torch.nn.functional.logsigmoid(signs * (scale * cosines + bias)).sum() / 6),
            },
            "texts": {
                "hypotheses": hypotheses,
                "references": references,
                "bleu": BLEU().corpus_score(hypotheses, columns).score,
                "bleuRaw": BLEU(tokenize="none").corpus_score(hypotheses, columns).score,
                "bleuFloor": BLEU(smooth_method="floor", smooth_value=0.1).corpus_score(hypotheses[2:], [c[2:] for c in columns]).score,
                "bleuOrder6": BLEU(max_ngram_order=6).corpus_score(hypotheses, columns).score,
                "chrf": CHRF().corpus_score(hypotheses, columns).score,
                "chrfBeta3": CHRF(beta=3).corpus_score(hypotheses, columns).score,
                "chrfEpsilon": CHRF(eps_smoothing=True).corpus_score(hypotheses, columns).score,
                "short": CHRF().sentence_score("aa", ["ab"]).score,
            },
            "cider": {
                "captions": captions,
                "references": pictures,
                "mean": float(cider_mean),
                "scores": [float(each) for each in cider_scores],
            },
            "pictures": {
                "width": width,
                "a": picture.ravel().tolist(),
                "b": other.ravel().tolist(),
                "psnr": peak_signal_noise_ratio(picture, other, data_range=255),
                # Where the window lies inside the picture; skimage pads its map and crops 5 pixels a side for the mean.
                "ssim": structural_similarity(picture, other, **smooth),
            },
        },
        ensure_ascii=False,
    )
)
