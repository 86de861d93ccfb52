// Package rowblock turns records into row blocks, the flat form in which results are passed to JavaScript: one buffer
// for many rows, which is transferred to the page and read lazily, by row or by column.
//
// A [Writer] walks the PackStream bytes of records straight into a block. It makes no Go values in between and
// allocates nothing per value. The layout, its version and the rules for readers are in docs/rowblock.md; layout.go
// names its numbers.
package rowblock
