// Package mapping decodes records straight into Go values of a program's own types: the bytes of PackStream go into
// struct fields, without maps or values of any in between. Package webbolt is its public API, whose documentation has
// the rules for programs.
//
// [New] reads a type by reflection once and makes a plan of decoders. Decoders write through pointers to fields, whose
// offsets the plan knows; so this package uses package unsafe, only with memory of the plan's type.
package mapping
