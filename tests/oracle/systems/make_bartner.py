"""What Hugging Face's BART and a plain PyTorch version of BARTNER's head compute, for tests; see bartner/README.md."""
import json
import math
import sys
import tempfile

import safetensors
import torch
import transformers
from safetensors.torch import load_file, save_file
from torch import nn
from transformers import BartConfig, BartForConditionalGeneration, BartModel
from transformers.modeling_outputs import Seq2SeqLMOutput

N_TYPES, VOCABULARY, WIDTH = 3, 48, 16
SIZES = dict(
    vocab_size=VOCABULARY, max_position_embeddings=24, d_model=WIDTH, encoder_layers=2, decoder_layers=2,
    encoder_attention_heads=2, decoder_attention_heads=2, encoder_ffn_dim=24, decoder_ffn_dim=20)
BOS, EOS, STEPS = 0, 2, 50


class Bartner(nn.Module):
    """One sentence at a time, over places of words in an index space 0 BOS, 1 EOS, types, words."""

    def __init__(self, bart, types, mlp):
        super().__init__()
        self.bart, self.types, self.mlp = bart, types, mlp

    def table(self):
        return torch.cat([self.bart.shared.weight, self.types])

    def logits(self, ids, first, indices):
        """Scores of indices 1, 2, … after each of `indices`, the first of which is 0."""
        source, table = torch.tensor([ids]), self.table()
        states = self.bart.encoder(input_ids=source).last_hidden_state
        pieces = [BOS, EOS] + [VOCABULARY + t for t in range(N_TYPES)] + [ids[f] for f in first]
        read = table[[pieces[i] for i in indices]][None]
        hidden = self.bart.decoder(inputs_embeds=read, encoder_hidden_states=states).last_hidden_state[0]
        words = (self.mlp(states)[0] + self.bart.shared(source)[0])[first] / 2
        labels = table[pieces[1:2 + N_TYPES]]
        return torch.cat([hidden @ labels.T, hidden @ words.T], dim=1)

    def loss(self, sentences):
        total, count = 0, 0
        for sentence in sentences:
            target = sentence["sequence"]
            logits = self.logits(sentence["ids"], sentence["first"], [0] + target[:-1])
            total = total + nn.functional.cross_entropy(logits, torch.tensor(target) - 1, reduction="sum")
            count += len(target)
        return total / count


class Writer(BartForConditionalGeneration):
    """Hugging Face's search over the indices of one sentence; what is encoded is encoded anew at each step."""

    def forward(self, input_ids=None, decoder_input_ids=None, **kwargs):
        never = lambda logits: nn.functional.pad(logits, (1, 0), value=-torch.inf)
        rows = [never(self.ner.logits(*self.sentence, indices.tolist())) for indices in decoder_input_ids]
        return Seq2SeqLMOutput(logits=torch.stack(rows))


def random_parameters(module):
    for name, parameter in module.named_parameters():
        noise = torch.randn_like(parameter)
        parameter.data = 1 + 0.2 * noise if "norm" in name and name.endswith("weight") else 0.35 * noise


def random_sentence(n_words):
    ids, first = [BOS], []
    for _ in range(n_words):
        first.append(len(ids))
        ids += torch.randint(5, VOCABULARY, (int(torch.randint(1, 4, ())),)).tolist()
    return {"ids": ids + [EOS], "first": first}


def learn_a_little(ner, sentences):
    """A random network writes one number for ever; after some steps towards random sequences it has doubts."""
    optimizer = torch.optim.Adam(ner.parameters(), lr=0.01)
    for sentence in sentences:
        n = len(sentence["first"])
        sentence["sequence"] = torch.randint(2, 2 + N_TYPES + n, (int(torch.randint(1, 8, ())),)).tolist() + [1]
    for _ in range(STEPS):
        optimizer.zero_grad()
        ner.loss(sentences).backward()
        optimizer.step()
    for sentence in sentences:
        del sentence["sequence"]


def gradients(loss, parameters, prefix):
    names = list(parameters)
    found = torch.autograd.grad(loss, [parameters[name] for name in names])
    return {f"gradient.{prefix}.{name}": value.contiguous() for name, value in zip(names, found)}


def search(ner, config, sentence, max_new, **options):
    writer = Writer(config)
    writer.eval()
    object.__setattr__(writer, "ner", ner)
    writer.sentence = (sentence["ids"], sentence["first"])
    settings = dict(
        decoder_start_token_id=0, bos_token_id=None, eos_token_id=1, pad_token_id=1, forced_eos_token_id=None,
        max_length=max_new + 1, use_cache=False, do_sample=False, early_stopping=False)
    written = writer.generate(input_ids=torch.tensor([sentence["ids"]]), **settings, **options)[0, 1:].tolist()
    # Hugging Face pads with the end itself; whoever was stopped at the greatest length has none.
    return written[:written.index(1) + 1] if 1 in written else written


def pad(rows, value):
    length = max(map(len, rows))
    return torch.tensor([row + [value] * (length - len(row)) for row in rows])


def main(folder):
    torch.manual_seed(24)
    torch.set_num_threads(1)
    config = BartConfig(**SIZES, dropout=0.1, attention_dropout=0.1, activation_dropout=0.1)
    lm = BartForConditionalGeneration(config).eval()
    bart = lm.model
    mlp = nn.Sequential(nn.Linear(WIDTH, WIDTH), nn.Dropout(0.3), nn.ReLU(), nn.Linear(WIDTH, WIDTH))
    ner = Bartner(bart, nn.Parameter(torch.empty(N_TYPES, WIDTH)), mlp).eval()
    random_parameters(lm)
    random_parameters(mlp)
    ner.types.data = 0.35 * torch.randn(N_TYPES, WIDTH)
    lm.final_logits_bias = torch.randn(1, VOCABULARY)

    sentences = [random_sentence(n) for n in (6, 3, 1)]
    word = lambda i: 2 + N_TYPES + i
    for sentence, sequence in zip(sentences, [[word(0), word(1), 3, word(4), 2, 1], [word(2), 4, 1], [1]]):
        sentence["sequence"] = sequence
    decoded = [random_sentence(1 + i % 7) for i in range(16)]
    learn_a_little(ner, decoded)
    head = {"types.weight": ner.types, "pointer.inner.weight": mlp[0].weight, "pointer.inner.bias": mlp[0].bias,
            "pointer.outer.weight": mlp[3].weight, "pointer.outer.bias": mlp[3].bias}
    with tempfile.TemporaryDirectory() as temporary:
        lm.save_pretrained(temporary)
        saved = load_file(f"{temporary}/model.safetensors")
        saved_config = json.load(open(f"{temporary}/config.json"))
    save_file({**saved, **{name: value.detach().clone() for name, value in head.items()}},
              f"{folder}/parameters.safetensors")

    own = dict(bart.named_parameters())
    loss = ner.loss(sentences)
    expected = {"bartner.loss": loss, **gradients(loss, {**own, **head}, "bartner")}
    for i, sentence in enumerate(sentences):
        expected[f"bartner.logits.{i}"] = ner.logits(sentence["ids"], sentence["first"], [0] + sentence["sequence"][:-1])

    # Sources and targets of different lengths, padded and masked.
    sources = [sentence["ids"] for sentence in sentences]
    targets = [random_sentence(n)["ids"] for n in (2, 4, 3)]
    inputs = dict(
        input_ids=pad(sources, 1), attention_mask=(pad([[1] * len(row) for row in sources], 0)),
        labels=pad(targets, -100))
    output = lm(**inputs)
    expected |= {"lm.loss": output.loss, "lm.source_states": output.encoder_last_hidden_state, "lm.logits": output.logits,
                 **gradients(output.loss, own, "lm")}
    scaled = BartForConditionalGeneration(BartConfig(**SIZES, scale_embedding=True)).eval()
    scaled.load_state_dict(lm.state_dict())
    loss = scaled(**inputs).loss
    tables = {name: value for name, value in scaled.model.named_parameters() if "embed_pos" in name or "shared" in name}
    expected |= {"scaled.loss": loss, **gradients(loss, tables, "scaled")}
    save_file({name: value.detach().clone().contiguous() for name, value in expected.items()},
              f"{folder}/expected.safetensors")

    searches = []
    ratio = 0.3
    with torch.no_grad():
        for options in (dict(num_beams=1), dict(num_beams=2, length_penalty=1.0), dict(num_beams=4, length_penalty=0.0),
                        dict(num_beams=2, length_penalty=2.0)):
            written = [search(ner, config, sentence, 10 + math.ceil(ratio * len(sentence["first"])), **options)
                       for sentence in decoded]
            searches.append({"beamSize": options["num_beams"], "lengthPenalty": options.get("length_penalty", 1.0),
                             "sequences": written})
    with open(f"{folder}/decode.json", "w") as file:
        json.dump({"lengthRatio": ratio, "sentences": decoded, "searches": searches}, file, separators=(",", ":"))

    counts = {}
    with torch.device("meta"):
        for name, sizes in {
            "bart-base": dict(d_model=768, encoder_layers=6, decoder_layers=6, encoder_attention_heads=12,
                              decoder_attention_heads=12, encoder_ffn_dim=3072, decoder_ffn_dim=3072),
            "bart-large": {}}.items():
            full = BartConfig(**sizes)
            counts[name] = {"config": {key: value for key, value in full.to_dict().items() if key in SIZES},
                            "parameters": sum(p.numel() for p in BartModel(full).parameters())}
    content = {"madeWith": f"torch {torch.__version__}, transformers {transformers.__version__}, "
                           f"safetensors {safetensors.__version__}",
               "config": saved_config, "nTypes": N_TYPES, "sentences": sentences, "targets": targets, "counts": counts}
    with open(f"{folder}/config.json", "w") as file:
        json.dump(content, file, separators=(",", ":"))


if __name__ == "__main__":
    main(sys.argv[1])
