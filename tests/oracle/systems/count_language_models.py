"""Makes counts_language_models.json: parameters of Cross-Domain LM and Flair at full size.

    python count_language_models.py

"published" counts what the published programs have, and is compared with numbers derived from their code;
"here" is the same network without rows that nothing reads. See README_language_models.md.
"""

import json
import os

import torch
from torch import nn

# 4 and 14 types in BIOES: conll2003 and ai.
N_SOURCE_TAGS, N_TARGET_TAGS = 4 * 4 + 1, 14 * 4 + 1


def count(*modules):
    return sum(p.numel() for module in modules for p in module.parameters())


def parameter(*shape):
    return nn.ParameterList([nn.Parameter(torch.empty(shape))])


def crf(K):
    return nn.ParameterList([parameter(K, K), parameter(K), parameter(K)])


def cross_domain_lm():
    with torch.device("meta"):
        lstm = count(nn.LSTM(150, 100, bidirectional=True))
        heads = {name: {} for name in ["published", "here"]}
        for domain, L in [("source", N_SOURCE_TAGS), ("target", N_TARGET_TAGS)]:
            # Alphabets count from 1, and START and STOP are tags.
            heads["published"][domain] = count(nn.Linear(200, L + 3), parameter(L + 3, L + 3))
            heads["here"][domain] = count(nn.Linear(200, L), crf(L))
        # Rows of domains and tasks each: two, and in an alphabet one for 0 and one for what is unknown.
        n_embeddings = {"published": 4, "here": 2}
        per_word = count(nn.Embedding(1, 100), nn.Linear(100, 1))
        rows = {"per_word": per_word, "per_character": count(nn.Embedding(1, 30))}
        found = {"lstm": lstm, "rows": rows}
        for name, n in n_embeddings.items():
            parts = {
                "W": count(parameter(8, 8, lstm)),
                "domain_and_task_embeddings": count(nn.Embedding(n, 8), nn.Embedding(n, 8)),
                "char_cnn": count(nn.Conv1d(30, 50, 3)),
                "head_source": heads[name]["source"],
                "head_target_ai": heads[name]["target"],
            }
            found[name] = {**parts, "total_without_vocabularies": sum(parts.values())}
    return found


def flair():
    def tagger(K, transitions):
        parts = {
            "reproject": count(nn.Linear(4196, 4196)),
            "bilstm": count(nn.LSTM(4196, 256, bidirectional=True)),
            "emissions": count(nn.Linear(512, K)),
            "crf": count(transitions),
        }
        return {**parts, "total_ai": sum(parts.values())}

    with torch.device("meta"):
        G, K = N_TARGET_TAGS + 3, N_TARGET_TAGS  # <unk>, START and STOP are tags in the published program.
        lm = {
            "lstm": count(nn.LSTM(100, 2048)),
            "per_character": count(nn.Embedding(1, 100), nn.Linear(2048, 1)),
        }
        return {
            "published": tagger(G, parameter(G, G)),
            "here": tagger(K, crf(K)),
            "character_language_model": lm,
        }


def main():
    counts = {"cross-domain-lm": cross_domain_lm(), "flair": flair()}
    jia, akbik = counts["cross-domain-lm"], counts["flair"]

    assert jia["lstm"] == 201_600
    assert jia["published"]["W"] == 12_902_400
    assert jia["published"]["domain_and_task_embeddings"] == 64
    assert jia["published"]["char_cnn"] == 4_550
    assert (jia["published"]["head_source"], jia["published"]["head_target_ai"]) == (4_420, 15_660)
    assert jia["published"]["total_without_vocabularies"] == 12_927_094
    assert jia["rows"] == {"per_word": 201, "per_character": 30}

    G = N_TARGET_TAGS + 3
    assert akbik["published"]["reproject"] == 17_610_612
    assert akbik["published"]["bilstm"] == 9_121_792
    assert akbik["published"]["emissions"] + akbik["published"]["crf"] == 513 * G + G * G
    assert akbik["published"]["total_ai"] == 26_766_784

    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "counts_language_models.json")
    with open(path, "w") as file:
        json.dump({"made_with": f"PyTorch {torch.__version__}", **counts}, file, indent=2)
        file.write("\n")


if __name__ == "__main__":
    main()
