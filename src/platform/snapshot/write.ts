/** Writes a graph of objects to bytes; `read.ts` reads it back. The same graph gives the same bytes. */
import { crc32 } from "node:zlib";
import { CHECKSUM_BYTES, INT16_MAX, MAGIC, SMALL_MAX, Tag, type TypedArray, typedArrays } from "./format.ts";
import { type Kinds, fieldsOf } from "./kinds.ts";

/** A chunk is handed on when it is full. */
const CHUNK = 1 << 20;
/** No value but texts and typed arrays takes more bytes than this; nor does a number that is said beside them. */
const VALUE_MAX = 24;

/**
 * In chunks of about a megabyte. Nothing may change the graph meanwhile.
 * @throws Error where something in it is of no kind: a mistake in the program, which a test finds.
 */
export function* writeSnapshot(root: object, kinds: Kinds): Generator<Uint8Array> {
  const writer = new Writer(kinds);
  writer.start();
  writer.value(root);
  while (writer.next()) yield* writer.full.splice(0);
  writer.end();
  yield* writer.full;
}

/** Which fields of an object are written; undefined for what has none. */
type Fields = readonly string[] | undefined;

/** The fields of plain objects as paths: one step for each further field. Most steps have one next. */
type Step = {
  name: string;
  first: Step | undefined;
  readonly others: Map<string, Step>;
  shape: number;
  fields: readonly string[];
};

const createStep = (name: string): Step => ({ name, first: undefined, others: new Map(), shape: -1, fields: [] });

function stepTo(step: Step, name: string): Step {
  const { first } = step;
  if (first === undefined) return (step.first = createStep(name));
  if (first.name === name) return first;
  const known = step.others.get(name);
  if (known !== undefined) return known;
  const fresh = createStep(name);
  step.others.set(name, fresh);
  return fresh;
}

const isHole = (array: readonly unknown[], index: number): boolean => !(index in array);

class Writer {
  readonly full: Uint8Array[] = [];
  readonly #kinds: Kinds;
  #chunk = new Uint8Array(CHUNK);
  #view = new DataView(this.#chunk.buffer);
  #at = 0;
  #checksum = 0;
  readonly #texts = new Map<string, number>();
  /** Of the objects, and below zero of the constants. */
  readonly #numbers = new Map<object, number>();
  readonly #objects: object[] = [];
  /** Of the objects, by their numbers. */
  readonly #allFields: Fields[] = [];
  #written = 0;
  readonly #shapes = createStep("");
  #shapeCount = 0;

  constructor(kinds: Kinds) {
    this.#kinds = kinds;
    for (const [index, constant] of kinds.constants.entries()) this.#numbers.set(constant, -1 - index);
  }

  start(): void {
    for (let at = 0; at < MAGIC.length; at += 1) this.#byte(MAGIC.charCodeAt(at));
    this.#text(this.#kinds.signature);
  }

  /** Writes the contents of the next object; false where there is none. */
  next(): boolean {
    const object = this.#objects[this.#written];
    if (object === undefined) return false;
    const names = this.#allFields[this.#written];
    this.#written += 1;
    if (names !== undefined) this.#fields(fieldsOf(object), names);
    else if (Array.isArray(object)) this.#elements(object);
    else if (object instanceof Map) this.#pairs(object);
    else if (object instanceof Set) this.#members(object);
    return true;
  }

  end(): void {
    this.#handOn(CHECKSUM_BYTES);
    this.#view.setUint32(0, this.#checksum, true);
    this.full.push(this.#chunk.subarray(0, CHECKSUM_BYTES));
  }

  value(value: unknown): void {
    switch (typeof value) {
      case "number":
        return this.#number(value);
      case "string":
        return this.#text(value);
      case "boolean":
        return this.#byte(value ? Tag.true : Tag.false);
      case "undefined":
        return this.#byte(Tag.undefined);
      case "object":
        return value === null ? this.#byte(Tag.null) : this.#object(value);
      case "function":
      case "symbol":
      case "bigint":
        throw new Error(`A snapshot cannot hold a ${typeof value}; there is one in ${this.#whereabouts()}.`);
    }
  }

  #elements(array: readonly unknown[]): void {
    for (let index = 0; index < array.length; index += 1) {
      const element = array[index];
      if (element === undefined && isHole(array, index)) this.#byte(Tag.hole);
      else this.value(element);
    }
  }

  #pairs(map: ReadonlyMap<unknown, unknown>): void {
    this.#count(map.size);
    for (const [key, value] of map) {
      this.value(key);
      this.value(value);
    }
  }

  #members(set: ReadonlySet<unknown>): void {
    this.#count(set.size);
    for (const member of set) this.value(member);
  }

  #fields(fields: Readonly<Record<string, unknown>>, names: readonly string[]): void {
    for (const name of names) this.value(fields[name]);
  }

  #object(object: object): void {
    const number = this.#numbers.get(object);
    if (number !== undefined)
      return number < 0 ? this.#said(Tag.constant, -1 - number) : this.#said(Tag.object, number);
    this.#numbers.set(object, this.#objects.length);
    this.#allFields.push(this.#mention(object));
    this.#objects.push(object);
  }

  /** Says what a new object is. */
  #mention(object: object): Fields {
    const prototype: unknown = Object.getPrototypeOf(object);
    if (prototype === Object.prototype) return this.#plain(object);
    const index = this.#kinds.indexOf(prototype);
    const kind = index === undefined ? undefined : this.#kinds.all[index];
    if (index !== undefined && kind !== undefined) {
      // One that has got a field later on would lose it.
      if (Object.keys(object).length !== kind.fields.length)
        throw new Error(`A ${kind.name} has other fields than a fresh one: ${Object.keys(object).join(", ")}.`);
      this.#said(Tag.kind, index);
      return kind.kept;
    }
    this.#container(object, prototype);
    return undefined;
  }

  #container(object: object, prototype: unknown): void {
    if (prototype === Array.prototype && Array.isArray(object)) return this.#said(Tag.array, object.length);
    if (prototype === Map.prototype) return this.#byte(Tag.map);
    if (prototype === Set.prototype) return this.#byte(Tag.set);
    const typed = typedArrays.findIndex((type) => prototype === type.prototype);
    if (typed < 0 || !ArrayBuffer.isView(object))
      throw new Error(`${nameOf(object)} is of no kind that a snapshot knows; there is one in ${this.#whereabouts()}.`);
    this.#said(Tag.typed, typed);
    this.#typed(object as TypedArray);
  }

  #plain(object: object): readonly string[] {
    const names = Object.keys(object);
    let step = this.#shapes;
    for (const name of names) step = stepTo(step, name);
    if (step.shape >= 0) {
      this.#said(Tag.plain, step.shape);
      return step.fields;
    }
    step.shape = this.#shapeCount;
    step.fields = names;
    this.#shapeCount += 1;
    this.#said(Tag.shape, names.length);
    for (const name of names) this.#text(name);
    return names;
  }

  #typed(array: TypedArray): void {
    this.#count(array.length);
    this.#room(array.byteLength);
    this.#chunk.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength), this.#at);
    this.#at += array.byteLength;
  }

  #number(value: number): void {
    if ((value | 0) !== value || Object.is(value, -0)) {
      if (Number.isNaN(value)) return this.#byte(Tag.notANumber);
      this.#byte(Tag.double);
      this.#view.setFloat64(this.#at, value, true);
      this.#at += 8;
    } else if (value >= 0 && value <= SMALL_MAX) {
      this.#byte(Tag.small + value);
    } else if (value > 0 && value <= INT16_MAX) {
      this.#byte(Tag.int16);
      this.#view.setUint16(this.#at, value, true);
      this.#at += 2;
    } else {
      this.#byte(Tag.int32);
      this.#view.setInt32(this.#at, value, true);
      this.#at += 4;
    }
  }

  #text(text: string): void {
    const number = this.#texts.get(text);
    if (number !== undefined) return this.#said(Tag.text, number);
    this.#texts.set(text, this.#texts.size);
    const isNarrow = isAllNarrow(text);
    this.#said(isNarrow ? Tag.narrow : Tag.wide, text.length);
    this.#room(text.length * 2);
    const chunk = this.#chunk;
    let to = this.#at;
    for (let from = 0; from < text.length; from += 1) {
      const unit = text.charCodeAt(from);
      chunk[to] = unit;
      if (!isNarrow) chunk[(to += 1)] = unit >> 8;
      to += 1;
    }
    this.#at = to;
  }

  #said(tag: number, number: number): void {
    this.#byte(tag);
    this.#count(number);
  }

  #byte(byte: number): void {
    this.#room(0);
    this.#chunk[this.#at] = byte;
    this.#at += 1;
  }

  /** A whole number from 0, seven bits to a byte, the lowest first, as long as there are more. */
  #count(number: number): void {
    this.#room(0);
    let left = number;
    while (left > 127) {
      this.#chunk[this.#at] = (left & 127) | 128;
      this.#at += 1;
      left = Math.floor(left / 128);
    }
    this.#chunk[this.#at] = left;
    this.#at += 1;
  }

  /** Makes room for so many bytes, and a value. */
  #room(bytes: number): void {
    if (this.#at + bytes + VALUE_MAX > this.#chunk.length) this.#handOn(bytes + VALUE_MAX);
  }

  #handOn(bytes: number): void {
    const full = this.#chunk.subarray(0, this.#at);
    this.#checksum = crc32(full, this.#checksum);
    this.full.push(full);
    this.#chunk = new Uint8Array(Math.max(CHUNK, bytes));
    this.#view = new DataView(this.#chunk.buffer);
    this.#at = 0;
  }

  #whereabouts(): string {
    const holder = this.#objects[this.#written - 1];
    return holder === undefined ? "the root" : `${nameOf(holder)} { ${Object.keys(holder).slice(0, 8).join(", ")} }`;
  }
}

function isAllNarrow(text: string): boolean {
  for (let at = 0; at < text.length; at += 1) if (text.charCodeAt(at) > 255) return false;
  return true;
}

const nameOf = (object: object): string => object.constructor?.name ?? "an object without a prototype";
