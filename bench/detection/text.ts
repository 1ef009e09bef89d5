/** Numbers and tables as they stand on the benchmark's page. */
import type { Interval } from "./stats.ts";

/** "never" for what is infinitely late. */
export function plain(value: number, digits = 0): string {
  if (Number.isNaN(value)) return "-";
  if (value === Infinity) return "never";
  if (value !== 0 && digits === 0 && Math.abs(value) < 10 && !Number.isInteger(value)) return value.toFixed(1);
  return value.toLocaleString("en", { maximumFractionDigits: digits, minimumFractionDigits: digits });
}

/** Never "100" for what is a little less. */
export function percent(value: number): string {
  if (Number.isNaN(value)) return "-";
  const shown = (100 * value).toFixed(1);
  if (shown === "100.0") return value === 1 ? "100" : "99.9";
  return shown === "0.0" && value > 0 ? "<0.1" : shown.replace(/\.0$/, "");
}

/** "7 (6 to 9)". */
export function withInterval({ value, low, high }: Interval, show: (one: number) => string): string {
  if (Number.isNaN(value)) return "-";
  const [shown, from, to] = [show(value), show(low), show(high)];
  return from === to ? shown : `${shown} (${from} to ${to})`;
}

export const percents = (interval: Interval): string => withInterval(interval, percent);
export const counts = (interval: Interval): string => withInterval(interval, (one) => plain(one));

export function table(header: readonly string[], rows: readonly (readonly string[])[], leftColumns = 1): string {
  const rule = header.map((_, index) => (index < leftColumns ? "---" : "---:"));
  return [header, rule, ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}
