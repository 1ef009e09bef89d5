// Markup that cannot be got wrong: whatever is put into a template is escaped, unless it is markup that came out of one.
import { escapeHtml } from "./escape.ts";

/** Made by `markup` alone. */
export type Markup = { readonly markup: string };

export type Slot = string | number | Markup | readonly Markup[];

/** Markup from a template. Slots may stand in text and in quoted attribute values, and nowhere else. */
export function markup(parts: TemplateStringsArray, ...slots: readonly Slot[]): Markup {
  let markup = parts[0] ?? "";
  for (const [index, slot] of slots.entries()) markup += textOf(slot) + (parts[index + 1] ?? "");
  return { markup };
}

function textOf(slot: Slot): string {
  if (typeof slot === "string") return escapeHtml(slot);
  if (typeof slot === "number") return String(slot);
  return "markup" in slot ? slot.markup : slot.map(({ markup }) => markup).join("");
}

export const nothing: Markup = { markup: "" };

/** Markup of ours that holds no word from a log, such as the style sheet. */
export const trusted = (text: string): Markup => ({ markup: text });

/** As much of a name as a table has room for. */
const nameCharactersMax = 80;

/** A name from a log: cut, escaped, and kept from turning the text around it to the other direction. */
export function name(text: string, none = "(no name)"): Markup {
  if (text === "") return markup`<i>${none}</i>`;
  return { markup: `<bdi>${escapeHtml(text, nameCharactersMax)}</bdi>` };
}

export type Column = {
  readonly title: string;
  readonly align?: "end";
  /** Left out on a phone: what it says there stands elsewhere in the row, or can be done without. */
  readonly desk?: true;
  /** Heads its row: what a screen reader reads out with every other cell. */
  readonly heads?: true;
};

/** A table; one of "cards" becomes a list of them on a phone. The roles keep it a table there for whoever cannot see it. */
export function table(
  caption: string,
  columns: readonly Column[],
  rows: readonly (readonly Slot[])[],
  kind = "",
): Markup {
  const head = columns.map(
    (column) => markup`<th role="columnheader" scope="col" class="${classOf(column)}">${column.title}</th>`,
  );
  const body = rows.map(
    (row) =>
      markup`<tr role="row">
        ${columns.map((column, index) => cell(column, row[index] ?? ""))}
      </tr>`,
  );
  return markup`<table role="table" class="${kind}">
    <caption>
      ${caption}
    </caption>
    <thead role="rowgroup">
      <tr role="row">
        ${head}
      </tr>
    </thead>
    <tbody role="rowgroup">
      ${body}
    </tbody>
  </table>`;
}

const classOf = ({ align, desk }: Column): string => `${align ?? "start"}${desk === true ? " desk" : ""}`;

function cell(column: Column, slot: Slot): Markup {
  return column.heads === true
    ? markup`<th role="rowheader" scope="row" class="${classOf(column)}"><span>${slot}</span></th>`
    : markup`<td role="cell" class="${classOf(column)}" data-title="${column.title}"><span>${slot}</span></td>`;
}

/** "and 12 more", or nothing. */
export const more = (rest: number, text: string): Markup => (rest > 0 ? markup`<p class="more">${text}</p>` : nothing);
