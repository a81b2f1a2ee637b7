"""Calls against the real server: one effect, readable refusals, every page, tokens, TLS."""

import subprocess
import tempfile
import time
import tomllib
import unittest
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import grpc
from google.rpc import error_details_pb2, status_pb2

import schakel
from between import Between
from scene import BOOK, PROFILE, meeting, of_case, opened
from schakel import v1
from schakel.errors import SchakelError

ME = v1.WhoAmIRequest()


class WithServer(unittest.TestCase):
    def setUp(self) -> None:
        self.between = Between(BOOK.server)
        self.addCleanup(self.between.stop)
        self.direct = schakel.Client.from_profile(PROFILE, language="en")
        self.addCleanup(self.direct.close)

    def client(self, **settings) -> schakel.Client:
        token = settings.pop("token", BOOK.token)
        settings.setdefault("acting_for", BOOK.acting_for)
        client = schakel.Client(self.between.address, token, language="en", **settings)
        self.addCleanup(client.close)
        return client


class Writes(WithServer):
    def test_a_write_whose_answers_are_lost_happens_once(self) -> None:
        client = self.client()
        self.between.lose["OpenCase"] = 2
        case = opened(client)
        self.assertEqual(self.between.calls["OpenCase"], 3)
        wish = meeting(client, case)
        self.between.lose["BookConsultation"] = 3
        booked = client.consultation.book_consultation(wish)
        self.assertEqual(self.between.calls["BookConsultation"], 4)
        self.assertEqual([it.name for it in of_case(client, case)], [booked.name])
        self.assertEqual(wish.request_id, "", "what was given stays as it is")

    def test_a_write_given_up_is_finished_with_the_id_that_the_error_tells(self) -> None:
        client = self.client(retry=schakel.Retry(times=1))
        case = opened(self.direct)
        wish = meeting(self.direct, case)
        self.between.lose["BookConsultation"] = 2
        with self.assertRaises(SchakelError) as refused:
            client.consultation.book_consultation(wish)
        self.assertEqual(self.between.calls["BookConsultation"], 2)
        self.assertEqual(refused.exception.code, grpc.StatusCode.UNAVAILABLE)
        wish.request_id = refused.exception.request_id
        booked = client.consultation.book_consultation(wish)
        self.assertEqual([it.name for it in of_case(client, case)], [booked.name])

    def test_what_would_happen_twice_is_sent_once(self) -> None:
        self.between.lose["AdvanceClock"] = 1
        with self.assertRaises(SchakelError):
            self.client().clock.advance_clock(v1.AdvanceClockRequest(by=timedelta(seconds=1)))
        self.assertEqual(self.between.calls["AdvanceClock"], 1)

    def test_an_old_copy_is_refused_and_not_sent_again(self) -> None:
        client = self.client()
        wish = meeting(client, opened(client))
        booked = client.consultation.book_consultation(wish)
        old = v1.CancelConsultationRequest(name=booked.name, etag=booked.etag)
        client.consultation.cancel_consultation(old)
        with self.assertRaises(SchakelError) as refused:
            client.consultation.reinstate_consultation(
                v1.ReinstateConsultationRequest(name=booked.name, etag=booked.etag)
            )
        self.assertEqual(refused.exception.reason, "ETAG_MISMATCH")
        self.assertFalse(refused.exception.passing)
        self.assertEqual(self.between.calls["ReinstateConsultation"], 1)

    def test_the_deadline_counts_over_all_attempts(self) -> None:
        client = self.client(retry=schakel.Retry(times=50, first_wait=0.4, longest_wait=0.4))
        self.between.lose["WhoAmI"] = 50
        with self.assertRaises(SchakelError):
            client.access.who_am_i(ME, timeout=1.0)
        self.assertLessEqual(self.between.calls["WhoAmI"], 6)


class Refusals(WithServer):
    def test_every_field_that_is_not_right_is_told_at_once(self) -> None:
        wrong = v1.BookConsultationRequest(consultation=v1.Consultation(school="teams/1"))
        with self.assertRaises(SchakelError) as refused:
            self.direct.consultation.book_consultation(wrong)
        error = refused.exception
        self.assertEqual((error.code, error.domain), (grpc.StatusCode.INVALID_ARGUMENT, "schakel"))
        reasons = {it.field: it.reason for it in error.violations}
        self.assertEqual(reasons["consultation.kind"], "FIELD_REQUIRED", reasons)
        self.assertIn("consultation.school", reasons)
        self.assertGreater(len(reasons), 3)
        self.assertIn("consultation.kind: FIELD_REQUIRED. ", str(error))

    def test_a_conflict_tells_when_there_is_time(self) -> None:
        wish = meeting(self.direct, opened(self.direct))
        self.direct.consultation.book_consultation(wish)
        with self.assertRaises(SchakelError) as refused:
            self.direct.consultation.book_consultation(wish)
        self.assertEqual(refused.exception.reason, "TIME_CONFLICT")
        self.assertIn("next_free_times", refused.exception.metadata)

    def test_a_server_that_is_away_is_told_in_one_form(self) -> None:
        retry = schakel.Retry(times=1, first_wait=0.05)
        with schakel.Client("http://127.0.0.1:1", retry=retry) as nobody:
            with self.assertRaises(SchakelError) as refused:
                nobody.access.who_am_i(ME)
        self.assertEqual(refused.exception.name, "UNAVAILABLE")

    def test_a_token_that_cannot_be_sent_is_refused_and_not_repeated(self) -> None:
        with self.assertRaises(ValueError) as refused:
            schakel.Client(BOOK.server, "ska_a\nb")
        self.assertEqual(str(refused.exception), "the token holds characters that cannot be sent")
        self.assertNotIn(BOOK.token, repr(BOOK))
        for wrong in ("127.0.0.1:8480", "ftp://host", "", "http://"):
            with self.assertRaises(ValueError):
                schakel.Client(wrong)


class Waits(unittest.TestCase):
    """A server of our own that says when to come back."""

    def test_a_server_that_says_when_is_asked_again_then(self) -> None:
        busy = Busy("OVERLOADED", 0.3, times=1)
        self.addCleanup(busy.stop)
        began = time.monotonic()
        with schakel.Client(busy.address) as client:
            self.assertEqual(client.access.who_am_i(ME).display_name, "well")
        self.assertGreater(time.monotonic() - began, 0.3)
        self.assertEqual(busy.calls, 2)

    def test_a_server_that_asks_for_long_is_not_waited_for(self) -> None:
        busy = Busy("RATE_LIMITED", 60.0, times=9)
        self.addCleanup(busy.stop)
        with schakel.Client(busy.address) as client:
            with self.assertRaises(SchakelError) as refused:
                client.access.who_am_i(ME)
        error = refused.exception
        self.assertEqual((error.reason, error.retry_after, busy.calls), ("RATE_LIMITED", 60.0, 1))

    def test_waits_grow_with_chance_in_them_and_end(self) -> None:
        retry, away = schakel.Retry(), SchakelError(grpc.StatusCode.UNAVAILABLE, "")
        for turn, most in enumerate([0.2, 0.4, 0.8]):
            waits = {retry.wait(away, turn, 60.0) for _ in range(20)}
            self.assertGreater(len(waits), 10)
            self.assertTrue(all(wait and most / 2 <= wait <= most for wait in waits), waits)
        self.assertIsNone(retry.wait(away, 3, 60.0))
        self.assertIsNone(retry.wait(away, 0, 0.05), "the deadline comes first")


class Busy(grpc.GenericRpcHandler):
    """Refuses `times` calls."""

    def __init__(self, reason: str, wait: float, times: int) -> None:
        self.calls = 0
        self._times = times
        self._status = status_pb2.Status(code=grpc.StatusCode.RESOURCE_EXHAUSTED.value[0])
        for detail in (
            error_details_pb2.ErrorInfo(reason=reason, domain="schakel"),
            error_details_pb2.RetryInfo(retry_delay=timedelta(seconds=wait)),
        ):
            self._status.details.add().Pack(detail)
        self._server = grpc.server(ThreadPoolExecutor(2), handlers=[self])
        self.address = f"http://127.0.0.1:{self._server.add_insecure_port('127.0.0.1:0')}"
        self._server.start()

    def stop(self) -> None:
        self._server.stop(None).wait()

    def service(self, details):
        def answer(request, context):
            self.calls += 1
            if self.calls <= self._times:
                told = self._status.SerializeToString()
                context.set_trailing_metadata((("grpc-status-details-bin", told),))
                context.abort(grpc.StatusCode.RESOURCE_EXHAUSTED, "busy")
            return v1.WhoAmIResponse(display_name="well").SerializeToString()

        return grpc.unary_unary_rpc_method_handler(answer)


class Reads(WithServer):
    def test_every_page_is_read(self) -> None:
        client = self.client()
        small = [it.name for it in client.directory.iter_schools(v1.ListSchoolsRequest(page_size=3))]
        pages = self.between.calls["ListSchools"]
        whole = [it.name for it in client.directory.iter_schools(v1.ListSchoolsRequest())]
        self.assertEqual(small, whole)
        self.assertEqual((len(set(small)), pages), (8, 3))

    def test_a_token_that_renews_is_asked_for_again_when_it_is_refused(self) -> None:
        tokens = iter(["ska_old", BOOK.token, BOOK.token])
        client = self.client(token=lambda: next(tokens), acting_for="")
        tokens = iter(["ska_old", BOOK.token])
        self.assertTrue(client.access.who_am_i(ME).person)
        self.assertEqual(self.between.bearers, ["Bearer ska_old", f"Bearer {BOOK.token}"])
        old = self.client(token="ska_old")
        with self.assertRaises(SchakelError) as refused:
            old.access.who_am_i(ME)
        self.assertEqual(refused.exception.code, grpc.StatusCode.UNAUTHENTICATED)
        self.assertEqual(self.between.calls["WhoAmI"], 3)

    def test_a_file_is_sent_in_parts_and_only_looked_at(self) -> None:
        file = Path(PROFILE).parent / "example" / "vestigingen.csv"
        text = file.read_bytes()
        parts = [text[at : at + 4096] for at in range(0, len(text), 4096)]
        first = v1.ImportRequest(kind=v1.ImportRequest.KIND_SCHOOLS, dry_run=True)
        sent = [first, *(v1.ImportRequest(chunk=part) for part in parts)]
        with schakel.Client.from_profile(PROFILE, "beheerder") as administrator:
            report = administrator.directory.import_(sent)
        self.assertTrue(report.dry_run)
        self.assertGreater(report.rows, 0)


class Names(unittest.TestCase):
    def test_every_service_of_the_protos_is_an_attribute_of_both_clients(self) -> None:
        services = set()
        for module in vars(v1).values():
            for name in getattr(getattr(module, "DESCRIPTOR", None), "services_by_name", ()):
                services.add(name)
        self.assertGreater(len(services), 30)
        for client in (schakel.Client("http://127.0.0.1:1"), schakel.aio.Client("http://127.0.0.1:1")):
            self.assertEqual({type(it).__name__ for it in vars(client).values()} & services, services)

    def test_the_version_is_that_of_the_workspace(self) -> None:
        root = Path(__file__).parents[3]
        workspace = tomllib.loads((root / "Cargo.toml").read_text())["workspace"]["package"]
        self.assertEqual(schakel.__version__, workspace["version"])


class OverTls(unittest.TestCase):
    """A server of our own: the demo's port is on this machine alone, and speaks no TLS."""

    def test_a_given_authority_and_a_certificate_of_the_client_are_used(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            home = Path(folder)
            openssl = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"]
            for who in ("server", "client"):
                names = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]
                out = ["-nodes", "-days", "1", "-keyout", f"{who}.key", "-out", f"{who}.pem"]
                subprocess.run([*openssl, *names, *out], cwd=home, check=True, capture_output=True)
            read = {file.name: file.read_bytes() for file in home.iterdir()}
            pair = [(read["server.key"], read["server.pem"])]
            credentials = grpc.ssl_server_credentials(pair, read["client.pem"], require_client_auth=True)
            server = grpc.server(ThreadPoolExecutor(2), handlers=[Somebody()])
            port = server.add_secure_port("localhost:0", credentials)
            server.start()
            self.addCleanup(server.stop, None)
            address, calm = f"https://localhost:{port}", schakel.Retry(times=0)
            tls = schakel.Tls(home / "server.pem", home / "client.pem", home / "client.key")
            with schakel.Client(address, tls=tls) as client:
                self.assertEqual(client.access.who_am_i(ME).display_name, "localhost")
            for wrong in (None, schakel.Tls(ca=home / "server.pem"), schakel.Tls(ca=home / "client.pem")):
                with schakel.Client(address, tls=wrong, retry=calm, timeout=10) as client:
                    with self.assertRaises(SchakelError):
                        client.access.who_am_i(ME)


class Somebody(grpc.GenericRpcHandler):
    """Tells whoever asks the name in their certificate."""

    def service(self, details):
        def answer(request, context):
            name = context.auth_context()["x509_common_name"][0].decode()
            return v1.WhoAmIResponse(display_name=name).SerializeToString()

        return grpc.unary_unary_rpc_method_handler(answer)


if __name__ == "__main__":
    unittest.main()
