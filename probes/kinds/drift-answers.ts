/** Five questions that a model answers the same wherever it runs, unless it is another model, or less of it. */
const questions = [
  'What is the capital of Australia?',
  'Which chemical element has the symbol W?',
  'What is 17 * 23?',
  'What is the next prime number after 89?',
  'What is the past tense of the verb "to swim"?',
];

export const driftPrompt = `Answer each question with one word or number, one answer per line, numbered 1 to 5.\n${questions
  .map((question, i) => `${i + 1}. ${question}`)
  .join('\n')}`;

/** The five answers, bare; a missing one is null. */
export function answersOf(text: string): (string | null)[] {
  const answers: (string | null)[] = questions.map(() => null);
  for (const line of text.split('\n')) {
    const match = /^\W{0,4}([1-5])\s*[.):-]+\s*(.{1,60})$/.exec(line.trim());
    if (match) answers[Number(match[1]) - 1] ??= bare(match[2] ?? '');
  }
  return answers;
}

function bare(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^\p{L}\p{N} ]/gu, '')
    .trim();
}

export interface Agreement {
  same: number;
  of: number;
}

/** How many answers of each are what most of the others say; a question without a majority counts for nobody. */
export function compareAnswers(all: (string | null)[][]): Agreement[] {
  const majority = questions.map((_, q) => most(all.map((answers) => answers[q] ?? null)));
  return all.map((answers) => {
    const agreement = { same: 0, of: 0 };
    majority.forEach((expected, q) => {
      if (expected === null) return;
      agreement.of += 1;
      if (answers[q] === expected) agreement.same += 1;
    });
    return agreement;
  });
}

function most(answers: (string | null)[]): string | null {
  const counts = new Map<string, number>();
  for (const answer of answers) if (answer !== null) counts.set(answer, (counts.get(answer) ?? 0) + 1);
  const [first] = [...counts].sort((a, b) => b[1] - a[1]);
  return first && first[1] * 2 > answers.length ? first[0] : null;
}

/** One slip is chance; two in five are another model. */
export function isOdd({ same, of }: Agreement): boolean {
  return of >= 3 && of - same >= 2;
}
