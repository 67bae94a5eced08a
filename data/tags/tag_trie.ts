/**
 * Distinct tag strings as a trie. The state of a recurrent network depends only on the string it has read, so equal
 * strings share one state wherever they occur. A node is a string; its parent is the string without its last symbol.
 */
export interface TagTrie {
  /** Number of nodes; node 0 is the empty string. */
  nNodes: number;
  /** Parent and last symbol of each node, with room to grow. */
  parents: Int32Array;
  symbols: Int32Array;
  /** Returns the node of (parent, symbol), making it if it is new. */
  child(parent: number, symbol: number): number;
}

/**
 * Creates a trie that holds the empty string.
 *
 * @param nSymbols Symbols are 0 … nSymbols - 1.
 */
export function createTagTrie(nSymbols: number): TagTrie {
  const nodes = new Map<number, number>();
  const trie: TagTrie = {
    nNodes: 1,
    parents: new Int32Array(1024),
    symbols: new Int32Array(1024),
    child(parent, symbol) {
      const key = parent * nSymbols + symbol;
      const known = nodes.get(key);
      if (known !== undefined) return known;
      const node = trie.nNodes++;
      if (node === trie.parents.length) {
        trie.parents = grown(trie.parents);
        trie.symbols = grown(trie.symbols);
      }
      trie.parents[node] = parent;
      trie.symbols[node] = symbol;
      nodes.set(key, node);
      return node;
    },
  };
  return trie;
}

function grown(array: Int32Array): Int32Array {
  const larger = new Int32Array(array.length * 2);
  larger.set(array);
  return larger;
}
