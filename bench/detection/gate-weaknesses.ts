/** What the page says of each weak place of the gate, in the words of whoever looked at the figures. */
export const gateWeaknesses: readonly string[] = [];
