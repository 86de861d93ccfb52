package main

import (
	"fmt"
	"go/ast"
	"reflect"
	"strconv"
	"strings"
	"unicode"
)

// tag is what a field's tag says; see package bridge/protocol.
type tag struct {
	name, as                                                      string
	optional, required, inverted, seconds, unknown, large, inline bool
	profiled, sparse                                              bool
	min                                                           *int
	one                                                           []string
}

func parseTag(literal *ast.BasicLit) (t tag, err error) {
	if literal == nil {
		return t, nil
	}
	text, err := strconv.Unquote(literal.Value)
	if err != nil {
		return t, err
	}
	name, options, _ := strings.Cut(reflect.StructTag(text).Get("js"), ",")
	t.name = name
	for option := range strings.SplitSeq(options, ",") {
		key, value, _ := strings.Cut(option, "=")
		flags := map[string]*bool{
			"optional": &t.optional, "required": &t.required, "inverted": &t.inverted, "seconds": &t.seconds,
			"unknown": &t.unknown,
			"large":   &t.large, "inline": &t.inline, "profiled": &t.profiled, "sparse": &t.sparse,
		}
		switch flag := flags[key]; {
		case flag != nil:
			*flag = true
		case key == "min":
			n, err := strconv.Atoi(value)
			if err != nil {
				return t, err
			}
			t.min = &n
		case key == "one":
			t.one = strings.Split(value, "|")
		case key == "as":
			t.as = value
		case key != "":
			return t, fmt.Errorf("the tag %s says %q, which is not known", literal.Value, option)
		}
	}
	return t, nil
}

// lowerCamel makes a name of JavaScript's: QueryID becomes queryId, and GQLStatuses gqlStatuses.
func lowerCamel(name string) string {
	runes := []rune(name)
	var b strings.Builder
	for i, r := range runes {
		inRun := i > 0 && unicode.IsUpper(runes[i-1])
		begins := i+1 < len(runes) && unicode.IsLower(runes[i+1])
		switch {
		case !unicode.IsUpper(r):
			b.WriteRune(r)
		case i == 0 || inRun && !begins:
			b.WriteRune(unicode.ToLower(r))
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// wireName makes connection.open of ConnectionOpen.
func wireName(name string) string {
	for _, prefix := range []string{"Connection", "Connector", "Pool", "Result"} {
		if rest, found := strings.CutPrefix(name, prefix); found && rest != "" {
			return strings.ToLower(prefix) + "." + lowerCamel(rest)
		}
	}
	return lowerCamel(name)
}
