/** Controls, line and paragraph separators, bidirectional overrides: nothing of them may reach a sink. */
const unseen = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]+/g;

/** One line of visible text. Applied to whatever the far side wrote, whoever cleaned it before. */
export function plainLine(text: string): string {
  return text.normalize('NFC').toWellFormed().replace(unseen, ' ').replace(/\s+/g, ' ').trim();
}

/** At most `limit` UTF-16 units, cut at a word where one ends in the last third, never inside a surrogate pair. */
export function cutAt(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const room = text.slice(0, limit - 1).replace(/[\ud800-\udbff]$/, '');
  const space = room.lastIndexOf(' ');
  const kept = space > (limit * 2) / 3 ? room.slice(0, space) : room;
  return `${kept.replace(/[\s,;:–-]+$/, '')}…`;
}

/** At most `limit` bytes of UTF-8. */
export function cutAtBytes(text: string, limit: number): string {
  const encoder = new TextEncoder();
  if (encoder.encode(text).length <= limit) return text;
  let kept = text.slice(0, limit);
  while (encoder.encode(kept).length > limit - 3) kept = kept.slice(0, Math.floor(kept.length * 0.95));
  return `${kept.replace(/[\ud800-\udbff]$/, '')}…`;
}

/** `a, b and c`; the rest as a number. */
export function sayList(items: string[], most = 5): string {
  const named = items.length > most ? items.slice(0, most - 1) : items;
  const rest = items.length - named.length;
  const all = rest > 0 ? [...named, `${rest} more`] : named;
  const last = all.at(-1) ?? '';
  return all.length < 2 ? last : `${all.slice(0, -1).join(', ')} and ${last}`;
}
