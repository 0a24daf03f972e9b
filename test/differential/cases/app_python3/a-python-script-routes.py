import sys
import KSR as KSR


def mod_init():
    return kamailio()


class kamailio:
    def child_init(self, rank):
        return 0

    def ksr_request_route(self, msg):
        user = KSR.kx.get_ruser()
        KSR.err("request %s %s\n" % (KSR.kx.get_method(), type(msg).__name__))
        if user == "fails":
            raise RuntimeError("oops")
        if user == "fails-later":
            KSR.sl.sl_send_reply(202, "Later")
            return self.nosuch
        if user == "sysexit":
            KSR.sl.sl_send_reply(481, "Exit")
            sys.exit()
        if user == "caught":
            try:
                sys.exit()
            except BaseException as e:
                KSR.err("caught %s %s\n" % (type(e).__name__, e))
            KSR.sl.sl_send_reply(486, "Caught")
            return 1
        if user == "nofailure":
            KSR.tm.t_on_failure("other_failure")
        if user == "badfailure":
            KSR.tm.t_on_failure("bad_failure")
        if user == "bob":
            KSR.tm.t_on_failure("my_failure")
        KSR.tm.t_on_branch("my_branch")
        KSR.tm.t_on_reply("my_reply")
        if KSR.tm.t_relay() < 0:
            KSR.sl.sl_reply_error()
        return 1

    def my_branch(self, msg):
        KSR.err("branch %s %s\n" % (KSR.pv.get("$T_branch_idx"), KSR.kx.get_ruri()))
        KSR.hdr.append("X-Branch: python\r\n")
        return 1

    def my_reply(self, msg):
        KSR.err("onreply %s\n" % KSR.kx.get_status())
        KSR.hdr.append("X-Reply: python\r\n")
        if KSR.kx.get_status() == 183:
            KSR.set_drop()
        return 1

    def my_failure(self, msg):
        KSR.err("failure %s\n" % KSR.pv.get("$T_reply_code"))
        if KSR.tm.t_is_canceled() > 0:
            return 1
        KSR.pv.sets("$ru", "sip:second@127.0.30.8:5080")
        KSR.tm.t_on_failure("last_failure")
        KSR.tm.t_relay()
        return 1

    def last_failure(self, msg):
        KSR.err("last failure\n")
        KSR.tm.t_reply(499, "Python")
        sys.exit()

    def other_failure(self, msg):
        return 1

    def bad_failure(self, msg):
        KSR.err("bad failure\n")
        raise KeyError("in failure")

    def ksr_reply_route(self, msg):
        KSR.err("reply %s\n" % KSR.kx.get_status())
        if KSR.kx.get_status() == 182:
            KSR.set_drop()
        return 1

    def ksr_onsend_route(self, msg):
        return 1
