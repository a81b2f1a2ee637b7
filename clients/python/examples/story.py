#!/usr/bin/env python3
"""Routes a school, finds a time at which everybody can meet, and books it.

Without the package: stock stubs on the PYTHONPATH are enough, as README.md tells.
"""

import argparse
import os
import sys
import time
import uuid

import grpc
from google.protobuf import duration_pb2
from google.rpc import error_details_pb2
from grpc_status import rpc_status

from schakel.v1 import (
    access_pb2,
    access_pb2_grpc,
    availability_pb2,
    availability_pb2_grpc,
    consultation_pb2,
    consultation_pb2_grpc,
    directory_pb2,
    directory_pb2_grpc,
    thuiszitter_pb2,
    thuiszitter_pb2_grpc,
)

RETRIES = 3


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    env = os.environ.get
    parser.add_argument("--server", default=env("SCHAKEL_SERVER", "127.0.0.1:8480"), help="host:port")
    parser.add_argument("--tls", action="store_true", help="use TLS")
    parser.add_argument("--token", default=env("SCHAKEL_TOKEN"), help="ska_… (SCHAKEL_TOKEN)")
    parser.add_argument("--acting-for", default=env("SCHAKEL_ACTING_FOR"), help="organisations/…")
    parser.add_argument("--school", default=env("SCHAKEL_SCHOOL"), help="schools/…")
    parser.add_argument("--case", default=env("SCHAKEL_CASE"), help="cases/…")
    parser.add_argument("--residence", default="", help="the gemeente in which the child lives: GM…")
    parser.add_argument("--seat", action="append", default=[], help="persons/… or role:SMW; may be repeated")
    parser.add_argument("--kind", default="MDO", help="MDO, CONSULT, RONDETAFEL, …")
    parser.add_argument("--minutes", type=int, default=60)
    given = parser.parse_args()
    for name in ("token", "school", "case"):
        if not getattr(given, name):
            parser.error(f"--{name} is needed")
    return given


class Caller:
    """Calls methods with the caller's headers, again while the server is briefly away."""

    def __init__(self, given):
        server = given.server.split("://")[-1].rstrip("/")
        if given.tls or given.server.startswith("https://"):
            self.channel = grpc.secure_channel(server, grpc.ssl_channel_credentials())
        else:
            self.channel = grpc.insecure_channel(server)
        self.headers = [("authorization", f"Bearer {given.token}"), ("accept-language", "en")]
        if given.acting_for:
            self.headers.append(("schakel-acting-for", given.acting_for))

    def __call__(self, method, request):
        for pause in [0.2 * 2**turn for turn in range(RETRIES)]:
            try:
                return method(request, metadata=self.headers, timeout=60)
            except grpc.RpcError as error:
                if error.code() != grpc.StatusCode.UNAVAILABLE:
                    raise
                time.sleep(pause)
        return method(request, metadata=self.headers, timeout=60)


def tell(text):
    print(text, file=sys.stderr)


def route(call, given):
    """Who belongs to the school."""
    directory = directory_pb2_grpc.DirectoryServiceStub(call.channel)
    asked = directory_pb2.RouteSchoolRequest(school=given.school, residence_gemeente_code=given.residence)
    answer = call(directory.RouteSchool, asked)
    tell(f"team: {answer.team_display_name or 'none'}")
    for contact in answer.contacts:
        tell(f"  {access_pb2.Role.Name(contact.role)}  {contact.display_name}")
    return answer


def seats(call, given):
    """The caller, every parent with gezag, and whoever was asked for."""
    access = access_pb2_grpc.AccessServiceStub(call.channel)
    cases = thuiszitter_pb2_grpc.ThuiszitterServiceStub(call.channel)
    me = call(access.WhoAmI, access_pb2.WhoAmIRequest())
    case = call(cases.GetCase, thuiszitter_pb2.GetCaseRequest(name=given.case))
    people = [me.person]
    people += [
        parent.person for parent in case.parents if parent.gezag == thuiszitter_pb2.Case.Parent.GEZAG_YES
    ]
    found = [availability_pb2.Seat(person=person) for person in people]
    for seat in given.seat:
        kind, _, role = seat.partition(":")
        if kind == "role":
            found.append(availability_pb2.Seat(role=access_pb2.Role.Value(f"ROLE_{role.upper()}")))
        else:
            found.append(availability_pb2.Seat(person=seat.removeprefix("person:")))
    return found


def find(call, given):
    """The best time, or none with the obstacles told."""
    availability = availability_pb2_grpc.AvailabilityServiceStub(call.channel)
    asked = availability_pb2.FindSlotsRequest(
        school=given.school,
        case=given.case,
        seats=seats(call, given),
        duration=duration_pb2.Duration(seconds=given.minutes * 60),
        kind=consultation_pb2.Consultation.Kind.Value(f"KIND_{given.kind.upper()}"),
    )
    answer = call(availability.FindSlots, asked)
    for obstacle in answer.obstacles:
        tell(f"  {obstacle.reason}: {obstacle.text}")
    for slot in answer.slots:
        tell(f"  {slot.start_time.ToJsonString()}  {slot.points} points")
    return answer.slots[0] if answer.slots else None


def book(call, given, slot):
    """Books the time with the people who are free then."""
    consultations = consultation_pb2_grpc.ConsultationServiceStub(call.channel)
    meeting = consultation_pb2.Consultation(
        kind=consultation_pb2.Consultation.Kind.Value(f"KIND_{given.kind.upper()}"),
        case=given.case,
        school=given.school,
        start_time=slot.start_time,
        duration=duration_pb2.Duration(seconds=given.minutes * 60),
        place=consultation_pb2.Consultation.PLACE_SCHOOL,
        participants=[
            consultation_pb2.Participant(person=taken.person, role=taken.role) for taken in slot.seats
        ],
    )
    asked = consultation_pb2.BookConsultationRequest(consultation=meeting, request_id=str(uuid.uuid4()))
    return call(consultations.BookConsultation, asked)


def refusal(error):
    """The reason and the fields that are not right."""
    lines = [f"{error.code().name}: {error.details()}"]
    status = rpc_status.from_call(error)
    for detail in status.details if status else []:
        info, bad = error_details_pb2.ErrorInfo(), error_details_pb2.BadRequest()
        if detail.Unpack(info):
            lines[0] = f"{info.reason}: {error.details()}"
            lines += [f"  {name}: {value}" for name, value in info.metadata.items()]
        elif detail.Unpack(bad):
            lines += [f"  {it.field}: {it.reason}. {it.description}" for it in bad.field_violations]
    return "\n".join(lines)


def main():
    given = arguments()
    call = Caller(given)
    try:
        route(call, given)
        slot = find(call, given)
        if slot is None:
            tell("there is no time at which everybody can meet")
            return 1
        print(book(call, given, slot).reference)
        return 0
    except grpc.RpcError as error:
        tell(refusal(error))
        return 1


if __name__ == "__main__":
    sys.exit(main())
