/** One statement of a text, and where it stands. */
export interface Statement {
  text: string;
  /** Of its first character in the whole text, from 0. */
  offset: number;
}

/** What is skipped as a whole: comments, texts in quotes, names in backticks; or else a semicolon. */
const token =
  /\/\/[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|'(?:\\[\s\S]|[^'\\])*(?:'|$)|"(?:\\[\s\S]|[^"\\])*(?:"|$)|`(?:``|[^`])*(?:`|$)|;/g;
const comment = /\/\/[^\n]*|\/\*[\s\S]*?(?:\*\/|$)/g;

/** The statements of a text that semicolons separate. Those of nothing but space and comments are left out. */
export function statementsOf(text: string): Statement[] {
  const statements: Statement[] = [];
  let from = 0;
  const add = (to: number): void => {
    const part = text.slice(from, to);
    if (part.replace(comment, "").trim() !== "") {
      const space = part.length - part.trimStart().length;
      statements.push({ text: part.trim(), offset: from + space });
    }
    from = to + 1;
  };
  for (const { 0: found, index } of text.matchAll(token)) if (found === ";") add(index);
  add(text.length);
  return statements;
}

/** The statement that the caret is in or behind. */
export function statementAt(text: string, caret: number): Statement | undefined {
  const statements = statementsOf(text);
  return statements.findLast(({ offset }) => offset <= caret) ?? statements[0];
}
