// The store in SQLite, held to what every store keeps to.
import { defaults } from "#/store/settings.ts";
import { testStore } from "../../../test/contract/store.ts";
import { freshFolder } from "../../../test/support/folders.ts";
import { openStore } from "./open.ts";

testStore("SQLite", () => openStore(freshFolder(), defaults));
