"""The same work in NumPy and PyTorch, timed on request, so that it can take turns with ours in one run.

Prints one line of JSON, {"port", "numpy", "torch"} (versions, null where absent), then answers until it is ended:
GET /procrustes and GET /contrastive run a few times and tell the median of the milliseconds that it took.
"""

import json
import time
from http.server import BaseHTTPRequestHandler, HTTPServer

try:
    import numpy as np
except ImportError:
    np = None
try:
    import torch
except ImportError:
    torch = None


def procrustes(count=5000, dim=512):
    """The rotation between two sets of rows, by singular value decomposition."""
    draw = np.random.default_rng(1)
    x = draw.standard_normal((count, dim), dtype=np.float32)
    axes, signs = draw.permutation(dim), np.where(np.arange(dim) % 2, 1, -1).astype(np.float32)
    y = x[:, axes] * signs + draw.standard_normal((count, dim), dtype=np.float32)

    def run():
        u, _, vt = np.linalg.svd(x.T @ y)
        return u @ vt

    return run


def contrastive(batch=256, dims=(384, 512), hidden=512, shared=256):
    """One step: two residual heads, symmetric InfoNCE, gradients clipped at norm 1, AdamW."""
    torch.manual_seed(1)

    class Head(torch.nn.Module):
        def __init__(self, dim):
            super().__init__()
            self.linear = torch.nn.Linear(dim, shared, bias=False)
            self.up = torch.nn.Linear(dim, hidden)
            self.down = torch.nn.Linear(hidden, shared)

        def forward(self, x):
            out = self.linear(x) + self.down(torch.nn.functional.gelu(self.up(x)))
            return torch.nn.functional.normalize(out, dim=1)

    heads = [Head(dim) for dim in dims]
    scale = torch.nn.Parameter(torch.log(torch.tensor(1 / 0.07)))
    parameters = [p for head in heads for p in head.parameters()] + [scale]
    optimizer = torch.optim.AdamW(parameters, lr=1e-3, betas=(0.9, 0.98), weight_decay=0.01)
    rows = [torch.randn(batch, dim) / dim**0.5 for dim in dims]
    labels = torch.arange(batch)

    def run():
        optimizer.zero_grad(set_to_none=True)
        a, b = (head(x) for head, x in zip(heads, rows))
        logits = a @ b.T * scale.exp().clamp(max=100)
        entropy = torch.nn.functional.cross_entropy
        loss = (entropy(logits, labels) + entropy(logits.T, labels)) / 2
        loss.backward()
        torch.nn.utils.clip_grad_norm_(parameters, 1.0)
        optimizer.step()
        return loss.item()

    return run


def timed(run, rounds=5):
    spent = []
    for _ in range(rounds):
        start = time.perf_counter()
        run()
        spent.append((time.perf_counter() - start) * 1000)
    return sorted(spent)[rounds // 2]


tasks = {}
if np is not None:
    tasks["/procrustes"] = procrustes()
if torch is not None:
    tasks["/contrastive"] = contrastive()
for task in tasks.values():
    for _ in range(3):
        task()


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        task = tasks.get(self.path)
        body = json.dumps({"ms": timed(task)} if task else {}).encode()
        self.send_response(200 if task else 404)
        self.send_header("Content-Type", "application/json")
        self.send_header("Access-Control-Allow-Origin", "*")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


server = HTTPServer(("127.0.0.1", 0), Handler)
versions = {"numpy": np and np.__version__, "torch": torch and torch.__version__}
print(json.dumps({"port": server.server_port, **versions}), flush=True)
server.serve_forever()
