/** The data sets of the paper, as its authors published them: the address and hash of each file. */

/** The commit of the authors' repository. */
export const PUBLISHED_COMMIT = "74bdc20782dc5d7a9e9d2a38d840f26c9fdb2e4e";

/** The address of the folder with one folder a data set. */
export const PUBLISHED_ADDRESS =
  `https://raw.githubusercontent.com/jinpeng01/LANER/${PUBLISHED_COMMIT}/ner_data/`;

/** Terms that users must know before they use the data sets. */
export const PUBLISHED_TERMS = [
  "From github.com/jinpeng01/LANER (MIT licence). politics, science, music, literature and ai are CrossNER's",
  "(github.com/zliucr/CrossNER, MIT licence); movie and restaurant are the MIT movie and restaurant corpora.",
  "The text of conll2003 is Reuters': it may be used for research, under the terms of the Reuters corpora.",
].join("\n");

/**
 * SHA-256 by data set and split. movie and restaurant have no dev: the published file is a copy of test, so dev is held
 * out of train instead.
 */
export const PUBLISHED_FILES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  conll2003: {
    train: "098791b165293cac55aa60ea5395b48ed441bc962c00278aa4789dce68624bf8",
    dev: "c8869cec4f419e7b635843aae285990581bf4685b7193c81696d87e1939f0c63",
    test: "18d9d738defc506ebc5d6748cb580245327ef5c4357b026d7d9ba7c6e55fe841",
  },
  politics: {
    train: "1d8be31abb58463349496fe21b13d70114cf015294a9ff9cce77af9b83e8aa84",
    dev: "4f1f30eb832f4c5fe474f67ca45e875d863bddf0bbe432262d272ef13639fa8f",
    test: "05cadc5e129d394f7f92b4a052cf4b6ea4c60878d32a833e500cf046c297455f",
  },
  science: {
    train: "8f6a26096cc7be6790b5790bf5f5b5c8928d8b73d4632e7d45dc8bffad0504ac",
    dev: "87ec141c7b41b3b52ec861737c4030d65c6e53954ed3d8106baca8603bbf8f24",
    test: "3616d59d4d2b9dbf4c1126f8d8ba47ff97886223c95f93649bfd527343e64ced",
  },
  music: {
    train: "3774c38e0ebbeb4b98dbfae137071e4911e8764cdb7f247599009841f68d9fb5",
    dev: "e256f1949df52a61a3bb60095a0f41c1060843f1014b0f3d22d8371611b72e78",
    test: "c66e345f959ac65593f76c6b1bd8c6d75f2a6f0bc197389b2e6700d101fd094c",
  },
  literature: {
    train: "0647e403a85040742c2f4041cf002146a81aa2e13adda19d0e82a8bcd493c18b",
    dev: "99281a51943cf7e3c2a58b3dc45c0e5ab6d329624ebf2ba6b4801c428396162f",
    test: "77267f8b3e8afe993865c64cfc605f65671f6a0ac9cba65de970f12180fed20e",
  },
  ai: {
    train: "484217a660f52927bd5157507c22fc103b36306364329f62f80fc8acb897b187",
    dev: "b47ffda6de5901a454a873feac1bebe782e54ce7edf9deb729cab3d769212eee",
    test: "7595ad386e0a98067100fe47f86811b38867a236011fee97cfaa90f778c37bcf",
  },
  movie: {
    train: "256aca767106da03319c553d8d5c6a7a551db3c65e7dd9a3d5dbb9b6e8cd8d5b",
    test: "357b406f9f049c7395909268830c0df3111fd2b9d5c1dafded6af54e5dd5eb67",
  },
  restaurant: {
    train: "6a114374447a46dcf4f25afc76dcc9330ece15922aa09e05643e86b687a56675",
    test: "c7d3a3fe9b952bfd7cb493b689efe4c461469ef80d9c259cd1ae9088e98e5731",
  },
};
