/** Words of the code that DESIGN keeps off the pages, as they would be written in a sentence. */
const codeWords = [
  // "Look up" and "look at" are what people do; a look is what the code does.
  /\blooks?\b(?!\s+(?:\w+\s+)?(?:up|at|for)\b)/i,
  /\bculprits?\b/i,
  /\bwitness(es)?\b/i,
  /\bvantages?\b/i,
  /\bblind\b/i,
  /\bopen circuit|circuit (is |was )?(open|closed)\b/i,
  /\bconventions?\b/i,
  /\bcoverage\b/i,
  /\bverdicts?\b/i,
  /\bprobers?\b/i,
];

export function codeWordsIn(text: string): string[] {
  return codeWords.flatMap((word) => {
    const found = word.exec(text);
    return found ? [`${found[0]}: …${text.slice(Math.max(0, found.index - 40), found.index + 40)}…`] : [];
  });
}
