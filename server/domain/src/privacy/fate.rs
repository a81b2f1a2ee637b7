//! What of a file goes and what stays, part by part, and why.
//!
//! A file is a case with its meetings and its requests for help. Each part has the
//! classes that its facts give it; the case itself goes last, because without it nobody
//! knows whose the other parts are.

use chrono::NaiveDate;
use uuid::Uuid;

use super::{
    ground::{ErasureGround, words},
    retention::{Profile, RetentionClass, Start, Term},
};

words! {
    /// What a part is.
    PartKind {
        /// The case: identity, facts, timeline.
        Case,
        /// A meeting with its table, minutes and mails.
        Meeting,
        /// A request for a helper.
        Hulpvraag,
    }
    /// Why a part stays.
    Why {
        /// Somebody said that nothing of the case may be destroyed.
        LegalHold,
        /// Its term has not begun: the case is open.
        CaseOpen,
        /// Its term has not ended.
        RetentionTerm,
        /// A law says that it must be kept, whoever asks (AVG art. 17(3)(b)).
        RetentionDuty,
        /// The region has set no term for it.
        TermMissing,
        /// Another part stays, and this one says whose it is.
        OtherPartStays,
    }
}

/// A part of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// What.
    pub kind: PartKind,
    /// Which.
    pub id: Uuid,
    /// By its facts; never empty.
    pub classes: Vec<RetentionClass>,
}

/// A case as the terms see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// The day on which it was closed; none while it is open.
    pub closed: Option<NaiveDate>,
    /// The last day on which anything changed or met.
    pub last_change: NaiveDate,
    /// Whether a legal hold stands.
    pub held: bool,
    /// One of them is the case itself.
    pub parts: Vec<Part>,
}

/// Why anything is destroyed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// Its term has ended.
    Retention,
    /// Somebody's right.
    Erasure(ErasureGround),
}

/// What becomes of a part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fate {
    /// It goes.
    Goes {
        /// As what it is counted: the class of the longest term.
        class: RetentionClass,
        /// When that term ended; none when it has not, and goes by a right.
        since: Option<NaiveDate>,
    },
    /// It stays.
    Stays {
        /// For which class.
        class: RetentionClass,
        /// Until when; none when nobody knows.
        until: Option<NaiveDate>,
        /// Why.
        why: Why,
    },
}

impl File {
    /// The day on which a term that begins so began; none while the case is open.
    fn start(&self, start: Start) -> Option<NaiveDate> {
        let closed = self.closed?;
        Some(match start {
            Start::CaseClosed => closed,
            Start::LastChange | Start::Written => closed.max(self.last_change),
        })
    }

    /// The first day on which what has `term` may be destroyed.
    fn until(&self, term: &Term) -> Option<NaiveDate> {
        self.start(term.starts).and_then(|start| term.until(start))
    }
}

/// Until when `file` is kept, by class, each once.
pub fn kept(file: &File, profile: &Profile) -> Vec<(RetentionClass, Option<NaiveDate>, String)> {
    let mut classes: Vec<_> = file.parts.iter().flat_map(|part| part.classes.iter().copied()).collect();
    classes.sort_unstable();
    classes.dedup();
    let term = |class| profile.term(class).map(|term| (class, file.until(term), term.basis.clone()));
    classes.into_iter().filter_map(term).collect()
}

/// The fate of each part of `file` on `today`, in the order of its parts.
pub fn fates(file: &File, profile: &Profile, reason: Reason, today: NaiveDate) -> Vec<Fate> {
    let mut fates: Vec<Fate> =
        file.parts.iter().map(|part| fate(file, part, (profile, reason), today)).collect();
    let staying = fates.iter().filter_map(|fate| match fate {
        Fate::Stays { until, .. } => Some(until.unwrap_or(NaiveDate::MAX)),
        Fate::Goes { .. } => None,
    });
    if let Some(until) = staying.max() {
        let until = Some(until).filter(|until| *until != NaiveDate::MAX);
        for (part, fate) in file.parts.iter().zip(&mut fates) {
            if let (PartKind::Case, Fate::Goes { class, .. }) = (part.kind, &*fate) {
                *fate = Fate::Stays { class: *class, until, why: Why::OtherPartStays };
            }
        }
    }
    fates
}

fn fate(file: &File, part: &Part, (profile, reason): (&Profile, Reason), today: NaiveDate) -> Fate {
    let first = part.classes.first().copied().unwrap_or(RetentionClass::SchoolFile);
    if file.held {
        return Fate::Stays { class: first, until: None, why: Why::LegalHold };
    }
    // What somebody still works with is needed for what it was collected for (AVG art. 17(1)(a)).
    if file.closed.is_none() && reason == Reason::Erasure(ErasureGround::Request) {
        return Fate::Stays { class: first, until: None, why: Why::CaseOpen };
    }
    let terms = part.classes.iter().filter_map(|class| profile.term(*class));
    let counting: Vec<&Term> = match reason {
        Reason::Retention => terms.collect(),
        Reason::Erasure(ErasureGround::Request) => terms.filter(|term| term.duty).collect(),
        Reason::Erasure(ErasureGround::Unlawful | ErasureGround::Order) => Vec::new(),
    };
    let why = match reason {
        Reason::Retention => Why::RetentionTerm,
        Reason::Erasure(_) => Why::RetentionDuty,
    };
    let mut longest = None;
    for term in counting {
        let stays = |until, why| Fate::Stays { class: term.class, until, why };
        if term.length.is_none() {
            return stays(None, Why::TermMissing);
        }
        let Some(until) = file.until(term) else { return stays(None, Why::CaseOpen) };
        if longest.as_ref().is_none_or(|(_, known, _)| *known < until) {
            longest = Some((term.class, until, stays(Some(until), why)));
        }
    }
    match longest {
        Some((_, until, stays)) if until > today => stays,
        Some((class, until, _)) => Fate::Goes { class, since: Some(until) },
        None => Fate::Goes { class: first, since: None },
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{super::retention::Length, *};

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn profile() -> Profile {
        let mut terms = Profile::shipped().terms().to_vec();
        for term in &mut terms {
            if term.class == RetentionClass::Leerplicht {
                term.length = Some(Length::Years(7));
            }
        }
        Profile::of(terms).unwrap()
    }

    fn part(kind: PartKind, id: u128, classes: &[RetentionClass]) -> Part {
        Part { kind, id: Uuid::from_u128(id), classes: classes.to_vec() }
    }

    /// Closed at the end of 2026, with a school talk and a request for youth help.
    fn file() -> File {
        use RetentionClass::{Absence, Jeugdhulp, SchoolFile};
        File {
            closed: Some(day("2026-12-18")),
            last_change: day("2027-01-11"),
            held: false,
            parts: vec![
                part(PartKind::Case, 1, &[SchoolFile, Absence]),
                part(PartKind::Meeting, 2, &[SchoolFile]),
                part(PartKind::Hulpvraag, 3, &[Jeugdhulp]),
            ],
        }
    }

    fn goes(fates: &[Fate]) -> Vec<bool> {
        fates.iter().map(|fate| matches!(fate, Fate::Goes { .. })).collect()
    }

    fn on(file: &File, reason: Reason, today: &str) -> Vec<Fate> {
        fates(file, &profile(), reason, day(today))
    }

    #[test]
    fn each_part_goes_when_its_own_term_ends_and_the_case_last() {
        let file = file();
        for (today, gone) in [
            ("2028-12-17", [false, false, false]),
            ("2028-12-18", [false, true, false]),
            ("2031-12-18", [false, true, false]),
            ("2047-01-10", [false, true, false]),
            ("2047-01-11", [true, true, true]),
        ] {
            assert_eq!(goes(&on(&file, Reason::Retention, today)), gone, "{today}");
        }
        assert_eq!(
            on(&file, Reason::Retention, "2040-01-01")[0],
            Fate::Stays {
                class: RetentionClass::Absence,
                until: Some(day("2047-01-11")),
                why: Why::OtherPartStays
            }
        );
    }

    #[test]
    fn a_request_takes_what_no_law_says_must_stay() {
        let request = Reason::Erasure(ErasureGround::Request);
        let found = on(&file(), request, "2027-02-01");
        assert_eq!(goes(&found), [false, true, true]);
        let duty = Fate::Stays {
            class: RetentionClass::Absence,
            until: Some(day("2031-12-18")),
            why: Why::RetentionDuty,
        };
        assert_eq!(found[0], duty);
        assert_eq!(goes(&on(&file(), request, "2031-12-18")), [true; 3]);
        let open = File { closed: None, ..file() };
        assert_eq!(goes(&on(&open, request, "2090-02-01")), [false; 3]);
    }

    #[test]
    fn what_should_never_have_been_here_goes_at_once() {
        for ground in [ErasureGround::Unlawful, ErasureGround::Order] {
            let open = File { closed: None, ..file() };
            assert_eq!(goes(&on(&open, Reason::Erasure(ground), "2026-12-01")), [true; 3]);
        }
    }

    #[test]
    fn a_missing_term_keeps() {
        let mut file = file();
        file.parts[1].classes.push(RetentionClass::Leerplicht);
        let found = fates(&file, &Profile::shipped(), Reason::Retention, day("2090-01-01"));
        assert!(matches!(found[1], Fate::Stays { why: Why::TermMissing, until: None, .. }));
        assert!(matches!(found[0], Fate::Stays { why: Why::OtherPartStays, until: None, .. }));
    }

    proptest! {
        /// A legal hold keeps everything, for whatever reason and however late; without one,
        /// waiting never brings back what could go.
        #[test]
        fn a_hold_keeps_all_and_time_only_takes(days in 0u64..12_000, more in 0u64..4_000, held: bool) {
            let file = File { held, ..file() };
            let today = day("2027-01-11") + chrono::Days::new(days);
            for reason in [Reason::Retention, Reason::Erasure(ErasureGround::Request), Reason::Erasure(ErasureGround::Order)] {
                let now = goes(&fates(&file, &profile(), reason, today));
                let later = goes(&fates(&file, &profile(), reason, today + chrono::Days::new(more)));
                prop_assert!(!held || now == [false; 3]);
                prop_assert!(now.iter().zip(&later).all(|(now, later)| !now || *later));
            }
        }
    }
}
