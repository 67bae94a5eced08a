/**
 * A system as a program of its own defines it: a softmax over products of each word's vector with a vector of each tag.
 * Needs no engine, so that nothing but the definition is on trial.
 */
import { addSystem, type System, wordSystem, type WordSystemOptions } from "@laner/laner";

function createCentroids({ tags, vocabularies, parameters }: WordSystemOptions): System {
  const table = parameters["words.weight"]!;
  const centroids = parameters["centroids.weight"]!;
  const width = table.shape[1]!;

  /** Probabilities of the tags of a word, and the word's vector. */
  function read(word: string) {
    const id = vocabularies.words.idsOf([word])[0]!;
    const vector = table.data.subarray(id * width, (id + 1) * width);
    const scores = Array.from(
      { length: tags.nTags },
      (_, tag) => vector.reduce((sum, x, i) => sum + x * centroids.data[tag * width + i]!, 0),
    );
    const most = Math.max(...scores);
    const powers = scores.map((score) => Math.exp(score - most));
    const sum = powers.reduce((a, b) => a + b);
    return { vector, shares: powers.map((power) => power / sum) };
  }

  return {
    tags,
    parameters: { "centroids.weight": centroids },
    lossAndGradients(sentences) {
      const data = new Float32Array(centroids.data.length);
      const gold = sentences.flatMap(({ words, tagIds }) =>
        words!.map((word, i) => ({ word, tag: tagIds[i]! }))
      );
      let loss = 0;
      for (const { word, tag } of gold) {
        const { vector, shares } = read(word);
        loss -= Math.log(shares[tag]!) / gold.length;
        shares.forEach((share, other) => {
          const d = (share - (other === tag ? 1 : 0)) / gold.length;
          vector.forEach((x, i) => data[other * width + i]! += d * x);
        });
      }
      return Promise.resolve({ loss, gradients: { "centroids.weight": { shape: centroids.shape, data } } });
    },
    predict(sentences) {
      const tagIds = sentences.map(({ words }) =>
        Int32Array.from(words!, (word) => {
          const { shares } = read(word);
          return shares.indexOf(Math.max(...shares));
        })
      );
      return Promise.resolve({ tagIds });
    },
    dispose() {},
  };
}

addSystem(
  "centroids",
  wordSystem({
    tagAxes: { "centroids.weight": [0] },
    shapes: ({ vocabularies, sizes, tags }) => ({
      "words.weight": [vocabularies.words.size, sizes.wordWidth],
      "centroids.weight": [tags.nTags, sizes.wordWidth],
    }),
    create: createCentroids,
  }),
  import.meta.url,
);
