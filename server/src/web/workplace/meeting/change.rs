//! What people do with a meeting: answer, replace somebody, let one more come or one less, cancel, send
//! the invitation again.

use axum::extract::Path;
use pb::{
    consultation_service_client::ConsultationServiceClient,
    message_service_client::MessageServiceClient,
    participant::{Answer, DeclineReason},
};
use schakel_proto::v1 as pb;
use tonic::Status;

use super::{Refused, page};
use crate::web::{
    form::ANSWER_INVALID,
    workplace::{
        book::wish::Chair,
        trouble::{Faults, Shown, see_other},
        visit::{Posted, Visit},
    },
};

/// Back to the meeting; or the meeting as it stands, with why not, and `what` as it was filled in.
async fn done<T>(
    visit: &Visit,
    id: &str,
    (what, form): (&'static str, &Posted),
    answer: Result<T, Status>,
) -> Shown {
    match answer {
        Ok(_) => Ok(see_other(&format!("/consultations/{id}"))),
        Err(status) => {
            let faults = Faults::of(status)?;
            page(visit, id, Some(&Refused { faults, what, form }), "").await
        }
    }
}

/// One's own answer.
pub(super) async fn answer(visit: Visit, Path(id): Path<String>, form: Posted) -> Shown {
    let answer = Answer::from_str_name(form.given("answer")?).ok_or(ANSWER_INVALID)?;
    let why = match form.one("decline_reason")? {
        text if text.is_empty() || !matches!(answer, Answer::Declined) => DeclineReason::Unspecified,
        text => DeclineReason::from_str_name(text).ok_or(ANSWER_INVALID)?,
    };
    let ask = pb::AnswerConsultationRequest {
        name: format!("consultations/{id}"),
        answer: answer.into(),
        request_id: form.given("request_id")?.to_owned(),
        decline_reason: why.into(),
    };
    let answer = ConsultationServiceClient::new(visit.calls()).answer_consultation(ask).await;
    done(&visit, &id, ("answer", &form), answer).await
}

/// One leaves, another comes.
pub(super) async fn replace(visit: Visit, Path(id): Path<String>, form: Posted) -> Shown {
    let comes: Chair = form.given("comes")?.parse()?;
    let comes = pb::Participant { person: comes.person, role: comes.role.into(), ..Default::default() };
    let ask = pb::ReplaceParticipantRequest {
        name: format!("consultations/{id}"),
        leaves: form.given("leaves")?.to_owned(),
        comes: Some(comes),
        etag: form.given("etag")?.to_owned(),
        request_id: form.given("request_id")?.to_owned(),
    };
    let answer = ConsultationServiceClient::new(visit.calls()).replace_participant(ask).await;
    done(&visit, &id, ("replace", &form), answer).await
}

/// One more comes, and is invited alone.
pub(super) async fn add(visit: Visit, Path(id): Path<String>, form: Posted) -> Shown {
    let comes: Chair = form.given("comes")?.parse()?;
    let optional = form.ticked("optional")?;
    let comes =
        pb::Participant { person: comes.person, role: comes.role.into(), optional, ..Default::default() };
    let ask = pb::AddParticipantRequest {
        name: format!("consultations/{id}"),
        comes: Some(comes),
        etag: form.given("etag")?.to_owned(),
        request_id: form.given("request_id")?.to_owned(),
    };
    let answer = ConsultationServiceClient::new(visit.calls()).add_participant(ask).await;
    done(&visit, &id, ("add", &form), answer).await
}

/// One less comes, who alone is told.
pub(super) async fn remove(visit: Visit, Path(id): Path<String>, form: Posted) -> Shown {
    let ask = pb::RemoveParticipantRequest {
        name: format!("consultations/{id}"),
        leaves: form.given("leaves")?.to_owned(),
        etag: form.given("etag")?.to_owned(),
        request_id: form.given("request_id")?.to_owned(),
    };
    let answer = ConsultationServiceClient::new(visit.calls()).remove_participant(ask).await;
    done(&visit, &id, ("remove", &form), answer).await
}

/// The meeting is off.
pub(super) async fn cancel(visit: Visit, Path(id): Path<String>, form: Posted) -> Shown {
    let ask = pb::CancelConsultationRequest {
        name: format!("consultations/{id}"),
        etag: form.given("etag")?.to_owned(),
        request_id: form.given("request_id")?.to_owned(),
    };
    let answer = ConsultationServiceClient::new(visit.calls()).cancel_consultation(ask).await;
    done(&visit, &id, ("cancel", &form), answer).await
}

/// Somebody is sent what stands once more.
pub(super) async fn resend(visit: Visit, Path(id): Path<String>, form: Posted) -> Shown {
    let ask = pb::ResendInvitationRequest {
        consultation: format!("consultations/{id}"),
        person: form.given("person")?.to_owned(),
        request_id: form.given("request_id")?.to_owned(),
    };
    let answer = MessageServiceClient::new(visit.calls()).resend_invitation(ask).await;
    done(&visit, &id, ("resend", &form), answer).await
}
