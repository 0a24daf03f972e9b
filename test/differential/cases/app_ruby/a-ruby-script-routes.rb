def show(name, *values)
  KSR.err(name + " = " + values.map { |v| v.inspect }.join(", ") + "\n")
end

def attempt(name)
  KSR.err("#{name}: #{(yield).inspect}\n")
rescue Exception => e
  KSR.err("#{name}: #{e.message}\n")
end

def results
  show("pv.get text", KSR::PV.get("$rU"))
  show("pv.get number", KSR::PV.get("$ml"))
  show("pv.get null", KSR::PV.get("$avp(none)"))
  show("pv.gete", KSR::PV.gete("$avp(none)"))
  show("pv.getw", KSR::PV.getw("$avp(none)"))
  show("pv.sets", KSR::PV.sets("$var(x)", "one"), KSR::PV.get("$var(x)"))
  show("pv.seti", KSR::PV.seti("$var(x)", 7), KSR::PV.get("$var(x)"))
  show("pv.is_null", KSR::PV.is_null("$avp(none)"), KSR::PV.is_null("$rU"))
  show("pv.unset", KSR::PV.unset("$var(x)"))
  show("is_method_in", KSR.is_method_in("I"), KSR.is_method_in("B"))
  show("is_INVITE", KSR.is_INVITE(), KSR.is_BYE())
  show("setflag", KSR.setflag(5), KSR.isflagset(5), KSR.isflagset(6), KSR.resetflag(5))
  show("info", KSR.info("in info\n"))
  show("textops", KSR::TEXTOPS.is_present_hf("Subject"), KSR::TEXTOPS.is_present_hf("Nope"))
  show("hdr.append", KSR::HDR.append("X-A: 1\r\n"))
  show("hdr.remove", KSR::HDR.remove("Subject"), KSR::HDR.remove("Nope"))
  show("hdr.get", KSR::HDR.get("Contact"), KSR::HDR.get("Nope"), KSR::HDR.gete("Nope"))
  show("kx", KSR::KX.get_ruri(), KSR::KX.get_method(), KSR::KX.get_srcport())
  show("kx.get_ua", KSR::KX.get_ua(), KSR::KX.gete_ua(), KSR::KX.getw_ua())
  show("siputils", KSR::SIPUTILS.has_totag(), KSR::SIPUTILS.is_request())
  show("is_myself", KSR.is_myself("sip:127.0.30.1:5060"), KSR.is_myself("sip:other.example.com"))
  show("force_rport", KSR.force_rport())
  show("encoding", KSR::PV.get("$rU").encoding.to_s, KSR::KX.get_ruri())
  attempt("too few") { KSR::PV.get() }
  attempt("too few of two") { KSR::PV.sets("$var(x)") }
  attempt("too many") { KSR::PV.get("$rU", "x") }
  attempt("nil for text") { KSR::HDR.append(nil) }
  attempt("number for text") { KSR::HDR.append(5) }
  attempt("text for number") { KSR.setflag("5") }
  attempt("float for number") { KSR.setflag(5.5) }
  attempt("nil for number") { KSR.setflag(nil) }
  attempt("symbol for text") { KSR::HDR.append(:x) }
  attempt("number for second text") { KSR::PV.sets("$var(x)", 45) }
  attempt("text for second number") { KSR::PV.seti("$var(x)", "45") }
  attempt("none for one") { KSR::HDR.append() }
  attempt("none for a number") { KSR.setflag() }
  attempt("two for one") { KSR::HDR.append("X-Two: 2\r\n", "b") }
  attempt("one for none") { KSR.is_INVITE("a") }
  attempt("one for two") { KSR::SL.sl_send_reply(200) }
  attempt("three for two") { KSR::TEXTOPS.subst("/a/b/", "c", "d") }
  attempt("second wrong") { KSR::SL.sl_send_reply(200, 5) }
  attempt("first wrong") { KSR::SL.sl_send_reply("200", "x") }
  attempt("true for number") { KSR.setflag(true) }
  attempt("pv.get of number") { KSR::PV.get(5) }
  attempt("pv.sets of number") { KSR::PV.sets(5, "x") }
  attempt("pv.sets read-only") { KSR::PV.sets("$ci", "x") }
  attempt("pv.is_null of number") { KSR::PV.is_null(5) }
  attempt("pv.unset of none") { KSR::PV.unset() }
  attempt("pv.seti of none") { KSR::PV.seti() }
  attempt("pv.getw of none") { KSR::PV.getw() }
  attempt("pv.gete of none") { KSR::PV.gete(nil) }
  attempt("modf with none") { KSR::X.modf() }
  attempt("modf of number") { KSR::X.modf(5) }
end

def ksr_request_route()
  user = KSR::PV.get("$rU")
  KSR.err("request #{KSR::PV.get("$rm")}\n")
  results if user == "results"
  raise "oops" if user == "fails"
  if user == "fails-later"
    KSR::SL.sl_send_reply(202, "Later")
    nosuch_function()
  end
  if user == "exit"
    KSR::SL.sl_send_reply(480, "Exit")
    exit
  end
  if user == "caught"
    begin
      exit
    rescue SystemExit => e
      KSR.err("caught #{e.message}\n")
    end
    KSR::SL.sl_send_reply(486, "Caught")
    return
  end
  return if user == "results"
  KSR::TM.t_on_failure("nosuch_failure") if user == "nofailure"
  KSR::TM.t_on_failure("bad_failure") if user == "badfailure"
  KSR::TM.t_on_failure("my_failure") if user == "bob"
  KSR::TM.t_on_branch("my_branch")
  KSR::TM.t_on_reply("my_reply")
  KSR::SL.sl_reply_error() if KSR::TM.t_relay() < 0
end

def my_branch()
  KSR.err("branch #{KSR::PV.get("$T_branch_idx")} #{KSR::PV.get("$ru")}\n")
  KSR::HDR.append("X-Branch: ruby\r\n")
end

def my_reply()
  KSR.err("onreply #{KSR::PV.get("$rs")}\n")
  KSR::HDR.append("X-Reply: ruby\r\n")
  KSR.set_drop() if KSR::PV.get("$rs") == 183
end

def my_failure()
  KSR.err("failure #{KSR::PV.get("$T_reply_code")}\n")
  return if KSR::TM.t_is_canceled() > 0
  KSR::PV.sets("$ru", "sip:second@127.0.30.8:5080")
  KSR::TM.t_on_failure("last_failure")
  KSR::TM.t_relay()
end

def last_failure()
  KSR.err("last failure\n")
  KSR::TM.t_reply(499, "Ruby")
  exit
end

def bad_failure()
  KSR.err("bad failure\n")
  raise ArgumentError, "in failure"
end

def ksr_reply_route()
  KSR.err("reply #{KSR::PV.get("$rs")}\n")
  KSR.set_drop() if KSR::PV.get("$rs") == 182
end

def ksr_onsend_route()
end
