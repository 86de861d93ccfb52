package main

import (
	"fmt"
	"go/ast"
	"strings"
)

// plain are the types that have no fields.
var plain = map[string]kind{
	"bool": kindFlag, "string": kindText, "int": kindInt, "int64": kindInt, "uint64": kindInt, "float64": kindFloat,
	"any":           kindAny,
	"time.Duration": kindSpan, "time.Time": kindTime, "packstream.Raw": kindRaw, "client.Version": kindVersion,
	"client.Profile": kindProfile, "protocol.Value": kindValue, "protocol.None": kindNone,
}

// resolve makes a type from its name in package pkg.
func (l *loader) resolve(pkg string, expr ast.Expr) (*typeRef, error) {
	switch expr := expr.(type) {
	case *ast.ArrayType:
		return l.holding(kindList, "[]", pkg, expr.Elt)
	case *ast.MapType:
		return l.holding(kindMap, "map[string]", pkg, expr.Value)
	case *ast.StarExpr:
		return l.holding(kindPointer, "*", pkg, expr.X)
	case *ast.FuncType:
		return &typeRef{kind: kindFunc}, nil
	case *ast.Ident:
		if k, is := plain[expr.Name]; is {
			return &typeRef{kind: k, goName: expr.Name}, nil
		}
	}
	name := qualified(pkg, expr)
	goName := strings.TrimPrefix(name, "protocol.")
	if k, is := plain[name]; is {
		return &typeRef{kind: k, goName: goName}, nil
	}
	d := l.types[name]
	if d == nil {
		return nil, fmt.Errorf("nothing is known of the type %s", name)
	}
	switch d.spec.Type.(type) {
	case *ast.StructType:
		s, err := l.structOf(name, goName, d)
		return &typeRef{kind: kindStruct, goName: goName, structType: s}, err
	case *ast.FuncType, *ast.InterfaceType:
		return &typeRef{kind: kindFunc}, nil
	}
	t, err := l.resolve(d.pkg, d.spec.Type)
	if err != nil || d.spec.Assign.IsValid() {
		return t, err
	}
	t.goName = goName
	if members := l.members[name]; t.kind == kindText && len(members) > 0 {
		t.enum = l.enumOf(name, d, members)
	}
	return t, nil
}

func (l *loader) holding(k kind, prefix, pkg string, expr ast.Expr) (*typeRef, error) {
	elem, err := l.resolve(pkg, expr)
	if err != nil {
		return nil, err
	}
	return &typeRef{kind: k, goName: prefix + elem.goName, elem: elem}, nil
}

func (l *loader) enumOf(name string, d *declared, members []enumMember) *enumType {
	if known := l.enums[name]; known != nil {
		return known
	}
	e := &enumType{goName: name, name: l.nameOf(name), doc: d.doc, members: members}
	l.enums[name] = e
	l.schema.enums = append(l.schema.enums, e)
	return e
}

// nameOf is the name of a type in TypeScript.
func (l *loader) nameOf(qualified string) string {
	if name := l.names[qualified]; name != "" {
		return name
	}
	_, name, _ := strings.Cut(qualified, ".")
	return name
}

func (l *loader) structOf(name, goName string, d *declared) (*structType, error) {
	if known := l.structs[name]; known != nil {
		return known, nil
	}
	s := &structType{goName: goName, name: l.nameOf(name), doc: d.doc, settings: d.pkg != "protocol"}
	l.structs[name] = s
	for _, entry := range d.spec.Type.(*ast.StructType).Fields.List {
		made, err := l.fieldsOf(d.pkg, entry)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		s.fields = append(s.fields, made...)
	}
	for _, f := range s.fields {
		s.profiled = s.profiled || f.tag.profiled && f.typeRef.kind != kindPointer
	}
	return s, nil
}

// fieldsOf reads one line of a struct, which may name several fields.
func (l *loader) fieldsOf(pkg string, entry *ast.Field) ([]*field, error) {
	t, err := parseTag(entry.Tag)
	if err != nil {
		return nil, err
	}
	if t.name == "-" {
		return nil, nil
	}
	ref, err := l.resolve(pkg, entry.Type)
	if err != nil || ref.kind == kindFunc {
		return nil, err
	}
	names := entry.Names
	if len(names) == 0 { // an embedded struct
		t.inline = true
		name := ref.structType.goName
		names = []*ast.Ident{{Name: name[strings.LastIndexByte(name, '.')+1:]}}
	}
	doc := entry.Doc.Text()
	if doc == "" {
		doc = entry.Comment.Text()
	}
	var made []*field
	for i, name := range names {
		if i > 0 {
			doc = "" // it is about all fields
		}
		f := &field{goName: name.Name, doc: doc, name: t.name, typeRef: ref, tag: t}
		if f.name == "" {
			f.name = lowerCamel(name.Name)
		}
		if group, inside, found := strings.Cut(f.name, "."); found {
			f.group, f.name = group, inside
		}
		if ref.kind == kindProfile && t.as == "" {
			f.tag.as = "DescribedProfile"
		}
		if f.tag.as != "" {
			d := l.types["protocol."+f.tag.as]
			if f.typeRef, err = l.resolve("protocol", d.spec.Name); err != nil {
				return nil, err
			}
		}
		made = append(made, f)
	}
	return made, nil
}
