// What was read and what could not be seen, on the page.
import type { Conclusion, FileRead } from "#/incidents/conclusion.ts";
import { markup, type Markup, more, name, nothing, table } from "./html-markup.ts";
import { readText, unseenOf } from "./report.ts";
import { figure, spanText } from "./words.ts";

const filesShown = 100;
const unseenShown = 40;

export function unseenSection(conclusion: Conclusion): Markup {
  const unseen = unseenOf(conclusion);
  const rest = unseen.length - unseenShown;
  const items = unseen.slice(0, unseenShown).map((sentence) => markup`<li>${sentence}</li>`);
  const list =
    items.length > 0
      ? markup`<ul class="plain">
          ${items}
        </ul>`
      : markup`<p>No sign-in was read, so nothing could be seen.</p>`;
  return markup`<section id="unseen">
    <h2>What could not be seen</h2>
    <div>${list}${more(rest, `and ${figure(rest)} more`)}</div>
  </section>`;
}

export function readSection(conclusion: Conclusion): Markup {
  const { read } = conclusion;
  const columns = [
    { title: "File", heads: true },
    { title: "Format" },
    { title: "Lines", align: "end" },
    { title: "Sign-ins", align: "end" },
    { title: "Ignored", align: "end" },
    { title: "Unreadable", align: "end" },
  ] as const;
  const rows = read.files
    .slice(0, filesShown)
    .map((file) => [
      markup`${name(file.path)}${file.from === undefined || file.to === undefined ? nothing : markup`<br /><span class="soft">${spanText(file.from, file.to)}</span>`}`,
      name(file.format),
      figure(file.lines),
      figure(file.signIns),
      figure(file.ignored),
      figure(file.malformed),
    ]);
  const rest = read.files.length - rows.length;
  return markup`<section id="read">
    <h2>What was read</h2>
    <div>
      <p>
        ${readText(conclusion)}.
        ${read.zoneAssumed === undefined ? "" : `Times without a zone were read as ${read.zoneAssumed}.`}
      </p>
      ${rows.length > 0 ? table("Files in the order in which they were read", columns, rows, "cards") : nothing}
      ${more(rest, `and ${figure(rest)} more`)} ${notes(read.files)} ${unreadable(read.files)}
    </div>
  </section>`;
}

function notes(files: readonly FileRead[]): Markup {
  const items = files
    .slice(0, filesShown)
    .flatMap(({ path, notes: all }) => all.map((note) => markup`<li>${name(path)}: ${note}</li>`));
  return items.length > 0
    ? markup`<h3>To be known about these files</h3>
        <ul class="plain">
          ${items}
        </ul>`
    : nothing;
}

function unreadable(files: readonly FileRead[]): Markup {
  const lines = files
    .slice(0, filesShown)
    .flatMap(({ path, malformedLines }) =>
      malformedLines.map(
        ({ line, why, text }) =>
          markup`<li>${name(path)}, line ${figure(line)}: ${why}<br /><span class="line">${text}</span></li>`,
      ),
    );
  if (lines.length === 0) return nothing;
  return markup`<details>
    <summary>Lines that looked like a sign-in and could not be read</summary>
    <ul class="plain">
      ${lines}
    </ul>
  </details>`;
}
