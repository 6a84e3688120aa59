/** A question any honest model answers and no cache knows. */
export interface Sum {
  prompt: string;
  answer: string;
}

const letters = 'abcdefghjkmnpqrstuvwxyz';

export function createSum(random: () => number): Sum {
  const a = 11 + Math.floor(random() * 79);
  const b = 11 + Math.floor(random() * 79);
  // Letters only: a digit in the nonce could be taken for part of the sum.
  const nonce = Array.from({ length: 8 }, () => letters[Math.floor(random() * letters.length)]).join('');
  return {
    prompt: `What is ${a} + ${b}? Reply with the number only. (${nonce})`,
    answer: String(a + b),
  };
}

/** `null`: nothing can be said, because our own cap cut the answer or it was still thinking. */
export function judgeAnswer(
  answer: string,
  said: { text: string; hasReasoning: boolean; finish: string | null },
): 'match' | 'mismatch' | 'empty' | null {
  const isCut = said.finish === 'length' || said.finish === null;
  if (said.text.trim() === '') return said.hasReasoning && isCut ? null : 'empty';
  const numbers: string[] = said.text.replace(/(\d)[,\u202f\u00a0](?=\d{3})/g, '$1').match(/\d+/g) ?? [];
  if (numbers.includes(answer)) return 'match';
  return isCut ? null : 'mismatch';
}
