/** Rows of values as CSV (RFC 4180), the first row being the names. */
export function csv(rows) {
  return rows.map(row => row.map(field).join(',')).join('\r\n') + '\r\n';
}

/** What a spreadsheet would compute; minus infinity is what is told of a score. */
const FORMULA = /^(?!-Infinity$)[=+@\t\r-]/;

function field(value) {
  const told = value === null || value === undefined ? '' : String(value);
  const text = typeof value === 'string' && FORMULA.test(told) ? `'${told}` : told;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Hands the rows to the reader as a file. */
export function save(name, rows) {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob(['\ufeff', csv(rows)], { type: 'text/csv;charset=utf-8' }));
  link.download = `${name.replace(/[^\p{L}\p{N}._-]+/gu, '-')}.csv`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
