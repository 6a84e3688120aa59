/** A parser of what comes from outside, with honest inputs to start from. */
export interface FuzzedParser {
  name: string;
  seeds: Uint8Array[];
  /** Reads what the operator wrote or chose, not what the far side sent. */
  isOwn?: boolean;
  /** A promise is waited for; what comes of it says nothing. */
  read(bytes: Uint8Array): unknown;
}

export const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
export const json = (value: unknown): Uint8Array => bytesOf(JSON.stringify(value));

/** Refusing is a parser's work; anything but its own kind of refusal is a crash. */
export async function orRefusal(
  kind: new (...args: never[]) => Error,
  work: () => unknown | Promise<unknown>,
): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof kind)) throw error;
  }
}
