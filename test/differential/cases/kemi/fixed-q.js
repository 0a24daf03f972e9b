function ksr_request_route() {
  var wanted = KSR.pv.getvs("$hdr(X-Q)", "none");
  if (wanted !== "none") KSR.err("answer " + KSR.registrar.set_q_override(wanted) + "\n");
  KSR.err("save " + KSR.registrar.save("location", 0) + "\n");
}
