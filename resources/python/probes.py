# SPDX-License-Identifier: MIT
#
# Puts probes into a script: one call before each statement and at the start of each
# loop's body, and after statements that bind names one that passes what they hold.
# Line numbers stay those of the source. The calls are C functions in builtins; the
# facts about each statement go into a table (statements.h), so that a call carries
# only its number. A user module from the script's folder is treated the same way.
import ast
import os
import sys
from importlib.machinery import PathFinder, SourceFileLoader

import _tapedeck_host

NAME, ATTRIBUTE, ITEM, DELETED, GLOBAL = range(5)
GROWING = {'append', 'extend', 'insert', 'update'}
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
SCOPES = FUNCTIONS + (ast.Lambda, ast.ClassDef, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
SILENT = (ast.Global, ast.Nonlocal)
LEAVING = (ast.Return, ast.Raise, ast.Break, ast.Continue)


def own_nodes(node):
    """The nodes below node that belong to the same function."""
    for child in ast.iter_child_nodes(node):
        yield child
        if not isinstance(child, SCOPES):
            yield from own_nodes(child)


def is_generator(function):
    return isinstance(function, ast.AsyncFunctionDef) or any(
        isinstance(node, (ast.Yield, ast.YieldFrom)) for node in own_nodes(function))


def load(name):
    return ast.Name(name, ast.Load())


class Targets:
    """The names that a statement binds, and the expressions that read them back."""

    def __init__(self):
        self.facts = []
        self.values = []

    def add(self, target):
        if isinstance(target, ast.Name):
            self.facts.append((NAME, target.id, ''))
            self.values.append(load(target.id))
        elif isinstance(target, ast.Attribute) and isinstance(target.value, ast.Name):
            self.facts.append((ATTRIBUTE, '%s.%s' % (target.value.id, target.attr), target.attr))
            self.values.append(load(target.value.id))
        elif isinstance(target, ast.Subscript) and isinstance(target.value, ast.Name) \
                and isinstance(target.slice, (ast.Name, ast.Constant)):
            self.facts.append((ITEM, target.value.id, ''))
            index = target.slice
            self.values += [load(target.value.id), load(index.id) if isinstance(index, ast.Name)
                            else ast.Constant(index.value)]
        elif isinstance(target, (ast.Tuple, ast.List)):
            for element in target.elts:
                self.add(element)
        elif isinstance(target, ast.Starred):
            self.add(target.value)

    def add_grown(self, function):
        """params.append(…): what the list holds then has names."""
        if isinstance(function, ast.Attribute) and function.attr in GROWING and isinstance(function.value, ast.Name):
            self.add(function.value)

    def add_statement(self, node):
        if isinstance(node, ast.Assign):
            for target in node.targets:
                self.add(target)
        elif isinstance(node, ast.AugAssign) or isinstance(node, ast.AnnAssign) and node.value:
            self.add(node.target)
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
            self.add_grown(node.value.func)
        elif isinstance(node, ast.Delete):
            self.facts += [(DELETED, target.id, '') for target in node.targets if isinstance(target, ast.Name)]
        if not isinstance(node, FUNCTIONS + (ast.ClassDef,)):
            for inner in own_nodes(node):
                if isinstance(inner, ast.NamedExpr) and not self.in_branch(node, inner):
                    self.add(inner.target)

    @staticmethod
    def in_branch(node, inner):
        """Inside `a or (x := b)`, `a > b > (x := c)` or an assert's message the name may
        stay unbound: reading it back could fail."""
        def may_skip(part):
            return (isinstance(part, (ast.BoolOp, ast.IfExp)) or isinstance(part, ast.Compare) and len(part.ops) > 1
                    or isinstance(part, ast.Assert))
        return any(may_skip(part) and any(inner is deep for deep in ast.walk(part)) for part in ast.walk(node))


class Instrumenter:
    """One file. `facts` becomes its part of the table of statements."""

    def __init__(self, file, first):
        self.file = file
        self.first = first
        self.facts = []
        self.function_number = 0   # of the function round a statement, + 1
        self.global_names = frozenset()

    def note(self, node, depth, label='', targets=(), branches=()):
        end = node.lineno if hasattr(node, 'body') else node.end_lineno
        line = node.lineno
        if isinstance(node, FUNCTIONS + (ast.ClassDef,)) and node.decorator_list:
            line = node.decorator_list[0].lineno
        targets = [(GLOBAL if kind == NAME and name in self.global_names else kind, name, attribute)
                   for kind, name, attribute in targets]
        self.facts.append((self.function_number, line, max(end, line), depth, label, targets) + tuple(branches))
        return self.first + len(self.facts) - 1

    @staticmethod
    def call(probe, number, values, node):
        call = ast.Expr(ast.Call(load('__tapedeck_%s__' % probe), [ast.Constant(number)] + list(values), []))
        for part in ast.walk(call):
            part.lineno = part.end_lineno = node.lineno
            part.col_offset = part.end_col_offset = node.col_offset
        return call

    def body(self, statements, depth, begin='begin', docstring=False):
        """A list of statements with their probes."""
        result = []
        for position, node in enumerate(statements):
            keep_first = docstring and (
                position == 0 and isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
                and isinstance(node.value.value, str)
                or isinstance(node, ast.ImportFrom) and node.module == '__future__')
            if keep_first or isinstance(node, SILENT):
                result.append(node)
            else:
                result += self.statement(node, depth, begin)
        return result

    def statement(self, node, depth, begin):
        if isinstance(node, ast.Try) or isinstance(node, getattr(ast, 'TryStar', ast.Try)):
            self.children(node, depth, begin)
            return [node]
        if isinstance(node, (ast.For, ast.AsyncFor, ast.While)):
            return self.loop(node, depth, begin)
        targets = Targets()
        targets.add_statement(node)
        compound = hasattr(node, 'body') and not isinstance(node, FUNCTIONS + (ast.ClassDef,))
        branches = self.branches(node) if isinstance(node, ast.If) and begin == 'begin' else ()
        number = self.note(node, depth, targets=() if compound else targets.facts, branches=branches)
        before = self.call(begin, number, (), node)
        if isinstance(node, FUNCTIONS):
            self.function(node)
        elif isinstance(node, ast.ClassDef):
            node.body = self.body(node.body, depth, begin, docstring=True)
        elif compound:
            self.children(node, depth, begin)
            if branches:
                node.body.insert(0, self.call('branch', number, [ast.Constant(0)], node))
                node.orelse.insert(0, self.call('branch', number, [ast.Constant(1)], node))
            return [before, node]
        if isinstance(node, (ast.Return, ast.Raise, ast.Break, ast.Continue)):
            return [before, node]
        return [before, node, self.call('done', number, targets.values, node)]

    @staticmethod
    def branches(node):
        """First and last line of its two ways, 0 where there is none; whether one of them may leave its scope."""
        lines = []
        for part in (node.body, node.orelse):
            lines += [part[0].lineno, part[-1].end_lineno] if part else [0, 0]
        return lines + [any(isinstance(inner, LEAVING) for inner in own_nodes(node))]

    def children(self, node, depth, begin):
        """The bodies of if, with, try and match."""
        for field in ('body', 'orelse', 'finalbody'):
            if getattr(node, field, None):
                setattr(node, field, self.body(getattr(node, field), depth, begin))
        for handler in getattr(node, 'handlers', ()):
            handler.body = self.body(handler.body, depth, begin)
        for case in getattr(node, 'cases', ()):
            case.body = self.body(case.body, depth, begin)
        if isinstance(node, (ast.With, ast.AsyncWith)):
            targets = Targets()
            for item in node.items:
                if item.optional_vars is not None:
                    targets.add(item.optional_vars)
            if targets.facts:
                number = self.note(node, depth, targets=targets.facts)
                node.body.insert(0, self.call('done', number, targets.values, node))

    def loop(self, node, depth, begin):
        targets = Targets()
        if isinstance(node, ast.While):
            label = 'while ' + ast.unparse(node.test)
        else:
            targets.add(node.target)
            label = 'for %s in %s' % (ast.unparse(node.target), ast.unparse(node.iter))
        number = self.note(node, depth, label[:80], targets.facts)
        before = self.call(begin, number, (), node)
        if isinstance(node, ast.While):
            head = self.call(begin, number, (), node.test).value
            node.test = ast.copy_location(ast.BoolOp(ast.And(), [head, node.test]), node.test)
            before = None
        inside = begin == 'begin'
        node.body = self.body(node.body, depth + 1, begin)
        if inside:
            node.body.insert(0, self.call('iteration', number, targets.values, node))
        node.orelse = self.body(node.orelse, depth, begin)
        return [before, node] if before is not None else [node]

    def function(self, node):
        if is_generator(node):
            node.body = self.body(node.body, 0, 'mark', docstring=True)
            return
        arguments = node.args
        names = [a.arg for a in arguments.posonlyargs + arguments.args + arguments.kwonlyargs]
        number = self.note(node, 0, node.name, [(NAME, name, '') for name in names])
        outer = self.function_number, self.global_names
        self.function_number = number + 1
        self.global_names = frozenset(name for inner in own_nodes(node) if isinstance(inner, ast.Global)
                                      for name in inner.names)
        body = self.body(node.body, 0, docstring=True)
        self.function_number, self.global_names = outer
        start = 1 if body and body[0] is node.body[0] and isinstance(body[0], ast.Expr) else 0
        last = node.body[-1]
        guarded = ast.Try(body[start:] or [ast.Pass()], [], [], [self.call('leave', number, (), last)])
        for part in (guarded, guarded.body[0]):
            if not hasattr(part, 'lineno'):
                ast.copy_location(part, last)
        enter = self.call('enter', number, [load(name) for name in names], node)
        node.body = body[:start] + [enter, guarded]


def instrument(source, path, module_name=None):
    """Compiles source with probes. Raises SyntaxError as compile() does."""
    tree = ast.parse(source, path)
    file = _tapedeck_host.register_file(path)
    worker = Instrumenter(file, _tapedeck_host.register_statements(file, []))
    imported = None
    if module_name is not None and tree.body:
        imported = worker.note(tree.body[0], 0, 'import ' + module_name)
    tree.body = worker.body(tree.body, 0, docstring=True)
    if imported is not None:
        start = 0
        while start < len(tree.body) and not isinstance(tree.body[start], (ast.Try,)) and not (
                isinstance(tree.body[start], ast.Expr) and isinstance(tree.body[start].value, ast.Call)):
            start += 1
        if start < len(tree.body):
            first = tree.body[start]
            guarded = ast.copy_location(
                ast.Try(tree.body[start:], [], [], [worker.call('leave', imported, (), first)]), first)
            tree.body[start:] = [worker.call('enter', imported, (), first), guarded]
    ast.fix_missing_locations(tree)
    _tapedeck_host.register_statements(file, worker.facts)
    return compile(tree, path, 'exec', dont_inherit=True)


class UserLoader(SourceFileLoader):
    """A module from the script's folder, with probes and without a .pyc."""

    def get_code(self, fullname):
        path = self.get_filename(fullname)
        return instrument(self.get_data(path), path, fullname)


class UserFinder:
    """Finds modules in the script's folder; everything else is left to Python."""

    def __init__(self, folder):
        self.folder = os.path.realpath(folder)

    def find_spec(self, fullname, path=None, target=None):
        spec = PathFinder.find_spec(fullname, path)
        if spec is None or not isinstance(spec.loader, SourceFileLoader):
            return None
        where = os.path.realpath(spec.origin)
        if not where.startswith(self.folder + os.sep) or os.sep + 'site-packages' + os.sep in where:
            return None
        spec.loader = UserLoader(spec.loader.name, spec.loader.path)
        return spec


def watch_folder(folder):
    """Instruments what the script imports from its own folder."""
    sys.meta_path.insert(1, UserFinder(folder))
