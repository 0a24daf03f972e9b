/**
 * Lets Python wait: functions that reach a KSR function which may wait become coroutines when a script is loaded, and their calls are
 * awaited. Calls are followed by name through the script and the modules beside it. Lines and columns stay as they are.
 */
export const REWRITE = String.raw`
import ast, importlib.abc, importlib.machinery, importlib.util, os, sys

WAITS = '_kemi_result'
KINDS = '_kemi_waits'


class _Calls(ast.NodeVisitor):
    """The names that a function calls itself: not in functions, lambdas and generators within."""

    def __init__(self, roots):
        self.roots, self.names, self.yields = roots, set(), False

    def visit_Call(self, node):
        name = called(node, self.roots)
        if name:
            self.names.add(name)
        self.generic_visit(node)

    def visit_Yield(self, node):
        self.yields = True
        self.generic_visit(node)

    visit_YieldFrom = visit_Yield

    def skip(self, node):
        pass

    visit_FunctionDef = visit_AsyncFunctionDef = visit_Lambda = visit_GeneratorExp = visit_ClassDef = skip


def called(node, roots):
    """'KSR.module.name' for KSR's own, else the last name."""
    f, parts = node.func, []
    while isinstance(f, ast.Attribute):
        parts.append(f.attr)
        f = f.value
    if not isinstance(f, ast.Name):
        return parts[0] if parts else None
    if f.id in roots:
        return '.'.join(['KSR'] + parts[::-1])
    return parts[0] if parts else f.id


def roots_of(tree):
    roots = {'KSR'}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            roots.update(a.asname for a in node.names if a.name == 'KSR' and a.asname)
    return roots


def functions_of(tree, roots):
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            calls = _Calls(roots)
            for part in node.body:
                calls.visit(part)
            isSpecial = node.name.startswith('__') and node.name.endswith('__')
            isProperty = any(isinstance(d, ast.Name) and d.id in ('property', 'cached_property') for d in node.decorator_list)
            yield node, calls.names, not (calls.yields or isSpecial or isProperty)


class Waiting:
    """Which functions wait, over all files of a script."""

    def __init__(self, ksr):
        self.ksr = {'KSR.' + name for name in ksr}
        self.last = {name.rsplit('.')[-1] for name in ksr}
        self.names = set()

    def waits(self, name):
        return name in self.ksr if name.startswith('KSR.') else name in self.names or name in self.last

    def learn(self, trees):
        found = [(f.name, names) for tree in trees for f, names, may in functions_of(tree, roots_of(tree)) if may]
        isNew = True
        while isNew:
            isNew = False
            for name, names in found:
                if name not in self.names and any(self.waits(n) for n in names):
                    self.names.add(name)
                    isNew = True


class _Rewrite(ast.NodeTransformer):
    def __init__(self, waiting, roots, changed):
        self.waiting, self.roots, self.changed, self.inside = waiting, roots, changed, False

    def function(self, node):
        outer, self.inside = self.inside, node in self.changed
        node.body = [self.visit(part) for part in node.body]
        self.inside = outer
        if node not in self.changed:
            return node
        made = ast.AsyncFunctionDef(**{field: getattr(node, field, None) for field in node._fields})
        return ast.copy_location(made, node)

    visit_FunctionDef = function

    def plain(self, node):
        outer, self.inside = self.inside, False
        self.generic_visit(node)
        self.inside = outer
        return node

    visit_Lambda = visit_GeneratorExp = visit_ClassDef = visit_AsyncFunctionDef = plain

    def visit_Call(self, node):
        self.generic_visit(node)
        name = called(node, self.roots) if self.inside else None
        if not name or not self.waiting.waits(name):
            return node
        load, store = ast.Name(WAITS, ast.Load()), ast.Name(WAITS, ast.Store())
        made = ast.IfExp(
            test=ast.Compare(
                left=ast.Attribute(ast.NamedExpr(store, node), '__class__', ast.Load()),
                ops=[ast.In()], comparators=[ast.Name(KINDS, ast.Load())]),
            body=ast.Await(load), orelse=load)
        for part in (made, made.test, made.test.left, made.test.left.value, store, load, made.test.comparators[0], made.body):
            ast.copy_location(part, node)
        return made


def rewritten(tree, waiting):
    roots = roots_of(tree)
    changed = {f for f, names, may in functions_of(tree, roots) if may and any(waiting.waits(n) for n in names)}
    return ast.fix_missing_locations(_Rewrite(waiting, roots, changed).visit(tree))


def parse(path):
    with open(path, 'rb') as file:
        return ast.parse(file.read(), path)


def beside(folder, tree, seen):
    """The modules of the script's folder that it imports, and those that they import."""
    for node in ast.walk(tree):
        names = [a.name for a in node.names] if isinstance(node, ast.Import) else \
            [node.module] + [node.module + '.' + a.name for a in node.names] if isinstance(node, ast.ImportFrom) and node.module else []
        for name in names:
            base = os.path.join(folder, *name.split('.'))
            for path in (base + '.py', os.path.join(base, '__init__.py')):
                if path not in seen and os.path.isfile(path):
                    try:
                        seen[path] = None
                        seen[path] = parse(path)
                        beside(folder, seen[path], seen)
                    except SyntaxError:
                        pass
    return seen


class _Loader(importlib.machinery.SourceFileLoader):
    waiting, kinds = None, None

    def source_to_code(self, data, path, *, _optimize=-1):
        return compile(rewritten(ast.parse(data, path), _Loader.waiting), path, 'exec', dont_inherit=True, optimize=_optimize)

    def exec_module(self, module):
        module.__dict__[KINDS] = _Loader.kinds
        super().exec_module(module)

    def get_code(self, fullname):
        # Never from a cache: what waits may have changed.
        path = self.get_filename(fullname)
        return self.source_to_code(self.get_data(path), path)


class _Finder(importlib.abc.MetaPathFinder):
    folder = None

    def find_spec(self, name, path, target=None):
        folder = _Finder.folder
        spec = importlib.machinery.PathFinder.find_spec(name, path if path else [folder]) if folder else None
        if spec is None or not spec.origin or not spec.origin.startswith(folder + '/') or not spec.origin.endswith('.py'):
            return None
        places = spec.submodule_search_locations
        return importlib.util.spec_from_file_location(
            name, spec.origin, loader=_Loader(name, spec.origin), submodule_search_locations=places)


def install(folder, waiting, kinds):
    if _Finder.folder is None:
        sys.meta_path.insert(0, _Finder())
    _Finder.folder, _Loader.waiting, _Loader.kinds = folder, waiting, kinds
`
