// Package cypher reads the words of Cypher texts, so that a guard can tell what a text names. It knows no grammar.
//
// A guard is useless if it reads a text differently from the server. So the reader fails closed: where servers could
// disagree with it about where a word, a string or a comment begins or ends, it gives an error and the text is refused.
// It was made from the lexical rules of Neo4j 4.4 (both of its parsers), 5 and 2026 (Cypher 5 and 25, and the parser of
// options such as EXPLAIN that runs before them), and tests hold it to what these servers do.
//
// What servers agree on:
//   - Strings are in ' or ", a backslash takes the next character along; names are in backticks, which are escaped by
//     doubling; a line comment ends at CR or LF; a block comment ends at the first */.
//   - The longest word wins, so that a letter, digit or underscore beside a word belongs to it.
//
// What they do not agree on, and the reader therefore refuses:
//   - \u escapes, which are read before all else by some, by their own rules.
//   - A number with a word behind it (CYPHER 5USE): one word, or two.
//   - A quotation mark behind a word (s'{code}'): a string with code in it, or not.
//   - Characters beyond ASCII are parts of names or not; see isLetter.
package cypher
