"""What PyTorch and Hugging Face's tokenizers compute, for tests of word-level parts; see README.md."""
import json
import random
import sys

import tokenizers
import torch
from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers, processors, trainers

SYLLABLES = "ba co du fe gi ka lo mu ne pi ra so ta ve wi yo".split()


def texts(rng):
    words = ["".join(rng.choice(SYLLABLES) for _ in range(rng.randint(1, 4))) for _ in range(150)]
    lines = []
    for _ in range(120):
        line = [rng.choice(words) for _ in range(rng.randint(3, 10))]
        line[0] = line[0].capitalize()
        lines.append(" ".join(line) + rng.choice([" .", ".", "!", " ?", ""]))
    return lines + [
        "aaaaaaa aaaaa baaaa xaaaa aaaa",
        "it's  we'll don't I'd 3.14 1,000 19/11/96",
        "déjà vu — “naïve” 京都 \U0001F600\U0001F600 Ωmega",
        "",
        "two  spaces\n\nand lines\t x",
    ]


def cases(rng, lines):
    sentences = [line.split() for line in lines[:60]]
    alphabet = list("abcdeoBZ'’.,-_/&09é京ÅßΩж\u0301\u00a0\u200b\u2028\U0001F600\U00010400½²")
    for _ in range(200):
        sentences.append(["".join(rng.choice(alphabet) for _ in range(rng.randint(1, 12))) for _ in range(6)])
    special = ["</s>", "<s>", "<mask>", "<pad>", "<unk>"]
    sentences += [special, ["a</s>b", "x<mask>", "<mask>x", "x <mask>", "<s", "<s><s>"], [" a", "a b", " ", "it's", "\n"]]
    sentences += [["", "ba", ""], []]
    return sentences


def byte_level(rng):
    lines = texts(rng)
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=True)
    special = ["<s>", "<pad>", "</s>", "<unk>", AddedToken("<mask>", lstrip=True, normalized=False, special=True)]
    trainer = trainers.BpeTrainer(
        vocab_size=500, special_tokens=special, initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False)
    tokenizer.train_from_iterator(lines, trainer)
    tokenizer.post_processor = processors.RobertaProcessing(("</s>", 2), ("<s>", 0), trim_offsets=True, add_prefix_space=True)
    tokenizer.decoder = decoders.ByteLevel()
    encodings = []
    for words in cases(rng, lines):
        found = tokenizer.encode(words, is_pretokenized=True)
        word_ids = [-1 if word is None else word for word in found.word_ids]
        encodings.append({"words": words, "ids": found.ids, "wordIds": word_ids})
    # Word ids of special pieces inside words are those of the words.
    return {"texts": lines, "tokenizer": json.loads(tokenizer.to_str()), "encodings": encodings}


def skip_gram_steps():
    torch.manual_seed(5)
    steps = []
    for scale, targets in [(0.5, [3, 0, 5]), (4.0, [1, 4, 2, 0]), (30.0, [2, 3]), (0.1, [4])]:
        table_in = (torch.randn(6, 7) * scale).requires_grad_()
        table_out = (torch.randn(6, 7) * scale).requires_grad_()
        wide_in, wide_out = table_in.double(), table_out.double()
        scores = wide_out[targets] @ wide_in[2]
        signs = torch.tensor([1.0] + [-1.0] * (len(targets) - 1), dtype=torch.double)
        loss = -torch.nn.functional.logsigmoid(signs * scores).sum()
        grad_in, grad_out = torch.autograd.grad(loss, [wide_in, wide_out])
        flat = lambda tensor: tensor.detach().flatten().tolist()
        steps.append({
            "width": 7, "row": 2, "targets": targets, "input": flat(table_in), "output": flat(table_out),
            "loss": loss.item(), "inputGradient": flat(grad_in), "outputGradient": flat(grad_out)})
    return {"steps": steps}


if __name__ == "__main__":
    made_with = f"Python {sys.version.split()[0]}, torch {torch.__version__}, tokenizers {tokenizers.__version__}"
    for name, content in {"byte_level": byte_level(random.Random(3)), "skip_gram": skip_gram_steps()}.items():
        with open(f"{sys.argv[1]}/{name}.json", "w", encoding="utf-8") as file:
            json.dump({"madeWith": made_with, **content}, file, ensure_ascii=False, separators=(",", ":"))
