/** One line of CSV for people: RFC 4180, and nothing that a spreadsheet would take for a formula. */

export type CsvValue = string | number | boolean | null;

export function csvLine(values: readonly CsvValue[]): string {
  return values.map(csvField).join(',');
}

/** Also behind blanks, and in the wide forms that some spreadsheets take for the narrow ones. */
const formulaStart = /^[\s\u0000\ufeff]*[=+\-@＝＋－＠]|^[\t\r\n]/;

function csvField(value: CsvValue): string {
  if (value === null) return '';
  if (typeof value !== 'string') return String(value);
  // A quote in front makes it text; numbers of our own never come here as text.
  const plain = formulaStart.test(value) ? `'${value}` : value;
  return /[",;\r\n\t]/.test(plain) || plain !== plain.trim() ? `"${plain.replaceAll('"', '""')}"` : plain;
}
