counter = (counter or 0) + 1

function plain() KSR.err("in plain " .. KSR.pv.get("$rU") .. "\n") end
function one(a) KSR.err("one " .. tostring(a) .. "\n") end
function two(a, b) KSR.err("two " .. tostring(a) .. " " .. type(b) .. "\n") end
function three(a, b, c) KSR.err("three " .. tostring(a) .. " " .. tostring(b) .. " " .. tostring(c) .. "\n") end
function gives_false() return false end
function gives_zero() return 0 end
function gives_minus() return -3 end
function gives_five() return 5 end
function gives_text() return "text" end
function fails() error("my own error") end
local function deep(n) if n == 0 then error('deep down') end; return 1 + deep(n - 1) end
function fails_deep() return deep(3) end
function fails_with_table() error({ code = 3 }) end
function ends() KSR.x.exit() end
function drops() KSR.err("drops\n"); KSR.x.drop() end
function calls_run()
	KSR.err("run: " .. tostring(KSR.app_lua.run("plain")) .. "\n")
	KSR.err("run: " .. tostring(KSR.app_lua.run_p1("one", "x")) .. "\n")
	KSR.err("run: " .. tostring(KSR.app_lua.run("nosuch")) .. "\n")
	KSR.err("runstring: " .. tostring(KSR.app_lua.runstring("KSR.err('inner\\n')")) .. "\n")
	KSR.err("dostring: " .. tostring(KSR.app_lua.dostring("KSR.err('other\\n')")) .. "\n")
end
