// Package packstream is PackStream version 1, the binary form of values in Bolt messages: appending values, and reading them with
// a cursor that copies nothing. It knows structures by tag and field count only; package values says what they mean.
//
// Source: PackStream specification, version 1 (Bolt documentation, "PackStream").
package packstream
