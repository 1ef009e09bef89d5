import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { SaxesParser } from "saxes";
import type { Operators } from "#/platform/operators.ts";
import { markup, name } from "./html-markup.ts";
import { style } from "./html-style.ts";
import { renderHtml } from "./html.ts";
import { sampleNow, sampleOperators } from "./sample-parts.ts";
import { samples } from "./samples.ts";

const names = Object.keys(samples) as (keyof typeof samples)[];
const render = (sample: keyof typeof samples): string =>
  renderHtml(samples[sample](), { operators: sampleOperators, now: sampleNow });

type Element = {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly path: readonly string[];
};

/** The page's elements and its text. It is written so that an XML parser, which forgives nothing, can read it. */
function parsePage(page: string): { elements: Element[]; text: string } {
  const elements: Element[] = [];
  const path: string[] = [];
  let text = "";
  const parser = new SaxesParser();
  parser.on("error", (error) => {
    throw error;
  });
  parser.on("opentag", (tag) => {
    elements.push({ name: tag.name, attributes: { ...tag.attributes }, path: [...path] });
    path.push(tag.name);
  });
  parser.on("closetag", () => void path.pop());
  parser.on("text", (part) => {
    if (path.at(-1) !== "style") text += ` ${part} `;
  });
  parser.write(page.replace(/^<!doctype html>/, "<!DOCTYPE html>").replace(style, "")).close();
  return { elements, text: text.replaceAll(/\s+/g, " ") };
}

const allowedElements = new Set(
  "html head meta title style body a div header span svg path nav ul li main p h1 h2 h3 section small dl dt dd table caption thead tbody tr th td bdi i br ol figure figcaption g line circle rect text details summary footer".split(
    " ",
  ),
);

for (const sample of names)
  test(`the page of the sample "${sample}" is well-formed, and holds only elements of ours`, () => {
    const { elements } = parsePage(render(sample));
    for (const { name: element, attributes } of elements) {
      assert.ok(allowedElements.has(element), element);
      for (const [key, value] of Object.entries(attributes)) {
        assert.doesNotMatch(key, /^(on|style$|src|xlink)/, `${element} ${key}`);
        if (key === "href") assert.match(value, /^(#[A-Za-z0-9]+|https:\/\/[a-z-]+(\.[a-z-]+)+\/?[A-Za-z0-9./-]*)$/);
      }
    }
  });

test("nothing is loaded, run or sent: the policy allows the one style sheet by its hash", () => {
  const page = render("spray");
  const policy = parsePage(page).elements.find(
    ({ attributes }) => attributes["http-equiv"] === "Content-Security-Policy",
  );
  const inPage = /<style>(.*?)<\/style>/s.exec(page)?.[1] ?? "";
  const hash = createHash("sha256").update(inPage).digest("base64");
  assert.equal(
    policy?.attributes["content"],
    `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'`,
  );
  assert.doesNotMatch(page, /url\(|@import|<script|<link|<img|<iframe|javascript:/i);
});

test("hostile names stay text", () => {
  const page = render("hostile");
  const { text } = parsePage(page);
  assert.ok(text.includes("<script>alert(1)</script>"));
  assert.ok(text.includes("moc.elpmaxe@nimda\\u{202e}\\u{2066}"));
  assert.doesNotMatch(page.replaceAll("\n", ""), /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
});

test("a template escapes whatever is put into it, in text and in attributes", () => {
  const evil = `"><script>'&`;
  assert.equal(
    markup`<p title="${evil}">${evil}</p>`.markup,
    `<p title="&quot;&gt;&lt;script&gt;&#39;&amp;">&quot;&gt;&lt;script&gt;&#39;&amp;</p>`,
  );
  assert.equal(
    markup`<ul>${[markup`<li>${1}</li>`, markup`<li>${"<"}</li>`]}</ul>`.markup,
    "<ul><li>1</li><li>&lt;</li></ul>",
  );
  assert.equal(name("שרה").markup, "<bdi>שרה</bdi>");
  assert.match(name("x".repeat(999)).markup, /^<bdi>x{80}…<\/bdi>$/);
});

test("the page says in this order: conclusion, fallen accounts, what to do, timeline, campaign, what was unseen", () => {
  const page = render("spray");
  const parts = [
    "<h1>A password spray tried",
    'id="fallen"',
    'id="next"',
    'id="timeline"',
    'id="C1"',
    'id="unseen"',
    'id="findings"',
    'id="read"',
  ];
  const places = parts.map((part) => page.indexOf(part));
  assert.ok(!places.includes(-1));
  assert.deepEqual(
    places,
    [...places].sort((left, right) => left - right),
  );
});

test("headings descend without a gap, there is one of the first rank, and every table has a caption", () => {
  for (const sample of names) {
    const { elements } = parsePage(render(sample));
    const ranks = elements
      .filter(({ name: element }) => /^h\d$/.test(element))
      .map(({ name: element }) => Number(element[1]));
    assert.equal(ranks.filter((rank) => rank === 1).length, 1);
    for (const [index, rank] of ranks.entries())
      assert.ok(rank <= (ranks[index - 1] ?? 0) + 1, `${sample} ${ranks.join(" ")}`);
    const count = (element: string): number => elements.filter(({ name: other }) => other === element).length;
    assert.equal(count("caption"), count("table"));
    assert.equal(elements[0]?.attributes["lang"], "en");
    for (const { attributes, name: element } of elements.filter(({ name: other }) => other === "svg"))
      assert.ok(
        attributes["aria-hidden"] === "true" || attributes["role"] === "img" || attributes["overflow"] !== undefined,
        element,
      );
  }
});

test("ids are there once, and every link on the page leads to one", () => {
  for (const sample of names) {
    const { elements } = parsePage(render(sample));
    const ids = elements.flatMap(({ attributes }) => attributes["id"] ?? []);
    assert.equal(new Set(ids).size, ids.length);
    for (const { attributes } of elements) {
      const href = attributes["href"] ?? "";
      if (href.startsWith("#")) assert.ok(ids.includes(href.slice(1)), `${sample}: ${href}`);
    }
  }
});

test("where the log holds failures only, the page does not say that no account fell", () => {
  const base = samples.sshBruteForce();
  const blind = { ...base, read: { ...base.read, failures: base.read.signIns } };
  const page = renderHtml(blind, { operators: sampleOperators, now: sampleNow });
  assert.match(page, /accounts fell: this log cannot say/);
  assert.doesNotMatch(page, /known to have fallen/);
});

test("the plot names the campaign and can be read as a table", () => {
  const { elements, text } = parsePage(render("attackAndFault"));
  assert.match(text, /C1 Password spray .*F1 Mass lockout/);
  assert.match(text, /The plot as a table/);
  assert.equal(elements.filter(({ attributes }) => attributes["class"] === "fell").length, 3);
});

test("operators are credited by link where they are shown, and only there", () => {
  assert.match(render("spray"), /<a href="https:\/\/db-ip\.com" rel="noreferrer">IP Geolocation by DB-IP<\/a>/);
  assert.doesNotMatch(render("quiet"), /db-ip/);
  const none: Operators = { of: () => ({ operator: "", asn: 0, country: "" }), credits: [], [Symbol.dispose]() {} };
  assert.doesNotMatch(renderHtml(samples.spray(), { operators: none, now: sampleNow }), /db-ip/);
});

test("a page stays of a size that can be mailed, however much was found", () => {
  const base = samples.spray();
  const [campaign] = base.campaigns;
  assert.ok(campaign !== undefined);
  const targets = Array.from({ length: 50_000 }, (_, index) => ({
    account: `user${index}`,
    attempts: 1,
    exists: true,
    knewPassword: false,
  }));
  const campaigns = Array.from({ length: 500 }, (_, index) => ({ ...campaign, id: `C${index + 1}`, targets }));
  const findings = Array.from({ length: 5_000 }, () => base.findings).flat();
  const page = renderHtml({ ...base, campaigns, findings }, { operators: sampleOperators, now: sampleNow });
  assert.ok(page.length < 2_000_000, String(page.length));
});

/** WCAG 2 contrast of two colours written as "#rrggbb". */
function contrast(one: string, other: string): number {
  const luminance = (color: string): number => {
    const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
      const value = Number.parseInt(color.slice(at, at + 2), 16) / 255;
      return value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const [light = 0, dark = 0] = [luminance(one), luminance(other)].sort((left, right) => right - left);
  return (light + 0.05) / (dark + 0.05);
}

test("text has a contrast of 4.5:1 and what is drawn 3:1, in both schemes and on paper", () => {
  const schemes = [...style.matchAll(/:root\{[^}]*--ground[^}]*\}/g)].map(([rule]) => rule);
  assert.equal(schemes.length, 3);
  for (const rule of schemes) {
    const color = (variable: string): string => {
      const found = new RegExp(`--${variable}:(#[0-9a-f]{3,6})`).exec(rule)?.[1] ?? "";
      return found.length === 4 ? `#${found.slice(1).replaceAll(/./g, "$&$&")}` : found;
    };
    for (const text of ["ink", "soft", "attack", "fault", "quiet", "link"])
      assert.ok(contrast(color(text), color("ground")) >= 4.5, `${text}: ${contrast(color(text), color("ground"))}`);
    for (const drawn of ["stranger", "familiar", "success"])
      assert.ok(contrast(color(drawn), color("ground")) >= 3, `${drawn}: ${contrast(color(drawn), color("ground"))}`);
    assert.ok(contrast(color("stranger"), color("familiar")) >= 1.8);
  }
});
