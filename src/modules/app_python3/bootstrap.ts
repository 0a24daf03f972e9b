/** KSR, Router and the running of a script's functions, in Python. */
export const BOOTSTRAP = String.raw`
import sys, types, traceback, importlib, os, ast
import _kahea_server as server

_Coroutine = types.CoroutineType

# Called first where an error arrives: Python looks at the time after calls only, so that what handles the error is not interrupted itself.
calm = server.calm


class Waits:
    """What a KSR function gives that waits. A function of the script that awaits it goes on when the answer is there."""
    __slots__ = ('name', 'isAwaited')

    def __init__(self, name):
        self.name, self.isAwaited = name, False

    def __await__(self):
        self.isAwaited = True
        return (yield)

    def __refuse(self, *args):
        raise RuntimeError('KSR.' + self.name + '() waits, which it cannot do here: call it in a function of the script, '
                           'not in a lambda, generator, property, __init__ or at the start')

    __bool__ = __int__ = __index__ = __str__ = __len__ = __iter__ = __refuse
    __lt__ = __le__ = __gt__ = __ge__ = __eq__ = __ne__ = __add__ = __radd__ = __mod__ = __getitem__ = __contains__ = __refuse
    __hash__ = None

    def __del__(self):
        if not self.isAwaited:
            server.error('KSR.' + self.name + '() was called where the script cannot wait: its result is lost')


kinds = frozenset((Waits, _Coroutine))


def _refuse(name, text):
    server.error(text)
    wrong = TypeError(text)
    raise SystemError('<built-in function ' + name + '> returned a result with an exception set') from wrong


_makers = {}


def _maker(types_, mayWait):
    """What makes functions of a signature. Each form is written out: scripts call little else."""
    key = (*types_, mayWait)
    if key in _makers:
        return _makers[key]
    letters = ['a%d' % i for i in range(len(types_))]
    tests = [('%s.__class__ is not str' if t == 'str' else 'not isinstance(%s, int)') % l for l, t in zip(letters, types_)]
    values = [l if t == 'str' else '(%s if %s.__class__ is int else int(%s))' % (l, l, l) for l, t in zip(letters, types_)]
    lines = ['def make(call, name, full, complaint):', ' def made(%s*more):' % ''.join(l + '=None, ' for l in letters)]
    if tests:
        lines.append('  if more or %s: refuse(name, complaint)' % ' or '.join(tests))
    if mayWait:
        lines += ['  r = call(%s)' % ', '.join(values), '  return Waits(full) if r != r else r']
    else:
        lines.append('  return call(%s)' % ', '.join(values))
    lines.append(' return made')
    scope = {'refuse': _refuse, 'Waits': Waits}
    exec(compile('\n'.join(lines), '<kahea>', 'exec'), scope)
    _makers[key] = scope['make']
    return scope['make']


def _make(module, name, types_, mayWait):
    """A function with Kamailio's checks of arguments."""
    count = len(types_)
    if count == 1:
        complaint = 'unable to retrieve %s param 0' % types_[0]
    elif types_ == ['str', 'str']:
        complaint = 'unable to retrieve str-str param 2'
    else:
        complaint = 'unable to retrieve %s params %d' % ('-'.join(types_), count)
    made = _maker(types_, mayWait)(server.function(module, name), name, module + '.' + name if module else name, complaint)
    made.__name__ = made.__qualname__ = name
    made.__module__ = 'KSR'
    return made


def make_ksr(functions):
    ksr = types.ModuleType('KSR')
    sys.modules['KSR'] = ksr
    for module, name, args, mayWait in functions:
        owner = ksr
        if module:
            owner = ksr.__dict__.get(module)
            if owner is None:
                owner = types.ModuleType('KSR.' + module)
                setattr(ksr, module, owner)
        setattr(owner, name, _make(module, name, list(args), mayWait))
    x = ksr.__dict__.setdefault('x', types.ModuleType('KSR.x'))

    def modf(name, *args):
        r = server.modf(name, *[str(a) for a in args])
        return Waits('x.modf') if r != r else r

    def exit():
        sys.exit()

    def drop():
        server.drop()
        sys.exit()

    x.modf, x.exit, x.drop = modf, exit, drop


class msg:
    """The message, as app_python had it before KSR."""
    __slots__ = ()

    Type = property(lambda self: server.message('Type'))
    Method = property(lambda self: server.message('Method'))
    Status = property(lambda self: server.message('Status'))
    RURI = property(lambda self: server.message('RURI'))
    src_address = property(lambda self: (server.message('source'), server.message('sourcePort')))
    dst_address = property(lambda self: (server.message('own'), server.message('ownPort')))

    def getHeader(self, name):
        if not isinstance(name, str):
            raise TypeError('getHeader() argument 1 must be str, not ' + type(name).__name__)
        return server.header(name)

    def call_function(self, *args):
        if not 1 <= len(args) <= 3:
            raise RuntimeError('call_function() should have from 1 to 3 arguments')
        r = server.modf(*[str(a) for a in args])
        return Waits('x.modf') if r != r else r

    def rewrite_ruri(self, uri):
        server.setUri('$ru', uri)

    def set_dst_uri(self, uri):
        server.setUri('$du', uri)

    def copy(self):
        return self


msg.__module__ = 'Router'
message = msg()


def make_router():
    router, logger, ranks, core = (types.ModuleType(n) for n in ('Router', 'Router.Logger', 'Router.Ranks', 'Router.Core'))
    levels = {'ALERT': -5, 'BUG': -4, 'CRIT2': -3, 'CRIT': -2, 'ERR': -1, 'WARN': 0, 'NOTICE': 1, 'INFO': 2, 'DBG': 3}
    for name, level in levels.items():
        setattr(logger, 'L_' + name, level)
        if name not in ('BUG', 'CRIT2'):
            setattr(logger, 'LM_' + name, lambda text, level=level: server.log(level, text))
    logger.LM_GEN1 = lambda level, text: server.log(level, text)
    logger.LM_GEN2 = lambda facility, level, text: server.log(level, text)
    logger.DEFAULT_FACILITY = 0
    for name, rank in (('MAIN', 0), ('TIMER', -1), ('RPC', -2), ('FIFO', -2), ('TCP_MAIN', -4), ('UNIXSOCK', -5), ('ATTENDANT', -10),
                       ('INIT', -127), ('NOCHLDINIT', -128), ('SIPINIT', 1), ('SIPRPC', 127), ('MIN', -128)):
        setattr(ranks, 'PROC_' + name, rank)
    router.Logger, router.Ranks, router.Core = logger, ranks, core
    router.__path__ = []
    for module in (router, logger, ranks, core):
        sys.modules[module.__name__] = module


# -- the script

waiting = Waiting([])
module = None
handler = None


def prepare(functions):
    global waiting
    functions = [tuple(f) for f in functions]
    make_ksr(functions)
    make_router()
    waiting = Waiting([(m + '.' + n if m else n) for m, n, _, mayWait in functions if mayWait] + ['x.modf'])


def _told(error, skip):
    tb = error.__traceback__
    while tb is not None and (skip > 0 or tb.tb_frame.f_code.co_filename == '<kahea>'):
        tb, skip = tb.tb_next, skip - 1
    return ''.join(traceback.format_exception(type(error), error, tb)).rstrip('\n')


def _place(error, path):
    if isinstance(error, SyntaxError) and error.filename == path:
        return error.lineno or 0, error.offset or 0
    line = 0
    for frame in traceback.extract_tb(error.__traceback__):
        if frame.filename == path:
            line = frame.lineno
    return line, 1


def load(path, init, child):
    """Loads the script, or loads it anew: in the same module, which is as before when that fails. Empty, or [line, column, reason]."""
    global module, handler
    name = os.path.splitext(os.path.basename(path))[0]
    folder = os.path.dirname(path)
    before = None
    known = set(waiting.names)
    try:
        import linecache
        linecache.checkcache()
        tree = parse(path)
        others = beside(folder, tree, {})
        waiting.learn([tree] + [t for t in others.values() if t is not None])
        install(folder, waiting, kinds)
        if folder not in sys.path:
            sys.path.insert(0, folder)
        code = compile(rewritten(tree, waiting), path, 'exec', dont_inherit=True)
        if module is None:
            made = types.ModuleType(name)
            made.__file__ = path
            made.__dict__[KINDS] = kinds
        else:
            made = module
            before = dict(made.__dict__)
        sys.modules[name] = made
        exec(code, made.__dict__)
        start = getattr(made, init, None)
        if not callable(start):
            raise AttributeError(init + ' is not found or is not callable')
        object_ = start()
        if object_ is None:
            raise TypeError(init + '() gave no object with the functions')
        begin = getattr(object_, child, None)
        if callable(begin):
            begin(1)
        module, handler = made, object_
        return []
    except BaseException as error:
        calm()
        waiting.names.clear()
        waiting.names.update(known)
        if before is not None:
            module.__dict__.clear()
            module.__dict__.update(before)
        line, column = _place(error, path)
        if isinstance(error, KeyboardInterrupt):
            error.args = (server.overrun(),)
        return [line, column, _told(error, 0), traceback.format_exception_only(type(error), error)[-1].strip()]


def has(name):
    return callable(getattr(handler, name, None))


suspended = {}
count = 0


def _number(r):
    return int(r) if isinstance(r, int) else -1


def _failed(name, arg, error):
    if isinstance(error, SystemExit):
        return -1
    if isinstance(error, KeyboardInterrupt):
        error.args = (server.overrun(),)
    server.failed(name, arg, _told(error, 0))
    return -1


def _step(co, value, name, arg):
    global count
    try:
        co.send(value)
    except StopIteration as end:
        return _number(end.value)
    except BaseException as error:
        calm()
        return _failed(name, arg, error)
    count += 1
    suspended[count] = (co, name, arg)
    # A text tells that the function waits, and which it is.
    return str(count)


def go_on(number, value):
    co, name, arg = suspended.pop(int(number))
    return _step(co, value, name, arg)


def run(name, *args):
    f = getattr(handler, name, None)
    if not callable(f):
        return None
    arg = args[0] if args else None
    try:
        r = f(message, *args)
    except BaseException as error:
        calm()
        return _failed(name, arg, error)
    if r.__class__ is _Coroutine:
        return _step(r, None, name, arg)
    return _number(r)
`
