// Package upstream says which Bolt servers a relay may reach, and reaches them.
//
// A page names a target as host:port. The target is allowed if it is one of the configured upstreams, or if a rule
// matches it. A name is resolved once; the addresses found are checked, and one of them is dialled, so a name that
// resolves to another address a moment later changes nothing.
package upstream
