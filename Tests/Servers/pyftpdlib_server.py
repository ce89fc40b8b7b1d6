"""Serves one folder with pyftpdlib over explicit FTPS. Settings: a JSON object in the file that the argument names."""

import json
import logging
import os
import sys

from OpenSSL import SSL
from pyftpdlib.authorizers import DummyAuthorizer
from pyftpdlib.handlers import TLS_FTPHandler
from pyftpdlib.servers import FTPServer

with open(sys.argv[1], encoding="utf-8") as file:
    settings = json.load(file)

logging.basicConfig(filename=settings["log"], level=logging.DEBUG, format="%(asctime)s %(message)s")

authorizer = DummyAuthorizer()
authorizer.add_user(settings["user"], settings["password"], settings["root"], perm="elradfmwMT")


class Handler(TLS_FTPHandler):
    certfile = settings["certificate"]
    tls_control_required = True
    tls_data_required = True
    passive_ports = range(settings["firstPassive"], settings["lastPassive"] + 1)

    proto_cmds = {name: kind for name, kind in TLS_FTPHandler.proto_cmds.items() if name not in settings["unknown"]}

    def on_login(self, username):
        logging.info("logged in over %s", self.socket.get_protocol_version_name())


versions = {"1.2": SSL.TLS1_2_VERSION, "1.3": SSL.TLS1_3_VERSION}
context = Handler.get_ssl_context()
context.set_min_proto_version(versions[settings["minimum"]])
context.set_max_proto_version(versions[settings["maximum"]])
if settings["authority"]:
    context.load_verify_locations(settings["authority"])
    context.set_verify(SSL.VERIFY_PEER | SSL.VERIFY_FAIL_IF_NO_PEER_CERT, lambda *arguments: bool(arguments[-1]))
    # OpenSSL refuses to resume a session that holds a client certificate without one.
    context.set_session_id(b"ferry")

Handler.authorizer = authorizer
server = FTPServer((settings["address"], settings["port"]), Handler)
server.max_cons = 200
server.max_cons_per_ip = 200
if settings.get("userNumber"):
    os.setgroups([])
    os.setgid(settings["userNumber"])
    os.setuid(settings["userNumber"])
server.serve_forever()
