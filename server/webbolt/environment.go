package main

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

const prefix = "WEBBOLT_"

// kubernetes matches the variables that Kubernetes sets for a service whose name begins with webbolt, and their values.
var kubernetes = regexp.MustCompile(
	`^WEBBOLT_([A-Z0-9_]+_)?(SERVICE_HOST=|SERVICE_PORT(_[A-Z0-9_]+)?=\d+$|PORT(_\d+_(TCP|UDP|SCTP))?=(tcp|udp|sctp)://|PORT_\d+_(TCP|UDP|SCTP)_(PROTO|PORT|ADDR)=)`)

// ownTests matches variables that this project's own tests and tools set for each other.
var ownTests = regexp.MustCompile(`^WEBBOLT_(NEO4J_[0-9_]+|RELAY|MATRIX|MAY_WIPE|SOAK|WASM|BE_THE_COMMAND)=`)

// readEnvironment returns the values of the options' variables. A variable with the prefix of one that is unknown is an
// error, since it was meant as a setting; so is one without a value.
func readEnvironment(environment []string) (map[string][]string, error) {
	isList := map[string]bool{configOption.environment(): false}
	for _, o := range options {
		isList[o.environment()] = o.list != nil
	}
	variables := map[string][]string{}
	var wrong []error
	for _, line := range slices.Sorted(slices.Values(environment)) {
		name, text, _ := strings.Cut(line, "=")
		list, known := isList[name]
		switch {
		case !strings.HasPrefix(name, prefix), !known && (kubernetes.MatchString(line) || ownTests.MatchString(line)):
		case !known:
			wrong = append(wrong, fmt.Errorf("%s: there is no such setting; see webbolt relay --help", name))
		case text == "" || list && slices.Contains(strings.Split(text, ","), ""):
			wrong = append(wrong, fmt.Errorf("%s: %w", name, errEmpty))
		case list:
			variables[name] = strings.Split(text, ",")
		default:
			variables[name] = []string{text}
		}
	}
	return variables, errors.Join(wrong...)
}
