// The store in memory, held to what every store keeps to.
import { testStore } from "../../../test/contract/store.ts";
import { openMemoryStore } from "./open.ts";

testStore("memory", openMemoryStore);
