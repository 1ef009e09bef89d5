/** An IPv4 address as the number that it is, a third as long; whatever else an address may be, as its text. */
import { text } from "./columns.ts";

export function packed(address: string): string | number {
  // By hand, because this is done for every sign-in: four numbers up to 255 without leading zeros, and dots between them.
  let value = 0;
  let part = -1;
  let dots = 0;
  for (let index = 0; index < address.length; index += 1) {
    const digit = address.charCodeAt(index) - 48;
    if (digit === -2 && part >= 0) {
      value = value * 256 + part;
      part = -1;
      dots += 1;
    } else if (digit >= 0 && digit <= 9 && part !== 0) {
      part = part < 0 ? digit : part * 10 + digit;
      if (part > 255) return address;
    } else return address;
  }
  return dots === 3 && part >= 0 ? value * 256 + part : address;
}

export function unpacked(value: unknown): string {
  if (typeof value !== "number") return text(value);
  return `${Math.floor(value / 16_777_216)}.${(value >> 16) & 255}.${(value >> 8) & 255}.${value & 255}`;
}
