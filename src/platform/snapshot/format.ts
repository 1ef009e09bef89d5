/**
 * How a snapshot is written. First MAGIC with the version of this format, then the signature of the kinds; then the root as a value; then
 * the contents of every object, in the order in which they were first mentioned; at last the CRC-32 of all that (RFC 1952).
 *
 * A value is a byte that says what follows, or a small number itself. Where an object is mentioned first, it is said what it is, and
 * its contents come when it is its turn: so neither side nests however deep the graph, and cycles are nothing special.
 */

export const MAGIC = "PTCSNAP1";
export const CHECKSUM_BYTES = 4;

export const Tag = {
  undefined: 0,
  null: 1,
  true: 2,
  false: 3,
  notANumber: 4,
  /** Two bytes, above zero. */
  int16: 5,
  /** Four bytes, signed. */
  int32: 6,
  /** Eight bytes. All numbers are little-endian. */
  double: 7,
  /** A text that is new: its length and a byte for each UTF-16 unit. */
  narrow: 8,
  /** The same with two bytes for each: lone surrogates stay what they are. */
  wide: 9,
  /** A text that was there: its number. */
  text: 10,
  /** An object that was there: its number. */
  object: 11,
  /** A new array: its length. */
  array: 12,
  /** An element that an array does not have. */
  hole: 13,
  map: 14,
  set: 15,
  /** A new typed array: which, its length in elements, its bytes. */
  typed: 16,
  /** A new object of a kind: which. */
  kind: 17,
  /** A new plain object: of which shape (its fields' names, in their order). */
  plain: 18,
  /** A new plain object of a new shape: how many fields, and their names as values. */
  shape: 19,
  /** One of the constants: which. */
  constant: 20,
  /** From here on the number itself, from 0. */
  small: 64,
} as const;

export const SMALL_MAX = 255 - Tag.small;
export const INT16_MAX = 65_535;

/** In the order of their numbers in a snapshot. */
export const typedArrays = [
  Uint8Array,
  Int8Array,
  Uint8ClampedArray,
  Uint16Array,
  Int16Array,
  Uint32Array,
  Int32Array,
  Float32Array,
  Float64Array,
] as const;
export type TypedArray = InstanceType<(typeof typedArrays)[number]>;
