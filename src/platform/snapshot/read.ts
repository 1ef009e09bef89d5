/** Reads back what `write.ts` wrote. */
import { crc32 } from "node:zlib";
import { CHECKSUM_BYTES, MAGIC, Tag, typedArrays } from "./format.ts";
import { type Kinds, fieldsOf } from "./kinds.ts";

export type Restored =
  | { readonly kind: "whole"; readonly root: unknown }
  /** Cut off, or changed since. */
  | { readonly kind: "damaged" }
  /** Written by a program that kept something else, or in another way. */
  | { readonly kind: "other" };

export function readSnapshot(bytes: Uint8Array, kinds: Kinds): Restored {
  const magic = Buffer.from(MAGIC);
  if (bytes.length < magic.length + CHECKSUM_BYTES) return { kind: "damaged" };
  const body = bytes.subarray(0, bytes.length - CHECKSUM_BYTES);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (crc32(body) !== view.getUint32(body.length, true)) return { kind: "damaged" };
  if (magic.compare(body, 0, magic.length) !== 0) return { kind: "other" };
  const reader = new Reader(body, magic.length, kinds);
  if (reader.value() !== kinds.signature) return { kind: "other" };
  const root = reader.value();
  while (reader.next());
  if (!reader.isAtEnd) throw new Error("A snapshot goes on after its end: it was written and read by different rules.");
  return { kind: "whole", root };
}

/** Fills an object with its contents when it is its turn. */
type Fill = (object: object) => void;

class Reader {
  readonly #bytes: Buffer;
  readonly #view: DataView;
  readonly #kinds: Kinds;
  #at: number;
  readonly #texts: string[] = [];
  readonly #objects: object[] = [];
  /** What fills them, by their numbers. */
  readonly #fills: Fill[] = [];
  #filled = 0;
  readonly #fillKinds: readonly Fill[];
  readonly #fillShapes: Fill[] = [];

  constructor(bytes: Uint8Array, at: number, kinds: Kinds) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#at = at;
    this.#kinds = kinds;
    this.#fillKinds = kinds.all.map(({ kept }) => this.#fillFields(kept));
  }

  get isAtEnd(): boolean {
    return this.#at === this.#bytes.length;
  }

  /** Reads the contents of the next object; false where there is none. */
  next(): boolean {
    const object = this.#objects[this.#filled];
    if (object === undefined) return false;
    this.#fills[this.#filled]?.(object);
    this.#filled += 1;
    return true;
  }

  value(): unknown {
    const tag = this.#byte();
    if (tag >= Tag.small) return tag - Tag.small;
    switch (tag) {
      case Tag.undefined:
        return undefined;
      case Tag.null:
        return null;
      case Tag.true:
        return true;
      case Tag.false:
        return false;
      case Tag.notANumber:
        return Number.NaN;
      case Tag.int16:
        return this.#view.getUint16(this.#skip(2), true);
      case Tag.int32:
        return this.#view.getInt32(this.#skip(4), true);
      case Tag.double:
        return this.#view.getFloat64(this.#skip(8), true);
      case Tag.narrow:
        return this.#newText("latin1", 1);
      case Tag.wide:
        return this.#newText("utf16le", 2);
      case Tag.text:
        return this.#texts[this.#count()];
      case Tag.object:
        return this.#objects[this.#count()];
      case Tag.constant:
        return this.#kinds.constants[this.#count()];
      default:
        return this.#newObject(tag);
    }
  }

  #newObject(tag: number): object {
    switch (tag) {
      case Tag.array:
        return this.#add(emptyArray(this.#count()), this.#fillArray);
      case Tag.map:
        return this.#add(new Map(), this.#fillMap);
      case Tag.set:
        return this.#add(new Set(), this.#fillSet);
      case Tag.typed:
        return this.#add(this.#typed(), isFilled);
      case Tag.kind:
        return this.#ofKind(this.#count());
      case Tag.plain:
        return this.#plain(this.#count());
      case Tag.shape:
        return this.#ofNewShape();
      default:
        throw new Error(`A snapshot has ${tag} where a value begins: it was written and read by different rules.`);
    }
  }

  #ofKind(index: number): object {
    const { create } = this.#kinds.all[index] ?? noKind(index);
    return this.#add(create(), this.#fillKinds[index] ?? isFilled);
  }

  #plain(shape: number): object {
    return this.#add({}, this.#fillShapes[shape] ?? noKind(shape));
  }

  #ofNewShape(): object {
    const names = Array.from({ length: this.#count() }, () => String(this.value()));
    this.#fillShapes.push(names.includes("__proto__") ? this.#defineFields(names) : this.#fillFields(names));
    return this.#plain(this.#fillShapes.length - 1);
  }

  #add(object: object, fill: Fill): object {
    this.#objects.push(object);
    this.#fills.push(fill);
    return object;
  }

  readonly #fillArray = (object: object): void => {
    const array = object as unknown[];
    const { length } = array;
    for (let index = 0; index < length; index += 1) {
      if (this.#bytes[this.#at] === Tag.hole) this.#at += 1;
      else array[index] = this.value();
    }
  };

  readonly #fillMap = (object: object): void => {
    const map = object as Map<unknown, unknown>;
    for (let left = this.#count(); left > 0; left -= 1) {
      const key = this.value();
      map.set(key, this.value());
    }
  };

  readonly #fillSet = (object: object): void => {
    const set = object as Set<unknown>;
    for (let left = this.#count(); left > 0; left -= 1) set.add(this.value());
  };

  #fillFields(names: readonly string[]): Fill {
    return (object) => {
      const fields = fieldsOf(object);
      for (const name of names) fields[name] = this.value();
    };
  }

  /** An assignment would set the prototype. */
  #defineFields(names: readonly string[]): Fill {
    return (object) => {
      const described = { writable: true, enumerable: true, configurable: true };
      for (const name of names) Object.defineProperty(object, name, { ...described, value: this.value() });
    };
  }

  #typed(): object {
    const type = typedArrays[this.#count()] ?? noKind(Tag.typed);
    const array = new type(this.#count());
    const from = this.#skip(array.byteLength);
    new Uint8Array(array.buffer).set(this.#bytes.subarray(from, this.#at));
    return array;
  }

  #newText(encoding: "latin1" | "utf16le", unit: number): string {
    const length = this.#count() * unit;
    const from = this.#skip(length);
    const text = this.#bytes.toString(encoding, from, from + length);
    this.#texts.push(text);
    return text;
  }

  #byte(): number {
    return this.#bytes[this.#skip(1)] ?? 0;
  }

  #count(): number {
    let count = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = this.#byte();
      count += (byte & 127) * factor;
      if (byte < 128) return count;
    }
  }

  /** Passes so many bytes. Answers where they begin. */
  #skip(bytes: number): number {
    const from = this.#at;
    this.#at += bytes;
    if (this.#at > this.#bytes.length)
      throw new Error("A snapshot ends too early: it was written and read by different rules.");
    return from;
  }
}

/** Its elements are still holes. */
function emptyArray(length: number): unknown[] {
  const array: unknown[] = [];
  array.length = length;
  return array;
}

const isFilled = (): void => undefined;

function noKind(index: number): never {
  throw new Error(`A snapshot names kind ${index}, which there is not: it was written and read by different rules.`);
}
