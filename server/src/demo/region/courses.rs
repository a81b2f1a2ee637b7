//! How the cases of the year before went, as a table: what was done on which day after a case was opened.

use chrono::NaiveDate;
use schakel_client::v1::{CaseOutcome, Enrolment, ExemptionGround, Moment, Stage};

use self::Deed::{Ends, Enrols, Escalates, Exempts, Goes, Happens, Meets, Moves, Relapses};

/// What is done in a case on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deed {
    /// The coordinator opens it.
    Opens,
    /// School and parents are invited for this day.
    Books(NaiveDate),
    /// They meet.
    Meets,
    /// The work goes on to this stage.
    Goes(Stage),
    /// It is taken to this level, where the samenwerkingsverband acts.
    Escalates(i32),
    /// This happened.
    Happens(Moment),
    /// This exemption holds, for a year from that day on.
    Exempts(ExemptionGround),
    /// From this day on it has a school, or none.
    Enrols(Enrolment),
    /// It goes to the school that was found for it.
    Moves,
    /// It is closed.
    Ends(CaseOutcome),
    /// The child is at home again.
    Relapses,
}

/// A way that a case can go.
pub(super) struct Course {
    pub(super) absence: &'static str,
    /// Calendar days from the first day of absence to the opening; at least 5.
    pub(super) days: u16,
    /// What the school asks; `{kind}` is the child.
    pub(super) question: &'static str,
    /// Calendar days since the opening, ascending, and what was done. A week goes before a meeting.
    pub(super) deeds: &'static [(u16, Deed)],
}

/// In part of them nothing was offered in time, and in one nothing has ended.
pub(super) static COURSES: [Course; 11] = [
    Course {
        absence: "LRV",
        days: 14,
        question: "{kind} durft de klas niet meer in. Hoe beginnen we klein?",
        deeds: &[
            (2, Goes(Stage::Consult)),
            (8, Meets),
            (8, Happens(Moment::SchoolTalkHeld)),
            (20, Happens(Moment::OfferMade)),
            (24, Goes(Stage::Terugkeer)),
            (45, Goes(Stage::Nazorg)),
            (60, Ends(CaseOutcome::TerugEigenSchool)),
        ],
    },
    Course {
        absence: "LRV",
        days: 24,
        question: "{kind} is vier weken weg zonder bericht. De melding is gedaan.",
        deeds: &[
            (3, Happens(Moment::ReportedToDuo)),
            (3, Goes(Stage::Melding)),
            (9, Goes(Stage::Leerplichtonderzoek)),
            (12, Meets),
            (14, Happens(Moment::LeerplichtContacted)),
            (35, Goes(Stage::Plan)),
            (36, Happens(Moment::PlanSigned)),
            (48, Happens(Moment::OfferMade)),
            (70, Goes(Stage::Terugkeer)),
            (118, Ends(CaseOutcome::TerugOpbouw)),
        ],
    },
    Course {
        absence: "LRV",
        days: 30,
        question: "De groep is te groot voor {kind}. Welke plek past wel?",
        deeds: &[
            (2, Goes(Stage::Consult)),
            (10, Meets),
            (25, Goes(Stage::Rondetafel)),
            (26, Happens(Moment::RondetafelHeld)),
            (26, Escalates(1)),
            (40, Goes(Stage::Plan)),
            (42, Happens(Moment::ExtraSupportDecided)),
            (50, Happens(Moment::OppMade)),
            (55, Goes(Stage::Arrangement)),
            (80, Happens(Moment::OfferMade)),
            // Time between two schools.
            (84, Enrols(Enrolment::NotEnrolled)),
            (126, Enrols(Enrolment::Enrolled)),
            (133, Moves),
            (133, Ends(CaseOutcome::Plaatsing)),
        ],
    },
    Course {
        absence: "LRV",
        days: 20,
        question: "{kind} komt na de zomer niet meer. Ouders en school zien het anders.",
        deeds: &[
            (4, Goes(Stage::Melding)),
            (11, Goes(Stage::Leerplichtonderzoek)),
            (15, Meets),
            (36, Escalates(1)),
            (50, Escalates(2)),
            (60, Goes(Stage::Rondetafel)),
            (61, Happens(Moment::RondetafelHeld)),
            (75, Goes(Stage::Plan)),
            (120, Happens(Moment::OfferMade)),
            (160, Happens(Moment::ReviewedHalfYear)),
            (190, Goes(Stage::Terugkeer)),
            (238, Ends(CaseOutcome::TerugEigenSchool)),
        ],
    },
    Course {
        absence: "LRV",
        days: 12,
        question: "{kind} blijft elke maandag thuis, en nu de hele week.",
        deeds: &[
            (2, Goes(Stage::Consult)),
            (8, Meets),
            (18, Happens(Moment::OfferMade)),
            (21, Goes(Stage::Terugkeer)),
            (48, Ends(CaseOutcome::TerugEigenSchool)),
            (95, Relapses),
            (98, Goes(Stage::Melding)),
            (104, Goes(Stage::Leerplichtonderzoek)),
            (110, Meets),
            (131, Goes(Stage::Plan)),
            (142, Happens(Moment::OfferMade)),
            (165, Enrols(Enrolment::NotEnrolled)),
            (186, Enrols(Enrolment::Enrolled)),
            (190, Moves),
            (190, Ends(CaseOutcome::Plaatsing)),
        ],
    },
    Course {
        absence: "LRV",
        days: 35,
        question: "Niemand weet meer wie aan zet is voor {kind}.",
        deeds: &[
            (5, Goes(Stage::Melding)),
            (14, Goes(Stage::Leerplichtonderzoek)),
            (21, Escalates(1)),
            (30, Meets),
            (35, Escalates(2)),
            (90, Goes(Stage::Rondetafel)),
            (91, Happens(Moment::RondetafelHeld)),
            (145, Happens(Moment::ReviewedHalfYear)),
            (325, Happens(Moment::ReviewedYear)),
        ],
    },
    Course {
        absence: "GEOORLOOFD_ZIEK",
        days: 40,
        question: "{kind} is vaak ziek. Wat kan wel, en hoeveel uur?",
        deeds: &[
            (4, Goes(Stage::Consult)),
            (7, Happens(Moment::JeugdartsConsulted)),
            (11, Meets),
            (40, Happens(Moment::OfferMade)),
            (75, Goes(Stage::Terugkeer)),
            (168, Ends(CaseOutcome::TerugOpbouw)),
        ],
    },
    Course {
        absence: "LRV",
        days: 18,
        question: "Het gezin van {kind} gaat verhuizen. Wie neemt het over?",
        deeds: &[
            (4, Goes(Stage::Consult)),
            (12, Meets),
            (56, Ends(CaseOutcome::VerhuisdNaarGemeente)),
            (63, Happens(Moment::WarmlyHandedOver)),
        ],
    },
    Course {
        absence: "VRIJSTELLING_5A",
        days: 30,
        question: "Ouders vragen vrijstelling voor {kind}. Is onderwijs echt niet mogelijk?",
        deeds: &[
            (10, Meets),
            (84, Exempts(ExemptionGround::ExemptionGround5OnderA)),
            (84, Ends(CaseOutcome::Vrijstelling5OnderA)),
        ],
    },
    Course {
        absence: "LRV",
        days: 45,
        question: "Voor {kind} is eerst zorg nodig. Kan onderwijs daar ook?",
        deeds: &[
            (3, Goes(Stage::Consult)),
            (11, Escalates(1)),
            (16, Meets),
            (25, Escalates(2)),
            (30, Goes(Stage::Rondetafel)),
            (31, Happens(Moment::RondetafelHeld)),
            (52, Goes(Stage::Plan)),
            (100, Happens(Moment::OfferMade)),
            (135, Happens(Moment::ReviewedHalfYear)),
            (196, Ends(CaseOutcome::Oza)),
        ],
    },
    Course {
        absence: "SCHORSING",
        days: 9,
        question: "{kind} is geschorst en wil niet terug. Hoe spreken we dat uit?",
        deeds: &[
            (8, Meets),
            (10, Goes(Stage::Consult)),
            (12, Happens(Moment::OfferMade)),
            (14, Goes(Stage::Terugkeer)),
            (18, Goes(Stage::Nazorg)),
            (32, Happens(Moment::AftercareFirst)),
            (60, Happens(Moment::AftercareSecond)),
            (102, Happens(Moment::AftercareLast)),
            (103, Ends(CaseOutcome::TerugEigenSchool)),
        ],
    },
];
