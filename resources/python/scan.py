# SPDX-License-Identifier: MIT
#
# Which lines of a script will create named leaves, found in its text without
# running it: assignments at top level whose value is a call that creates a tensor
# of constant sizes. Used for the outlines that stand before the first run, from left
# to right in the order in which the script will use them first.
import ast
import json

SIZED = {'randn', 'rand', 'zeros', 'ones', 'empty'}
CREATING = SIZED | {'full', 'eye', 'arange', 'tensor', 'randint', 'linspace'}


class NotConstant(Exception):
    pass


class Scanner:
    """Follows the names that hold integers, so that torch.randn(n, m) has sizes."""

    def __init__(self, tree):
        self.numbers = {}
        self.leaves = []
        self.torch_names = {'torch'}
        self.direct_names = set()
        self.first_line = None
        for node in tree.body:
            self.statement(node)

    def statement(self, node):
        if isinstance(node, ast.Import):
            self.torch_names |= {alias.asname or alias.name for alias in node.names if alias.name == 'torch'}
        elif isinstance(node, ast.ImportFrom) and node.module == 'torch':
            self.direct_names |= {alias.asname or alias.name for alias in node.names}
        elif isinstance(node, (ast.Assign, ast.AnnAssign)) and node.value is not None:
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            for target in targets:
                self.assignment(target, node.value, node.lineno)

    def assignment(self, target, value, line):
        if isinstance(target, (ast.Tuple, ast.List)):
            if isinstance(value, (ast.Tuple, ast.List)) and len(value.elts) == len(target.elts):
                for one, its_value in zip(target.elts, value.elts):
                    self.assignment(one, its_value, line)
            return
        if not isinstance(target, ast.Name):
            return
        self.numbers.pop(target.id, None)
        try:
            self.numbers[target.id] = self.integer(value)
            return
        except NotConstant:
            pass
        leaf = self.leaf(value)
        if leaf is None:
            return
        if self.first_line is None:
            self.first_line = line
        sizes, requires_grad = leaf
        if sizes is not None:
            self.leaves.append({'name': target.id, 'line': line, 'sizes': sizes, 'requires_grad': requires_grad})

    def leaf(self, node):
        """(sizes or None, requires_grad) of an expression that creates a leaf."""
        if not isinstance(node, ast.Call):
            return None
        if isinstance(node.func, ast.Attribute) and node.func.attr == 'requires_grad_':
            made = self.leaf(node.func.value)
            return made and (made[0], not (node.args and self.is_false(node.args[0])))
        name = self.creator(node.func)
        if name is None:
            return None
        requires_grad = any(keyword.arg == 'requires_grad' and not self.is_false(keyword.value)
                            for keyword in node.keywords)
        try:
            return self.sizes(name, node), requires_grad
        except NotConstant:
            return None, requires_grad

    def creator(self, function):
        if isinstance(function, ast.Attribute) and isinstance(function.value, ast.Name) \
                and function.value.id in self.torch_names and function.attr in CREATING:
            return function.attr
        if isinstance(function, ast.Name) and function.id in self.direct_names & CREATING:
            return function.id
        return None

    @staticmethod
    def is_false(node):
        return isinstance(node, ast.Constant) and not node.value

    def sizes(self, name, call):
        arguments = list(call.args)
        keywords = {keyword.arg: keyword.value for keyword in call.keywords}
        if name in SIZED:
            if 'size' in keywords:
                arguments = [keywords['size']]
            return self.size_list(arguments)
        if name == 'full':
            return self.size_list([arguments[0] if arguments else keywords.get('size')])
        if name == 'randint':
            size = keywords.get('size') or (arguments[-1] if len(arguments) > 1 else None)
            return self.size_list([size])
        if name == 'eye':
            numbers = [self.integer(argument) for argument in arguments]
            return [numbers[0], numbers[-1]] if numbers else None
        if name == 'linspace':
            return [self.integer(arguments[2] if len(arguments) > 2 else keywords.get('steps'))]
        if name == 'arange':
            return [self.arange_length([self.number(argument) for argument in arguments])]
        return self.literal_sizes(arguments[0] if arguments else keywords.get('data'))

    @staticmethod
    def arange_length(numbers):
        if not 1 <= len(numbers) <= 3 or len(numbers) == 3 and numbers[2] == 0:
            raise NotConstant
        start, end, step = (0, numbers[0], 1) if len(numbers) == 1 else (numbers + [1])[:3]
        return max(0, -int(-(end - start) // step))

    def size_list(self, arguments):
        if len(arguments) == 1 and isinstance(arguments[0], (ast.Tuple, ast.List)):
            arguments = arguments[0].elts
        return [self.integer(argument) for argument in arguments]

    def literal_sizes(self, node):
        if isinstance(node, (ast.List, ast.Tuple)):
            if not node.elts:
                return [0]
            inner = [self.literal_sizes(element) for element in node.elts]
            if any(sizes != inner[0] for sizes in inner):
                raise NotConstant
            return [len(inner)] + inner[0]
        if isinstance(node, ast.UnaryOp):
            return self.literal_sizes(node.operand)
        if isinstance(node, ast.Constant) and isinstance(node.value, (int, float)) \
                or isinstance(node, ast.Name) and node.id in self.numbers:
            return []
        raise NotConstant

    def integer(self, node):
        number = self.number(node)
        if not isinstance(number, int) or isinstance(number, bool):
            raise NotConstant
        return number

    def number(self, node):
        if isinstance(node, ast.Constant) and isinstance(node.value, (int, float)):
            return node.value
        if isinstance(node, ast.Name) and node.id in self.numbers:
            return self.numbers[node.id]
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
            return -self.number(node.operand)
        if isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Add, ast.Sub, ast.Mult, ast.FloorDiv)):
            left, right = self.number(node.left), self.number(node.right)
            if isinstance(node.op, ast.FloorDiv):
                if right == 0:
                    raise NotConstant
                return left // right
            return left + right if isinstance(node.op, ast.Add) else \
                left - right if isinstance(node.op, ast.Sub) else left * right
        raise NotConstant


class Uses:
    """Finds in which order names are used first. What only asks about a tensor is no use."""

    ASKING_CALLS = {'print', 'len', 'type', 'id', 'str', 'repr', 'isinstance', 'format'}
    ASKED = {'shape', 'dtype', 'device', 'ndim', 'requires_grad', 'is_leaf', 'grad', 'grad_fn', 'size', 'dim', 'numel',
             'item', 'tolist', 'numpy', 'requires_grad_', 'retain_grad', 'stride', 'is_contiguous'}

    def __init__(self, tree):
        self.functions = {}   # whose bodies were not met yet: they run where they are called
        self.order = {}
        for node in tree.body:
            self.visit(node, frozenset())

    def visit(self, node, hidden):
        """hidden: names that mean something else here."""
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            self.functions[node.name] = node
        elif isinstance(node, ast.Name):
            if isinstance(node.ctx, ast.Load) and node.id not in hidden:
                self.order.setdefault(node.id, len(self.order))
        elif isinstance(node, ast.Lambda):
            self.visit(node.body, hidden | self.parameters(node))
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            self.call(node, hidden)
        elif not isinstance(node, ast.ClassDef) and not self.asks(node):
            self.children(node, hidden)

    def children(self, node, hidden):
        """In the order in which they run: what is assigned or iterated over comes before its target."""
        first = getattr(node, 'iter', None) or getattr(node, 'value', None)
        if isinstance(first, ast.AST):
            self.visit(first, hidden)
        for child in ast.iter_child_nodes(node):
            if child is not first:
                self.visit(child, hidden)

    def call(self, node, hidden):
        name = node.func.id
        for child in node.args + [keyword.value for keyword in node.keywords]:
            if not (name in self.ASKING_CALLS and isinstance(child, ast.Name)):
                self.visit(child, hidden)
        function = self.functions.pop(name, None)
        if function is None:
            return
        inside = self.parameters(function) | {inner.id for statement in function.body for inner in ast.walk(statement)
                                              if isinstance(inner, ast.Name) and isinstance(inner.ctx, ast.Store)}
        for child in function.body:
            self.visit(child, inside)

    def asks(self, node):
        return isinstance(node, ast.Attribute) and node.attr in self.ASKED and isinstance(node.value, ast.Name)

    @staticmethod
    def parameters(function):
        arguments = function.args
        return frozenset(one.arg for one in arguments.posonlyargs + arguments.args + arguments.kwonlyargs)


def scan(source, path, coming):
    """JSON as script.h describes it. coming: the module that says what each line will do."""
    try:
        tree = ast.parse(source, path)
        scanner = Scanner(tree)
        statements = coming.Statements(tree, lambda value: scanner.leaf(value) is not None).list
        order = Uses(tree).order
    except SyntaxError as error:
        return json.dumps({'leaves': [], 'first_line': 0,
                           'error': {'line': error.lineno or 0, 'message': error.msg}})
    except (ValueError, RecursionError, MemoryError) as error:
        return json.dumps({'leaves': [], 'first_line': 0, 'error': {'line': 0, 'message': str(error)}})
    for leaf in scanner.leaves:
        leaf['place'] = order.get(leaf['name'], len(order))
    return json.dumps({'leaves': scanner.leaves, 'first_line': scanner.first_line or 0,
                       'statements': statements})
