package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// folders are the packages whose types may cross, by name.
var folders = map[string]string{"protocol": "bridge/protocol", "client": "client", "pool": "pool"}

// declared is a type as its package declares it.
type declared struct {
	pkg  string
	spec *ast.TypeSpec
	doc  string
}

// loader resolves types of the packages.
type loader struct {
	types   map[string]*declared // by qualified name, such as client.Options
	names   map[string]string    // their names in TypeScript, where protocol has an alias
	members map[string][]enumMember
	structs map[string]*structType
	enums   map[string]*enumType
	schema  *schema
}

func load(root string) (*schema, error) {
	l := &loader{
		types: map[string]*declared{}, names: map[string]string{}, members: map[string][]enumMember{},
		structs: map[string]*structType{}, enums: map[string]*enumType{}, schema: &schema{},
	}
	for _, pkg := range []string{"client", "pool", "protocol"} {
		if err := l.parse(pkg, filepath.Join(root, folders[pkg])); err != nil {
			return nil, err
		}
	}
	var err error
	if l.schema.methods, err = l.methods("Methods", true); err != nil {
		return nil, err
	}
	if l.schema.callbacks, err = l.methods("Callbacks", false); err != nil {
		return nil, err
	}
	for name, written := range map[string]bool{"ToEngine": false, "Answer": true, "Ask": true, "ResultEvent": true,
		"OwnerEvent": true} {
		if err := l.use(&ast.Ident{Name: name}, written); err != nil {
			return nil, err
		}
	}
	l.order()
	return l.schema, nil
}

// parse reads the types and constants of a package, without tests and generated code.
func (l *loader) parse(pkg, folder string) error {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return err
	}
	for _, entry := range entries {
		name := entry.Name()
		if !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") || name == "codec.go" {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), filepath.Join(folder, name), nil, parser.ParseComments)
		if err != nil {
			return err
		}
		for _, decl := range file.Decls {
			if general, is := decl.(*ast.GenDecl); is {
				l.add(pkg, general)
			}
		}
	}
	return nil
}

func (l *loader) add(pkg string, decl *ast.GenDecl) {
	for _, spec := range decl.Specs {
		switch spec := spec.(type) {
		case *ast.TypeSpec:
			doc := spec.Doc.Text()
			if doc == "" {
				doc = decl.Doc.Text()
			}
			l.types[pkg+"."+spec.Name.Name] = &declared{pkg, spec, doc}
			if aliased, is := spec.Type.(*ast.SelectorExpr); is && spec.Assign.IsValid() && pkg == "protocol" {
				l.names[qualified(pkg, aliased)] = spec.Name.Name
			}
		case *ast.ValueSpec:
			if decl.Tok == token.CONST && spec.Type != nil && len(spec.Values) == 1 {
				if literal, is := spec.Values[0].(*ast.BasicLit); is && literal.Kind == token.STRING {
					value, _ := strconv.Unquote(literal.Value)
					of := l.original(qualified(pkg, spec.Type))
					l.members[of] = append(l.members[of], enumMember{value, strings.TrimSpace(spec.Comment.Text())})
				}
			}
		}
	}
}

// original is the type that protocol has an alias for, or the type itself.
func (l *loader) original(name string) string {
	for aliased, alias := range l.names {
		if name == "protocol."+alias {
			return aliased
		}
	}
	return name
}

// qualified is the name of a type, such as client.Options; "" for what has none.
func qualified(pkg string, expr ast.Expr) string {
	switch expr := expr.(type) {
	case *ast.Ident:
		return pkg + "." + expr.Name
	case *ast.SelectorExpr:
		return expr.X.(*ast.Ident).Name + "." + expr.Sel.Name
	}
	return ""
}

// methods reads one of the interfaces.
func (l *loader) methods(name string, called bool) ([]method, error) {
	var methods []method
	for _, m := range l.types["protocol."+name].spec.Type.(*ast.InterfaceType).Methods.List {
		signature := m.Type.(*ast.FuncType)
		made := method{goName: m.Names[0].Name, doc: m.Doc.Text()}
		made.wireName = wireName(made.goName)
		var err error
		if made.arguments, err = l.resolve("protocol", signature.Params.List[0].Type); err != nil {
			return nil, fmt.Errorf("%s: %w", made.goName, err)
		}
		if made.result, err = l.resolve("protocol", signature.Results.List[0].Type); err != nil {
			return nil, fmt.Errorf("%s: %w", made.goName, err)
		}
		mark(made.arguments, !called)
		mark(made.result, called)
		if given := made.arguments; called {
			given.structType.made = true
		} else if given = made.result; given.structType != nil {
			given.structType.made = true
		}
		methods = append(methods, made)
	}
	return methods, nil
}

// use marks a message's type.
func (l *loader) use(name *ast.Ident, written bool) error {
	t, err := l.resolve("protocol", name)
	if err != nil {
		return err
	}
	mark(t, written)
	return nil
}

// mark notes in which direction a type, and all types in it, cross.
func mark(t *typeRef, written bool) { markAs(t, written, false) }

func markAs(t *typeRef, written, inline bool) {
	if t == nil {
		return
	}
	mark(t.elem, written)
	if t.elem != nil && t.elem.structType != nil {
		t.elem.structType.made = t.elem.structType.made || !written
	}
	s := t.structType
	if s != nil && !inline {
		s.direct = true
	}
	if s == nil || written && s.written || !written && s.read {
		return
	}
	if written {
		s.written = true
	} else {
		s.read = true
	}
	for _, f := range s.fields {
		markAs(f.typeRef, written, f.tag.inline)
	}
}

// order sorts structs so that each comes after those that it needs.
func (l *loader) order() {
	placed := map[*structType]bool{}
	var place func(t *typeRef)
	place = func(t *typeRef) {
		if t == nil {
			return
		}
		place(t.elem)
		s := t.structType
		if s == nil || placed[s] {
			return
		}
		placed[s] = true
		for _, f := range s.fields {
			place(f.typeRef)
		}
		l.schema.structs = append(l.schema.structs, s)
	}
	for _, m := range append(append([]method(nil), l.schema.methods...), l.schema.callbacks...) {
		place(m.arguments)
		place(m.result)
	}
	for _, name := range []string{"ToEngine", "Answer", "Ask", "ResultEvent", "OwnerEvent"} {
		place(&typeRef{structType: l.structs["protocol."+name]})
	}
}
