import assert from "node:assert/strict";
import { test } from "node:test";
import { parse } from "csv-parse/sync";
import { accountsCsv, addressesCsv } from "./csv.ts";
import { sampleOperators } from "./sample-parts.ts";
import { samples } from "./samples.ts";

const rowsOf = (text: string): Record<string, string>[] => parse(text, { bom: true, columns: true });

test("every address of a campaign has a row, with who runs its network", () => {
  const conclusion = samples.spray();
  const rows = rowsOf(addressesCsv(conclusion, sampleOperators));
  assert.deepEqual(
    rows.map(({ address }) => address),
    conclusion.campaigns[0]?.origins.map(({ address }) => address),
  );
  const row = rows.find(({ operator }) => operator === "Exempel Bredband AB");
  assert.equal(row?.["asn"], "64499");
  assert.equal(row?.["country"], "SE");
  assert.equal(row?.["country name"], "Sweden");
});

test("accounts that fell come first, and every account once", () => {
  const rows = rowsOf(accountsCsv(samples.spray()));
  assert.equal(rows.length, 214);
  assert.deepEqual(
    rows.slice(0, 3).map(({ account, fallen }) => [account, fallen]),
    [
      ["c.eriksen", "confirmed"],
      ["d.tanaka", "suspected"],
      ["a.adler", ""],
    ],
  );
  assert.equal(rows[0]?.["fallen at"], "2026-11-21T01:12:44Z");
  assert.equal(new Set(rows.map(({ account }) => account)).size, 214);
});

test("no cell of either table is a formula, whatever the accounts and addresses are", () => {
  for (const text of [addressesCsv(samples.hostile(), sampleOperators), accountsCsv(samples.hostile())])
    for (const line of text.replace("\ufeff", "").split("\r\n"))
      for (const cell of line.split(/[,;]/)) {
        assert.doesNotMatch(cell.replace(/^"/, ""), /^[=+\-@]/, line);
        assert.doesNotMatch(cell, /[\p{Cc}\p{Cf}]/u);
      }
});

test("without campaigns there is a header and nothing else", () => {
  assert.deepEqual(rowsOf(accountsCsv(samples.quiet())), []);
  assert.match(addressesCsv(samples.quiet(), sampleOperators), /^\ufeffaddress,[a-z, ]+\r\n$/);
});
