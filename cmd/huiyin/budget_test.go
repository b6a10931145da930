package main_test

import (
	"go/ast"
	"go/token"
	"path"
	"slices"
	"testing"
)

const (
	maxFileLines     = 400
	maxFunctionLines = 60
)

// saysNothing are names that a room may not have, because they tell no duty.
var saysNothing = []string{"models", "store", "utils", "common", "service", "manager"}

func TestPackagesSayTheirDuty(t *testing.T) {
	for _, r := range readHouse(t) {
		if r.hasCode() && !slices.ContainsFunc(r.files, func(f *file) bool { return !f.test && f.syntax.Doc != nil }) {
			t.Errorf("%s: no file opens with a package comment", r.dir)
		}
		for _, f := range r.files {
			if slices.Contains(saysNothing, f.syntax.Name.Name) || slices.Contains(saysNothing, path.Base(r.dir)) {
				t.Errorf("%s: the package name %s says nothing about its duty", f.name, f.syntax.Name.Name)
			}
		}
	}
}

func TestSizes(t *testing.T) {
	eachWritten(t, func(f *file) {
		if f.lines > maxFileLines {
			t.Errorf("%s: %d lines, at most %d", f.name, f.lines, maxFileLines)
		}
		if f.test {
			return
		}
		for _, fn := range f.functions() {
			if n := f.length(fn); n > maxFunctionLines {
				t.Errorf("%s: %s has %d lines, at most %d", f.at(fn), fn.Name.Name, n, maxFunctionLines)
			}
		}
	})
}

func TestNoInit(t *testing.T) {
	eachWritten(t, func(f *file) {
		if fn := f.function("init"); fn != nil {
			t.Errorf("%s: init() hides what the build does", f.at(fn))
		}
	})
}

func TestExportedNamesHaveComments(t *testing.T) {
	eachWritten(t, func(f *file) {
		if f.test {
			return
		}
		for _, d := range f.syntax.Decls {
			for _, name := range uncommented(d) {
				t.Errorf("%s: exported name %s has no comment", f.at(name), name.Name)
			}
		}
	})
}

// eachWritten visits every file that a person wrote.
func eachWritten(t *testing.T, visit func(*file)) {
	t.Helper()
	for _, r := range readHouse(t) {
		for _, f := range r.files {
			if !f.generated {
				visit(f)
			}
		}
	}
}

func (f *file) functions() []*ast.FuncDecl {
	var all []*ast.FuncDecl
	for _, d := range f.syntax.Decls {
		if fn, ok := d.(*ast.FuncDecl); ok {
			all = append(all, fn)
		}
	}
	return all
}

func uncommented(d ast.Decl) []*ast.Ident {
	switch d := d.(type) {
	case *ast.FuncDecl:
		if d.Doc == nil && d.Name.IsExported() && onExported(d) {
			return []*ast.Ident{d.Name}
		}
	case *ast.GenDecl:
		if d.Doc == nil && d.Tok != token.IMPORT {
			return uncommentedSpecs(d.Specs)
		}
	}
	return nil
}

// onExported reports whether a function is open to other packages: it has no receiver, or an exported one.
func onExported(fn *ast.FuncDecl) bool {
	if fn.Recv == nil {
		return true
	}
	exported := true
	ast.Inspect(fn.Recv.List[0].Type, func(n ast.Node) bool {
		name, ok := n.(*ast.Ident)
		if ok {
			exported = name.IsExported()
		}
		return !ok
	})
	return exported
}

func uncommentedSpecs(specs []ast.Spec) []*ast.Ident {
	var names []*ast.Ident
	for _, s := range specs {
		switch s := s.(type) {
		case *ast.TypeSpec:
			if s.Doc == nil && s.Comment == nil {
				names = append(names, s.Name)
			}
		case *ast.ValueSpec:
			if s.Doc == nil && s.Comment == nil {
				names = append(names, s.Names...)
			}
		}
	}
	return slices.DeleteFunc(names, func(name *ast.Ident) bool { return !name.IsExported() })
}
