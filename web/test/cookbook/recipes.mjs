/** The recipes of a Markdown text: title → [{language, code}], in their order. */
export function recipesOf(markdown) {
  const recipes = new Map();
  for (const section of markdown.split(/^## /m).slice(1)) {
    const title = section.slice(0, section.indexOf("\n")).trim();
    recipes.set(
      title,
      [...section.matchAll(/^```(\w+)\n(.*?)^```$/gms)].map(([, language, code]) => ({ language, code })),
    );
  }
  return recipes;
}
