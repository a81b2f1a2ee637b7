"""Watches go on where they were when the connection broke, and everything is also there awaited."""

import asyncio
import time
import unittest
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import schakel
from between import Between
from scene import BOOK, PROFILE, meeting, of_case, opened
from schakel import v1
from schakel.errors import SchakelError

SOON = schakel.Retry(first_wait=0.05, longest_wait=0.1, watch_patience=1.0)


class Watches(unittest.TestCase):
    def setUp(self) -> None:
        self.between = Between(BOOK.server)
        self.addCleanup(self.between.stop)
        self.direct = schakel.Client.from_profile(PROFILE)
        self.addCleanup(self.direct.close)
        self.case = opened(self.direct)

    def client(self) -> schakel.Client:
        client = schakel.Client(self.between.address, BOOK.token, acting_for=BOOK.acting_for, retry=SOON)
        self.addCleanup(client.close)
        return client

    def asynchronous(self) -> schakel.aio.Client:
        return schakel.aio.Client(self.between.address, BOOK.token, acting_for=BOOK.acting_for, retry=SOON)

    def answer(self, meeting: v1.Consultation, answer: Any) -> v1.Consultation:
        wish = v1.AnswerConsultationRequest(name=meeting.name, answer=answer)
        return self.direct.consultation.answer_consultation(wish)

    def cancel(self) -> None:
        for it in of_case(self.direct, self.case):
            if it.state == v1.Consultation.STATE_PLANNED:
                wish = v1.CancelConsultationRequest(name=it.name, etag=it.etag)
                self.direct.consultation.cancel_consultation(wish)

    def test_a_change_in_a_case_during_a_break_is_told_after_it_and_each_once(self) -> None:
        booked = self.direct.consultation.book_consultation(meeting(self.direct, self.case))
        changes = self.client().watch_cases(case=self.case.name)
        with ThreadPoolExecutor(1) as pool:
            first = pool.submit(next, changes)
            self.until("WatchCases")
            self.between.cut, self.between.on_cut = 1, self.cancel
            self.direct.consultation.book_consultation(meeting(self.direct, self.case))
            told = [first.result(30)]
            for _ in range(2):
                told.append(pool.submit(next, changes).result(30))
        changes.close()
        self.assertEqual(self.between.calls["WatchCases"], 2)
        self.assertEqual(len({it.name for it in told}), 3, told)
        self.assertEqual({it.case for it in told}, {self.case.name})
        self.assertTrue(booked.name)

    def test_a_meeting_that_changed_during_a_break_is_told_as_it_stands_then(self) -> None:
        wish = meeting(self.direct, self.case)
        changes = self.client().watch_consultations(case=self.case.name)
        with ThreadPoolExecutor(1) as pool:
            first = pool.submit(next, changes)
            self.until("WatchConsultations")
            self.until("ListConsultations")
            self.between.cut, self.between.on_cut = 1, self.cancel
            booked = self.direct.consultation.book_consultation(wish)
            told = [first.result(30), pool.submit(next, changes).result(30)]
        changes.close()
        self.assertEqual([it.name for it in told], [booked.name] * 2)
        self.assertEqual(told[1].state, v1.Consultation.STATE_CANCELLED)

    def test_a_refusal_ends_a_watch_and_so_does_a_server_that_stays_away(self) -> None:
        with self.assertRaises(SchakelError) as refused:
            next(self.client().watch_cases(case="cases/01a2076b-4840-7000-b479-b280a0dba19a"))
        self.assertEqual(refused.exception.reason, "CASE_NOT_FOUND")
        with schakel.Client("http://127.0.0.1:1", "ska_x", retry=SOON) as nobody:
            with self.assertRaises(SchakelError) as refused:
                next(nobody.watch_consultations())
        self.assertEqual(refused.exception.name, "UNAVAILABLE")

    def test_all_of_this_can_be_awaited(self) -> None:
        asyncio.run(self.awaited())

    async def awaited(self) -> None:
        async def token() -> str:
            return BOOK.token

        wish = meeting(self.direct, self.case)
        async with schakel.aio.Client(self.between.address, token, acting_for=BOOK.acting_for) as client:
            schools = client.directory.iter_schools(v1.ListSchoolsRequest(page_size=3))
            self.assertEqual(len([it async for it in schools]), 8)
            self.between.lose["BookConsultation"] = 2
            booked = await client.consultation.book_consultation(wish)
            self.assertEqual(self.between.calls["BookConsultation"], 3)
            with self.assertRaises(SchakelError) as refused:
                await client.consultation.book_consultation(v1.BookConsultationRequest())
            self.assertEqual(refused.exception.violations[0].field, "consultation")
        self.assertEqual([it.name for it in of_case(self.direct, self.case)], [booked.name])

    def test_an_awaited_watch_goes_on_too(self) -> None:
        asyncio.run(self.awaited_watches())

    async def awaited_watches(self) -> None:
        wish = meeting(self.direct, self.case)
        async with self.asynchronous() as client:
            meetings = client.watch_consultations(case=self.case.name)
            changes = client.watch_cases(case=self.case.name)
            first = asyncio.gather(anext(meetings), anext(changes))
            for method in ("WatchConsultations", "ListConsultations", "WatchCases"):
                await asyncio.to_thread(self.until, method)
            self.between.cut = 2
            booked = await asyncio.to_thread(self.direct.consultation.book_consultation, wish)
            meeting_told, change = await asyncio.wait_for(first, 30)
            self.assertEqual((meeting_told.name, change.case), (booked.name, self.case.name))
            await asyncio.to_thread(self.cancel)
            while meeting_told.state != v1.Consultation.STATE_CANCELLED:
                meeting_told = await asyncio.wait_for(anext(meetings), 30)
            later = await asyncio.wait_for(anext(changes), 30)
            self.assertNotEqual(later.name, change.name)
            await asyncio.gather(meetings.aclose(), changes.aclose())
        self.assertEqual((self.between.calls["WatchCases"], self.between.calls["WatchConsultations"]), (2, 2))

    def until(self, method: str) -> None:
        """Waits until the call has reached the server, and it has had the time to listen."""
        for _ in range(200):
            if self.between.calls[method]:
                break
            time.sleep(0.05)
        time.sleep(0.3)


if __name__ == "__main__":
    unittest.main()
