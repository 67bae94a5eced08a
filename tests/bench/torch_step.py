"""A training step of the tagger and LANER in eager PyTorch, float32, on a GPU: what `deno task bench:gpu` compares with.

needs: pip install torch
usage: deno task bench:gpu --python PYTHON
alone: python torch_step.py REQUEST prints a line of JSON; REQUEST is JSON: the sizes and the batch that
tasks/bench/torch_request.ts writes. Without a GPU it fails, unless the request's device is "cpu".
"""

import json
import sys
import time

import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

REQUEST = json.loads(sys.argv[1])
SIZES, K, D = REQUEST["config"], REQUEST["nTags"], REQUEST["labelWidth"]
H = SIZES["hiddenWidth"]
if REQUEST["device"] != "cpu" and not torch.cuda.is_available():
    sys.exit(f"PyTorch {torch.__version__} finds no GPU")
DEVICE = torch.device(REQUEST["device"])
torch.manual_seed(0)
torch.set_float32_matmul_precision("highest")


class Encoder(nn.Module):
    """BERT: embeddings, and the layers that PyTorch has."""

    def __init__(self):
        super().__init__()
        self.words = nn.Embedding(SIZES["vocabularySize"], H)
        self.positions = nn.Embedding(SIZES["maxPositions"], H)
        self.types = nn.Embedding(SIZES["nTokenTypes"], H)
        self.norm = nn.LayerNorm(H, eps=SIZES["layerNormEpsilon"])
        self.drop = nn.Dropout(SIZES["dropout"])
        layer = nn.TransformerEncoderLayer(
            H, SIZES["nHeads"], SIZES["feedForwardWidth"], SIZES["dropout"], "gelu", SIZES["layerNormEpsilon"], True
        )
        self.layers = nn.TransformerEncoder(layer, SIZES["nLayers"], enable_nested_tensor=False)

    def forward(self, ids, padding):
        places = torch.arange(ids.shape[1], device=ids.device)
        embedded = self.words(ids) + self.positions(places) + self.types(torch.zeros_like(ids))
        return self.layers(self.drop(self.norm(embedded)), src_key_padding_mask=padding)


class Tagger(nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder = Encoder()
        self.out = nn.Linear(H, K)

    def states(self, ids, padding, firsts):
        h = self.encoder(ids, padding)
        return h.gather(1, firsts[..., None].expand(-1, -1, H))

    def loss(self, ids, padding, firsts, tags, lengths):
        logits = self.out(self.states(ids, padding, firsts))
        return nn.functional.cross_entropy(logits.flatten(0, 1), tags.flatten(), ignore_index=-100)

    def predict(self, ids, padding, firsts, tags, lengths):
        return self.out(self.states(ids, padding, firsts)).argmax(-1)


class Laner(Tagger):
    """The label states of all prefixes of a batch at once."""

    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(K + 1, D)
        self.lstm = nn.LSTM(D, D, batch_first=True, bidirectional=True)
        self.background_query = nn.Linear(2 * D, H)
        self.context_query = nn.Linear(2 * H, 2 * D)
        self.out = nn.Linear(2 * H + 2 * D, K)

    def score(self, queries, h, words, prefixes, lengths):
        """Scores words [B, Q, H] of sentences h [B, N, H] after prefixes [B * Q, L] of tags."""
        packed = pack_padded_sequence(
            self.embedding(prefixes), lengths.cpu(), batch_first=True, enforce_sorted=False
        )
        e, _ = pad_packed_sequence(self.lstm(packed)[0], batch_first=True, total_length=prefixes.shape[1])
        at_last = (lengths - 1)[:, None, None].expand(-1, 1, e.shape[-1])
        last = e.gather(1, at_last).view(*queries.shape[:2], -1)
        background = attend(self.background_query(last), h, words)
        at = self.context_query(torch.cat([queries, background], -1)).flatten(0, 1)[:, None]
        places = torch.arange(e.shape[1], device=e.device)[None] < lengths[:, None]
        context = attend(at, e, places).view(*queries.shape[:2], -1)
        return self.out(torch.cat([queries, background, context], -1))

    def loss(self, ids, padding, firsts, tags, lengths):
        h = self.states(ids, padding, firsts)
        B, N, _ = h.shape
        words = torch.arange(N, device=h.device)[None] < lengths[:, None]
        start = torch.full((B, 1), K, device=h.device)
        history = torch.cat([start, tags.clamp(min=0)[:, :-1]], 1)
        prefixes = history[:, None].expand(B, N, N).reshape(B * N, N)
        upto = torch.arange(1, N + 1, device=h.device).repeat(B)
        logits = self.score(h, h, words, prefixes, upto)
        return nn.functional.cross_entropy(logits.flatten(0, 1), tags.flatten(), ignore_index=-100)

    def predict(self, ids, padding, firsts, tags, lengths):
        h = self.states(ids, padding, firsts)
        B, N, _ = h.shape
        words = torch.arange(N, device=h.device)[None] < lengths[:, None]
        history = torch.full((B, N + 1), K, device=h.device)
        for i in range(N):
            n = torch.full((B,), i + 1, device=h.device)
            scores = self.score(h[:, i : i + 1], h, words, history[:, : i + 1], n)
            history[:, i + 1] = scores.squeeze(1).argmax(-1)
        return history[:, 1:]


def attend(queries, keys, mask):
    """Attends with queries [B, Q, X] to keys [B, L, X] of which the mask [B, L] has some."""
    weights = (queries @ keys.transpose(1, 2)).masked_fill(~mask[:, None], -torch.inf).softmax(-1)
    return weights @ keys


def batch_of(sentences):
    """Pads sentences: pieces, their padding, first pieces of words, tags, lengths in words."""
    P = max(len(one["ids"]) for one in sentences)
    N = max(len(one["firstPieces"]) for one in sentences)
    pad = lambda rows, size, value: torch.tensor([row + [value] * (size - len(row)) for row in rows])
    ids = pad([one["ids"] for one in sentences], P, 0)
    pieces = torch.tensor([len(one["ids"]) for one in sentences])
    padding = torch.arange(P)[None] >= pieces[:, None]
    firsts = pad([one["firstPieces"] for one in sentences], N, 0)
    tags = pad([one["tagIds"] for one in sentences], N, -100)
    lengths = torch.tensor([len(one["firstPieces"]) for one in sentences])
    return [tensor.to(DEVICE) for tensor in (ids, padding, firsts, tags, lengths)]


def wait():
    """Waits until the GPU has done what it was asked."""
    if DEVICE.type == "cuda":
        torch.cuda.synchronize()


model = (Laner if REQUEST["system"] == "laner" else Tagger)().to(DEVICE)
adam = torch.optim.Adam(model.parameters(), 5e-5)
model.train()
steps = []
for _ in range(1 + REQUEST["steps"]):
    start = time.perf_counter()
    adam.zero_grad()
    loss = model.loss(*batch_of(REQUEST["batch"]))
    loss.backward()
    adam.step()
    wait()
    steps.append(1000 * (time.perf_counter() - start))
model.eval()
with torch.inference_mode():
    model.predict(*batch_of(REQUEST["batch"]))
    wait()
    start = time.perf_counter()
    model.predict(*batch_of(REQUEST["predicted"])).cpu()
    seconds = time.perf_counter() - start
words = sum(len(one["firstPieces"]) for one in REQUEST["predicted"])
on = torch.cuda.get_device_name() if DEVICE.type == "cuda" else "the processor"
result = {
    "version": f"PyTorch {torch.__version__} on {on}",
    "steps": steps[1:],
    "wordsPerSecond": words / seconds,
}
print(json.dumps(result))
