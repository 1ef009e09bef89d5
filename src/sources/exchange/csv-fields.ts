/**
 * The first `most` fields of a CSV line; quotes undone. Exchange writes what clients type inside quotes, quotes
 * doubled.
 */
export function csvFields(text: string, most: number): string[] {
  const fields: string[] = [];
  let at = 0;
  while (fields.length < most && at <= text.length) {
    if (text.charCodeAt(at) === 34) {
      const end = closing(text, at + 1);
      fields.push(text.slice(at + 1, end).replaceAll('""', '"'));
      const comma = text.indexOf(",", end);
      at = comma < 0 ? text.length + 1 : comma + 1;
      continue;
    }
    const comma = text.indexOf(",", at);
    fields.push(text.slice(at, comma < 0 ? text.length : comma));
    at = comma < 0 ? text.length + 1 : comma + 1;
  }
  return fields;
}

/** The quote that ends the field: the first that is not one of a pair. */
function closing(text: string, from: number): number {
  for (let at = text.indexOf('"', from); at >= 0; at = text.indexOf('"', at + 2)) {
    if (text.charCodeAt(at + 1) !== 34) return at;
  }
  return text.length;
}
