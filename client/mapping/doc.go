// Package mapping decodes records straight into Go values of a program's own types: the bytes of PackStream go into
// struct fields, without maps or values of any in between. Package webbolt is its public face; its documentation tells
// the rules for programs.
//
// [New] reads a type by reflection once and makes a plan of decoders. Decoders write through pointers to fields, whose
// offsets the plan knows; so package unsafe is used here, and only with memory whose type the plan was made of.
package mapping
