import sys
import KSR as KSR


def show(name, *values):
    KSR.err(name + " = " + ", ".join(type(v).__name__ + "(" + str(v) + ")" for v in values) + "\n")


def attempt(name, f):
    try:
        KSR.err(name + ": " + repr(f()) + "\n")
    except BaseException as e:
        KSR.err(name + ": " + type(e).__name__ + " " + str(e) + "\n")


def mod_init():
    return kamailio()


class kamailio:
    def __init__(self):
        self.count = 0

    def child_init(self, rank):
        return 0

    def ksr_request_route(self, msg):
        self.count += 1
        show("pv.get text", KSR.pv.get("$rU"))
        show("pv.get number", KSR.pv.get("$ml"))
        show("pv.get null", KSR.pv.get("$avp(none)"))
        show("pv.gete", KSR.pv.gete("$avp(none)"))
        show("pv.getw", KSR.pv.getw("$avp(none)"))
        show("pv.geti", KSR.pv.geti("$avp(none)"))
        show("pv.getvs", KSR.pv.getvs("$avp(none)", "dflt"))
        show("pv.getvn", KSR.pv.getvn("$avp(none)", 12))
        show("pv.sets", KSR.pv.sets("$var(x)", "one"), KSR.pv.get("$var(x)"))
        show("pv.seti", KSR.pv.seti("$var(x)", 7), KSR.pv.get("$var(x)"))
        show("pv.is_null", KSR.pv.is_null("$avp(none)"), KSR.pv.is_null("$rU"))
        show("pv.unset", KSR.pv.unset("$var(x)"))
        show("is_method_in", KSR.is_method_in("I"), KSR.is_method_in("B"))
        show("is_INVITE", KSR.is_INVITE(), KSR.is_BYE())
        show("setflag", KSR.setflag(5), KSR.isflagset(5), KSR.isflagset(6), KSR.resetflag(5))
        show("info", KSR.info("in info\n"))
        show("textops", KSR.textops.is_present_hf("Subject"), KSR.textops.is_present_hf("Nope"))
        show("hdr.append", KSR.hdr.append("X-A: 1\r\n"))
        show("hdr.remove", KSR.hdr.remove("Subject"), KSR.hdr.remove("Nope"))
        show("hdr.get", KSR.hdr.get("Contact"), KSR.hdr.get("Nope"), KSR.hdr.gete("Nope"))
        show("kx", KSR.kx.get_ruri(), KSR.kx.get_method(), KSR.kx.get_srcport())
        show("kx.get_ua", KSR.kx.get_ua(), KSR.kx.gete_ua(), KSR.kx.getw_ua())
        show("siputils", KSR.siputils.has_totag(), KSR.siputils.is_request())
        show("is_myself", KSR.is_myself("sip:127.0.30.1:5060"), KSR.is_myself("sip:other.example.com"))
        show("force_rport", KSR.force_rport())
        show("unicode", KSR.pv.sets("$var(u)", "größe"), KSR.pv.get("$var(u)"), KSR.pv.get("$(var(u){s.len})"))
        attempt("unknown function", lambda: KSR.nosuch())
        attempt("unknown module", lambda: KSR.nosuch.f())
        attempt("unknown of module", lambda: KSR.tm.nosuch())
        attempt("too few", lambda: KSR.pv.get())
        attempt("too few of two", lambda: KSR.pv.sets("$var(x)"))
        attempt("too many", lambda: KSR.pv.get("$rU", "x"))
        attempt("too many of none", lambda: KSR.is_INVITE("x"))
        attempt("None for text", lambda: KSR.pv.get(None))
        attempt("number for text", lambda: KSR.pv.get(5))
        attempt("bytes for text", lambda: KSR.pv.get(b"$rU"))
        attempt("text for number", lambda: KSR.setflag("5"))
        attempt("float for number", lambda: KSR.setflag(5.5))
        attempt("bool for number", lambda: KSR.setflag(True))
        attempt("None for number", lambda: KSR.setflag(None))
        attempt("number for second text", lambda: KSR.pv.sets("$var(x)", 45))
        attempt("text for second number", lambda: KSR.pv.seti("$var(x)", "45"))
        attempt("mixed", lambda: KSR.sl.send_reply("404", "x"))
        attempt("mixed", lambda: KSR.sl.send_reply(404, 5))
        attempt("types", lambda: (type(KSR).__name__, type(KSR.pv).__name__, type(KSR.x).__name__, KSR.__name__, KSR.pv.__name__))
        attempt("getattr", lambda: KSR.__dict__["pv"].get("$rU"))
        attempt("msg", lambda: type(msg).__name__)
        attempt("msg.Method", lambda: msg.Method)
        attempt("msg.Type", lambda: msg.Type)
        attempt("msg.RURI", lambda: msg.RURI)
        attempt("msg.src_address", lambda: msg.src_address)
        attempt("msg.dst_address", lambda: msg.dst_address)
        attempt("msg.getHeader", lambda: msg.getHeader("From"))
        attempt("msg.getHeader none", lambda: msg.getHeader("Nope"))
        attempt("msg.getHeader bad", lambda: msg.getHeader(5))
        attempt("msg.call_function", lambda: msg.call_function("has_totag"))
        attempt("msg.call_function 1", lambda: msg.call_function("is_method", "INVITE"))
        attempt("msg.call_function many", lambda: msg.call_function("xlog", "a", "b", "c"))
        attempt("msg.rewrite_ruri", lambda: msg.rewrite_ruri("sip:x@127.0.30.8:5080"))
        attempt("ruri", lambda: KSR.pv.get("$ru"))
        attempt("msg.set_dst_uri", lambda: msg.set_dst_uri("sip:127.0.30.8:5081"))
        attempt("du", lambda: KSR.pv.get("$du"))
        attempt("dir(msg)", lambda: [n for n in dir(msg) if not n.startswith("__")])
        attempt("count", lambda: self.count)
        sys.exit()
        KSR.err("not reached\n")
