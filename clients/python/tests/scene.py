"""The demo that SCHAKEL_TEST_PROFILE names, and what its intern begeleider does there."""

import faulthandler
import os
import uuid
from datetime import timedelta

import schakel
from schakel import v1

# A test that waits for what never comes ends, and says where.
faulthandler.dump_traceback_later(180, exit=True)

PROFILE = os.environ["SCHAKEL_TEST_PROFILE"]
BOOK = schakel.Profile.read(PROFILE)


def opened(client: schakel.Client) -> v1.Case:
    """A case of the school."""
    parent = v1.Case.Parent(display_name="Eva Voorbeeld", gezag=v1.Case.Parent.GEZAG_YES)
    case = v1.Case(
        school=BOOK.names["school"],
        residence_gemeente_code=BOOK.names["residence"],
        child=v1.Case.Child(display_name=f"Kind {uuid.uuid4()}", birth_date="2018-03-14"),
        parents=[parent],
        absence=v1.Case.Absence(kind=v1.Case.Absence.KIND_ONGEOORLOOFD, first_day=BOOK.names["first_day"]),
        question="Wie denkt mee?",
    )
    return client.thuiszitter.open_case(v1.OpenCaseRequest(case=case))


def meeting(client: schakel.Client, case: v1.Case) -> v1.BookConsultationRequest:
    """The wish to meet about the case at the first time that there is, with its parent."""
    me = client.access.who_am_i(v1.WhoAmIRequest()).person
    seats = [v1.Seat(person=me), v1.Seat(person=case.parents[0].person), v1.Seat(role=v1.ROLE_SMW)]
    hour = timedelta(minutes=60)
    kind = v1.Consultation.KIND_MDO
    found = client.availability.find_slots(
        v1.FindSlotsRequest(school=case.school, case=case.name, seats=seats, duration=hour, kind=kind)
    )
    slot = found.slots[0]
    return v1.BookConsultationRequest(
        consultation=v1.Consultation(
            kind=kind,
            case=case.name,
            school=case.school,
            start_time=slot.start_time,
            duration=hour,
            place=v1.Consultation.PLACE_SCHOOL,
            participants=[v1.Participant(person=it.person, role=it.role) for it in slot.seats],
        )
    )


def of_case(client: schakel.Client, case: v1.Case) -> list[v1.Consultation]:
    wish = v1.ListConsultationsRequest(case=case.name, show_cancelled=True)
    return list(client.consultation.iter_consultations(wish))
