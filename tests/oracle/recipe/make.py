"""What PyTorch computes for the parts of laner-plus: word shapes, factored tags, R-Drop. See README.md."""
import json
import sys

import torch
import torch.nn.functional as F
from safetensors.torch import load_file, save_file
from torch import nn
from torch.func import functional_call

LANER = sys.argv[1]  # the folder tests/oracle/laner
OUT = sys.argv[2]
CONFIG = json.load(open(f"{LANER}/config.json"))
BERT = json.load(open(f"{LANER}/encoder/config.json"))
H, K, D = (CONFIG["sizes"][name] for name in ("d1", "K", "d2"))
TAGS = CONFIG["label_names"]
N_SHAPES = 9
LEARNING_RATE = 0.002
N_STEPS = 3


def sentences():
    """Ids, places of first pieces, and labels of each sentence, without padding."""
    for ids, mask, starts, words, labels in zip(
        CONFIG["input_ids"], CONFIG["attention_mask"], CONFIG["word_starts"], CONFIG["word_mask"], CONFIG["labels"]
    ):
        n = sum(words)
        yield ids[: sum(mask)], starts[:n], labels[:n]


def piece_shapes(ids, starts, generator):
    """The class of each piece: its word's, drawn at random; -1 around the words."""
    of_word = torch.randint(N_SHAPES, (len(starts),), generator=generator).tolist()
    return [-1 if i < starts[0] or i == len(ids) - 1 else of_word[sum(s <= i for s in starts) - 1] for i in range(len(ids))]


def encode(p, ids, shapes=None):
    """The states of one sentence's pieces, [pieces, H]; `shapes` are classes whose rows of p["shapes"] are added."""
    norm = lambda x, name: F.layer_norm(x, (H,), p[f"{name}.weight"], p[f"{name}.bias"], BERT["layer_norm_eps"])
    dense = lambda x, name: F.linear(x, p[f"{name}.weight"], p[f"{name}.bias"])
    n = len(ids)
    x = p["embeddings.word_embeddings.weight"][ids] + p["embeddings.position_embeddings.weight"][:n]
    x = x + p["embeddings.token_type_embeddings.weight"][0]
    if shapes is not None:
        with_none = torch.cat([p["shapes"], torch.zeros(1, H)])  # -1 is the last row
        x = x + with_none[shapes]
    x = norm(x, "embeddings.LayerNorm")
    heads = BERT["num_attention_heads"]
    for layer in range(BERT["num_hidden_layers"]):
        name = f"encoder.layer.{layer}"
        q, k, v = (
            dense(x, f"{name}.attention.self.{part}").view(n, heads, -1).transpose(0, 1)
            for part in ("query", "key", "value")
        )
        a = ((q @ k.transpose(1, 2)) * (H // heads) ** -0.5).softmax(-1) @ v
        x = norm(x + dense(a.transpose(0, 1).reshape(n, H), f"{name}.attention.output.dense"), f"{name}.attention.output.LayerNorm")
        y = dense(F.gelu(dense(x, f"{name}.intermediate.dense")), f"{name}.output.dense")
        x = norm(x + y, f"{name}.output.LayerNorm")
    return x


LSTM = nn.LSTM(D, D, batch_first=True, bidirectional=True)


def laner_logits(p, h, labels):
    """Word by word, each with an LSTM over its own history."""
    linear = lambda x, name: F.linear(x, p[f"{name}.weight"], p[f"{name}.bias"])
    weights = {name: p[f"lstm.{name}"] for name, _ in LSTM.named_parameters()}
    rows = []
    for i in range(len(h)):
        history = torch.tensor([[K, *labels[:i]]])
        e = functional_call(LSTM, weights, (p["label_embedding.weight"][history],))[0][0]
        hb = (h @ linear(e[-1], "background_query")).softmax(0) @ h
        ec = (e @ linear(torch.cat([h[i], hb]), "context_query")).softmax(0) @ e
        rows.append(linear(torch.cat([h[i], hb, ec]), "out"))
    return torch.stack(rows)


def tagger_logits(p, h, labels):
    return F.linear(h, p["out.weight"], p["out.bias"])


def loss_of(p, logits_of, shapes=None):
    logits, gold = [], []
    for b, (ids, starts, labels) in enumerate(sentences()):
        h = encode(p, ids, shapes and shapes[b])[starts]
        logits.append(logits_of(p, h, labels))
        gold += labels
    return F.cross_entropy(torch.cat(logits), torch.tensor(gold))


def parameters(variant):
    head = load_file(f"{LANER}/head.safetensors")
    p = {name.removeprefix(f"{variant}."): x for name, x in head.items() if name.startswith(f"{variant}.")}
    p.update(load_file(f"{LANER}/encoder/model.safetensors"))
    return {name: x.clone().requires_grad_() for name, x in p.items()}


def with_factors(p, factors):
    """row(t) = W_t + P_prefix(t) + T_type(t); START has no prefix and no type."""
    prefixes = ["O", "B", "I"]
    types = ["", *dict.fromkeys(tag[2:] for tag in TAGS if tag != "O")]
    prefix = [prefixes.index(tag[0]) for tag in TAGS]
    type_ = [types.index(tag[2:]) for tag in TAGS]
    sums = dict(p)
    for name in ("out.weight", "label_embedding.weight"):
        if name not in p:
            continue
        added = factors[f"{name}.prefix"][prefix] + factors[f"{name}.type"][type_]
        more = torch.zeros(p[name].shape[0] - K, p[name].shape[1])
        sums[name] = p[name] + torch.cat([added, more])
    return sums


def zero_factors(p):
    n_types = len({tag[2:] for tag in TAGS if tag != "O"}) + 1
    return {
        f"{name}.{part}": torch.zeros(n, p[name].shape[1], requires_grad=True)
        for name in ("out.weight", "label_embedding.weight")
        if name in p
        for part, n in (("prefix", 3), ("type", n_types))
    }


def main():
    torch.set_num_threads(1)
    generator = torch.Generator().manual_seed(7)
    shapes = [piece_shapes(ids, starts, generator) for ids, starts, _ in sentences()]
    tensors = {"shapes.table": 0.5 * torch.randn(N_SHAPES, H, generator=generator)}
    variants = {"tagger": tagger_logits, "full": laner_logits}
    known = load_file(f"{LANER}/expected.safetensors")
    for variant, logits_of in variants.items():
        assert torch.isclose(loss_of(parameters(variant), logits_of), known[f"{variant}.loss"], atol=1e-5)

    for variant, logits_of in variants.items():
        p = parameters(variant)
        p["shapes"] = tensors["shapes.table"].clone().requires_grad_()
        loss = loss_of(p, logits_of, shapes)
        loss.backward()
        tensors[f"shapes.{variant}.loss"] = loss
        for name in ("shapes", "out.weight", "embeddings.word_embeddings.weight"):
            tensors[f"shapes.{variant}.grad.{name}"] = p[name].grad

    for variant, logits_of in variants.items():
        p = parameters(variant)
        factors = zero_factors(p)
        learned = {**p, **factors}
        optimizer = torch.optim.Adam(learned.values(), lr=LEARNING_RATE)
        for step in range(N_STEPS):
            optimizer.zero_grad()
            loss = loss_of(with_factors(p, factors), logits_of)
            loss.backward()
            tensors[f"factors.{variant}.loss.{step}"] = loss
            if step == 0:
                for name in ("out.weight", "label_embedding.weight", *factors):
                    if name in learned:
                        tensors[f"factors.{variant}.grad.{name}"] = learned[name].grad.clone()
            optimizer.step()
        for name, x in with_factors(p, factors).items():
            if name in ("out.weight", "label_embedding.weight"):
                tensors[f"factors.{variant}.folded.{name}"] = x

    W = 5
    first, second = (torch.randn(W, K, generator=generator).mul(2).requires_grad_() for _ in range(2))
    gold = torch.randint(K, (W,), generator=generator)
    for alpha in (0.5, 2.0):
        for x in (first, second):
            x.grad = None
        p, q = first.log_softmax(-1), second.log_softmax(-1)
        kl = lambda a, b: F.kl_div(b, a, log_target=True, reduction="batchmean")  # KL(a || b), mean of words
        loss = (F.cross_entropy(first, gold) + F.cross_entropy(second, gold)) / 2 + alpha * (kl(p, q) + kl(q, p)) / 2
        loss.backward()
        tensors[f"rdrop.{alpha}.loss"] = loss
        tensors[f"rdrop.{alpha}.grad"] = torch.cat([first.grad, second.grad]).clone()
    tensors["rdrop.logits"] = torch.cat([first, second])

    save_file({name: x.detach().contiguous() for name, x in tensors.items()}, f"{OUT}/expected.safetensors")
    settings = {"pieceShapes": shapes, "gold": gold.tolist(), "learningRate": LEARNING_RATE, "nSteps": N_STEPS}
    json.dump(settings, open(f"{OUT}/settings.json", "w"))
    print({name: x.item() for name, x in tensors.items() if x.dim() == 0})


main()
