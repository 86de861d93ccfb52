// Writes docs/javascript.md, the reference of the npm package, from the types and comments of web/src.
//
//   node main.mjs            writes it
//   node main.mjs -check     fails if it is not what would be written
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Application, ReflectionKind } from "typedoc";

const root = fileURLToPath(new URL("../../", import.meta.url));
const target = root + "docs/javascript.md";
const width = 120;

const app = await Application.bootstrap({
  entryPoints: [root + "web/src/index.ts"],
  tsconfig: root + "web/tsconfig.json",
  basePath: root,
  readme: "none",
  excludePrivate: true,
  excludeInternal: true,
  excludeExternals: true,
  disableSources: true,
  skipErrorChecking: true,
  sort: ["source-order"],
  logLevel: "Error",
});
const project = await app.convert();
if (!project) throw new Error("TypeDoc could not read web/src");

/** A comment's text. */
function textOf(comment) {
  const parts = (comment?.summary ?? []).map(({ text }) => text);
  for (const { tag, content } of comment?.blockTags ?? []) {
    parts.push(` ${tag.slice(1)}: ${content.map(({ text }) => text).join("")}`);
  }
  return parts.join("").trim();
}

/** Breaks text into lines, but for its code; those after the first start with the indent. */
function wrap(text, indent = "") {
  const paragraphs = part =>
    part
      .trim()
      .split(/\n{2,}/)
      .map(paragraph => fill(paragraph, indent))
      .join("\n\n");
  const parts = text.split(/(^```[\s\S]*?^```)/m).map(part => (part.startsWith("```") ? part : paragraphs(part)));
  return parts.filter(Boolean).join("\n\n");
}

function fill(paragraph, indent) {
  const lines = [];
  let line = "";
  for (const word of paragraph.split(/\s+/)) {
    if (line && line.length + 1 + word.length > width) {
      lines.push(line);
      line = indent + word;
    } else {
      line += (line ? " " : "") + word;
    }
  }
  return [...lines, line].join("\n");
}

function parameter({ name, type, flags, defaultValue }) {
  const optional = flags.isOptional || defaultValue !== undefined ? "?" : "";
  return `${flags.isRest ? "..." : ""}${name === "__namedParameters" ? "options" : name}${optional}: ${type}`;
}

function typeParameters(of) {
  const names = (of.typeParameters ?? []).map(({ name, type, default: preset }) => {
    return name + (type ? ` extends ${type}` : "") + (preset ? ` = ${preset}` : "");
  });
  return names.length > 0 ? `<${names.join(", ")}>` : "";
}

function signature(of, name = of.name) {
  return `${name}${typeParameters(of)}(${(of.parameters ?? []).map(parameter).join(", ")}): ${of.type}`;
}

/** A member's code and comment, one for each overload. */
function member(of, owner) {
  const before = of.flags.isStatic ? `${owner}.` : "";
  if (of.signatures) {
    return of.signatures.map(one => {
      if (of.kind === ReflectionKind.Constructor) {
        return [`new ${owner}(${(one.parameters ?? []).map(parameter).join(", ")})`, one.comment];
      }
      return [signature(one, before + of.name), one.comment ?? of.comment];
    });
  }
  if (of.getSignature) return [[`${before}${of.name}: ${of.getSignature.type}`, of.getSignature.comment]];
  return [[`${before}${of.name}${of.flags.isOptional ? "?" : ""}: ${of.type ?? "…"}`, of.comment]];
}

/** A list of members, a line for each. */
function members(children, owner) {
  const own = children.filter(child => !child.inheritedFrom && !child.flags.isPrivate);
  return own
    .flatMap(child => member(child, owner))
    .map(([code, comment]) => {
      const text = textOf(comment);
      return fill(`- \`${code.replaceAll("`", "'")}\`${text ? ` – ${text}` : ""}`, "  ");
    })
    .join("\n");
}

const code = text => "```ts\n" + text + "\n```";

function section(of) {
  const inner = of.children ?? of.type?.declaration?.children;
  const parts = [`### ${of.name}`];
  if (of.signatures) {
    for (const one of of.signatures) parts.push(code(signature(one)), wrap(textOf(one.comment)));
  } else if (inner) {
    if (of.extendedTypes?.length) parts.push(code(`${of.name} extends ${of.extendedTypes.join(", ")}`));
    parts.push(wrap(textOf(of.comment)), members(inner, of.name));
  } else {
    const [word, sign] = of.kind === ReflectionKind.Variable ? ["const", ":"] : ["type", " ="];
    parts.push(code(`${word} ${of.name}${typeParameters(of)}${sign} ${of.type}`), wrap(textOf(of.comment)));
  }
  return parts.filter(Boolean).join("\n\n");
}

const groups = [
  ["Functions and constants", ReflectionKind.Function | ReflectionKind.Variable],
  ["Classes", ReflectionKind.Class],
  ["Interfaces and types", ReflectionKind.Interface | ReflectionKind.TypeAlias],
].map(([title, kinds]) => ({ title, all: project.children.filter(({ kind }) => kind & kinds) }));

/** Where a name is linked to: headings that differ only in case are numbered. */
const anchors = new Map();
const taken = new Map();
for (const { all } of groups) {
  for (const of of all) {
    const slug = of.name.toLowerCase();
    const before = taken.get(slug) ?? 0;
    taken.set(slug, before + 1);
    anchors.set(of, before ? `${slug}-${before}` : slug);
  }
}

const text =
  [
    "# The JavaScript API",
    "Made from the comments of web/src by `make docs`: change those, not this.",
    ...groups.map(({ title, all }) => {
      return fill(`${title}: ${all.map(of => `[${of.name}](#${anchors.get(of)})`).join(", ")}`, "");
    }),
    ...groups.flatMap(({ title, all }) => [`## ${title}`, ...all.map(section)]),
  ].join("\n\n") + "\n";

if (process.argv.includes("-check")) {
  if (readFileSync(target, "utf8") !== text) {
    console.error("docs/javascript.md is not what the comments of web/src say: run make docs");
    process.exit(1);
  }
} else {
  writeFileSync(target, text);
}
