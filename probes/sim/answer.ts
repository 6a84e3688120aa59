/** What an honest small model would say to a probe's question. */
export function answerFor(prompt: string): string {
  const sum = /(-?\d+)\s*\+\s*(-?\d+)/.exec(prompt);
  if (sum) return String(Number(sum[1]) + Number(sum[2]));
  const word = /(?:reply|answer)(?: only)?(?: with)?:?\s+["']?([\p{L}\p{N}]+)/iu.exec(prompt);
  return word?.[1] ?? 'ok';
}

/** The text of the last user message, whatever dialect it was written in. */
export function promptOf(body: Record<string, unknown>): string {
  const texts: string[] = [];
  collect(body.messages ?? body.input ?? body.contents, texts);
  return texts.at(-1) ?? '';
}

function collect(value: unknown, into: string[]): void {
  if (typeof value === 'string') into.push(value);
  else if (Array.isArray(value)) for (const item of value) collect(item, into);
  else if (value && typeof value === 'object') {
    const o = value as Record<string, unknown>;
    if (o.role === 'system') return;
    collect(o.text ?? o.content ?? o.parts, into);
  }
}

/** A filled-in object for a JSON schema: sums and words where the schema wants numbers and text. */
export function objectFor(schema: unknown, prompt: string): Record<string, unknown> {
  const properties = (schema as { properties?: Record<string, { type?: string }> } | null)?.properties ?? {};
  const numbers = [...prompt.matchAll(/-?\d+/g)].map((m) => Number(m[0]));
  const names = Object.keys(properties);
  const isOperands = names.length === 2 && numbers.length >= 2;
  return Object.fromEntries(
    names.map((name, i) => {
      const kind = properties[name]?.type;
      if (kind === 'number' || kind === 'integer') {
        return [name, isOperands ? numbers[i] : Number(answerFor(prompt)) || 0];
      }
      return [name, kind === 'boolean' ? true : answerFor(prompt)];
    }),
  );
}

/** Splits an answer into as many deltas as asked for, so that stalls and cuts have somewhere to fall. */
export function inPieces(text: string, pieces: number): string[] {
  const count = Math.max(1, Math.min(pieces, text.length));
  const size = Math.ceil(text.length / count);
  const out: string[] = [];
  for (let i = 0; i < text.length; i += size) out.push(text.slice(i, i + size));
  return out;
}
