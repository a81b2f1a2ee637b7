"""A real SMTP server on this machine, which takes mail over STARTTLS only.

    smtp.py FOLDER [PORT]

Makes FOLDER/ca.pem (a certificate authority of its own), listens on 127.0.0.1 and prints the
port. Every message that it acknowledges is first a file FOLDER/mail/<n>.eml, made durable,
exactly as it came, below two lines of its own: X-Envelope-From and X-Envelope-To.

The recipient's local part chooses how it is answered:
    refuse…   550, always
    later…    451 the first time, then taken
    lost…     taken, but the connection ends before the answer
    slow…     taken after five seconds
"""

import asyncio
import os
import pathlib
import ssl
import subprocess
import sys

from aiosmtpd.smtp import SMTP


def openssl(*arguments):
    subprocess.run(["openssl", *arguments], check=True, capture_output=True)


def certificates(folder):
    """One authority, and one certificate of it for localhost."""
    ca, ca_key = folder / "ca.pem", folder / "ca.key"
    own, own_key, wish = folder / "server.pem", folder / "server.key", folder / "server.csr"
    names = folder / "server.ext"
    names.write_text(
        "subjectAltName=DNS:localhost,IP:127.0.0.1\nbasicConstraints=CA:FALSE\n"
        "keyUsage=digitalSignature\nextendedKeyUsage=serverAuth\n"
    )
    key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
    openssl(
        "req", "-x509", *key, "-keyout", ca_key, "-out", ca, "-days", "3650", "-subj", "/CN=Schakel test authority",
        "-addext", "keyUsage=critical,keyCertSign,cRLSign",
    )
    openssl("req", *key, "-keyout", own_key, "-out", wish, "-subj", "/CN=localhost")
    openssl(
        "x509", "-req", "-in", wish, "-CA", ca, "-CAkey", ca_key, "-CAcreateserial", "-out", own,
        "-days", "3650", "-extfile", names,
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(own, own_key)
    return context


class Keep:
    """Keeps what it acknowledges."""

    def __init__(self, folder):
        self.folder = folder / "mail"
        self.folder.mkdir(parents=True, exist_ok=True)
        self.count = len(list(self.folder.glob("*.eml")))
        self.seen = set()

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("refuse"):
            return "550 5.1.1 nobody of that name"
        if address.startswith("later") and address not in self.seen:
            self.seen.add(address)
            return "451 4.7.1 come back later"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server, session, envelope):
        self.keep(envelope)
        if any(to.startswith("slow") for to in envelope.rcpt_tos):
            await asyncio.sleep(5)
        if any(to.startswith("lost") for to in envelope.rcpt_tos):
            server.transport.abort()
        return "250 2.0.0 kept"

    def keep(self, envelope):
        self.count += 1
        head = f"X-Envelope-From: {envelope.mail_from}\r\nX-Envelope-To: {', '.join(envelope.rcpt_tos)}\r\n"
        path = self.folder / f"{self.count:06}.part"
        with open(path, "wb") as file:
            file.write(head.encode() + envelope.original_content)
            file.flush()
            os.fsync(file.fileno())
        path.rename(path.with_suffix(".eml"))


async def main(folder, port):
    folder.mkdir(parents=True, exist_ok=True)
    context = certificates(folder)
    keep = Keep(folder)

    def session():
        return SMTP(keep, hostname="localhost", tls_context=context, require_starttls=True, enable_SMTPUTF8=False)

    server = await asyncio.get_running_loop().create_server(session, "127.0.0.1", port)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(pathlib.Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 0))
