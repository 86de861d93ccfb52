// Package client is the vocabulary of webbolt: what a profile, a connection, a transaction, a result, a record and
// an error are, whichever protocol carries them. It does no input or output of its own; package connect opens
// connections, and packages bolt and httpapi implement them.
//
// The names are those of py2neo.client in Go's form.
package client
