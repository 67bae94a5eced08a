"""Makes cross-domain-lm/: Cross-Domain LM (Jia et al. 2019) at tiny size; see README_language_models.md.

    python make_cross_domain_lm.py
"""

import torch
from torch import nn

from count_language_models import cross_domain_lm
from reference_parts import (
    BILSTM_NAMES,
    assert_same,
    best_paths,
    bilstm,
    crf_loss,
    crf_shapes,
    draw,
    gradients,
    in_both_precisions,
    linear_shapes,
    lstm_shapes,
    named,
    part,
    write,
)

SIZES = {"input_width": 5, "H": 3, "D": 3, "E": 2, "V": 12}
DOMAINS, TASKS = ["source", "target"], ["ner", "lm"]
JOBS = [f"{task}_{domain}" for task in TASKS for domain in DOMAINS]
# Not the paper's, so that no two jobs can be taken for each other.
WEIGHTS = {"ner_source": 0.8, "ner_target": 1.5, "lm_source": 0.5, "lm_target": 0.25}
TAGS = {
    "source": ["O", "B-person", "I-person", "E-person", "S-person"],
    "target": ["O", *(p + t for t in ["task", "person"] for p in ["B-", "I-", "E-", "S-"])],
}
TAG_IDS = {
    "ner_source": [[1, 3, 0, 4], [4], [0, 1, 2, 3, 0]],
    "ner_target": [[0, 5, 7], [4], [1, 2, 3, 0], [8, 0]],
}
WORD_IDS = {
    "lm_source": [[4, 2, 7, 2, 1], [9], [11, 3, 3]],
    "lm_target": [[5, 1], [2, 10, 6, 8]],
}
UNK = 1
SENTENCES = TAG_IDS | WORD_IDS
SAMPLED_CLASSES, N_TRIES = [0, 2, 1, 8], 6


def parameter_shapes(input_width, H, D, E, V, n_source_tags, n_target_tags):
    """All that is learned but the tables and the convolution that the word input is made of."""
    size = sum(torch.Size(shape).numel() for shape in lstm_shapes(input_width, H).values())
    heads = {}
    for domain, K in zip(DOMAINS, [n_source_tags, n_target_tags]):
        heads |= named(f"{domain}.emissions", linear_shapes(2 * H, K)) | named(f"{domain}.crf", crf_shapes(K))
    return {
        "W": [D, E, size],
        "domain_embeddings": [2, D],
        "task_embeddings": [2, E],
        **heads,
        **named("lm", linear_shapes(H, V - 1)),
    }


def generate(W, d, e):
    """θ = Σ_ij W[i, j, :] d[i] e[j]."""
    theta = sum(W[i, j] * d[i] * e[j] for i in range(W.shape[0]) for j in range(W.shape[1]))
    assert_same(theta, torch.einsum("ijs,i,j->s", W, d, e))
    return theta


def lstm_weights(theta, input_width, H):
    """θ cut into the weights of the BiLSTM, each by rows."""
    weights, at = {}, 0
    for name in BILSTM_NAMES:
        shape = torch.Size(lstm_shapes(input_width, H)[name])
        weights[name] = theta[at : at + shape.numel()].view(shape)
        at += shape.numel()
    assert at == len(theta)
    return weights


def log_expected_counts(n_classes, n_tries):
    """log of how often each class is expected among classes drawn without repetition in so many tries."""
    k = torch.arange(n_classes, dtype=torch.float64)
    p = ((k + 2) / (k + 1)).log() / torch.tensor(n_classes + 1.0, dtype=torch.float64).log()
    return (1 - (1 - p) ** n_tries).log()


def sampled_softmax(state, target, lm, log_counts):
    """Loss of predicting class `target` among it and the sampled classes but itself, and the logits."""
    score = lambda k: lm["weight"][k] @ state + lm["bias"][k] - log_counts[k]
    logits = torch.stack([score(target), *(score(k) for k in SAMPLED_CLASSES)])
    others = [1 + s for s, k in enumerate(SAMPLED_CLASSES) if k != target]
    loss = logits[[0, *others]].logsumexp(0) - logits[0]
    # What is left out of the sum is written as a very small logit.
    logits = logits.masked_fill(torch.tensor([False] + [k == target for k in SAMPLED_CLASSES]), -1e9)
    assert_same(loss, nn.functional.cross_entropy(logits, torch.tensor(0)))
    return loss, logits


def lm_targets(ids):
    """Classes that each word's half states predict: forward the word after it, backward the one before it."""
    forward, backward = [*ids[1:], UNK], [UNK, *ids[:-1]]
    return {"forward": [i - 1 for i in forward], "backward": [i - 1 for i in backward]}


def reference(p, inputs):
    input_width, H, V = (SIZES[name] for name in ["input_width", "H", "V"])
    log_counts = log_expected_counts(V - 1, N_TRIES).to(p["W"].dtype)
    expected, losses = {"log_expected_counts": log_counts}, {}
    for job in JOBS:
        task, domain = job.split("_")
        d = p["domain_embeddings"][DOMAINS.index(domain)]
        theta = generate(p["W"], d, p["task_embeddings"][TASKS.index(task)])
        weights = lstm_weights(theta, input_width, H)
        lengths = [len(sentence) for sentence in SENTENCES[job]]
        states = [bilstm(x, weights) for x in inputs[job].split(lengths)]
        expected |= {f"{job}.theta": theta, f"{job}.states": torch.cat(states)}
        if task == "ner":
            head, crf = part(p, domain + ".emissions"), part(p, domain + ".crf")
            emissions = [h @ head["weight"].T + head["bias"] for h in states]
            per_sentence = [crf_loss(e, tags, crf) for e, tags in zip(emissions, TAG_IDS[job])]
            expected |= {
                f"{job}.emissions": torch.cat(emissions),
                f"{job}.loss_per_sentence": torch.stack(per_sentence),
            }
            losses[job] = sum(per_sentence) / len(lengths)
        else:
            for direction, half in [("forward", slice(0, H)), ("backward", slice(H, 2 * H))]:
                found = [
                    sampled_softmax(state, target, part(p, "lm"), log_counts)
                    for h, ids in zip(states, WORD_IDS[job])
                    for state, target in zip(h[:, half], lm_targets(ids)[direction])
                ]
                word_losses, logits = (torch.stack(list(values)) for values in zip(*found))
                losses[f"{job}.{direction}"] = word_losses.sum() / len(lengths)
                expected |= named(f"{job}.{direction}", {"word_losses": word_losses, "logits": logits})
            losses[job] = 0.5 * (losses[job + ".forward"] + losses[job + ".backward"])
    total = sum(WEIGHTS[job] * losses[job] for job in JOBS)

    all_values = {**p, **named("inputs", inputs)}
    of_total = gradients(total, all_values)
    of_jobs = {job: gradients(losses[job], all_values) for job in JOBS}
    for name, d in of_total.items():
        assert_same(d, sum(WEIGHTS[job] * of_jobs[job][name] for job in JOBS if name in of_jobs[job]))
    expected |= {f"loss.{name}": loss for name, loss in losses.items()} | {"loss.total": total}
    expected |= named("gradient", of_total)
    for job in JOBS:
        expected |= named(f"{job}.gradient", of_jobs[job])
    return expected


def decode(p, expected):
    found = {}
    for job in TAG_IDS:
        emissions = expected[job + ".emissions"].split([len(tags) for tags in TAG_IDS[job]])
        found[job] = best_paths(emissions, part(p, job.split("_")[1] + ".crf"))
    return found


def main():
    full = parameter_shapes(150, 100, 8, 8, V=2, n_source_tags=17, n_target_tags=57)
    count = sum(torch.Size(shape).numel() for shape in full.values())
    assert torch.Size(full["W"]).numel() == 12_902_400
    # The char-CNN makes the input; the LM head of a vocabulary of PAD and UNK is one row of 101.
    assert count + 4_550 - 101 == cross_domain_lm()["here"]["total_without_vocabularies"]

    once = log_expected_counts(SIZES["V"] - 1, 1).exp().sum()
    assert_same(once, torch.ones_like(once))

    torch.manual_seed(19)
    n_tags = {f"n_{domain}_tags": len(TAGS[domain]) for domain in DOMAINS}
    p = draw(parameter_shapes(**SIZES, **n_tags), 0.7)
    for domain in DOMAINS:
        p |= named(domain + ".crf", draw(crf_shapes(len(TAGS[domain])), 2))
    n_words = {job: sum(map(len, SENTENCES[job])) for job in JOBS}
    inputs = draw({job: [n_words[job], SIZES["input_width"]] for job in JOBS}, 1)
    expected, difference = in_both_precisions(reference, p, inputs)
    targets = {job: [lm_targets(ids) for ids in sentences] for job, sentences in WORD_IDS.items()}
    for job in WORD_IDS:
        hit = [k in SAMPLED_CLASSES for t in targets[job] for way in t.values() for k in way]
        assert any(hit) and not all(hit), "targets must be among the sampled classes, and not"
    config = {
        "sizes": SIZES,
        "domains": DOMAINS,
        "tasks": TASKS,
        "jobs": JOBS,
        "weights": WEIGHTS,
        "tags": TAGS,
        "unk": UNK,
        "tag_ids": TAG_IDS,
        "word_ids": WORD_IDS,
        "lm_target_classes": targets,
        "sampled_classes": SAMPLED_CLASSES,
        "n_tries": N_TRIES,
        "float32_difference": float(f"{difference:.1e}"),
    }
    paths = {"decode": decode(p, expected)}
    write("cross-domain-lm", config, paths, parameters=p, inputs=inputs, expected=expected)


if __name__ == "__main__":
    main()
