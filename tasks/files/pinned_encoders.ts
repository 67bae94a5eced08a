/** SHA-256 of the files of the encoders that the profiles name, by hub name and file. */
export const PINNED_ENCODERS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "sentence-transformers/all-MiniLM-L6-v2": {
    "config.json": "953f9c0d463486b10a6871cc2fd59f223b2c70184f49815e7efbcab5d8908b41",
    "model.safetensors": "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    "tokenizer.json": "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
  },
};
