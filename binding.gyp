{
  "targets": [
    {
      "target_name": "kahea_net",
      "sources": [
        "native/addon.c",
        "native/options.c",
        "native/sip-scan.c",
        "native/scan-methods.c",
        "native/udp-socket.c",
        "native/udp-send.c",
        "native/unix-socket.c",
        "native/route.c",
        "native/tcp-connect.c",
        "native/sqlite.c"
      ],
      "defines": ["NAPI_VERSION=8", "_GNU_SOURCE"],
      "cflags": ["-std=gnu11", "-O2", "-Wall", "-Wextra", "-Wno-unused-parameter"],
      "conditions": [
        ["OS!='linux'", { "sources!": ["native/udp-socket.c", "native/udp-send.c", "native/unix-socket.c", "native/route.c", "native/tcp-connect.c", "native/sqlite.c"] }]
      ]
    }
  ]
}
