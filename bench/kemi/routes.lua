function ksr_request_route()
  if KSR.maxfwd.process_maxfwd(10) < 0 then
    KSR.sl.sl_send_reply(483, "Too Many Hops")
    return 1
  end
  if KSR.is_REGISTER() then
    if KSR.registrar.save("location", 0) < 0 then KSR.sl.sl_reply_error() end
    return 1
  end
  if KSR.siputils.has_totag() > 0 then
    if KSR.rr.loose_route() > 0 then
      KSR.tm.t_relay()
      return 1
    end
    if not KSR.is_ACK() then KSR.sl.sl_send_reply(404, "Not here") end
    return 1
  end
  if KSR.is_CANCEL() then
    if KSR.tm.t_check_trans() > 0 then KSR.tm.t_relay() end
    return 1
  end
  if KSR.tm.t_check_trans() == 0 then return 1 end
  if KSR.is_INVITE() then KSR.rr.record_route() end
  KSR.setdsturi("sip:127.0.30.248:5070")
  KSR.tm.t_relay()
  return 1
end
