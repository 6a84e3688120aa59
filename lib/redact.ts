/** Secrets are removed where text enters, before anything is logged, stored or shown. */
export type Redact = (text: string) => string;

const mark = '•••';
const pieceLength = 8;

/** Shapes that are secrets whoever they belong to. */
const families: RegExp[] = [
  /-----BEGIN [A-Z ]+-----[\s\S]*?(?:-----END [A-Z ]+-----|$)/g,
  /\beyJ[A-Za-z0-9_-]{6,}\.[A-Za-z0-9_-]{6,}(?:\.[A-Za-z0-9_-]*)?/g,
  /\b(?:Bearer|Basic)\s+[A-Za-z0-9._~+/=-]{6,}/gi,
  /\bsk-[A-Za-z0-9_*.-]{6,}/g,
  /\b(?:gsk|hf|r8|xai|pplx|nvapi|fw|csk|tgp|vck|key|sb_live|whsec)[_-][A-Za-z0-9_-]{8,}/g,
  /\bAIza[A-Za-z0-9_-]{8,}/g,
  /\b(?:AKIA|ASIA|ABIA)[A-Z0-9]{8,}/g,
  /([?&;](?:key|token|api_?key|apikey|access_token|signature|sig|secret|password)=)[^&\s"'<>]+/gi,
  /(\b(?:api[_-]?key|token|secret|password|authorization)["']?\s*[:=]\s*["']?)[A-Za-z0-9._~+/=-]{8,}/gi,
  /\b(?:user|org)_[A-Za-z0-9]{6,}/g,
  /[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63})+/g,
];

export const redactFamilies: Redact = (text) =>
  families.reduce((clean, family) => clean.replace(family, (_all, kept) => keptPart(kept) + mark), text);

function keptPart(kept: unknown): string {
  return typeof kept === 'string' ? kept : '';
}

/**
 * Removes the configured secrets in every spelling, down to any piece of eight characters, then the families.
 * A piece that is only part of a public word stays: a key named after its provider would hide that provider everywhere.
 */
export function createRedact(
  secrets: readonly (string | null | undefined)[],
  publicWords: readonly string[] = [],
): Redact {
  const isPublic = (piece: string): boolean => publicWords.some((word) => lower(word).includes(piece));
  const known: Pieces = { whole: new Set(), starts: new Uint8Array(65_536), shorts: [], isPublic };
  for (const secret of new Set(secrets.flatMap(partsOf))) {
    for (const spelling of spellings(secret)) addPieces(spelling, known);
  }
  if (!known.whole.size && !known.shorts.length) return redactFamilies;
  return (text) => removePieces(redactFamilies(removePieces(text, known)), known);
}

/** In small letters: who lowers a key before echoing it has still echoed it. */
interface Pieces {
  whole: Set<string>;
  /** Which pairs of first characters there are: most of a long text is passed over without a look into the set. */
  starts: Uint8Array;
  shorts: string[];
  isPublic: (piece: string) => boolean;
}

/** A service account's file is mostly public words: only what is secret in it may colour everybody's texts. */
function partsOf(secret: string | null | undefined): string[] {
  if (!secret) return [];
  if (!secret.trimStart().startsWith('{')) return [secret];
  try {
    const fields = JSON.parse(secret) as Record<string, unknown>;
    const values = ['private_key', 'private_key_id', 'client_secret', 'refresh_token'].map(
      (name) => fields[name],
    );
    const lines = values.flatMap((value) => (typeof value === 'string' ? value.split('\n') : []));
    return lines.filter((line) => line.length >= pieceLength && !line.startsWith('-----'));
  } catch {
    return [secret];
  }
}

function spellings(secret: string): string[] {
  const url = encodeURIComponent(secret);
  const json = JSON.stringify(secret).slice(1, -1);
  const base64 = [0, 1, 2].map((shift) => innerBase64(secret, shift));
  const base64Url = base64.map((text) => text.replaceAll('+', '-').replaceAll('/', '_'));
  return [
    secret,
    url,
    url.replace(/%[0-9A-F]{2}/g, (hex) => hex.toLowerCase()),
    json,
    json.replaceAll('/', '\\/'),
    ...base64,
    ...base64Url,
  ];
}

/** The base64 of a secret that stands `shift` bytes into some longer text: only the characters that it alone decides. */
function innerBase64(secret: string, shift: number): string {
  const bytes = new TextEncoder().encode('\0'.repeat(shift) + secret);
  const text = btoa(String.fromCharCode(...bytes)).replace(/=+$/, '');
  const from = shift === 0 ? 0 : shift === 1 ? 2 : 3;
  const to = Math.floor((bytes.length * 8) / 6);
  return text.slice(from, to);
}

function addPieces(spelling: string, known: Pieces): void {
  const small = lower(spelling);
  if (small.length < pieceLength) {
    if (small.length >= 4) known.shorts.push(spelling);
    return;
  }
  for (let i = 0; i + pieceLength <= small.length; i += 1) {
    const piece = small.slice(i, i + pieceLength);
    if (known.isPublic(piece)) continue;
    known.whole.add(piece);
    known.starts[startOf(small, i)] = 1;
  }
}

/** ASCII alone: other letters may change their length. */
function lower(text: string): string {
  return text.replace(/[A-Z]+/g, (capitals) => capitals.toLowerCase());
}

function startOf(text: string, i: number): number {
  return ((text.charCodeAt(i) & 0xff) << 8) | (text.charCodeAt(i + 1) & 0xff);
}

function removePieces(text: string, { whole, starts, shorts }: Pieces): string {
  const small = lower(text);
  let clean = '';
  let keptFrom = 0;
  let hiddenTo = -1;
  for (let i = 0; i + pieceLength <= small.length; i += 1) {
    if (starts[startOf(small, i)] === 0 || !whole.has(small.slice(i, i + pieceLength))) continue;
    if (i > hiddenTo) clean += text.slice(keptFrom, i) + mark;
    hiddenTo = i + pieceLength;
    keptFrom = hiddenTo;
  }
  clean += text.slice(keptFrom);
  return shorts.reduce((left, short) => left.replaceAll(short, mark), clean);
}

/** Text from outside as it may be kept: one line, no controls, redacted first and cut last. */
export function cleanLine(text: string, redact: Redact = redactFamilies, maxLength = 512): string {
  // A long text is cut before the work, far behind the end of what is kept.
  const flat = text
    .slice(0, maxLength * 16)
    .normalize('NFC')
    .replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]+/g, ' ')
    .trim();
  const clean = redact(flat).replace(/\s+/g, ' ').trim();
  return clean.length <= maxLength ? clean : `${clean.slice(0, maxLength - 1)}…`;
}
