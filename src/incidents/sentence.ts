/** A sentence, its beginning in capitals unless it is an address, a host or an account: those stay as they are. */
export const sentence = (why: string): string =>
  /^[\w-]+[.:@]/.test(why) ? `${why}.` : `${why.charAt(0).toUpperCase()}${why.slice(1)}.`;
