import sys
import KSR as KSR
import Router
from Router import Logger, Ranks, Core


class Handler:
    counter = 5

    def my_child(self, rank):
        return 0

    def plain(self, msg):
        KSR.err("in plain %s %d\n" % (KSR.pv.get("$rU"), self.counter))
        return 1

    def one(self, msg, a):
        KSR.err("one %s %s\n" % (type(a).__name__, a))
        return 1

    def gives_false(self, msg): return False
    def gives_true(self, msg): return True
    def gives_minus(self, msg): return -3
    def gives_five(self, msg): return 5
    def gives_zero(self, msg): return 0
    def fails(self, msg):
        raise ValueError("my own error")
    def fails_deep(self, msg):
        for key in ("x",):
            raise KeyError(key)
    def wrong_arguments(self, msg, a, b): return 1
    def ends(self, msg): sys.exit()
    def ends_with(self, msg, n): sys.exit(int(n))
    def drops(self, msg): KSR.set_drop(); return 1

    def calls_exec(self, msg):
        KSR.err("exec: %s\n" % KSR.app_python3.exec("plain"))
        KSR.err("exec: %s\n" % KSR.app_python3.exec_p1("one", "x"))
        KSR.err("exec: %s\n" % KSR.app_python3.exec("gives_minus"))
        KSR.err("execx: %s\n" % KSR.app_python3.execx("gives_five"))
        return 1

    def old_way(self, msg):
        Logger.LM_ERR("by Logger\n")
        Logger.LM_INFO("not seen\n")
        Logger.LM_GEN1(-1, "gen1\n")
        Logger.LM_GEN2(0, -1, "gen2\n")
        for part in (Router, Logger, Core):
            KSR.err("%s\n" % sorted(n for n in dir(part) if not n.startswith("__")))
        KSR.err("%s\n" % sorted((n, getattr(Ranks, n)) for n in dir(Ranks) if not n.startswith("__")))
        return 1


def my_init():
    return Handler()
