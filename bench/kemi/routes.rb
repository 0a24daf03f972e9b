def ksr_request_route()
  if KSR::MAXFWD.process_maxfwd(10) < 0
    KSR::SL.sl_send_reply(483, "Too Many Hops")
    return 1
  end
  if KSR.is_REGISTER()
    KSR::SL.sl_reply_error() if KSR::REGISTRAR.save("location", 0) < 0
    return 1
  end
  if KSR::SIPUTILS.has_totag() > 0
    if KSR::RR.loose_route() > 0
      KSR::TM.t_relay()
      return 1
    end
    KSR::SL.sl_send_reply(404, "Not here") unless KSR.is_ACK()
    return 1
  end
  if KSR.is_CANCEL()
    KSR::TM.t_relay() if KSR::TM.t_check_trans() > 0
    return 1
  end
  return 1 if KSR::TM.t_check_trans() == 0
  KSR::RR.record_route() if KSR.is_INVITE()
  KSR.setdsturi("sip:127.0.30.248:5070")
  KSR::TM.t_relay()
  return 1
end
