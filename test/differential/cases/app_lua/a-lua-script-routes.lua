function ksr_request_route()
	KSR.err("request " .. KSR.kx.get_method() .. "\n")
	if KSR.kx.get_ruser() == "fails" then error("oops") end
	if KSR.kx.get_ruser() == "fails-later" then KSR.sl.sl_send_reply(202, "Later"); error("later") end
	if KSR.kx.get_ruser() == "drop" then KSR.x.drop() end
	if KSR.kx.get_ruser() == "exit" then KSR.sl.sl_send_reply(480, "Exit"); KSR.x.exit() end
	if KSR.kx.get_ruser() == "caught" then
		local ok, err = pcall(function() KSR.x.exit() end)
		KSR.err("caught " .. tostring(ok) .. " " .. tostring(err) .. "\n")
		KSR.sl.sl_send_reply(486, "Caught")
		return 1
	end
	if KSR.kx.get_ruser() == "nofailure" then KSR.tm.t_on_failure("nosuch_failure") end
	if KSR.kx.get_ruser() == "badfailure" then KSR.tm.t_on_failure("bad_failure") end
	if KSR.kx.get_ruser() == "bob" then KSR.tm.t_on_failure("my_failure") end
	KSR.tm.t_on_branch("my_branch")
	KSR.tm.t_on_reply("my_reply")
	if KSR.tm.t_relay() < 0 then KSR.sl.sl_reply_error() end
	return 1
end

function my_branch() KSR.err("branch " .. KSR.pv.get("$T_branch_idx") .. " " .. KSR.kx.get_ruri() .. "\n"); KSR.hdr.append("X-Branch: lua\r\n") end
function my_reply() KSR.err("onreply " .. KSR.kx.get_status() .. "\n"); KSR.hdr.append("X-Reply: lua\r\n")
	if KSR.kx.get_status() == 183 then KSR.x.drop() end
	if KSR.kx.get_status() == 181 then KSR.set_drop() end
end
function my_failure()
	KSR.err("failure " .. KSR.pv.get("$T_reply_code") .. "\n")
	if KSR.tm.t_is_canceled() > 0 then return 1 end
	KSR.pv.sets("$ru", "sip:second@127.0.30.8:5080")
	KSR.tm.t_on_failure("last_failure")
	KSR.tm.t_relay()
end
function last_failure() KSR.err("last failure\n"); KSR.tm.t_reply(499, "Lua"); KSR.x.exit() end
function bad_failure() KSR.err("bad failure\n"); error("in failure") end
function ksr_reply_route() KSR.err("reply " .. KSR.kx.get_status() .. "\n"); if KSR.kx.get_status() == 182 then KSR.set_drop() end; return 1 end
function ksr_onsend_route() if KSR.siputils.is_request() < 0 then return 1 end; KSR.err("onsend " .. KSR.kx.get_method() .. "\n"); return 1 end
