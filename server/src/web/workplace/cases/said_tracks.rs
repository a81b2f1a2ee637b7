//! The words of tracks: their kinds, grounds, steps, states and outcomes.

use super::{grounds::LPW_GROUNDS, said::Vocabulary};

pub(super) static TRACKS: Vocabulary = Vocabulary {
    prefix: "KIND_",
    rows: &[
        ("PLACEMENT", "Plaatsing", "Placement"),
        ("EXEMPTION", "Vrijstelling", "Exemption"),
        ("COMPLAINT", "Klacht", "Complaint"),
        ("PARENT_OBJECTION", "Bezwaar van ouders", "Objection of parents"),
        ("TLV_OBJECTION", "Bezwaar tegen TLV-besluit", "Objection to the TLV decision"),
        ("DISPUTE", "Zaak bij de Geschillencommissie", "Case at the disputes committee"),
        ("ARRANGEMENT", "Arrangement: extra ondersteuning op school", "Arrangement: extra support at school"),
        (
            "OZA",
            "Onderwijszorgarrangement: onderwijs en zorg samen",
            "Education and care arrangement: both together",
        ),
    ],
};

pub(super) static TRACK_GROUNDS: Vocabulary = Vocabulary { prefix: "GROUND_", rows: LPW_GROUNDS };

pub(super) static TRACK_STEPS: Vocabulary = Vocabulary {
    prefix: "KIND_",
    rows: &[
        ("TLV_APPLIED", "TLV aangevraagd", "TLV applied for"),
        ("TLV_GRANTED", "TLV toegekend", "TLV granted"),
        ("TLV_REFUSED", "TLV geweigerd", "TLV refused"),
        ("TLV_WITHDRAWN", "TLV-aanvraag ingetrokken", "TLV application withdrawn"),
        ("SCHOOL_VISITED", "Een school bezocht", "A school visited"),
        ("SCHOOL_AGREED", "Een school wil plaatsen", "A school agreed"),
        ("SCHOOL_REFUSED", "Een school wil niet plaatsen", "A school refused"),
        ("START_AGREED", "Eerste schooldag afgesproken", "First school day agreed"),
        ("STARTED", "Gestart op school", "Started at school"),
        ("DOCTOR_STATED", "Verklaring van de arts", "Statement of the doctor"),
        ("EDUCATION_ADVISED", "Onderwijskundig oordeel", "Educational opinion"),
        ("NOTIFIED", "Beroep op vrijstelling gedaan", "Parents gave notice"),
        ("GRANTED", "Vrijstelling geldt", "The exemption holds"),
        ("REFUSED", "Vrijstelling geldt niet", "The exemption does not hold"),
        ("MEDIATED", "Samen gesproken", "Talked together"),
        ("HEARD", "Gehoord", "Heard"),
        ("EXTENDED", "Besluit uitgesteld", "Decision put off"),
        ("ADVISED", "Advies van de commissie", "Advice of the committee"),
        ("REPLY_ASKED", "Verweer gevraagd", "Reply asked for"),
        ("REPLY_SENT", "Verweer gestuurd", "Reply sent"),
        ("DECIDED", "Besloten", "Decided"),
        ("ENDED", "Gestopt", "Ended"),
        (
            "EDUCATION_AGREED",
            "School en samenwerkingsverband zijn akkoord",
            "School and samenwerkingsverband agree",
        ),
        ("CARE_AGREED", "Zorg is akkoord", "The side of care agrees"),
        ("PARENTS_AGREED", "Ouders zijn akkoord", "The parents agree"),
        ("ARRANGEMENT_GRANTED", "Arrangement toegekend", "Arrangement granted"),
        ("ARRANGEMENT_REFUSED", "Arrangement geweigerd", "Arrangement refused"),
        ("ARRANGEMENT_STARTED", "Arrangement begonnen", "Arrangement begun"),
        ("ARRANGEMENT_EVALUATED", "Arrangement geëvalueerd", "Arrangement evaluated"),
        ("ARRANGEMENT_ENDED", "Arrangement afgelopen", "Arrangement at its end"),
    ],
};

pub(super) static TRACK_STATES: Vocabulary =
    Vocabulary { prefix: "STATE_", rows: &[("OPEN", "loopt", "running"), ("CLOSED", "afgelopen", "ended")] };

pub(super) static TRACK_OUTCOMES: Vocabulary = Vocabulary {
    prefix: "OUTCOME_",
    rows: &[
        ("PLACED", "Geplaatst", "Placed"),
        ("NOT_PLACED", "Niet geplaatst", "Not placed"),
        ("GRANTED", "Vrijstelling geldt", "The exemption holds"),
        ("REFUSED", "Geweigerd of geldt niet", "Refused, or does not hold"),
        ("UPHELD", "Gelijk gekregen", "Upheld"),
        ("PARTLY_UPHELD", "Voor een deel gelijk gekregen", "Partly upheld"),
        ("DISMISSED", "Geen gelijk gekregen", "Dismissed"),
        ("INADMISSIBLE", "Niet in behandeling genomen", "Inadmissible"),
        ("SETTLED", "Samen opgelost", "Settled"),
        ("WITHDRAWN", "Ingetrokken", "Withdrawn"),
        ("COMPLETED", "Tot het einde gelopen", "Ran to its end"),
    ],
};
