package main

import (
	"errors"
	"fmt"
	"reflect"
	"strings"

	"github.com/goccy/go-yaml/ast"
)

// shape puts a configuration file's tree into the settings. It is strict, because an ignored entry would be a rule that
// is not applied: nothing may be unknown, empty, given twice, or of another kind than its setting. Errors never show a
// value, which can be a secret.
type shape struct {
	from  *source
	wrong []error
}

// mayBeEmpty are lists that allow nothing when they are empty. For others an empty list would be no rule.
var mayBeEmpty = map[string]bool{"allow": true, "origins": true, "trusted_proxies": true, "connect_sources": true,
	"procedures": true}

var (
	errEmpty  = errors.New("there is no value; leave the setting out, or give it one")
	errTwice  = errors.New("this setting is there twice")
	errIndent = errors.New("this is not a map of settings")
	errList   = errors.New("this must be a list, as [a, b], or lines that begin with -")
	errText   = errors.New("this must be a single value")
	errBool   = errors.New("this must be true or false")
	errClever = errors.New("anchors, aliases, tags and merge keys are not taken; write the value itself, in quotes " +
		"if it begins with &, *, ! or <<")
)

func (s *shape) add(node ast.Node, path string, err error) {
	where := s.from.name
	if node != nil && node.GetToken() != nil {
		where = fmt.Sprintf("%s:%d", s.from.name, node.GetToken().Position.Line)
	}
	if path != "" {
		err = fmt.Errorf("%s: %w", strings.ReplaceAll(path, hiddenDot, "."), err)
	}
	s.wrong = append(s.wrong, fmt.Errorf("%s: %w", where, err))
}

// file puts the whole file in.
func (s *shape) file(tree *ast.File, into *settings) error {
	var bodies []*ast.DocumentNode
	for i, document := range tree.Docs {
		if document.Body != nil || i > 0 {
			bodies = append(bodies, document)
		}
	}
	if len(bodies) == 0 {
		return fmt.Errorf("%s: the file holds no settings", s.from.name)
	}
	s.value(bodies[0].Body, bodies[0].Body, reflect.ValueOf(into).Elem(), "")
	for _, more := range bodies[1:] {
		line := more.Body
		if line == nil {
			s.add(bodies[0].Body, "", errors.New("a second document follows; there must be one"))
			continue
		}
		s.add(line, "", errors.New("a second document begins here; there must be one"))
	}
	return errors.Join(s.wrong...)
}

// value puts a node into a setting; at is where the setting's name is.
func (s *shape) value(at, node ast.Node, into reflect.Value, path string) {
	switch node.(type) {
	case *ast.NullNode, nil:
		s.add(at, path, errEmpty)
		return
	case *ast.AnchorNode, *ast.AliasNode, *ast.TagNode, *ast.MergeKeyNode, *ast.DirectiveNode:
		s.add(at, path, errClever)
		return
	}
	switch into.Kind() {
	case reflect.Pointer:
		into.Set(reflect.New(into.Type().Elem()))
		s.value(at, node, into.Elem(), path)
	case reflect.Struct, reflect.Map:
		s.members(at, node, into, path)
	case reflect.Slice:
		s.list(at, node, into, path)
	case reflect.Bool:
		if b, ok := node.(*ast.BoolNode); ok {
			into.SetBool(b.Value)
			return
		}
		s.add(at, path, errBool)
	default:
		text, err := textOf(node)
		if err != nil {
			s.add(at, path, err)
			return
		}
		into.SetString(text)
	}
}

func (s *shape) members(at, node ast.Node, into reflect.Value, path string) {
	var members []*ast.MappingValueNode
	switch n := node.(type) {
	case *ast.MappingNode:
		members = n.Values
	case *ast.MappingValueNode:
		members = []*ast.MappingValueNode{n}
	default:
		s.add(at, path, errIndent)
		return
	}
	if len(members) == 0 {
		s.add(at, path, errEmpty)
	}
	seen := map[string]bool{}
	for _, member := range members {
		name, err := textOf(member.Key)
		if err != nil {
			s.add(member.Key, path, err)
			continue
		}
		inner := strings.TrimPrefix(path+"."+strings.ReplaceAll(name, ".", hiddenDot), ".")
		field := fieldOf(into, name)
		switch {
		case into.Kind() == reflect.Struct && !field.IsValid():
			s.unknown(member, name, path)
		case seen[name]:
			s.add(member.Key, inner, errTwice)
		case into.Kind() == reflect.Map:
			s.entry(member, into, name, inner)
		default:
			s.value(member.Key, member.Value, field, inner)
		}
		seen[name] = true
	}
}

// entry adds a member of a map whose names are free.
func (s *shape) entry(member *ast.MappingValueNode, into reflect.Value, name, path string) {
	if into.IsNil() {
		into.Set(reflect.MakeMap(into.Type()))
	}
	value := reflect.New(into.Type().Elem()).Elem()
	s.value(member.Key, member.Value, value, path)
	into.SetMapIndex(reflect.ValueOf(name), value)
}

// unknown shows a name only if it has a value and looks like a setting; otherwise it may be half of a secret.
func (s *shape) unknown(member *ast.MappingValueNode, name, path string) {
	_, isNull := member.Value.(*ast.NullNode)
	if isNull || member.Value == nil || len(name) > 30 || strings.Trim(
		strings.ToLower(name), "abcdefghijklmnopqrstuvwxyz_") != "" {
		s.add(member.Key, path, errors.New("there is something here that is no setting"))
		return
	}
	s.add(member.Key, path, fmt.Errorf("unknown field %q", name))
}

func (s *shape) list(at, node ast.Node, into reflect.Value, path string) {
	sequence, ok := node.(*ast.SequenceNode)
	if !ok {
		s.add(at, path, errList)
		return
	}
	if len(sequence.Values) == 0 && !mayBeEmpty[path[strings.LastIndexByte(path, '.')+1:]] {
		s.add(at, path, errors.New("an empty list would allow all; leave it out for that"))
		return
	}
	list := reflect.MakeSlice(into.Type(), len(sequence.Values), len(sequence.Values))
	for i, element := range sequence.Values {
		line := element
		if line == nil {
			line = at
		}
		s.value(line, element, list.Index(i), fmt.Sprintf("%s[%d]", path, i))
	}
	into.Set(list)
}

// textOf is a scalar as it is written: 007 stays 007, and yes stays yes.
func textOf(node ast.Node) (string, error) {
	text := ""
	switch n := node.(type) {
	case *ast.StringNode:
		text = n.Value
	case *ast.LiteralNode:
		text = n.Value.Value
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode, *ast.InfinityNode, *ast.NanNode:
		text = n.GetToken().Value
	case *ast.NullNode, nil:
		return "", errEmpty
	case *ast.AnchorNode, *ast.AliasNode, *ast.TagNode, *ast.MergeKeyNode:
		return "", errClever
	default:
		return "", errText
	}
	if text == "" {
		return "", errEmpty
	}
	return text, nil
}

// fieldOf is the setting of this name; not valid if there is none.
func fieldOf(group reflect.Value, name string) reflect.Value {
	for i := 0; group.Kind() == reflect.Struct && i < group.NumField(); i++ {
		if group.Type().Field(i).Tag.Get("yaml") == name {
			return group.Field(i)
		}
	}
	return reflect.Value{}
}
