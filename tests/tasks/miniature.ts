/** An experiment for tests. */

/** YAML: everything real, at the smallest size that still learns something. */
export const MINIATURE = `
name: miniature
seeds: [1]
encoder:
  vocabularySize: 400
  hiddenWidth: 16
  nLayers: 1
  nHeads: 2
  feedForwardWidth: 32
  maxPositions: 32
  mlm: { epochs: 1, blockLength: 32, learningRate: 1e-3, sentences: true }
data:
  source: news
  targets: [research]
  sample:
    seed: 3
    source: { train: 60, dev: 10, test: 10, text: 200 }
    target: { train: 20, dev: 10, test: 10, text: 100 }
systems: [bert-tagger, laner]
adapt: [false, true]
model: { labelWidth: 8, maxPieces: 32 }
dapt: { epochs: 1, blockLength: 32 }
pretrain: { epochs: 1, learningRate: 1e-2 }
train: { epochs: 3, learningRate: 1e-2 }
words:
  standIn: { width: 8, epochs: 1, minCount: 1 }
  charLm: { width: 8, characterWidth: 4, epochs: 1, blockLength: 20, nStreams: 4 }
  characterFeatures: 4
  width: 8
  nLayers: 1
bart:
  vocabularySize: 300
  hiddenWidth: 16
  nLayers: 1
  nHeads: 2
  feedForwardWidth: 16
  maxPositions: 64
  epochs: 1
`;
