def plain() KSR.err("in plain #{KSR::PV.get("$rU")}\n") end
def one(a) KSR.err("one #{a.inspect}\n") end
def three(a, b, c) KSR.err("three #{a} #{b} #{c}\n") end
def gives_false() false end
def gives_zero() 0 end
def gives_minus() -3 end
def gives_text() "text" end
def fails() raise "my own error" end
def wrong_arguments(a) 1 end
def ends() exit end
def calls_run()
  KSR.err("run #{KSR::APP_RUBY.run("plain")}\n")
  KSR.err("run #{KSR::APP_RUBY.run_p1("one", "x")}\n")
end
