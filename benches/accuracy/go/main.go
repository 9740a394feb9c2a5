// Command accuracy says what the Go type checker knows of a tree's use of generated gRPC code: every call of
// a stub, every field of a message that is read or written, one row of tab-separated values each.
//
//	go run . TREE > truth.tsv
//
// The rows are: kind (file, call, read, write), owner, name, file, line of the name, first line of the
// expression. Owners and names are those of the contract as far as the generated code tells them.
package main

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"io/fs"
	"log"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/tools/go/packages"
)

func main() {
	log.SetFlags(0)
	if len(os.Args) != 2 {
		log.Fatal("usage: accuracy TREE")
	}
	root, err := filepath.Abs(os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	modules, contracts := survey(root)
	rows := map[string]bool{}
	for _, module := range modules {
		judge := newJudge(root, contracts, rows)
		judge.module(module)
	}
	for _, row := range slices.Sorted(maps.Keys(rows)) {
		fmt.Println(row)
	}
}

// survey finds the modules of a tree, and its contracts.
func survey(root string) (modules, contracts []string) {
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return nil
		}
		switch name := entry.Name(); {
		case entry.IsDir() && (name == ".git" || name == "node_modules" || name == "vendor" || name == "testdata"):
			return filepath.SkipDir
		case name == "go.mod":
			modules = append(modules, filepath.Dir(path))
		case strings.HasSuffix(name, ".proto"):
			contracts = append(contracts, filepath.ToSlash(path))
		}
		return nil
	})
	if err != nil {
		log.Fatal(err)
	}
	return modules, contracts
}

// judge collects the rows of one module.
type judge struct {
	root      string
	contracts []string
	rows      map[string]bool
	fset      *token.FileSet
	info      *types.Info
	generated map[string]bool
	owners    map[*types.Package]map[string]*types.Named
}

func newJudge(root string, contracts []string, rows map[string]bool) *judge {
	return &judge{root: root, contracts: contracts, rows: rows,
		generated: map[string]bool{}, owners: map[*types.Package]map[string]*types.Named{}}
}

func (j *judge) module(dir string) {
	mode := packages.NeedName | packages.NeedFiles | packages.NeedCompiledGoFiles | packages.NeedImports |
		packages.NeedTypes | packages.NeedSyntax | packages.NeedTypesInfo | packages.NeedModule
	config := packages.Config{Mode: mode, Dir: dir, Env: append(os.Environ(), "GOWORK=off", "GOFLAGS=-mod=mod")}
	found, err := packages.Load(&config, "./...")
	if err != nil {
		log.Printf("%s: %v", dir, err)
		return
	}
	for _, pkg := range found {
		for _, problem := range pkg.Errors {
			log.Printf("%s: %v", pkg.PkgPath, problem)
		}
		j.fset, j.info = pkg.Fset, pkg.TypesInfo
		for _, file := range pkg.Syntax {
			j.file(file)
		}
	}
}

func (j *judge) file(file *ast.File) {
	path := j.fset.Position(file.Pos()).Filename
	relative, err := filepath.Rel(j.root, path)
	if err != nil || strings.HasPrefix(relative, "..") || strings.HasSuffix(path, "_test.go") || ast.IsGenerated(file) {
		return
	}
	j.rows[strings.Join([]string{"file", "", "", relative, "0", "0"}, "\t")] = true
	written := writes(file)
	ast.Inspect(file, func(node ast.Node) bool {
		switch node := node.(type) {
		case *ast.CompositeLit:
			j.literal(node)
		case *ast.SelectorExpr:
			j.selector(node, written[node])
		}
		return true
	})
}

// access is what happens to a place.
type access int

const (
	read access = iota
	write
	both
)

// writes finds the selectors that are assigned to.
func writes(file *ast.File) map[*ast.SelectorExpr]access {
	found := map[*ast.SelectorExpr]access{}
	note := func(place ast.Expr, what access) {
		if selector, ok := ast.Unparen(place).(*ast.SelectorExpr); ok {
			found[selector] = what
		}
	}
	ast.Inspect(file, func(node ast.Node) bool {
		switch node := node.(type) {
		case *ast.AssignStmt:
			for _, place := range node.Lhs {
				if node.Tok == token.ASSIGN {
					note(place, write)
				} else if node.Tok != token.DEFINE {
					note(place, both)
				}
			}
		case *ast.IncDecStmt:
			note(node.X, both)
		}
		return true
	})
	return found
}

// literal notes the keys of a message that is made.
func (j *judge) literal(literal *ast.CompositeLit) {
	for _, element := range literal.Elts {
		pair, ok := element.(*ast.KeyValueExpr)
		if !ok {
			continue
		}
		key, ok := pair.Key.(*ast.Ident)
		if !ok {
			continue
		}
		if field, ok := j.info.ObjectOf(key).(*types.Var); ok && field.IsField() {
			j.variable("write", field, key, literal)
		}
	}
}

func (j *judge) selector(selector *ast.SelectorExpr, what access) {
	selection := j.info.Selections[selector]
	if selection == nil {
		return
	}
	name := selection.Obj().Name()
	if field, ok := selection.Obj().(*types.Var); ok {
		if what != read {
			j.variable("write", field, selector.Sel, selector)
		}
		if what != write {
			j.variable("read", field, selector.Sel, selector)
		}
		return
	}
	function, ok := selection.Obj().(*types.Func)
	if !ok {
		return
	}
	receiver := function.Type().(*types.Signature).Recv()
	if receiver == nil {
		return
	}
	named := namedOf(receiver.Type())
	if named == nil || !j.isContract(named.Obj()) {
		return
	}
	if types.IsInterface(named) {
		if isStub(named) {
			service := strings.TrimSuffix(named.Obj().Name(), "Client")
			j.row("call", service, name, selector.Sel, selector)
		}
		return
	}
	for prefix, kind := range map[string]string{"Get": "read", "Has": "read", "Set": "write", "Clear": "write"} {
		if rest, ok := strings.CutPrefix(name, prefix); ok && rest != "" && (prefix == "Get" || hasField(named, rest)) {
			j.field(kind, named, rest, selector.Sel, selector)
		}
	}
}

// variable notes a field of a struct. The struct it was declared in counts, also where the code has given
// that another name (`type Event pb.Event`).
func (j *judge) variable(kind string, field *types.Var, at, whole ast.Node) {
	if !j.isContract(field) {
		return
	}
	if named := j.ownerOf(field); named != nil {
		j.field(kind, named, field.Name(), at, whole)
	}
}

// ownerOf finds the struct by the place of the field: what is read from the compiled form of a package has fields
// of its own for each type that was defined as the struct.
func (j *judge) ownerOf(field *types.Var) *types.Named {
	owners, seen := j.owners[field.Pkg()]
	place := func(field *types.Var) string { return j.fset.Position(field.Pos()).String() }
	if !seen {
		owners = map[string]*types.Named{}
		for _, name := range field.Pkg().Scope().Names() {
			object, ok := field.Pkg().Scope().Lookup(name).(*types.TypeName)
			if !ok || object.IsAlias() {
				continue
			}
			structure, ok := object.Type().Underlying().(*types.Struct)
			for i := 0; ok && i < structure.NumFields(); i++ {
				owners[place(structure.Field(i))] = namedOf(object.Type())
			}
		}
		j.owners[field.Pkg()] = owners
	}
	return owners[place(field)]
}

// field notes a field by its name on the wire; the interface that stands for a whole oneof is none.
func (j *judge) field(kind string, named *types.Named, name string, at, whole ast.Node) {
	owner := named.Obj().Name()
	if structure, ok := named.Underlying().(*types.Struct); ok {
		for i := range structure.NumFields() {
			if structure.Field(i).Name() != name {
				continue
			}
			tag := structure.Tag(i)
			if strings.Contains(tag, "protobuf_oneof:") || !strings.Contains(tag, "protobuf:") {
				return
			}
			// The wrapper of a member of a oneof is named after its message and the member.
			if structure.NumFields() == 1 && strings.Contains(tag, ",oneof") && !structure.Field(i).Embedded() {
				owner = strings.TrimRight(strings.TrimSuffix(strings.TrimRight(owner, "_"), name), "_")
			}
			name = wireName(tag, name)
			break
		}
		if isOneof(structure, name) {
			return
		}
	}
	j.row(kind, owner, name, at, whole)
}

// isOneof tells the getter of a whole oneof.
func isOneof(structure *types.Struct, name string) bool {
	for i := range structure.NumFields() {
		if structure.Field(i).Name() == name && strings.Contains(structure.Tag(i), "protobuf_oneof:") {
			return true
		}
	}
	return false
}

func hasField(named *types.Named, name string) bool {
	structure, ok := named.Underlying().(*types.Struct)
	if !ok {
		return false
	}
	for i := range structure.NumFields() {
		field := structure.Field(i).Name()
		if field == name || field == "xxx_hidden_"+name {
			return true
		}
	}
	return false
}

func wireName(tag, name string) string {
	_, rest, found := strings.Cut(tag, "name=")
	if !found {
		return name
	}
	return strings.FieldsFunc(rest, func(r rune) bool { return r == ',' || r == '"' })[0]
}

func (j *judge) row(kind, owner, name string, at, whole ast.Node) {
	place, start := j.fset.Position(at.Pos()), j.fset.Position(whole.Pos())
	relative, err := filepath.Rel(j.root, place.Filename)
	if err != nil {
		return
	}
	row := []string{kind, owner, name, relative, fmt.Sprint(place.Line), fmt.Sprint(start.Line)}
	j.rows[strings.Join(row, "\t")] = true
}

// isContract says whether a type was generated from a contract of this tree.
func (j *judge) isContract(object types.Object) bool {
	if object.Pkg() == nil {
		return false
	}
	path := j.fset.Position(object.Pos()).Filename
	known, seen := j.generated[path]
	if !seen {
		known = j.isGenerated(path)
		j.generated[path] = known
	}
	return known
}

// isGenerated reads the head of a file: generated, from a contract that the tree holds. Old generators of
// stubs do not name the contract, but stand beside the messages, whose generator does.
func (j *judge) isGenerated(path string) bool {
	source, generated := sourceOf(path)
	beside, _ := filepath.Glob(filepath.Join(filepath.Dir(path), "*.pb.go"))
	for i := 0; generated && source == "" && i < len(beside); i++ {
		source, _ = sourceOf(beside[i])
	}
	return source != "" && slices.ContainsFunc(j.contracts, func(contract string) bool {
		return strings.HasSuffix(contract, "/"+source)
	})
}

// sourceOf is the contract that a generated file names in its head.
func sourceOf(path string) (source string, generated bool) {
	text, err := os.ReadFile(path)
	if err != nil {
		return "", false
	}
	head, _, _ := strings.Cut(string(text), "\npackage ")
	if !strings.Contains(head, "Code generated by protoc-gen") {
		return "", false
	}
	_, source, _ = strings.Cut(head, "source: ")
	source, _, _ = strings.Cut(source, "\n")
	return strings.TrimSpace(source), true
}

// isStub tells client stubs from other generated interfaces by their constructor.
func isStub(named *types.Named) bool {
	name := named.Obj().Name()
	return strings.HasSuffix(name, "Client") && named.Obj().Pkg().Scope().Lookup("New"+name) != nil
}

func namedOf(typ types.Type) *types.Named {
	if typ == nil {
		return nil
	}
	typ = types.Unalias(typ)
	if pointer, ok := typ.(*types.Pointer); ok {
		typ = types.Unalias(pointer.Elem())
	}
	named, _ := typ.(*types.Named)
	return named
}
