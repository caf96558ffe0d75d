# SPDX-License-Identifier: MIT
#
# What each line of a script will do, in a few words found in its text: said of the
# line that runs next, before it has run. A line that can do nothing to tensors names
# the line after it instead.
import ast

SILENT = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Pass, ast.Global,
          ast.Nonlocal)
LONGEST = 32


def first_line(node):
    decorators = getattr(node, 'decorator_list', None)
    return min(node.lineno, decorators[0].lineno) if decorators else node.lineno


def is_constant(node):
    if isinstance(node, (ast.Tuple, ast.List)):
        return all(is_constant(element) for element in node.elts)
    if isinstance(node, ast.UnaryOp):
        return is_constant(node.operand)
    return isinstance(node, ast.Constant)


def text_of(node):
    text = ast.unparse(node)
    return text if len(text) <= LONGEST and '\n' not in text else None


def in_words(nodes):
    texts = [text_of(node) for node in nodes]
    if None in texts or not texts:
        return None
    return texts[0] if len(texts) == 1 else ', '.join(texts[:-1]) + ' and ' + texts[-1]


class Statements:
    """`list` becomes [{'line', 'does' or 'then'}…]."""

    def __init__(self, tree, creates):
        self.creates = creates
        self.list = []
        self.body(tree.body, None)

    def body(self, statements, function):
        for node, after in zip(statements, statements[1:] + [None]):
            fact = {'line': first_line(node)}
            if self.is_silent(node):
                if after is not None:
                    fact['then'] = first_line(after)
            else:
                does = self.does(node, function)
                if does is not None:
                    fact['does'] = does
            self.list.append(fact)
            inner = node.name if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) else function
            for field in ('body', 'orelse', 'finalbody'):
                self.body(getattr(node, field, []) if isinstance(getattr(node, field, None), list) else [], inner)
            for part in getattr(node, 'handlers', []) + getattr(node, 'cases', []):
                self.body(part.body, inner)

    @staticmethod
    def is_silent(node):
        if isinstance(node, ast.Expr):
            return isinstance(node.value, ast.Constant)
        if isinstance(node, ast.Assign):
            return is_constant(node.value) and not any(isinstance(part, (ast.Attribute, ast.Subscript))
                                                       for target in node.targets for part in ast.walk(target))
        return isinstance(node, SILENT)

    def does(self, node, function):
        """'makes h2h'; None where a few words do not say it."""
        if isinstance(node, ast.Assign):
            return self.assigns(node.targets, node.value)
        if isinstance(node, ast.AnnAssign) and node.value is not None:
            return self.assigns([node.target], node.value)
        if isinstance(node, ast.AugAssign):
            return self.about('changes', [node.target])
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
            return self.about('calls', [node.value.func], '()')
        if isinstance(node, ast.Return):
            return 'makes what %s returns' % function if node.value is not None and function else 'returns'
        if isinstance(node, ast.If):
            return 'decides which way to go'
        if isinstance(node, (ast.For, ast.AsyncFor)):
            return 'begins the loop'
        if isinstance(node, ast.While):
            return 'decides whether the loop goes on'
        if isinstance(node, (ast.With, ast.AsyncWith)):
            return self.about('enters', [item.context_expr for item in node.items])
        if isinstance(node, ast.Delete):
            return self.about('deletes', node.targets)
        return {ast.Assert: 'checks an assertion', ast.Raise: 'raises an error', ast.Break: 'leaves the loop',
                ast.Continue: 'goes on to the next iteration'}.get(type(node))

    def assigns(self, targets, value):
        names = []
        for target in targets:
            names += target.elts if isinstance(target, (ast.Tuple, ast.List)) else [target]
        plain = all(isinstance(name, (ast.Name, ast.Starred)) for name in names)
        return self.about('creates' if plain and self.creates(value) else 'makes' if plain else 'sets', names)

    @staticmethod
    def about(verb, nodes, end=''):
        words = in_words(nodes)
        return verb + ' ' + words + end if words is not None else None
